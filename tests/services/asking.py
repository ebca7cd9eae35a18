"""Asking a service over HTTP as somebody, with a signed identity as the gateway hands it on."""

from collections.abc import Callable
from typing import Any

from werkzeug.test import TestResponse

from chassis.database import Database
from chassis.identity import Who
from chassis.service import Service
from chassis.web import IdentitySigner, IdentityVerifier, bearer, create_app, new_key_pair

KEYS = new_key_pair()
SIGNER = IdentitySigner(KEYS.private_pem)

Ask = Callable[..., TestResponse]


def asking(service: Service, database: Database) -> Ask:
    """`ask(who, "GET", path, json=…, language="en")`; `who` None asks without any identity."""
    client = create_app(service, database, bearer(IdentityVerifier(KEYS.public_pem))).test_client()

    def ask(who: Who | None, method: str, path: str, language: str = "en", **options: Any) -> TestResponse:
        headers = {"Accept-Language": language, **options.pop("headers", {})}
        if who is not None:
            headers["Authorization"] = f"Bearer {SIGNER.sign(who)}"
        return client.open(path, method=method, headers=headers, **options)

    return ask


def code_of(answer: TestResponse) -> str:
    """The code of a refusal, checked to be problem+json with words that say something."""
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json()
    assert problem["status"] == answer.status_code
    assert problem["detail"]
    return str(problem.get("code", problem["type"]))
