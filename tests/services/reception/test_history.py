"""A hall at any past moment, replayed from its register."""

from datetime import timedelta
from typing import Any

from chassis import ledger
from tests.services.asking import code_of
from tests.services.reception.office import FRONT_DESK, MANAGER, WEST_MANAGER, Office, seller
from tests.services.synthetic import NOW, named


def told(then: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    names = {named(name): name for name in ("li", "wu", "zhao")}
    return [(names[one["staff_id"]], one["state"], one["reception_id"]) for one in then["line"]]


def test_any_moment_of_a_day_is_told(office: Office) -> None:
    """Before anybody came, while Li served and a visitor waited, and after: each as it was, to the second."""
    office.later(minutes=1)
    office.come("li")
    office.later(minutes=1)
    first, second = office.visit(), office.visit()
    office.later(minutes=1)
    office.complete("li", first, "13800138000")
    office.later(days=40)
    at = [office.then(NOW + timedelta(minutes=n)) for n in range(4)]
    li, wu, zhao = ("wu", "off_duty", None), ("zhao", "off_duty", None), ("li", "off_duty", None)
    assert told(at[0]) == [zhao, li, wu]
    assert told(at[1])[0] == ("li", "free", None)
    assert (at[1]["a"], at[1]["b"]) == (named("li"), None)
    assert told(at[2])[0] == ("li", "serving", first["reception_id"])
    assert [one["reception_id"] for one in at[2]["waiting"]] == [second["reception_id"]]
    assert told(at[3]) == [li, wu, ("li", "serving", second["reception_id"])]
    assert at[3]["waiting"] == []
    assert [one["entry"] for one in at] == sorted({one["entry"] for one in at})
    assert told(office.then()) == told(at[3])
    assert [one.staff_id for one in office.hall_now().line] == office.line()


def test_before_the_hall_there_was_nobody(sqlite_office: Office) -> None:
    """A moment before the first entry: an empty line, and entry 0."""
    then = sqlite_office.then(NOW - timedelta(days=1))
    assert [then["entry"], then["line"], then["waiting"], then["a"]] == [0, [], [], None]


def test_a_line_that_was_corrected_since_is_told_as_it_was(sqlite_office: Office) -> None:
    """The manager's reorder does not reach into the past."""
    office = sqlite_office
    office.later(minutes=1)
    version = {"If-Match": f'"{office.board()["line_version"]}"'}
    order = [named(name) for name in ("zhao", "wu", "li")]
    office.did(MANAGER, "PUT", office.path("line"), {"order": order, "reason": "试"}, headers=version)
    assert [one[0] for one in told(office.then(NOW))] == ["li", "wu", "zhao"]
    assert [one[0] for one in told(office.then())] == ["zhao", "wu", "li"]


def test_who_has_stepped_out_is_away_until_back(sqlite_office: Office) -> None:
    """Entries of stepping out say from when and until when somebody was out; asking alone moves nobody."""
    office = sqlite_office
    office.come("li", "wu")
    asked = {"staff_id": named("li"), "since": None, "ended_at": None}
    out = asked | {"since": NOW.isoformat()}
    for kind, body in (("asked", asked), ("left", out), ("ended", out | {"ended_at": NOW.isoformat()})):
        office.later(minutes=1)
        with office.database.write() as tx:
            ledger.append(tx, f"hall/{office.hall}", f"step_out.{kind}", "step_out/1", body)
    at = [office.then(NOW + timedelta(minutes=n))["line"][0] for n in (1, 2, 3)]
    assert [one["state"] for one in at] == ["free", "away", "free"]
    assert at[1]["away_since"] is not None


def test_whoever_steps_out_is_told_as_the_board_shows_them(sqlite_office: Office) -> None:
    """Out and back again: at each moment the replayed hall says what the board said."""
    office = sqlite_office
    office.come("li", "wu", "zhao")
    for what, body in (("step-out", {"reason": "washroom"}), ("return", None)):
        office.later(minutes=1)
        office.did(seller("zhao"), "POST", office.path(what), body)
        shown = [(one["staff_id"], one["state"]) for one in office.board()["line"]]
        assert [(one.staff_id, one.standing.value) for one in office.hall_now().line] == shown
    at = [office.then(NOW + timedelta(minutes=n))["line"][2]["state"] for n in range(3)]
    assert at == ["free", "away", "free"]


def test_who_may_look(sqlite_office: Office) -> None:
    """Another branch's hall does not exist; a moment that is none is refused."""
    office = sqlite_office
    assert code_of(office.tried(WEST_MANAGER, "GET", office.path("line"))) == "unknown_hall"
    assert office.tried(FRONT_DESK, "GET", office.path("line")).status_code == 200
    for moment in ("yesterday", "2026-03-02T09:00:00"):
        asked = {"query_string": {"at": moment}}
        assert office.tried(MANAGER, "GET", office.path("line"), **asked).status_code == 422
