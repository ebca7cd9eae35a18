"""Parents that people set, among customers who are decided to be one and parted again: never a circle of them."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from chassis.database import Database
from services.customers.app import SERVICE
from services.customers.files.tables import customers
from services.customers.groups.rules import chain
from tests.services.asking import Ask, code_of
from tests.services.customers.house import LI, MANAGER, visit
from tests.services.customers.test_amendments import read
from tests.services.customers.test_candidates import decided
from tests.services.customers.test_families import asked as kin_asked
from tests.services.customers.test_families import decided as kin_decided
from tests.services.customers.test_groups import customer, move
from tests.services.customers.test_recycle_bin import BOSS, delete
from tests.services.customers.test_registering_again import again
from tests.services.synthetic import deliver, rows_of

_BASE = "/api/v1/customers"
_RUNS = count(1)


def under(ask: Ask, one: str, parent: str | None) -> Any:
    """The answer to moving somebody, whatever was done to them before."""
    return move(ask, one, parent, read(ask, one)["version"], MANAGER)


def parents(database: Database) -> dict[str, str]:
    """Under whom each file stands by itself, merged or not."""
    names = [column.name for column in customers.c]
    rows = [dict(zip(names, row, strict=True)) for row in rows_of(database, customers)]
    return {row["customer_id"]: row["parent_id"] for row in rows if row["parent_id"]}


def circles(above: Mapping[str, str]) -> list[str]:
    return [one for one in above if above.get(chain(one, above)[-1]) is not None]


def members(ask: Ask, one: str) -> list[str]:
    return [each["customer_id"] for each in ask(MANAGER, "GET", f"{_BASE}/{one}/group").get_json()["members"]]


def test_a_parent_is_not_below_once_a_merge_is_taken_back(ask: Ask, database: Database) -> None:
    """Below one who was merged stands whoever would go round in a circle as soon as that is undone: refused, in words
    of its own. Moved out first it is done, and the undone merge gives everybody their own place back."""
    winner, loser, below, top = (customer(ask, n) for n in range(4))
    assert under(ask, loser, top).status_code == under(ask, below, loser).status_code == 200
    assert decided(ask, winner, loser, same=True).status_code == 200
    answer = under(ask, top, below)
    assert (answer.status_code, code_of(answer)) == (409, "parent_below_once_parted")
    assert code_of(under(ask, winner, below)) == "parent_below"
    assert under(ask, below, None).status_code == under(ask, top, below).status_code == 200
    assert decided(ask, winner, loser, verb="take-back").status_code == 200
    assert circles(parents(database)) == []
    assert members(ask, below) == [below, top, loser]


def test_under_who_is_merged_is_no_circle_as_long_as_nobody_goes_round(quick_ask: Ask) -> None:
    """One who was merged stood under the top: the top under the other of the two goes nowhere but up, now and later."""
    winner, loser, top = (customer(quick_ask, n) for n in range(3))
    under(quick_ask, loser, top)
    decided(quick_ask, winner, loser, same=True)
    assert under(quick_ask, top, winner).status_code == 200
    decided(quick_ask, winner, loser, verb="take-back")
    assert members(quick_ask, loser) == [winner, top, loser]


def test_a_circle_that_a_merge_closes_is_read_and_opens_again(quick_ask: Ask, quick_database: Database) -> None:
    """Nobody set it: the merge is done, the group has one top from wherever it is read, and nobody is put round it."""
    winner, middle, loser, other = (customer(quick_ask, n) for n in range(4))
    under(quick_ask, winner, middle)
    under(quick_ask, middle, loser)
    decided(quick_ask, winner, loser, same=True)
    assert members(quick_ask, winner) == members(quick_ask, middle) == [winner, middle]
    assert code_of(under(quick_ask, winner, middle)) == "parent_below"
    assert under(quick_ask, other, middle).status_code == 200
    decided(quick_ask, winner, loser, verb="take-back")
    assert members(quick_ask, winner)[:2] == [loser, middle]
    assert circles(parents(quick_database)) == []


def test_who_takes_over_a_file_does_not_stand_under_themselves(quick_ask: Ask, quick_database: Database) -> None:
    """Deleted, and then ruled to be one with somebody who stands under them: the file that is kept goes on under no
    parent that is itself."""
    deleted, kept = customer(quick_ask, 1), customer(quick_ask, 2)
    under(quick_ask, kept, deleted)
    delete(quick_ask, deleted, BOSS)
    late = visit("r1", "late", name="客户2", phone="+8613900139002", minute=-60)
    late.data["customer_id"] = deleted
    deliver(quick_database, SERVICE.consumers, [late])
    assert (read(quick_ask, kept)["customer_id"], read(quick_ask, kept)["parent_id"]) == (deleted, None)
    assert circles(parents(quick_database)) == []


def test_a_file_goes_on_under_another_id_without_going_round(quick_ask: Ask, quick_database: Database) -> None:
    """A husband stands under somebody who stands under his wife; then her registration holds, and his file goes on
    under her id, which is not put below itself. Apart again he is where he was, and so is she."""
    husband, wife = person(quick_ask, "王先生", 1), person(quick_ask, "李小姐", 2)
    between = customer(quick_ask, 3)
    under(quick_ask, husband, between)
    under(quick_ask, between, wife)
    related(quick_ask, husband, wife, "kin")
    assert read(quick_ask, wife)["customer_id"] == husband
    assert again(quick_ask, wife, name="李小红").status_code == 201
    assert (read(quick_ask, husband)["customer_id"], read(quick_ask, husband)["parent_id"]) == (wife, None)
    assert circles(parents(quick_database)) == []
    related(quick_ask, husband, wife, "end")
    assert members(quick_ask, husband) == [wife, between, husband]


def person(ask: Ask, name: str, number: int) -> str:
    body = {"name": name, "phone": f"139{number:07}0"}
    return str(ask(LI, "POST", _BASE, json=body).get_json()["customer_id"])


def related(ask: Ask, one: str, other: str, what: str) -> None:
    """The two are one customer from now, or no longer, as far as that can be said of them."""
    if what in ("same", "take-back"):
        decided(ask, one, other, **({"same": True} if what == "same" else {"verb": what}))
    elif what == "kin":
        wish = kin_asked(ask, one, other).get_json()
        kin_decided(ask, wish.get("relation_id", "none"))
    else:
        for relation in read(ask, one, "/relations")["items"]:
            kin_decided(ask, relation["relation_id"], "end", reason="不是")


_MATTERS = some.lists(
    some.tuples(
        some.sampled_from(["same", "same", "take-back", "kin", "end", "complete"]),
        some.integers(0, 3),
        some.integers(0, 3),
    ),
    max_size=2,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.permutations(range(3)), some.permutations(range(4)), some.tuples(_MATTERS, _MATTERS, _MATTERS, _MATTERS))
def test_parents_set_by_hand_never_go_round(
    quick_ask: Ask,
    quick_database: Database,
    moves: Sequence[int],
    order: Sequence[int],
    matters: Sequence[Sequence[tuple[str, int, int]]],
) -> None:
    """Each of three under the next, and before, between and after they and a fourth made one, parted, and completed by
    a full name (which changes under whose id a file goes on): by the files themselves everybody has a way to a top."""
    run = next(_RUNS)
    made = [person(quick_ask, "王先生" if n % 2 else f"王小{n}", run * 10 + n) for n in range(4)]
    ids = [made[n] for n in order]
    for place, meanwhile in enumerate(matters):
        for what, first, second in meanwhile:
            if what == "complete":
                again(quick_ask, ids[first], name=f"王大{first}")
            else:
                related(quick_ask, ids[first], ids[second], what)
        if place < len(moves):
            under(quick_ask, ids[moves[place]], ids[(moves[place] + 1) % 3])
        assert circles(parents(quick_database)) == []
    assert all(one in members(quick_ask, one) or read(quick_ask, one)["customer_id"] != one for one in ids)
