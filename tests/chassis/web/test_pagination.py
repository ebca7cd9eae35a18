"""Lists by keyset."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

import pytest

from chassis.clock import StandingClock
from chassis.web.pagination import _seal
from tests.chassis.web import notes
from tests.chassis.web.house import MORNING, House, problem


def _fill(house: House, count: int) -> None:
    for number in range(count):
        cast(StandingClock, house.database.clock).move_to(MORNING + timedelta(minutes=number // 2))
        house.ask("POST", "/api/v1/notes", json={"text": f"note {number}", "due": f"2026-03-{number % 3 + 1:02}"})


def _walk(house: House, path: str, limit: int) -> Iterator[dict[str, Any]]:
    after = ""
    while after is not None:
        page = house.ask("GET", f"{path}?limit={limit}{after and '&after=' + after}").get_json()
        assert len(page["items"]) <= limit
        yield from page["items"]
        after = page["next_after"]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
def test_walking_a_list_shows_each_row_once(either_house: House, limit: int) -> None:
    """Page by page, in pages of any size, each row is shown once and in order, also where keys are equal."""
    _fill(either_house, 7)
    latest_first = [item["text"] for item in _walk(either_house, "/api/v1/notes", limit)]
    assert latest_first == [f"note {number}" for number in reversed(range(7))]
    by_day = [(item["due"], item["id"]) for item in _walk(either_house, "/api/v1/notes/by-day", limit)]
    assert by_day == sorted(by_day)
    assert len(by_day) == 7


def test_rows_that_come_meanwhile_shift_nothing(house: House) -> None:
    """What is written between two pages moves nothing from one to the other."""
    _fill(house, 4)
    first = house.ask("GET", "/api/v1/notes?limit=2").get_json()
    house.ask("POST", "/api/v1/notes", json={"text": "between"})
    second = house.ask("GET", f"/api/v1/notes?limit=2&after={first['next_after']}").get_json()
    assert [item["text"] for item in second["items"]] == ["note 1", "note 0"]
    assert second["next_after"] is None


def test_an_empty_list(house: House) -> None:
    """An empty list is one page without a next one."""
    assert house.ask("GET", "/api/v1/notes").get_json() == {"items": [], "next_after": None}


@pytest.mark.parametrize("after", ["", "x", "äö", "AAAA", "IiIi" * 50, "=", "!!!!"])
def test_what_is_no_cursor(house: House, after: str) -> None:
    """Anything but a cursor gets 422."""
    problem(house.ask("GET", "/api/v1/notes", query_string={"after": after}), 422, "bad_cursor")


def test_a_cursor_that_was_changed_or_belongs_elsewhere(house: House) -> None:
    """A cursor with one character changed, or of another list, gets 422."""
    _fill(house, 3)
    cursor = house.ask("GET", "/api/v1/notes?limit=1").get_json()["next_after"]
    for place in range(len(cursor) - 1):
        changed = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        problem(house.ask("GET", f"/api/v1/notes?after={changed}"), 422, "bad_cursor")
    problem(house.ask("GET", f"/api/v1/notes/by-day?after={cursor}"), 422, "bad_cursor")


@pytest.mark.parametrize("values", [[1, 2], [{"instant": "2026-03-02T01:00:00"}, "x"], {}, 5, [{"day": "x"}, "y"]])
def test_a_forged_cursor_of_other_types(either_house: House, values: Any) -> None:
    """Even a cursor with a right seal gets 422 when its values are not of the list's types."""
    packed = json.dumps(values).encode()
    sealed = _seal(packed, [notes.NOTES.c.written_at, notes.NOTES.c.id]) + packed
    after = base64.urlsafe_b64encode(sealed).decode().rstrip("=")
    problem(either_house.ask("GET", f"/api/v1/notes?after={after}"), 422, "bad_cursor")
