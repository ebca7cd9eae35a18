"""Versions of what people edit."""

from typing import Any

from werkzeug.test import TestResponse

from chassis.web import etag, if_match
from tests.chassis.web.house import House, problem


def _note(house: House, text: str = "a") -> tuple[str, Any]:
    answer = house.ask("POST", "/api/v1/notes", json={"text": text})
    return f"/api/v1/notes/{answer.get_json()['id']}", answer


def test_fifty_writers_with_one_version(either_house: House) -> None:
    """Of fifty who change what they read as one version, one wins and forty-nine are told that it is stale."""
    house = either_house
    path, first = _note(house)

    def change(number: int) -> TestResponse:
        headers = {"If-Match": first.headers["ETag"]}
        return house.ask("PATCH", path, json={"text": f"by {number}"}, headers=headers)

    answers = house.at_once(50, change)
    won = [answer for answer in answers if answer.status_code == 200]
    assert len(won) == 1
    assert {answer.status_code for answer in answers} == {200, 412}
    assert house.ask("GET", path).get_json()["text"] == won[0].get_json()["text"]
    assert won[0].headers["ETag"] == '"2"'


def test_a_change_needs_a_version(house: House) -> None:
    """A change without If-Match gets 428 and changes nothing."""
    path, _ = _note(house)
    problem(house.ask("PATCH", path, json={"text": "b"}), 428, "version_required")
    problem(house.ask("DELETE", path), 428, "version_required")
    assert house.ask("GET", path).get_json()["text"] == "a"


def test_a_stale_version(house: House) -> None:
    """A version that is not the present one gets 412."""
    path, _ = _note(house)
    for tag in ('"0"', '"2"', "rubbish", 'W/"7"'):
        problem(house.ask("PATCH", path, json={"text": "b"}, headers={"If-Match": tag}), 412, "stale_version")


def test_versions_that_match(house: House) -> None:
    """The present version matches, also weakened by a proxy, in a list, and as a star."""
    path, _ = _note(house)
    for tag in ('"1"', 'W/"2"', '"9", "3"', "*"):
        assert house.ask("PATCH", path, json={"stars": 1}, headers={"If-Match": tag}).status_code == 200


def test_what_the_asker_holds_is_not_sent_again(house: House) -> None:
    """A read of the version that the asker holds gets 304 without a body, and 200 once it has changed."""
    path, first = _note(house)
    held = {"If-None-Match": first.headers["ETag"]}
    same = house.ask("GET", path, headers=held)
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", '"1"')
    house.ask("PATCH", path, json={"text": "b"}, headers={"If-Match": '"1"'})
    changed = house.ask("GET", path, headers=held)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')


def test_outside_of_requests_there_is_nothing_to_compare() -> None:
    """Actions that call the helpers work for consumers and jobs as well."""
    if_match(3)
    etag(3)
