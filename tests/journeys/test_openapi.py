"""The merged OpenAPI document against the running system: what it promises holds for requests nobody thought of."""

import json
import re
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from requests import Session
from schemathesis import Case
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.transport.requests import ManagedCookiesSession

from deploy.demo.client import Api
from tests.journeys.system import ROOT, SingleMachine, running

_DOCUMENT = json.loads((ROOT / "contracts" / "openapi.json").read_text(encoding="utf-8"))
_ENDLESS_OR_ENDING = "/api/v1/(events/stream|auth/revoke)$"  # never answers whole; signs the asker out
_METHODS = {"get", "post", "put", "patch", "delete"}
_OPERATIONS = [
    (method.upper(), path)
    for path, operations in _DOCUMENT["paths"].items()
    for method in operations
    if method in _METHODS and not re.search(_ENDLESS_OR_ENDING, path)
]
_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
    ignored_auth,
]
schema = schemathesis.openapi.from_dict(_DOCUMENT)


@pytest.fixture(scope="module")
def headquarters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SingleMachine, dict[str, str]]]:
    """A system of its own, since strangers' requests may change it, and an administrator's sign-in."""
    with running(tmp_path_factory.mktemp("openapi") / "data", "--empty") as machine:
        password = machine.said.split("one-time password ")[1].split()[0]
        signed = Api(machine.url).post("/api/v1/auth/token", {"username": "hq", "password": password})
        yield machine, {"Authorization": f"Bearer {signed['access_token']}"}


@pytest.fixture(scope="module")
def line() -> Iterator[Session]:
    """One connection for all that is asked, where each request would open its own; no answer's cookies go along."""
    with ManagedCookiesSession() as session:
        session.trust_env = False  # a proxy is nothing to a system of this machine, and each request would look for one
        yield session


@pytest.mark.parametrize(("method", "path"), _OPERATIONS)
def test_every_operation_keeps_its_promise(
    method: str, path: str, headquarters: tuple[SingleMachine, dict[str, str]], line: Session
) -> None:
    """Whatever is sent, the answer has a documented status, type and shape, bad data is refused, and nothing breaks."""
    machine, headers = headquarters

    @settings(
        max_examples=8,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def keeps_its_promise(case: Case) -> None:
        case.call_and_validate(base_url=machine.url, session=line, headers=headers, checks=_CHECKS)

    # What `schema.parametrize()` does while tests are collected: there, each worker thinks of requests for all of them.
    load_all_checks()
    operation = schema[path][method]
    build_operation_test(
        config=schema.config,
        operation=operation,
        test_func=keeps_its_promise,
        given_kwargs={},
        feedback=FeedbackSources(),
    )()
