"""The OpenAPI 3.1 document of the gateway and all services: what the gateway serves."""

import tempfile
from collections.abc import Sequence
from typing import Any

from chassis.database import Database
from chassis.service import Service
from chassis.web import create_app
from chassis.web.openapi import document as document_of
from chassis.web.openapi import merged, refusal
from deploy.catalogue import in_full_services, services

_AT_THE_DOOR = (400, 429, 503, 504)
_WITH_A_BODY = (411, 413)


def document() -> dict[str, Any]:
    """All documents laid together, and what the gateway itself refuses of any request.

    Raises ValueError where two say different things under one name.
    """
    return _document_of_all(services())


def optional() -> dict[str, Any]:
    """What options add to it: laid into it, it is the document of a company that has them all."""
    plain, full = document(), _document_of_all(in_full_services())
    return _added(plain, full) | {"tags": [tag for tag in full["tags"] if tag not in plain["tags"]]}


def _added(plain: dict[str, Any], full: dict[str, Any]) -> dict[str, Any]:
    schemas = {name: schema for name, schema in _schemas(full).items() if name not in _schemas(plain)}
    paths = {path: item for path, item in full["paths"].items() if path not in plain["paths"]}
    return {"paths": paths, "components": {"schemas": schemas}}


def _schemas(whole: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = whole["components"]["schemas"]
    return found


def _document_of_all(parties: Sequence[Service]) -> dict[str, Any]:
    whole = merged([_document_of(service) for service in parties], "Anchang", "1.0.0")
    for operations in whole["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict):
                _refuse_at_the_door(operation)
    return whole


def _refuse_at_the_door(operation: dict[str, Any]) -> None:
    statuses = (*_AT_THE_DOOR, *(_WITH_A_BODY if "requestBody" in operation else ()))
    for status in statuses:
        operation["responses"].setdefault(str(status), refusal())


def _document_of(service: Service) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:  # the app is only asked what it would serve
        database = Database(f"sqlite:///{folder}/nothing.db", service.name)
        return document_of(create_app(service, database, lambda _request: None))
