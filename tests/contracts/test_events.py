"""Events as others may rely on them: one golden example per event and version, on the producers' and readers' side."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chassis.events import Envelope
from chassis.events.shapes import from_data
from deploy.catalogue import NAMES, facts, optional_facts, service
from deploy.contracts.schemas import schema_of
from deploy.contracts.written import FOLDER, OPTIONAL, goldens

# One shape tells a reception's whole way; what an event of this type always has though the shape may leave it out.
NEVER_EMPTY = {"reception.completed.v1": frozenset({"completed_at"})}
_GOLDENS = sorted(FOLDER.rglob("events/*.json"))


def test_goldens_are_what_the_code_announces() -> None:
    """Each announced event has its committed example and no other is there; `./run contracts` writes them anew."""
    assert {file: _read(file) for file in _GOLDENS} == goldens()


@pytest.mark.parametrize("file", _GOLDENS, ids=lambda file: file.stem)
def test_a_golden_is_an_event_and_fits_its_schema(file: Path) -> None:
    """An example reads as a CloudEvent of this system, and its data has the published shape."""
    envelope = Envelope.from_json(file.read_text(encoding="utf-8"))
    _source, fact = (facts() | optional_facts())[envelope.type]
    Draft202012Validator(schema_of(fact)).validate(envelope.data)


@pytest.mark.parametrize("name", NAMES)
def test_a_service_reads_what_others_announce(name: str) -> None:
    """Each shape that a consumer declares is filled from the producers' golden example."""
    for event_type, shape in _shapes(name):
        assert from_data(_read(_file_of(event_type))["data"], shape)


@pytest.mark.parametrize("name", NAMES)
def test_a_service_reads_events_without_what_may_be_missing(name: str) -> None:
    """The same with every field empty that the producer may leave empty: an erased person, an open reception."""
    for event_type, shape in _shapes(name):
        _source, fact = facts()[event_type]
        assert from_data(_emptied(event_type, _read(_file_of(event_type))["data"], schema_of(fact)), shape)


@pytest.mark.parametrize("name", NAMES)
def test_a_service_lets_unknown_fields_pass(name: str) -> None:
    """A producer may add fields without asking its readers."""
    for event_type, shape in _shapes(name):
        data = _read(_file_of(event_type))["data"]
        assert from_data({**data, "added_later": {"by": "producer"}}, shape) == from_data(data, shape)


def test_what_is_optional_stands_apart() -> None:
    """An event that only an option announces has its example in optional/, and no other has."""
    assert {file.stem for file in _GOLDENS if file.is_relative_to(OPTIONAL)} == set(optional_facts())


def _shapes(name: str) -> list[tuple[str, type[Any]]]:
    """What the service's consumers read, those of its options too."""
    parts = [service(name).consumers, *(option.consumers for option in service(name).options)]
    return [each for part in parts for each in part.shapes.items()]


def _emptied(event_type: str, data: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    never = NEVER_EMPTY.get(event_type, frozenset())
    empty = {name for name in data if _may_be_empty(schema["properties"][name]) and name not in never}
    return {name: None if name in empty else value for name, value in data.items()}


def _may_be_empty(schema: dict[str, Any]) -> bool:
    return {"type": "null"} in schema.get("oneOf", [])


def _file_of(event_type: str) -> Path:
    return FOLDER / "events" / f"{event_type}.json"


def _read(file: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return value
