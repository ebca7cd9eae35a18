"""The OpenAPI 3.1 document of one service, made so that the documents of all services can be laid together."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

import flask_smorest
import marshmallow as ma
from apispec import BasePlugin
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from marshmallow import validate
from werkzeug.routing import BaseConverter, Rule

from chassis.service import Service
from chassis.web.blueprint import GREATEST
from chassis.web.fields import Text
from chassis.web.permits import ANYONE
from chassis.web.problems import MEDIA_TYPE

VERSION = "3.1.0"
_READS = (401, 403, 404, 422, 503)
_ACTS = (400, 401, 403, 404, 409, 413, 415, 422, 503)
_EDITS = (412, 428)
_STORABLE = r"^[^\u0000]*$"
_STORABLE_WORDS = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"
_STORABLE_STEP = r"^[^\u0000/]+$"
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Repeat a request with the same key and it acts once; the answer is kept for 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[ -~]+$"},
}
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem; `code` is stable, `title` and `detail` are in the language of Accept-Language.",
    "required": ["type", "title", "status", "detail", "code", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "instance": {"type": "string", "description": "the request's id, as in X-Request-Id"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}


class Api(flask_smorest.Api):  # type: ignore[misc]
    """flask-smorest without its own error answers: problems.py gives them."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Errors are answered from the one table."""

    def _register_responses(self) -> None:
        """Refusals are added to each operation, below."""

    def _register_pagination_header(self) -> None:
        """Pages are keysets in the body."""


def document(app: Flask) -> dict[str, Any]:
    """The OpenAPI document of an app made by create_app.

    It is written when it is asked for: an app that only answers requests has no need of it.
    """
    service: Service = app.extensions["chassis"].service
    api = _empty(app, service)
    for blueprint in service.blueprints:
        blueprint.register_views_in_doc(api, app, api.spec, name=blueprint.name, parameters=None)
        api.spec.tag({"name": blueprint.name, "description": blueprint.description})
    spec: dict[str, Any] = api.spec.to_dict()
    return spec


def _empty(app: Flask, service: Service) -> Any:
    app.config.update(API_TITLE=service.name, API_VERSION="1", OPENAPI_VERSION=VERSION)
    plugins = {
        "marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=lambda schema: _name_of(schema, service.name)),
        "extra_plugins": [_Operations(app, service)],
    }
    api = Api(app, spec_kwargs=plugins)
    api.ma_plugin.converter.add_attribute_function(_what_is_storable)
    api.register_converter(BaseConverter, lambda _converter: {"type": "string", "pattern": _STORABLE_STEP})
    api.spec.components.schema("Problem", deepcopy(_PROBLEM))
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    return api


def merged(documents: Sequence[Mapping[str, Any]], title: str, version: str) -> dict[str, Any]:
    """All documents as one; raises ValueError where two say different things under one name."""
    whole: dict[str, Any] = {"openapi": VERSION, "info": {"title": title, "version": version}}
    for each in documents:
        for section in ("paths", "components"):
            _lay_into(whole.setdefault(section, {}), each.get(section, {}), section)
        known = {tag["name"] for tag in whole.get("tags", [])}
        whole.setdefault("tags", []).extend(tag for tag in each.get("tags", []) if tag["name"] not in known)
    return whole


def _lay_into(whole: dict[str, Any], part: Mapping[str, Any], where: str) -> None:
    for name, value in part.items():
        if name not in whole:
            whole[name] = deepcopy(value)
        elif where == "components":
            _lay_into(whole[name], value, f"components.{name}")
        elif whole[name] != value:
            raise ValueError(f"two documents differ in {where}: {name}")


def _name_of(schema: Any, service: str) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    name = kind.__name__.removesuffix("Schema") if issubclass(kind, ma.Schema) else str(schema)
    if isinstance(schema, ma.Schema) and schema.partial:
        name = f"Partial{name}"
    return f"{service}.{name}"


def _what_is_storable(_self: Any, field: ma.fields.Field[Any], **_rest: Any) -> dict[str, Any]:
    """blueprint.py refuses NUL and numbers beyond 2^53; the document says so."""
    if isinstance(field, Text):
        return {"pattern": _STORABLE_WORDS}
    kinds = {type(validator) for validator in field.validators}
    if type(field) is ma.fields.String and not kinds & {validate.Regexp, validate.OneOf}:
        return {"pattern": _STORABLE}
    if isinstance(field, ma.fields.Integer) and not kinds & {validate.Range, validate.OneOf}:
        return {"minimum": -GREATEST, "maximum": GREATEST}
    return {}


class _Operations(BasePlugin):
    """Adds to each operation its id, what it may refuse, and the key it takes."""

    def __init__(self, app: Flask, service: Service) -> None:
        self._app = app
        self._service = service

    def operation_helper(self, path: Any = None, operations: Any = None, **rest: Any) -> None:
        rule: Rule = rest["rule"]
        view = self._app.view_functions[rule.endpoint]
        for method, operation in operations.items():
            operation["operationId"] = f"{self._service.name}_{rule.endpoint.rpartition('.')[2]}"
            self._add_refusals(operation, method, view)

    def _add_refusals(self, operation: dict[str, Any], method: str, view: Any) -> None:
        acts = getattr(view, "acts", False)
        statuses = {*(_ACTS if acts else _READS)}
        if "requestBody" in operation:
            statuses |= {400, 413, 415}
        if method in ("put", "patch", "delete"):
            statuses |= set(_EDITS)
        if getattr(view, "permission", ANYONE) == ANYONE:
            statuses -= {401, 403}
        else:
            operation["security"] = [{"bearer": []}]
        statuses |= set(self._service.problems.values())
        if acts and method == "post":
            operation.setdefault("parameters", []).append(dict(_KEY))
        responses = operation.setdefault("responses", {})
        for status in sorted(statuses - {int(known) for known in responses if str(known).isdigit()}):
            responses[status] = refusal()
        if 422 in responses:
            responses[422] = refusal()


def refusal() -> dict[str, Any]:
    """How a document says that an operation may answer with a problem."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": "problem", "content": {MEDIA_TYPE: {"schema": schema}}}
