"""Everything that the web edge refuses, and what it says."""

import io
import json
from dataclasses import replace
from datetime import timedelta

import jwt
import pytest

from chassis.web import IdentitySigner, new_key_pair
from tests.chassis.web.house import ANNA, MORNING, House, build, problem


def test_nobody_is_told_to_sign_in(house: House) -> None:
    """A request without identity gets 401 and learns how to give one."""
    answer = house.ask("GET", "/api/v1/notes", who=None)
    problem(answer, 401, "identity_missing")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_an_old_identity_is_told_apart(house: House) -> None:
    """An identity older than its minute gets 401 and a text of its own."""
    header = house.identity(ANNA)
    house.wall.move_to(MORNING + timedelta(seconds=91))
    problem(house.ask("GET", "/api/v1/notes", who=None, headers=header), 401, "identity_expired")


def test_an_identity_of_another_key_is_forged(house: House) -> None:
    """An identity signed by somebody else gets 401."""
    token = IdentitySigner(new_key_pair().private_pem, house.wall).sign(ANNA)
    answer = house.ask("GET", "/api/v1/notes", who=None, headers={"Authorization": f"Bearer {token}"})
    problem(answer, 401, "identity_forged")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "ey.ey.ey", "\xff\xff"])
def test_what_is_no_token_is_forged(house: House, token: str) -> None:
    """Rubbish in place of a token gets 401."""
    answer = house.ask("GET", "/api/v1/notes", who=None, headers={"Authorization": f"Bearer {token}"})
    problem(answer, 401, "identity_forged")


def test_an_unsigned_identity_is_forged(house: House) -> None:
    """A token that says it needs no signature gets 401."""
    token = jwt.encode({"sub": "anna"}, None, algorithm="none")
    answer = house.ask("GET", "/api/v1/notes", who=None, headers={"Authorization": f"Bearer {token}"})
    problem(answer, 401, "identity_forged")


def test_a_missing_permission_is_named(house: House) -> None:
    """Who may not do a thing gets 403 with the permission that is missing."""
    reader = replace(ANNA, permissions=frozenset({"notes.see"}))
    body = problem(house.ask("POST", "/api/v1/notes", reader, json={"text": "x"}), 403, "permission_missing")
    assert "notes.write" in body["detail"]


def test_permission_comes_before_the_body(house: House) -> None:
    """Who is not known or not permitted learns nothing of what is wrong with the body."""
    problem(
        house.ask("POST", "/api/v1/notes", None, data=b"{", content_type="application/json"), 401, "identity_missing"
    )
    reader = replace(ANNA, permissions=frozenset())
    problem(house.ask("POST", "/api/v1/notes", reader, json={"no": 1}), 403, "permission_missing")


def test_the_unknown_address(house: House) -> None:
    """An address that is not there gets 404."""
    problem(house.ask("GET", "/api/v1/nothing"), 404, "not_found")


def test_the_wrong_method_names_the_right_ones(house: House) -> None:
    """A method that an address does not take gets 405 with those it takes."""
    answer = house.ask("DELETE", "/api/v1/notes")
    problem(answer, 405, "method_not_allowed")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_another_branchs_row_is_not_there(house: House) -> None:
    """What belongs to another branch is answered like what does not exist, when reading and when writing."""
    note = house.ask("POST", "/api/v1/notes", json={"text": "mine"}).get_json()
    southern = replace(ANNA, branch_id="south")
    missing = problem(house.ask("GET", "/api/v1/notes/none", southern), 404, "note_missing")
    foreign = problem(house.ask("GET", f"/api/v1/notes/{note['id']}", southern), 404, "note_missing")
    assert missing["detail"] == foreign["detail"]
    problem(house.ask("POST", "/api/v1/notes/elsewhere"), 404, "not_found")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nope",
        b'{"text": NaN}',
        b'{"stars": Infinity}',
        b"\xff\xfe",
        b'{"text": "a"} x',
        b"[" * 100_000,
        b"1" * 5000,
    ],
)
def test_what_is_not_json(house: House, body: bytes) -> None:
    """A body that is not JSON in UTF-8 gets 400."""
    problem(house.ask("POST", "/api/v1/notes", data=body, content_type="application/json"), 400, "malformed_body")


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x", ""])
def test_the_wrong_content_type(house: House, content_type: str) -> None:
    """A body of another media type gets 415 and learns which one is right."""
    answer = house.ask("POST", "/api/v1/notes", data=b'{"text": "x"}', content_type=content_type)
    assert "application/json" in problem(answer, 415, "wrong_content_type")["detail"]
    upload = house.ask("POST", "/api/v1/notes/copies", json={"file": "x"})
    assert "multipart/form-data" in problem(upload, 415, "wrong_content_type")["detail"]


def test_a_large_body(house: House) -> None:
    """A body of 5 MB gets 413, with and without an announced length, and a file's route takes more than others."""
    text = json.dumps({"text": "x" * 5_000_000}).encode()
    problem(house.ask("POST", "/api/v1/notes", data=text, content_type="application/json"), 413, "body_too_large")
    streamed = {"input_stream": io.BytesIO(text), "content_type": "application/json"}
    unannounced = house.ask("POST", "/api/v1/notes", environ_overrides={"wsgi.input_terminated": True}, **streamed)
    problem(unannounced, 413, "body_too_large")
    two_megabytes = {"file": (io.BytesIO(b"x" * 2_000_000), "copy.bin")}
    assert house.ask("POST", "/api/v1/notes/copies", data=two_megabytes).get_json() == {"size": 2_000_000}
    five_megabytes = {"file": (io.BytesIO(b"x" * 5_000_000), "copy.bin")}
    problem(house.ask("POST", "/api/v1/notes/copies", data=five_megabytes), 413, "body_too_large")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": None}, "text"),
        ({"text": 5}, "text"),
        ({"text": "  "}, "text"),
        ({"text": "x" * 201}, "text"),
        ({"text": "x", "stars": "5"}, "stars"),
        ({"text": "x", "stars": 4.5}, "stars"),
        ({"text": "x", "stars": True}, "stars"),
        ({"text": "x", "stars": 6}, "stars"),
        ({"text": "x", "stars": 10**400}, "stars"),
        ({"text": "x", "due": "2026-02-30"}, "due"),
        ({"text": "x", "colour": "red"}, "colour"),
        ({"text": "x", "id": "mine"}, "id"),
        ({"text": "x", "tags": "none"}, "tags"),
        ({"text": "x", "tags": [{"word": "a"}, {"word": "b", "loud": "yes"}]}, "tags.1.loud"),
        ({"text": "x", "tags": [{"word": "a"}, 7]}, "tags.1"),
        ([1], ""),
        ("text", ""),
        (None, ""),
    ],
)
def test_what_is_wrong_is_named_by_its_path(house: House, body: object, field: str) -> None:
    """A body of the wrong form gets 422, with the path of the field and the reason in the reader's language."""
    raw = json.dumps(body).encode()
    for language in ("zh", "en"):
        headers = {"Accept-Language": language, "Content-Type": "application/json"}
        answer = house.ask("POST", "/api/v1/notes", data=raw, headers=headers)
        errors = problem(answer, 422, "invalid")["errors"]
        assert [error["field"] for error in errors] == [field]
        chinese = any("\u4e00" <= character <= "\u9fff" for character in errors[0]["detail"])
        assert chinese is (language == "zh"), errors
    assert house.count() == 0


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "\udfff"])
def test_what_no_database_can_store(house: House, text: str) -> None:
    """NUL and lone surrogates get 422 wherever they stand: in a field, deep inside, in a name, in a parameter."""
    for body in ({"text": text}, {"text": "x", "tags": [{"word": text}]}, {"text": "x", text: 1}):
        raw = json.dumps(body).encode()
        problem(house.ask("POST", "/api/v1/notes", data=raw, content_type="application/json"), 422, "invalid")
    assert house.count() == 0


def test_nul_in_addresses(house: House) -> None:
    """NUL in a path or a query gets 422."""
    problem(house.ask("GET", "/api/v1/notes/a%00b"), 422, "invalid")
    problem(house.ask("GET", "/api/v1/notes?after=a%00b"), 422, "invalid")


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=ten", "limit=", "colour=red"])
def test_wrong_parameters(house: House, query: str) -> None:
    """Parameters out of bounds or unknown get 422 and are named."""
    body = problem(house.ask("GET", f"/api/v1/notes?{query}"), 422, "invalid")
    assert [error["field"] for error in body["errors"]] == [query.partition("=")[0]]


def test_a_body_where_none_is_expected(house: House) -> None:
    """A route that takes no body takes an empty one and {}, and nothing else."""
    problem(house.ask("POST", "/api/v1/notes/red/burn", json={}), 409, "note_burning")
    problem(house.ask("POST", "/api/v1/notes/red/burn", json={"colour": 1}), 422, "invalid")
    problem(
        house.ask("POST", "/api/v1/notes/red/burn", data=b"x", content_type="text/plain"), 415, "wrong_content_type"
    )


def test_what_nobody_foresaw_leaks_nothing(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    """A fault inside gets 500 with the request's id; its words stand neither in the answer nor in the log."""
    answer = house.ask("GET", "/api/v1/notes/failing")
    problem(answer, 500, "internal")
    logged = "".join(capsys.readouterr())
    assert "RuntimeError" in logged
    assert answer.headers["X-Request-Id"] in logged
    for personal in ("Zhang", "138 0000"):  # three digits alone stand in many a request's id
        assert personal not in answer.text
        assert personal not in logged


def test_an_answer_that_cannot_be_made_leaves_nothing_behind(house: House) -> None:
    """The answer is made before the commit: when that fails, nothing was done."""
    problem(house.ask("POST", "/api/v1/notes/unanswerable"), 500, "internal")
    assert house.count() == 0


def test_a_view_that_does_not_say_who_may(house: House) -> None:
    """A view without a permission answers nobody."""
    house.app.add_url_rule("/api/v1/forgotten", "forgotten", lambda: "secret")
    answer = house.ask("GET", "/api/v1/forgotten")
    problem(answer, 500, "internal")


def test_a_blueprint_that_guards_itself(sqlite_url: str) -> None:
    """Blueprints named as unguarded are left alone."""
    from flask import Blueprint

    house = build(sqlite_url, unguarded=frozenset({"pages"}))
    pages = Blueprint("pages", __name__)
    pages.add_url_rule("/page", "page", lambda: "hello")
    house.app.register_blueprint(pages)
    assert house.ask("GET", "/page", who=None).text == "hello"
