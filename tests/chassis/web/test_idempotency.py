"""A request that comes twice acts once."""

import io
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread
from typing import cast

import pytest
from sqlalchemy import event, insert, select, update

from chassis.clock import StandingClock
from chassis.jobs import JobLoop
from chassis.web.chores import FORGET_KEPT_ANSWERS
from chassis.web.idempotency import forget_answers
from chassis.web.tables import kept_answers
from tests.chassis.web import notes
from tests.chassis.web.house import ANNA, MORNING, House, build, problem


def _key(key: str = "k1") -> dict[str, str]:
    return {"Idempotency-Key": key}


def test_fifty_at_once_with_one_key(either_house: House) -> None:
    """Fifty requests at once with one key write one row and get one answer, forty-nine of them as replays."""
    house = either_house
    answers = house.at_once(50, lambda _: house.ask("POST", "/api/v1/notes", json={"text": "a"}, headers=_key()))
    assert house.count() == 1
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.data for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 49


def test_the_replay_is_the_answer(either_house: House) -> None:
    """A replay has the status, the body, the ETag and the content type of the first answer, and says what it is."""
    ask = lambda: either_house.ask("POST", "/api/v1/notes", json={"text": "a"}, headers=_key())  # noqa: E731
    first, second = ask(), ask()
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    for name in ("ETag", "Content-Type"):
        assert second.headers[name] == first.headers[name]
    assert (second.status_code, second.data) == (first.status_code, first.data)


def test_the_same_body_written_differently(house: House) -> None:
    """Spaces and the order of fields do not make another body."""
    first = {"data": b'{"text": "a", "stars": 1}', "content_type": "application/json"}
    second = {"data": b'{ "stars":1,"text":"a"}', "content_type": "application/json"}
    house.ask("POST", "/api/v1/notes", headers=_key(), **first)
    assert "Idempotent-Replayed" in house.ask("POST", "/api/v1/notes", headers=_key(), **second).headers


def test_another_body_is_refused(house: House) -> None:
    """The same key with another body or another query gets 422 and does nothing."""
    house.ask("POST", "/api/v1/notes", json={"text": "a"}, headers=_key())
    problem(house.ask("POST", "/api/v1/notes", json={"text": "b"}, headers=_key()), 422, "key_reused")
    assert house.count() == 1


def test_a_file_sent_twice(house: House) -> None:
    """The same file under the same key is one request, whatever the boundary; another file is not."""
    answers = [
        house.ask("POST", "/api/v1/notes/copies", data={"file": (io.BytesIO(content), "a.bin")}, headers=_key())
        for content in (b"abc", b"abc", b"abd")
    ]
    assert [answer.status_code for answer in answers] == [202, 202, 422]
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert house.count() == 1


def test_a_key_belongs_to_actor_method_and_path(house: House) -> None:
    """Somebody else's request, or one to another address, with the same key is a request of its own."""
    house.ask("POST", "/api/v1/notes", json={"text": "a"}, headers=_key())
    berta = replace(ANNA, actor_id="berta")
    other = house.ask("POST", "/api/v1/notes", berta, json={"text": "b"}, headers=_key())
    assert other.status_code == 201
    assert "Idempotent-Replayed" not in other.headers
    problem(house.ask("POST", "/api/v1/notes/red/burn", headers=_key()), 409, "note_burning")


def test_refusals_are_not_kept(either_house: House) -> None:
    """After a refusal the key is free: the next request with it is tried anew."""
    house = either_house
    problem(house.ask("POST", "/api/v1/notes", json={"no": 1}, headers=_key()), 422, "invalid")
    for _ in range(2):
        problem(house.ask("POST", "/api/v1/notes/red/burn", headers=_key()), 409, "note_burning")
    assert house.count(kept_answers) == 0
    assert house.count() == 0
    assert house.ask("POST", "/api/v1/notes", json={"text": "a"}, headers=_key()).status_code == 201


def test_an_edit_sent_twice(either_house: House) -> None:
    """An edit repeated with its key is replayed, although its ETag is stale by now."""
    house = either_house
    note = house.ask("POST", "/api/v1/notes", json={"text": "a"}).get_json()
    headers = {**_key(), "If-Match": '"1"'}
    path = f"/api/v1/notes/{note['id']}"
    answers = [house.ask("PATCH", path, json={"text": "b"}, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    removal = {**_key(), "If-Match": '"2"'}
    assert [house.ask("DELETE", path, headers=removal).status_code for _ in range(2)] == [204, 204]


def test_waiting_for_the_first_has_an_end(database_url: str) -> None:
    """Who waits too long for the first request with the key gets 409 and is told when to come back."""
    house = build(database_url, key_patience=0.05)
    gate = notes.GATES["held"] = notes.Gate(Event(), Event())
    ask = lambda: house.ask("POST", "/api/v1/notes", json={"text": "held"}, headers=_key())  # noqa: E731
    first = Thread(target=ask)
    first.start()
    try:
        assert gate.inside.wait(60)
        answer = ask()
    finally:
        gate.go_on.set()
        first.join()
        del notes.GATES["held"]
    problem(answer, 409, "key_in_progress")
    assert answer.headers["Retry-After"] == "1"
    assert ask().headers["Idempotent-Replayed"] == "true"


def test_waiting_for_another_process_has_an_end(postgres_url: str) -> None:
    """When another process holds the key, the wait ends too, and other keys are free."""
    house = build(postgres_url, key_patience=0.05)
    ask = lambda key: house.ask("POST", "/api/v1/notes", json={"text": f"a{key}"}, headers=_key(key))  # noqa: E731
    ask("k1")
    with house.database.read() as tx:
        row = dict(tx.execute(select(kept_answers)).mappings().one())
    with house.database.write() as tx:
        tx.execute(kept_answers.delete())
    with house.database.write() as tx:
        tx.execute(insert(kept_answers).values(row))
        problem(ask("k1"), 409, "key_in_progress")
        assert ask("k2").status_code == 201


def test_answers_are_forgotten_after_a_day(house: House) -> None:
    """An answer is kept for 24 hours of wall time, and a job that every service has forgets it then."""
    house.ask("POST", "/api/v1/notes", json={"text": "a"}, headers=_key())
    chores = JobLoop(house.database, (FORGET_KEPT_ANSWERS,), house.wall)
    for later, left in ((timedelta(hours=24), 1), (timedelta(hours=25, seconds=1), 0)):
        house.wall.move_to(MORNING + later)
        cast(StandingClock, house.database.clock).move_to(MORNING + later)
        assert chores.run_due() == 1
        assert house.count(kept_answers) == left


def test_an_answer_that_is_forgotten(either_house: House) -> None:
    """A request whose answer named a forgotten id is refused when it comes again, and not done again; others replay."""
    house = either_house
    ask = lambda key: house.ask("POST", "/api/v1/notes", json={"text": key}, headers=_key(key))  # noqa: E731
    forgotten, other = ask("k1"), ask("k2")
    with house.database.write() as tx:
        forget_answers(tx, [forgotten.get_json()["id"]])
    problem(ask("k1"), 410, "answer_forgotten")
    assert ask("k2").data == other.data
    assert house.count() == 2


def test_an_answer_whose_texts_tell(either_house: House) -> None:
    """Answers are forgotten by what their texts mean as well, however JSON writes it; what is no JSON is one text."""
    house = either_house
    ask = lambda key, text: house.ask("POST", "/api/v1/notes", json={"text": text}, headers=_key(key))  # noqa: E731
    told, other = ask("k1", "first\nsecond"), ask("k2", "text")
    with house.database.write() as tx:
        forget_answers(tx, [], lambda text: text == "first\nsecond")
        tx.execute(update(kept_answers).where(kept_answers.c.status == 410).values(answer=b"\xff no JSON", status=200))
    assert told.status_code == 201
    assert ask("k2", "text").data == other.data
    with house.database.write() as tx:
        forget_answers(tx, [], lambda text: text.endswith("no JSON"))
    problem(ask("k1", "first\nsecond"), 410, "answer_forgotten")
    assert house.count() == 2


def test_answers_are_read_once_for_many_names(house: House) -> None:
    """However many names somebody has, all kept answers are gone through once; and a great many are taken as well."""
    asked: list[str] = []
    event.listen(house.database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    ask = lambda key: house.ask("POST", "/api/v1/notes", json={"text": key}, headers=_key(key))  # noqa: E731
    ids = [ask(key).get_json()["id"] for key in ("k1", "k2")]
    for naming, statements in (([*ids, *(f"name {n}" for n in range(40))], 1), ([f"{n}:" for n in range(1200)], 3)):
        asked.clear()
        with house.database.write() as tx:
            forget_answers(tx, naming)
        assert len([one for one in asked if "kept_answers" in one]) == statements
    for key in ("k1", "k2"):
        problem(ask(key), 410, "answer_forgotten")


@pytest.mark.parametrize("key", ["", "x" * 201, "schl\xfcssel", "a\tb"])
def test_what_is_no_key(house: House, key: str) -> None:
    """A key is 1 to 200 printable ASCII characters."""
    answer = house.ask("POST", "/api/v1/notes", json={"text": "a"}, headers=_key(key))
    assert problem(answer, 422, "invalid")["errors"][0]["field"] == "Idempotency-Key"
