"""Journals that are refused, and who may hand one in."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.services.asking import code_of
from tests.services.reception.journals import MORNING, TABLET, VISITOR, entry
from tests.services.reception.office import MANAGER, WEST_MANAGER, Office, seller


@pytest.fixture
def hall(sqlite_url: str) -> Iterator[Office]:
    """Li, Wu and Zhao stand in the line, nobody on duty; it is ten."""
    opened = Office(sqlite_url, ["li", "wu", "zhao"])
    opened.later(hours=1)
    yield opened
    opened.database.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "coup"},
        {"entry_id": "not a uuid"},
        {"happened_at": "2026-03-02T09:00:00"},
        {"happened_at": "0001-01-01T00:00:00+14:00"},
        {"staff_id": None},
        {"visitor": VISITOR},
        {"reception_id": "x"},
        {"arrival": {}},
        {"pin": "1234"},
    ],
)
def test_an_entry_of_no_known_form(hall: Office, wrong: dict[str, Any]) -> None:
    """A journal with an entry of no known form is refused as a whole, and the device keeps it."""
    good = entry("li comes", "clock_in", 1, "li")
    answer = hall.tried(TABLET, "POST", hall.path("journal"), {"entries": [good, good | wrong]})
    assert (answer.status_code, code_of(answer)) == (422, "invalid")
    assert not hall.board()["line"][0]["on_duty"]


def test_a_step_names_its_reception(hall: Office) -> None:
    """A step without a reception, or with two, and an arrival without what was said, are refused."""
    for one in (
        entry("a", "greet", 1, "li"),
        entry("a", "greet", 1, "li", of="x", reception_id="y"),
        entry("a", "arrival", 1),
        entry("a", "complete", 1, "li", of="x"),
    ):
        answer = hall.tried(TABLET, "POST", hall.path("journal"), {"entries": [one]})
        assert (answer.status_code, code_of(answer)) == (422, "invalid")


def test_a_journal_has_a_size(hall: Office) -> None:
    """No entries and more than a hundred are refused with the limit, and so is a body past half a megabyte."""
    many = [entry(f"{n}", "clock_in", 1, "li") for n in range(101)]
    for entries in ([], many):
        answer = hall.tried(TABLET, "POST", hall.path("journal"), {"entries": entries})
        assert (answer.status_code, code_of(answer)) == (422, "invalid")
    note = entry("a", "complete", 1, "li", of="x", visitor=VISITOR | {"note": "长" * 200_000})
    assert hall.tried(TABLET, "POST", hall.path("journal"), {"entries": [note]}).status_code == 413


def test_who_may_hand_in_and_who_settles(hall: Office) -> None:
    """The hall's front desk or tablet hands in, no salesperson does; the manager alone settles; no other branch."""
    body, path = {"entries": MORNING[:1]}, hall.path("journal/conflicts")
    assert hall.tried(seller("li"), "POST", hall.path("journal"), body).status_code == 403
    assert hall.tried(seller("li"), "GET", path).status_code == 403
    assert hall.tried(TABLET, "POST", f"{path}/x/settle", {"reason": "x"}).status_code == 403
    far = replace(WEST_MANAGER, permissions=WEST_MANAGER.permissions | {"reception.hand_in"})
    for method, where, said in (
        ("POST", hall.path("journal"), body),
        ("GET", path, None),
        ("POST", f"{path}/x/settle", {"reason": "x"}),
    ):
        answer = hall.tried(far, method, where, said)
        assert (answer.status_code, code_of(answer)) == (404, "unknown_hall")
    answer = hall.tried(MANAGER, "POST", f"{path}/x/settle", {"reason": "x"})
    assert (answer.status_code, code_of(answer)) == (404, "unknown_conflict")
