"""The two documents for other systems: AsyncAPI for events, OpenAPI for requests."""

import hashlib
import json
import re
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from chassis.web import merged
from deploy.catalogue import NAMES
from deploy.contracts import asyncapi, openapi
from deploy.contracts.written import FOLDER, OPTIONAL, goldens

_VENDOR = FOLDER / "vendor"


def test_the_asyncapi_document_is_what_the_code_says() -> None:
    """contracts/asyncapi.json is the one the code makes, and so is what options add; `./run contracts` writes them."""
    assert _committed("asyncapi.json") == asyncapi.document()
    assert _committed("optional/asyncapi.json") == asyncapi.optional()


@pytest.mark.parametrize("name", ["asyncapi.json", "optional/asyncapi.json"])
def test_the_asyncapi_document_is_valid(name: str) -> None:
    """It holds against AsyncAPI's own JSON Schema of version 3.0.0."""
    schema = json.loads((_VENDOR / "asyncapi-3.0.0.schema.json").read_text(encoding="utf-8"))
    assert [error.message for error in Draft7Validator(schema).iter_errors(_committed(name))] == []


def test_every_reference_leads_somewhere() -> None:
    """No $ref of either document points at nothing."""
    for document in (_committed("asyncapi.json"), _committed("optional/asyncapi.json"), _whole(), _in_full()):
        assert [reference for reference in _references(document) if not _leads(document, reference)] == []


def test_every_golden_fits_its_message() -> None:
    """Each example holds against the payload that the AsyncAPI document describes."""
    registry: Registry[Any] = Registry()
    for urn, name in (("urn:plain", "asyncapi.json"), ("urn:optional", "optional/asyncapi.json")):
        registry = registry.with_resource(urn, DRAFT202012.create_resource(_committed(name)))
    for file, golden in goldens().items():
        urn = "urn:optional" if file.is_relative_to(OPTIONAL) else "urn:plain"
        pointer = f"{urn}#/components/messages/{golden['type']}/payload"
        assert [e.message for e in Draft202012Validator({"$ref": pointer}, registry=registry).iter_errors(golden)] == []


def test_what_others_made_is_unchanged() -> None:
    """Each vendored file is the one its checksum names, and all are named, licences aside."""
    named = {each["file"]: each["sha256"] for each in json.loads((_VENDOR / "vendor.json").read_text(encoding="utf-8"))}
    there = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in _VENDOR.glob("*.schema.json")}
    assert there == named


def test_the_openapi_document_is_what_the_code_says() -> None:
    """contracts/openapi.json is the merged document of the gateway and all services, optional/openapi.json what options
    add to it; `./run contracts` writes them.
    """
    assert _committed("openapi.json") == json.loads(json.dumps(openapi.document()))
    assert _committed("optional/openapi.json") == json.loads(json.dumps(openapi.optional()))


def test_operations_are_named_by_their_service() -> None:
    """Every operation has an id of its own that begins with its service's name, and every schema likewise."""
    document = _in_full()
    ids = [operation["operationId"] for _path, _method, operation in _operations(document)]
    assert len(ids) == len(set(ids)) > 0
    assert [name for name in ids if not name.startswith(tuple(f"{name}_" for name in NAMES))] == []


def test_every_operation_says_what_it_does_and_how_it_refuses() -> None:
    """Each operation has a summary, and its refusals are problem+json."""
    flaws = [f"{m} {p}" for p, m, operation in _operations(_in_full()) if not _is_told(operation)]
    assert flaws == []


@pytest.mark.parametrize("section", ["openapi", "info", "paths", "components"])
def test_the_openapi_document_is_of_version_3_1(section: str) -> None:
    """It has the parts that OpenAPI 3.1 asks for."""
    document = _committed("openapi.json")
    assert document.get(section) and re.fullmatch(r"3\.1\.\d+", document["openapi"])


def _whole() -> dict[str, Any]:
    return _committed("openapi.json")


def _in_full() -> dict[str, Any]:
    """What the gateway serves to a company that has every option."""
    return merged([_whole(), _committed("optional/openapi.json")], "Anchang", "1.0.0")


def _is_told(operation: dict[str, Any]) -> bool:
    refusals = {status: answer for status, answer in operation["responses"].items() if status[0] in "45"}
    said = operation.get("summary") or operation.get("description")
    return bool(said) and all("application/problem+json" in answer["content"] for answer in refusals.values())


def _operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    methods = {"get", "post", "put", "patch", "delete"}
    return [(p, m, operation) for p, item in document["paths"].items() for m, operation in item.items() if m in methods]


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for inner in value.values() for found in _references(inner)]
    return [found for inner in value for found in _references(inner)] if isinstance(value, list) else []


def _leads(document: Any, reference: str) -> bool:
    for step in reference.removeprefix("#/").split("/"):
        document = document.get(step.replace("~1", "/").replace("~0", "~"), {})
    return bool(document)


def _committed(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return document
