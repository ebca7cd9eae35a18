"""People of the office who step out, walk off and come back."""

from typing import Any

from sqlalchemy import select

from chassis import ledger
from chassis.clock import StandingClock
from chassis.events import Envelope
from chassis.events.tables import outbox
from chassis.identity import Who
from chassis.jobs import JobLoop
from services.reception.app import SERVICE
from tests.services.reception.office import Office, seller
from tests.services.synthetic import named


def step_out(office: Office, name: str, reason: str = "meal", **how: Any) -> dict[str, Any]:
    return office.did(seller(name), "POST", office.path("step-out"), {"reason": reason} | how)


def answered(office: Office, who: Who, asked: dict[str, Any], what: str, body: Any = None) -> dict[str, Any]:
    """The step-out after somebody accepted, granted or cancelled it."""
    return office.did(who, "POST", f"/api/v1/reception/step-outs/{asked['step_out_id']}/{what}", body)


def accept(office: Office, name: str, asked: dict[str, Any]) -> dict[str, Any]:
    return answered(office, seller(name), asked, "accept")


def come_back(office: Office, name: str) -> dict[str, Any]:
    return office.did(seller(name), "POST", office.path("return"))


def walked_off(office: Office, name: str, says: Who) -> dict[str, Any]:
    """The forfeit that somebody records of this person."""
    return office.did(says, "POST", office.path("forfeits"), {"staff_id": named(name)})


def excuse(office: Office, who: Who, forfeit: dict[str, Any]) -> dict[str, Any]:
    path = f"/api/v1/reception/forfeits/{forfeit['forfeit_id']}/excuse"
    return office.did(who, "POST", path, {"reason": "孩子发烧"})


def run_jobs(office: Office) -> int:
    """Do what is due by the office's clock; answers how many jobs."""
    clock = office.database.clock
    assert isinstance(clock, StandingClock)
    return JobLoop(office.database, SERVICE.jobs, wall_clock=clock).run_due()


def state_on_board(office: Office, name: str) -> str:
    (state,) = [one["state"] for one in office.board()["line"] if one["staff_id"] == named(name)]
    return str(state)


def told(office: Office, subject_kind: str) -> list[tuple[str, int]]:
    """The type and sequence of each event about subjects of one kind, oldest first."""
    with office.database.read() as tx:
        bodies = tx.execute(select(outbox.c.body).order_by(outbox.c.n)).scalars()
        events = [Envelope.from_json(body) for body in bodies]
    return [(one.type, one.sequence) for one in events if one.subject.startswith(f"{subject_kind}/")]


def registered(office: Office, *kinds: str) -> list[str]:
    """The kinds of those entries of the hall's register that begin so; the register was found whole."""
    with office.database.read() as tx:
        assert ledger.verify(tx) == []
        return [one.kind for one in ledger.entries(tx, f"hall/{office.hall}") if one.kind.startswith(kinds)]
