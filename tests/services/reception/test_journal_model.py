"""What is handed in afterwards ends as if it had been done with the network there."""

from collections.abc import Sequence
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.clock import StandingClock
from chassis.database import Database
from chassis.identity import Who
from services.reception.app import SERVICE
from tests.services.asking import asking, code_of
from tests.services.reception.journals import entry, hand_in, outcomes
from tests.services.reception.office import FRONT_DESK, MANAGER, Office, seller
from tests.services.synthetic import NOW, named

PEOPLE = ["li", "wu", "zhao"]
ABOUT_NO_VISITOR = ("clock_in", "clock_out", "step_out", "accept", "cancel", "grant", "walk_off", "return", "ready")
SOMEBODY = st.sampled_from(PEOPLE)
Deed = tuple[str, str | None, int, dict[str, Any]]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The hall as it is before anything has happened, in a file to be copied."""
    office = Office(f"sqlite:///{tmp_path_factory.mktemp('hall')}/opened.db", PEOPLE)
    office.database.close()
    return office


def _copied(opened: Office, file: Path) -> Office:
    copy(str(opened.database.engine.url.database), file)
    office = Office.__new__(Office)
    office.hall = opened.hall
    office.database = Database(f"sqlite:///{file}", "reception", clock=StandingClock(NOW))
    office.ask = asking(SERVICE, office.database)
    return office


def _step(kind: str, **parts: Any) -> st.SearchStrategy[Deed]:
    return st.tuples(st.just(kind), SOMEBODY, st.integers(0, 2), st.just(parts))


def _own(kind: str, *parts: dict[str, Any]) -> st.SearchStrategy[Deed]:
    """What is done about duty and the floor, not about a visitor."""
    return st.tuples(st.just(kind), SOMEBODY, st.just(0), st.sampled_from(parts or [{}]))


ARRIVALS = [{}, {"kind": "returning", "original_id": named("li")}, {"kind": "not_buying", "trade": "same_trade"}]
DEEDS = st.one_of(
    _own("clock_in"),
    _own("clock_out"),
    st.tuples(st.just("arrival"), st.none(), st.just(0), st.sampled_from([{"arrival": one} for one in ARRIVALS])),
    _step("greet"),
    _step("leave"),
    _step("take_over"),
    _step("witness"),
    _step("complete", visitor={"name": "王小明", "phone": "13800138000"}),
    _step("not_buying", not_buying={"trade": "salesman", "witness_id": None}),
    _own("step_out", {"out": {"reason": "meal", "without_stand_in": False}}),
    _own("step_out", {"out": {"reason": "washroom", "without_stand_in": True}}),
    _own("accept", *({"whose_id": named(one)} for one in PEOPLE)),
    _own("cancel", *({"whose_id": named(one)} for one in PEOPLE)),
    _own("grant", *({"whose_id": named(one), "granted": {"reason": "没有人了"}} for one in PEOPLE)),
    _own("walk_off", *({"whose_id": named(one)} for one in PEOPLE)),
    _own("return"),
    _own("ready"),
)


BEGAN: list[Deed] = [("clock_in", "li", 0, {}), ("arrival", None, 0, {"arrival": {}})]


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(DEEDS, min_size=4, max_size=14))
def test_a_journal_ends_as_the_same_deeds_online(opened: Office, deeds: Sequence[Deed]) -> None:
    """Whatever people do, in whatever order: each deed is taken or refused for the same reason, and the line, the board
    and every reception end the same."""
    began = [*BEGAN, *deeds]
    with TemporaryDirectory() as folder:
        online, cut_off = (_copied(opened, Path(folder) / name) for name in ("online", "cut off"))
        done = [_do(online, deed, n, _arrivals(began[:n])) for n, deed in enumerate(began)]
        cut_off.later(hours=1)
        became = hand_in(cut_off, *(_entry(deed, n, _arrivals(began[:n])) for n, deed in enumerate(began)))
        assert outcomes(became) == [code for code, _reception in done]
        assert cut_off.line() == cut_off.replayed() == online.line()
        assert _standing(cut_off) == _standing(online)
        pairs = [(one, was) for one, (_code, was) in zip(became, done, strict=True) if was is not None]
        assert [_ended(cut_off, one) for one, _was in pairs] == [_ended(online, was) for _one, was in pairs]
        online.database.close()
        cut_off.database.close()


@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(DEEDS, min_size=4, max_size=14), st.lists(st.tuples(st.integers(0, 16), st.integers(1, 8)), max_size=4))
def test_in_whatever_parts_a_journal_comes(
    opened: Office, deeds: Sequence[Deed], parts: Sequence[tuple[int, int]]
) -> None:
    """Split anywhere, with any stretch handed in again: each entry becomes what it becomes at once, as of the same
    time, and the hall ends the same, though somebody else changed it meanwhile."""
    began = [*BEGAN, *deeds]
    entries = [_entry(deed, n, _arrivals(began[:n])) for n, deed in enumerate(began)]
    with TemporaryDirectory() as folder:
        whole, split = (_copied(opened, Path(folder) / name) for name in ("whole", "split"))
        for office in (whole, split):
            office.later(seconds=5)
            office.come("zhao")
            office.later(hours=1)
        at_once = hand_in(whole, *entries)
        told: dict[str, dict[str, Any]] = {}
        for stretch in _stretches(entries, parts):
            told |= {one["entry_id"]: one for one in hand_in(split, *stretch)}
        in_parts = [told[one["entry_id"]] for one in entries]
        assert [_became(one) for one in in_parts] == [_became(one) for one in at_once]
        assert split.line() == split.replayed() == whole.line()
        assert _seen(split, in_parts) == _seen(whole, at_once)
        whole.database.close()
        split.database.close()


def _stretches(entries: list[Any], parts: Sequence[tuple[int, int]]) -> list[list[Any]]:
    """A stretch from any entry already handed in, or the next, to any after it; at last what is left."""
    found, done = [], 0
    for start, length in parts:
        first = min(start, done, len(entries) - 1)
        found.append(entries[first : first + length])
        done = max(done, first + length)
    return [*found, entries]


def _became(one: dict[str, Any]) -> tuple[Any, ...]:
    return one["outcome"], one["counts_as_of"], one["server_id"], (one["conflict"] or {}).get("code")


def _seen(office: Office, became: list[dict[str, Any]]) -> list[Any]:
    """The floor, every reception and every forfeit, but for their ids."""
    forfeits = office.did(MANAGER, "GET", "/api/v1/reception/forfeits")["items"]
    board = office.board()
    floor = [(one["state"], one["is_ready"]) for one in board["line"]]
    out = [{name: value for name, value in one.items() if name != "step_out_id"} for one in board["out"]]
    visits = [_ended(office, one) for one in became if one["reception_id"]]
    return [floor, out, visits, [(one["staff_id"], one["cause"], one["at"]) for one in forfeits]]


def _arrivals(deeds: Sequence[Deed]) -> list[int]:
    return [n for n, deed in enumerate(deeds) if deed[0] == "arrival"]


def _entry(deed: Deed, n: int, arrivals: Sequence[int]) -> dict[str, Any]:
    kind, name, which, parts = deed
    of = {} if kind in ("arrival", *ABOUT_NO_VISITOR) else {"of": str(arrivals[which % len(arrivals)])}
    return entry(str(n), kind, n / 60, name, **of, **parts)


def _do(office: Office, deed: Deed, n: int, arrivals: Sequence[int]) -> tuple[str, dict[str, Any] | None]:
    """Do it online, a second after the one before; the code of the refusal, and the reception of an arrival."""
    kind, name, which, parts = deed
    if n:
        office.later(seconds=1)
    who: Who = seller(name) if name else FRONT_DESK
    what = kind.replace("_", "-")
    if kind in ("accept", "cancel", "grant"):
        asked = office.__dict__.setdefault("outs", {}).get(parts["whose_id"])
        if asked is None:
            return "step_out_is_over", None
        answer = office.tried(who, "POST", f"/api/v1/reception/step-outs/{asked}/{kind}", parts.get("granted"))
    elif kind in ABOUT_NO_VISITOR:
        body = {"staff_id": parts["whose_id"]} if kind == "walk_off" else parts.get("out")
        answer = office.tried(who, "POST", office.path("forfeits" if kind == "walk_off" else what), body)
        if kind == "step_out" and answer.status_code == 201:
            office.__dict__.setdefault("outs", {})[named(name or "")] = answer.get_json()["step_out_id"]
    elif kind == "arrival":
        answer = office.tried(who, "POST", office.path("arrivals"), parts["arrival"])
        office.__dict__.setdefault("visits", {})[n] = answer.get_json()
    else:
        visit = office.__dict__["visits"][arrivals[which % len(arrivals)]]
        answer = office.act(who, visit, what, next(iter(parts.values()), None))
    refused = answer.status_code >= 300
    return (code_of(answer) if refused else "applied"), answer.get_json() if kind == "arrival" else None


def _standing(office: Office) -> list[tuple[str, str]]:
    return [(one["staff_id"], one["state"]) for one in office.board()["line"]]


def _ended(office: Office, reception: dict[str, Any]) -> dict[str, Any]:
    """A reception but for its ids."""
    seen = office.seen(reception)
    own = ("reception_id", "hall_id", "customer_id", "why")
    return {name: value for name, value in seen.items() if name not in own} | {"code": seen["why"]["code"]}
