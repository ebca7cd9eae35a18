"""The OpenAPI 3.1 document of the gateway and all services: what the gateway serves."""

import tempfile
from typing import Any

from chassis.database import Database
from chassis.service import Service
from chassis.web import create_app
from chassis.web.openapi import document as document_of
from chassis.web.openapi import merged
from deploy.catalogue import services


def document() -> dict[str, Any]:
    """All documents laid together; raises ValueError where two say different things under one name."""
    return merged([_document_of(service) for service in services()], "Anchang", "1.0.0")


def _document_of(service: Service) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:  # the app is only asked what it would serve
        database = Database(f"sqlite:///{folder}/nothing.db", service.name)
        return document_of(create_app(service, database, lambda _request: None))
