"""Passing requests on, over both transports."""

import io
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.clock import StandingClock
from chassis.database import Database
from chassis.web import IdentityExpired, IdentityForged, IdentitySigner, IdentityVerifier, new_key_pair
from deploy.demo.client import eventually
from gateway.office import Options
from gateway.routing.rules import Limits, UnclearPath, check_path, headers_outwards
from gateway.routing.signatures import KEPT, Signatures
from gateway.routing.table import Routes, in_process, over_http
from tests.gateway.company import Company
from tests.gateway.conftest import KEYS
from tests.gateway.door import Door, WallClock
from tests.gateway.echo import Echo, served


@pytest.fixture(params=["in process", "over http"])
def routed(
    request: pytest.FixtureRequest, database: Database, wall: WallClock, echo: Echo, company: Company
) -> Iterator[Door]:
    """A gateway before the echo, by each transport."""
    signer, options = IdentitySigner(KEYS.private_pem), Options(rate="10000/second")
    if request.param == "in process":
        yield Door(database, in_process({"reception": echo, "customers": echo}), signer, wall, options)
        return
    with served(echo) as url:
        yield Door(database, over_http({"reception": url, "customers": url}), signer, wall, options)


def test_an_empty_key_is_the_services_to_refuse(routed: Door, company: Company) -> None:
    """An Idempotency-Key that says nothing goes along: dropped on the way, a repeated act would be done twice."""
    path, headers = "/api/v1/reception/halls", {"Idempotency-Key": "", "If-Match": ""}
    told = routed.ask(routed.token("manager"), "POST", path, json={}, headers=headers).json["headers"]
    assert told["IDEMPOTENCY_KEY"] == ""
    assert "IF_MATCH" not in told


def test_passed_on(routed: Door, company: Company) -> None:
    """Method, path, query, body and what a service needs to know of the request arrive; its answer comes back."""
    headers = {
        "Accept-Language": "en",
        "Idempotency-Key": "k1",
        "If-Match": '"3"',
        "traceparent": f"00-{'a' * 32}-{'b' * 16}-01",
        "X-Request-Id": "r1",
    }
    token = routed.token("manager")
    answer = routed.ask(token, "POST", "/api/v1/reception/halls/案 场?q=%E4%B8%80&r", json={"a": 1}, headers=headers)
    told = answer.json
    assert (told["method"], told["path"], told["query"]) == ("POST", "/api/v1/reception/halls/案 场", "q=%E4%B8%80&r")
    assert told["length"] == len(b'{"a": 1}')
    assert told["headers"]["CONTENT_TYPE"] == "application/json"
    assert told["headers"]["ACCEPT_LANGUAGE"] == "en"
    assert (told["headers"]["IDEMPOTENCY_KEY"], told["headers"]["IF_MATCH"]) == ("k1", '"3"')
    assert told["headers"]["TRACEPARENT"].split("-")[1] == "a" * 32
    assert told["headers"]["X_REQUEST_ID"] == answer.headers["X-Request-Id"] == "r1"
    assert (answer.status_code, answer.headers["ETag"], answer.headers["X-Own"]) == (200, '"7"', "yes")


def test_who_is_signed_inside(routed: Door, company: Company) -> None:
    """The service learns who asks from a signature, and never sees the token."""
    token = routed.token("supervisor")
    told = routed.ask(token, "GET", "/api/v1/reception/halls").json
    assert told["who"]["actor_id"] == company.people["supervisor"]["id"]
    assert (told["who"]["branch_id"], told["who"]["reach"]) == (company.east, "team")
    assert token not in str(told)


def test_nothing_forged_passes(routed: Door) -> None:
    """Headers by which one could claim to be somebody do not pass, nor do cookies in either direction."""
    lies = {
        "X-Forwarded-User": "hq",
        "X-Who": "hq",
        "Cookie": "a=b",
        "Connection": "close, X-Own",
        "Forwarded": "for=1",
    }
    answer = routed.as_("manager", "GET", "/api/v1/reception/halls", headers=lies)
    told = set(answer.json["headers"])
    assert not told & {"X_FORWARDED_USER", "X_WHO", "COOKIE", "FORWARDED"}
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/api/v1/reception", "/api/v1/customers/imports"])
def test_nobody_unknown_passes(routed: Door, echo: Echo, path: str) -> None:
    """Without sign-in nothing is passed on."""
    assert routed.client().get(path).status_code == 401
    assert echo.asked == 0


@pytest.mark.parametrize("size", [100, 70_000, 1_000_000])
def test_bodies(routed: Door, size: int) -> None:
    """Bodies up to the limit arrive whole, long ones as a stream."""
    answer = routed.as_("manager", "POST", "/api/v1/reception/notes", data=b"x" * size)
    assert answer.json["length"] == size


def test_five_megabytes(routed: Door, echo: Echo) -> None:
    """A body of 5 MB is refused before anything is passed on; an import may be as large."""
    body = b"x" * 5_000_000
    refused = routed.as_("sales_administrator", "POST", "/api/v1/reception/notes", data=body)
    assert (refused.status_code, refused.mimetype, echo.asked) == (413, "application/problem+json", 0)
    form = {"file": (io.BytesIO(body), "sheet.xlsx")}
    assert routed.as_("sales_administrator", "POST", "/api/v1/customers/imports", data=form).json["length"] > 5_000_000
    large = {"file": (io.BytesIO(b"x" * 13_000_000), "sheet.xlsx")}
    assert routed.as_("sales_administrator", "POST", "/api/v1/customers/imports", data=large).status_code == 413


def test_chunks_without_end(routed: Door, echo: Echo) -> None:
    """A body in chunks is not taken for an empty one where the server does not say where it ends."""
    answer = routed.as_(
        "manager",
        "POST",
        "/api/v1/reception/notes",
        headers={"Transfer-Encoding": "chunked"},
        input_stream=io.BytesIO(b"x"),
    )
    assert (answer.status_code, answer.json["code"], echo.asked) == (411, "length_needed", 0)


@pytest.mark.parametrize("rest", ["../customers", "./x", "/x", "a\\b"])
def test_no_path_tricks(routed: Door, echo: Echo, rest: str) -> None:
    """A path that could be read in two ways is passed on to nobody."""
    assert routed.as_("manager", "GET", f"/api/v1/reception/{rest}").json["code"] == "unclear_path"
    assert echo.asked == 0


@pytest.mark.parametrize("sent", ["/a%2Fb", "/a%2f..%2fb", "/%2e%2e/b", "/a%5cb", "/a%00"])
def test_hidden_in_codes(sent: str) -> None:
    """What is hidden in percent codes counts as what it means."""
    with pytest.raises(UnclearPath):
        check_path("/a", f"{sent}?q=%2F")
    check_path("/a/案场", "/a/%E6%A1%88%E5%9C%BA?q=%2F")


def test_unknown_route(door: Door) -> None:
    """What no service answers is a 404 problem."""
    answer = door.as_("manager", "GET", "/api/v1/warehouse/things")
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_hop_by_hop() -> None:
    """What concerns one connection only, or is named in Connection, goes no further."""
    told = [
        ("Connection", "X-Hop"),
        ("X-Hop", "1"),
        ("Keep-Alive", "5"),
        ("Transfer-Encoding", "chunked"),
        ("ETag", "1"),
    ]
    assert headers_outwards(told) == [("ETag", "1")]


def test_one_down_others_go_on(database: Database, wall: WallClock, echo: Echo, company: Company) -> None:
    """A service that is down is a 503 problem in under a second; the others answer, and readiness says which."""
    with served(echo) as url, socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        down = f"http://127.0.0.1:{unused.getsockname()[1]}"
        routes = over_http({"reception": url, "customers": down})
        door = Door(database, routes, IdentitySigner(KEYS.private_pem), wall, Options())
        token = door.token("manager")
        eventually(lambda: _seconds_until_refused(door, token) < 1 or None, "a refusal within a second", 60)
        assert door.ask(token, "GET", "/api/v1/reception/halls").status_code == 200
        ready = door.client().get("/health/ready")
        assert ready.status_code == 200
        assert {check["name"] for check in ready.json["checks"] if not check["ok"]} >= {"customers"}


def _seconds_until_refused(door: Door, token: str) -> float:
    began = time.perf_counter()
    refused = door.ask(token, "GET", "/api/v1/customers")
    took = time.perf_counter() - began
    assert (refused.status_code, refused.json["code"]) == (503, "service_down")
    assert "Retry-After" in refused.headers
    return took


def test_slow_service(database: Database, wall: WallClock, company: Company) -> None:
    """A service that takes the request and does not answer is a 504 problem."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = {"reception": f"http://127.0.0.1:{silent.getsockname()[1]}"}
        routes = over_http(address, answer_within=0.05)
        door = Door(database, routes, IdentitySigner(KEYS.private_pem), wall, Options())
        answer = door.as_("manager", "POST", "/api/v1/reception/halls", json={})
    assert (answer.status_code, answer.json["code"]) == (504, "service_slow")


def test_large_answer(database: Database, wall: WallClock, company: Company) -> None:
    """A long answer comes through piece by piece and whole."""

    def application(_environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "application/octet-stream")])
        return iter([b"x" * 100_000] * 30)

    with served(application) as url:
        for routes in (over_http({"reporting": url}), in_process({"reporting": application})):
            door = Door(database, routes, IdentitySigner(KEYS.private_pem), wall, Options())
            assert len(door.as_("manager", "GET", "/api/v1/reporting/sheet").data) == 3_000_000


def test_limits_name_paths() -> None:
    """Only imports may bring more than the usual body."""
    assert Limits().of("/api/v1/customers/imports") > Limits().of("/api/v1/customers")


def test_signature_is_kept_and_renewed(company: Company) -> None:
    """A signature is used again for a while and renewed long before it ends."""
    seconds = [0.0]
    clock = StandingClock(datetime(2026, 3, 2, tzinfo=UTC))
    signatures = Signatures(IdentitySigner(KEYS.private_pem, clock), lambda: seconds[0])
    first = signatures.of(company.who("manager"))
    clock.move_to(clock.now() + timedelta(seconds=KEPT))
    assert signatures.of(company.who("manager")) is first
    seconds[0] = KEPT
    assert signatures.of(company.who("manager")) != first
    assert KEPT <= 30


def test_forged_and_expired_inside(company: Company) -> None:
    """An inside identity signed by another key, changed, or older than a minute is refused."""
    clock = StandingClock(datetime(2026, 3, 2, tzinfo=UTC))
    verifier = IdentityVerifier(KEYS.public_pem, clock=clock)
    who = company.who("manager")
    good = Signatures(IdentitySigner(KEYS.private_pem, clock)).of(who).removeprefix("Bearer ")
    assert verifier.verify(good) == who
    forged = IdentitySigner(new_key_pair().private_pem, clock).sign(who)
    changed = good[:-10] + ("A" if good[-10] != "A" else "B") + good[-9:]
    for token in (forged, changed, "", "a.b.c"):
        with pytest.raises(IdentityForged):
            verifier.verify(token)
    clock.move_to(clock.now() + timedelta(minutes=2))
    with pytest.raises(IdentityExpired):
        verifier.verify(good)


def test_routes_are_a_table(echo: Echo) -> None:
    """The first word after /api/v1 decides."""
    routes: Routes = in_process({"reception": echo})
    assert routes.to("/api/v1/reception/x") is routes.to("/api/v1/reception")
