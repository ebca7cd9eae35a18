"""Dead letters on a real system: found, tried again and discarded by command, while it runs.

The events are the demo's own, older than what its readers know: being handled, they change nothing there.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from chassis.database import Database
from chassis.events import dead_letters, tables
from chassis.events.envelope import Envelope
from deploy.contracts.examples import envelope_of, example_of
from deploy.dead_letters import PASSWORD
from deploy.demo.client import eventually
from gateway.events import BranchChanged
from tests.journeys.system import ROOT, SingleMachine


@contextmanager
def _opened(system: SingleMachine, service: str) -> Iterator[Database]:
    database = Database(system.database_url(service), service)
    yield database
    database.close()


def _parked(system: SingleMachine, number: int, *services: str) -> Envelope:
    """An event of the demo's first branch, parked in these services of the running system."""
    branch = system.as_person("hq").get("/api/v1/identity/branches")["items"][0]
    fact = replace(example_of(BranchChanged), branch_id=branch["branch_id"])
    event = replace(envelope_of("gateway", fact, -number), branch=branch["branch_id"])
    for service in services:
        with _opened(system, service) as database, database.write() as tx:
            dead_letters.park(tx, event.to_json(), "Refused at services/x.py:3", 4)
    return event


def _handled(system: SingleMachine, service: str, event: Envelope) -> int | None:
    """How often the event stands in the inbox, where its id is committed with what it causes; None: it still waits."""
    inbox, pending = tables.inbox, tables.pending
    with _opened(system, service) as database, database.read() as tx:
        waits = tx.execute(select(pending.c.n).where(pending.c.event_id == event.id)).first()
        times = tx.execute(select(func.count()).where(inbox.c.event_id == event.id)).scalar_one()
    return None if waits else int(times)


def _letters(system: SingleMachine, segment: str, state: str) -> dict[str, Any]:
    page = system.as_person("hq").get(f"/api/v1/{segment}/dead-letters", state=state)
    return {letter["id"]: letter for letter in page["items"]}


def _command(system: SingleMachine, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Without a password: the command finds the demo's own account."""
    command = [sys.executable, "-m", "deploy.dead_letters", *arguments, "--url", system.url, "--language", "en"]
    environ = {name: value for name, value in os.environ.items() if name != PASSWORD}
    nothing = subprocess.DEVNULL
    return subprocess.run(command, cwd=ROOT, env=environ, stdin=nothing, capture_output=True, text=True, check=False)


def test_a_dead_letter_is_found_and_tried_again(system: SingleMachine) -> None:
    """It is listed, retried by its id alone, handled once by the running system, and tells who decided and why."""
    event = _parked(system, 1, "reporting")
    assert f"reporting  {event.id}  branch.changed.v1" in _command(system, "list").stdout
    retried = _command(system, "retry", event.id, "--reason", "the handler was mended")
    assert (retried.returncode, retried.stdout) == (0, f"reporting {event.id}: will be tried again\n"), retried.stderr
    assert eventually(lambda: _handled(system, "reporting", event), "the handler", 60)[0] == 1
    assert _letters(system, "reporting", "parked") == {}
    letter = _letters(system, "reporting", "retried")[event.id]
    me = system.as_person("hq").get("/api/v1/auth/me")["actor_id"]
    assert (letter["decided_by"], letter["reason"]) == (me, "the handler was mended")


def test_a_dead_letter_of_several_services_is_decided_in_one(system: SingleMachine) -> None:
    """The same event may fail in two services: the command asks for which, and discards it there alone."""
    event = _parked(system, 2, "followups", "gateway")
    decision = ("discard", event.id, "--reason", "a test")
    asked = _command(system, *decision)
    assert asked.returncode == 2
    assert "(followups, gateway): name one with --service" in asked.stderr
    assert _command(system, *decision, "--service", "followups").returncode == 0
    assert event.id in _letters(system, "followups", "discarded")
    assert event.id in _letters(system, "events", "parked")
    assert _command(system, *decision).returncode == 0
    assert event.id in _letters(system, "events", "discarded")


def test_a_letter_that_is_nowhere(system: SingleMachine) -> None:
    """An id that no service has parked is said to be none, with what to look at."""
    asked = _command(system, "retry", "no-such-letter", "--reason", "x")
    assert asked.returncode == 2
    assert "No dead letter no-such-letter waits" in asked.stderr


def test_the_command_may_do_what_its_person_may(system: SingleMachine) -> None:
    """A salesperson of the demo is refused, in the system's own words."""
    refused = _command(system, "list", "--username", "sales1")
    assert refused.returncode == 1
    assert "403" in refused.stderr and "operations.see" in refused.stderr
