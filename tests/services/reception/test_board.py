"""What hangs on the wall of the hall."""

from tests.services.reception.office import MANAGER, Office, seller
from tests.services.synthetic import named


def test_the_board_shows_the_hall(office: Office) -> None:
    """The line by name, A and B, who serves since when, who waits since when, and the day's counts."""
    office.come("li", "wu")
    first = office.visit()
    board = office.board()
    assert (board["a"], board["b"]) == (named("wu"), None)
    states = [(person["name"], person["on_duty"], person["state"]) for person in board["line"]]
    assert states == [("li", True, "serving"), ("wu", True, "free"), ("zhao", False, "off_duty")]
    assert board["line"][0]["reception"]["assigned_at"] == first["assigned_at"]
    office.visit()
    waiting = office.visit()
    assert [one["arrived_at"] for one in office.board()["waiting"]] == [waiting["arrived_at"]]
    office.complete("li", first, "13800138000")
    assert office.board()["today"] == {"arrivals": 3, "completed": 1}


def test_no_phone_and_no_visitors_name_on_the_wall(office: Office) -> None:
    """Whatever was registered, the board says nothing of who the visitors are."""
    office.come("li")
    office.complete("li", office.visit(), "13800138000", note="怕吵")
    shown = office.tried(MANAGER, "GET", office.path("board")).get_data(as_text=True)
    assert not any(secret in shown for secret in ("王小明", "13800138000", "怕吵"))


def test_an_unchanged_board_is_not_sent_again(office: Office) -> None:
    """With its ETag the answer is 304 until something happens in the hall."""
    office.come("li")
    tag = office.tried(MANAGER, "GET", office.path("board")).headers["ETag"]
    known = {"headers": {"If-None-Match": tag}}
    assert office.tried(seller("wu"), "GET", office.path("board"), **known).status_code == 304
    office.visit()
    assert office.tried(seller("wu"), "GET", office.path("board"), **known).status_code == 200


def test_the_day_turns_at_the_branchs_midnight(office: Office) -> None:
    """Counts start again when the day ends at the branch, not in UTC."""
    office.visit()
    office.later(hours=14, minutes=59)
    assert office.board()["today"]["arrivals"] == 1
    office.later(minutes=1)
    assert office.board()["local_day"] == "2026-03-03"
    assert office.board()["today"]["arrivals"] == 0


def test_halls_are_listed_within_reach(office: Office) -> None:
    """A branch sees its own halls alone."""
    mine = office.did(seller("li"), "GET", "/api/v1/reception/halls")["items"]
    assert [hall["name"] for hall in mine] == ["一号案场"]
    assert office.did(seller("far", "west"), "GET", "/api/v1/reception/halls")["items"] == []


def test_the_board_explains_each_reception(office: Office) -> None:
    """Who is served and who waits has the explanation beside it, in the reader's language."""
    office.come("li")
    served, waiting = office.visit(), office.visit()
    board = office.board()
    assert (board["line"][0]["reception"]["why"], board["waiting"][0]["why"]) == (
        served["why"]["text"],
        waiting["why"]["text"],
    )
    english = office.did(MANAGER, "GET", office.path("board"), headers={"Accept-Language": "en"})
    assert "article 一.1" in english["line"][0]["reception"]["why"]


def test_about_how_long_ones_turn_takes(office: Office) -> None:
    """After a visit of 12 minutes A's turn is next, B's about 12 minutes away; before it nobody can say."""
    office.come("li", "wu", "zhao")
    first = office.visit()
    office.greet("li", first)
    assert [one["waits_about"] for one in office.board()["line"]] == [None, None, None]
    office.later(minutes=12, seconds=59)
    office.complete("li", first, "13800138000")
    waits = [(one["name"], one["waits_about"]) for one in office.board()["line"]]
    assert waits == [("wu", 0), ("zhao", 12), ("li", 25)]
