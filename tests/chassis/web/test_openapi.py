"""The document of a service, and whether the service keeps to it."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import flask_smorest
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from chassis.database import Database
from chassis.web import create_app, document, merged
from tests.chassis.web import notes
from tests.chassis.web.house import ANNA, House


def _operations(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in spec["paths"].items():
        for method, operation in operations.items():
            if method != "parameters":
                yield path, method, operation


def test_every_operation_says_what_it_may_refuse(house: House) -> None:
    """Each operation has an id with the service's name, needs an identity, and documents its refusals as problems."""
    for path, method, operation in _operations(document(house.app)):
        assert operation["operationId"].startswith("notes_")
        wanted = {"404", "422", "503", "409"}  # 409 and 503: the service's own problems
        if path != "/api/v1/notes/open":
            wanted |= {"401", "403"}
            assert operation["security"] == [{"bearer": []}]
        if method in ("post", "patch"):
            wanted |= {"413", "415"}
        if method in ("patch", "delete"):
            wanted |= {"412", "428"}
        assert wanted <= set(operation["responses"]), (path, method)
        for status in wanted:
            content = operation["responses"][status]["content"]
            assert content == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def test_names_bear_the_service(house: House) -> None:
    """Schemas are named by their service, so that another service's may have the same name."""
    spec = document(house.app)
    assert spec["openapi"] == "3.1.0"
    names = set(spec["components"]["schemas"])
    assert {"notes.Note", "notes.PartialNote", "notes.NotePage", "Problem"} <= names
    assert all(name.startswith("notes.") for name in names - {"Problem"})
    ids = [operation["operationId"] for *_rest, operation in _operations(spec)]
    assert len(ids) == len(set(ids))


def test_problems_are_what_the_document_says(house: House) -> None:
    """A problem with field errors has the documented form."""
    schema = document(house.app)["components"]["schemas"]["Problem"]
    answer = house.ask("POST", "/api/v1/notes", json={"text": 1})
    Draft202012Validator(schema).validate(answer.get_json(force=True))


def test_documents_are_laid_together(house: House) -> None:
    """Documents of several services become one; two that differ under one name are refused."""
    one = document(house.app)
    other = {
        "paths": {"/api/v1/songs": {"get": {}}},
        "components": {"schemas": {"Problem": one["components"]["schemas"]["Problem"], "songs.Song": {}}},
        "tags": [{"name": "songs"}, {"name": "notes"}],
    }
    whole = merged([one, other], "All", "1")
    assert set(whole["paths"]) == {*one["paths"], "/api/v1/songs"}
    assert {"notes.Note", "songs.Song"} <= set(whole["components"]["schemas"])
    assert [tag["name"] for tag in whole["tags"]] == ["notes", "dead_letters", "songs"]
    assert (whole["openapi"], whole["info"]) == ("3.1.0", {"title": "All", "version": "1"})
    with pytest.raises(ValueError, match="/api/v1/songs"):
        merged([other, {"paths": {"/api/v1/songs": {"post": {}}}}], "All", "1")


def test_other_blueprints_are_refused(sqlite_url: str) -> None:
    """A room that reads requests less strictly does not get in."""
    lax = replace(notes.SERVICE, blueprints=(flask_smorest.Blueprint("lax", __name__),))
    with pytest.raises(TypeError, match="lax"):
        create_app(lax, Database(sqlite_url, "notes"), lambda _request: None)


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_the_service_keeps_to_its_document(house: House, mode: GenerationMode) -> None:
    """Whatever is sent, right or wrong, the answer is one that the document announces, and never 500."""
    schema: Any = schemathesis.openapi.from_dict(document(house.app)).exclude(operation_id_regex="unanswerable|fail$")
    schema.app = house.app
    tried = set()

    @settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
    def keeps(case: Any) -> None:
        tried.add(case.operation.label)
        # nobody can make up a cursor, and a key that was used for another body is refused
        may_be_refused = "after" in case.query or "Idempotency-Key" in case.headers
        case.call_and_validate(
            headers=house.identity(ANNA), excluded_checks=[positive_data_acceptance] if may_be_refused else []
        )

    for found in schema.get_all_operations():
        with suppress(Unsatisfiable):  # an operation that takes nothing cannot be given anything wrong
            given(case=found.ok().as_strategy(generation_mode=mode))(keeps)()
    assert len(tried) >= 8
