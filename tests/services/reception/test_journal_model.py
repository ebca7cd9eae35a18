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
from tests.services.reception.office import FRONT_DESK, Office, seller
from tests.services.synthetic import NOW, named

PEOPLE = ["li", "wu", "zhao"]
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


ARRIVALS = [{}, {"kind": "returning", "original_id": named("li")}, {"kind": "not_buying", "trade": "same_trade"}]
DEEDS = st.one_of(
    st.tuples(st.just("clock_in"), SOMEBODY, st.just(0), st.just({})),
    st.tuples(st.just("clock_out"), SOMEBODY, st.just(0), st.just({})),
    st.tuples(st.just("arrival"), st.none(), st.just(0), st.sampled_from([{"arrival": one} for one in ARRIVALS])),
    _step("greet"),
    _step("leave"),
    _step("take_over"),
    _step("witness"),
    _step("complete", visitor={"name": "王小明", "phone": "13800138000"}),
    _step("not_buying", not_buying={"trade": "salesman", "witness_id": None}),
)


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(DEEDS, min_size=4, max_size=14))
def test_a_journal_ends_as_the_same_deeds_online(opened: Office, deeds: Sequence[Deed]) -> None:
    """Whatever people do, in whatever order: each deed is taken or refused for the same reason, and the line, the board
    and every reception end the same."""
    began = [("clock_in", "li", 0, {}), ("arrival", None, 0, {"arrival": {}}), *deeds]
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


def _arrivals(deeds: Sequence[Deed]) -> list[int]:
    return [n for n, deed in enumerate(deeds) if deed[0] == "arrival"]


def _entry(deed: Deed, n: int, arrivals: Sequence[int]) -> dict[str, Any]:
    kind, name, which, parts = deed
    of = {} if kind in ("arrival", "clock_in", "clock_out") else {"of": str(arrivals[which % len(arrivals)])}
    return entry(str(n), kind, n / 60, name, **of, **parts)


def _do(office: Office, deed: Deed, n: int, arrivals: Sequence[int]) -> tuple[str, dict[str, Any] | None]:
    """Do it online, a second after the one before; the code of the refusal, and the reception of an arrival."""
    kind, name, which, parts = deed
    if n:
        office.later(seconds=1)
    who: Who = seller(name) if name else FRONT_DESK
    what = kind.replace("_", "-")
    if kind in ("clock_in", "clock_out"):
        answer = office.tried(who, "POST", office.path(what))
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
