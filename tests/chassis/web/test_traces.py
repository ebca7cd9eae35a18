"""What connects a request, its log line, its answer and the events it causes."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from sqlalchemy import select

from chassis.events import Envelope
from chassis.events.tables import outbox
from chassis.logs import configure_logs, log, refuse_personal, trail_of
from chassis.web.context import traceparent
from tests.chassis.web.house import House

_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def test_a_request_id_that_comes_is_kept(house: House) -> None:
    """A good request id comes back; without one, or with a bad one, a new one is made."""
    assert (
        house.ask("GET", "/health/live", headers={"X-Request-Id": "abc-1.2_3"}).headers["X-Request-Id"] == "abc-1.2_3"
    )
    for bad in ("", "x" * 65, "a b", "a;b", "<script>"):
        made = house.ask("GET", "/health/live", headers={"X-Request-Id": bad}).headers["X-Request-Id"]
        assert re.fullmatch(r"[0-9a-f-]{36}", made)


@pytest.mark.parametrize(
    ("came", "kept"),
    [
        (f"00-{_TRACE}-00f067aa0ba902b7-01", True),
        (f"00-{_TRACE}-00f067aa0ba902b7-00", True),
        (f"00-{'0' * 32}-00f067aa0ba902b7-01", False),
        (f"00-{_TRACE}-{'0' * 16}-01", False),
        (f"ff-{_TRACE}-00f067aa0ba902b7-01", False),
        (f"00-{_TRACE.upper()}-00f067aa0ba902b7-01", False),
        ("rubbish", False),
        ("", False),
    ],
)
def test_a_trace_goes_on(house: House, came: str, kept: bool) -> None:
    """A trace that comes in W3C's form goes on with a span of its own; anything else begins a new trace."""
    with house.app.test_request_context(headers={"traceparent": came}):
        mine = traceparent()
        assert mine == traceparent()
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]", mine)
    assert (_TRACE in mine) is kept
    assert mine != came


def test_the_transaction_knows_its_trace(house: House) -> None:
    """Events recorded in a request bear its trace."""
    house.ask("POST", "/api/v1/notes", json={"text": "a"}, headers={"traceparent": f"00-{_TRACE}-{'1' * 16}-01"})
    with house.database.read() as tx:
        announced = Envelope.from_json(tx.execute(select(outbox.c.body)).scalar_one())
    assert _TRACE in str(announced.traceparent)


def test_the_log_line_of_a_request(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    """The log tells method, route, status, time, who and which request; never the path or the query."""
    configure_logs("json")
    answer = house.ask(
        "GET", "/api/v1/notes/zhang-san?phone=secret-number", headers={"traceparent": f"00-{_TRACE}-{'1' * 16}-01"}
    )
    written = capsys.readouterr().err.splitlines()
    (line,) = (json.loads(one) for one in written if answer.headers["X-Request-Id"] in one)
    assert line["event"] == "request"
    assert (line["method"], line["route"], line["status"]) == ("GET", "/api/v1/notes/<note_id>", 404)
    assert (line["actor_id"], line["service"], line["trace_id"]) == ("anna", "notes", _TRACE)
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert line["milliseconds"] >= 0
    assert "zhang" not in str(line)
    assert "secret-number" not in str(line)


@pytest.mark.parametrize("form", ["json", "console"])
def test_personal_keys_are_refused(form: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """What stands under a key that could name a person is not written, however deep it stands."""
    configure_logs(form)
    log().info("noted", name="Zhang", inner={"Phone": "secret-number", "rows": [{"body": "said"}]}, count=3)
    written = capsys.readouterr().err
    for personal in ("Zhang", "secret-number", "said"):
        assert personal not in written
    assert "[refused]" in written
    assert "3" in written


def test_refusing_leaves_the_rest() -> None:
    """Other keys are written as they are."""
    event = {"event": "noted", "count": 3, "token": "t", "rows": [1, {"code": "A"}]}
    assert refuse_personal(None, "info", dict(event)) == {**event, "token": "[refused]"}


def test_the_trail_of_an_error_has_no_words() -> None:
    """A logged error tells kinds and places down to its cause, and no message."""
    try:
        try:
            raise KeyError("Zhang")
        except KeyError as cause:
            raise RuntimeError("Zhang again") from cause
    except RuntimeError as error:
        trail = trail_of(error)
    assert trail["error"] == "RuntimeError < KeyError"
    assert "test_traces.py" in trail["trail"][0]
    assert "Zhang" not in str(trail)
