"""The blueprint of a room: flask-smorest's, reading requests strictly.

Unknown fields and parameters are refused, and so is what no database of ours could store: NUL, lone surrogates,
numbers beyond 2^53.
"""

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn

import flask
import flask_smorest
from flask import Request
from marshmallow import RAISE, Schema, ValidationError
from webargs import core
from webargs.flaskparser import FlaskParser

from chassis.web.refusals import Invalid, MalformedBody, WrongContentType

View = Callable[..., Any]

GREATEST = 2**53


class StrictParser(FlaskParser):
    """Reads arguments; raises MalformedBody, WrongContentType or Invalid."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE, "querystring": RAISE}

    def load_json(self, req: Request, schema: Schema) -> Any:
        raw = req.get_data(cache=True)
        if not raw and not req.mimetype:
            return core.missing
        if not req.is_json:
            raise WrongContentType("application/json")
        return json_of(raw)

    def load_files(self, req: Request, schema: Schema) -> Any:
        if req.mimetype != "multipart/form-data":
            raise WrongContentType("multipart/form-data")
        return super().load_files(req, schema)

    def load_form(self, req: Request, schema: Schema) -> Any:
        _refuse(dict(req.form.lists()), "form")
        return super().load_form(req, schema)

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        _refuse(dict(req.args.lists()), "query")
        return super().load_querystring(req, schema)

    def handle_error(
        self, error: ValidationError, req: Request, schema: Schema, *, error_status_code: Any, error_headers: Any
    ) -> NoReturn:
        messages = error.messages
        raise Invalid(messages if isinstance(messages, dict) else {"_schema": messages}) from error


class Blueprint(flask_smorest.Blueprint, flask.Blueprint):  # type: ignore[misc]
    """What rooms declare their routes with."""

    ARGUMENTS_PARSER = StrictParser()

    if TYPE_CHECKING:  # flask-smorest says nothing of its types

        def arguments(self, schema: Any, *, location: str = "json", **options: Any) -> Callable[[View], View]: ...

        def response(self, status_code: int, schema: Any = None, **options: Any) -> Callable[[View], View]: ...

        def alt_response(self, status_code: int, **options: Any) -> Callable[[View], View]: ...

        def doc(self, **description: Any) -> Callable[[View], View]: ...


def json_of(raw: bytes) -> Any:
    """The JSON value of a body; raises MalformedBody, or Invalid for values that nothing here can hold."""
    try:
        value = json.loads(raw.decode(), parse_constant=_no_such_number)
    except (ValueError, RecursionError) as error:  # ValueError: also bytes that are not UTF-8, endless digits
        raise MalformedBody from error
    _refuse(value, "json")
    return value


def _no_such_number(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse(value: Any, location: str) -> None:
    for path, code in flaws(value):
        messages: Any = [code]
        for step in reversed(path):
            messages = {step: messages}
        raise Invalid({location: messages if path else {"_schema": messages}})


def flaws(value: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Where `value` holds what cannot be stored: the path, and the code of the reason."""
    if isinstance(value, str):
        yield from (((), code) for code in _flaws_of_text(value))
    elif isinstance(value, int | float) and abs(value) > GREATEST:
        yield (), "number_too_large"
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from (((), code) for code in _flaws_of_text(name))
            yield from (((name, *path), code) for path, code in flaws(inner))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from (((index, *path), code) for path, code in flaws(inner))


def _flaws_of_text(text: str) -> Iterator[str]:
    if "\x00" in text:
        yield "nul_character"
    if any("\ud800" <= character <= "\udfff" for character in text):
        yield "lone_surrogate"
