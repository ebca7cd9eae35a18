"""The AsyncAPI 3.0 document of all events, for those who subscribe over AMQP."""

from collections.abc import Sequence
from typing import Any

from chassis.bus.rabbitmq import EXCHANGE
from chassis.events import Fact
from chassis.service import Service
from deploy.catalogue import facts, in_full_services, optional_facts, services
from deploy.contracts.schemas import schema_of

Catalogue = dict[str, tuple[str, type[Fact]]]


def document() -> dict[str, Any]:
    """The whole document: a channel per event type, a send operation per announcer, a receive operation per hearer."""
    return _document_of(facts(), services())


def optional() -> dict[str, Any]:
    """What options add to it, as a document of its own."""
    return _document_of(optional_facts(), in_full_services())


def _document_of(catalogue: Catalogue, parties: Sequence[Service]) -> dict[str, Any]:
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Anchang: events",
            "version": "1.0.0",
            "description": "CloudEvents 1.0 in structured JSON over RabbitMQ. A subject is an aggregate of the source; "
            "sequence is its version: of two events about one subject the higher one holds. What identifies a person "
            "stands in `personal` and may be null at any time, once erased.",
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {event_type: _channel(event_type) for event_type in sorted(catalogue)},
        "operations": _operations(catalogue, parties),
        "components": {
            "messages": {name: _message(name, *catalogue[name]) for name in sorted(catalogue)},
            "schemas": {"envelope": _ENVELOPE, **{name: schema_of(catalogue[name][1]) for name in sorted(catalogue)}},
        },
    }


_ENVELOPE: dict[str, Any] = {
    "type": "object",
    "description": "The attributes of CloudEvents 1.0 and the extensions used here.",
    "required": ["specversion", "id", "source", "type", "subject", "sequence", "time", "datacontenttype", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "description": "unique within the source: what arrives twice has the same"},
        "source": {"type": "string"},
        "type": {"type": "string"},
        "subject": {"type": "string"},
        "sequence": {"type": "integer", "minimum": 1},
        "time": {"type": "string", "format": "date-time"},
        "branch": {"type": "string", "description": "absent: the whole company's"},
        "traceparent": {"type": "string"},
        "personaldigest": {"type": "string", "description": "SHA-256 of the canonical JSON of `personal`"},
        "datacontenttype": {"const": "application/json"},
        "data": {"type": "object"},
    },
}


def _channel(event_type: str) -> dict[str, Any]:
    return {
        "address": event_type,
        "messages": {event_type: {"$ref": f"#/components/messages/{event_type}"}},
        "bindings": {
            "amqp": {"is": "routingKey", "exchange": {"name": EXCHANGE, "type": "topic", "durable": True}},
        },
    }


def _message(event_type: str, source: str, fact: type[Fact]) -> dict[str, Any]:
    special = {"source": {"const": source}, "type": {"const": event_type}}
    data = {"data": {"$ref": f"#/components/schemas/{event_type}"}}
    return {
        "name": event_type,
        "title": fact.__name__,
        "summary": " ".join((fact.__doc__ or "").split("\n\n", maxsplit=1)[0].split()),
        "contentType": "application/cloudevents+json",
        "payload": {
            "allOf": [{"$ref": "#/components/schemas/envelope"}, {"type": "object", "properties": special | data}]
        },
    }


def _operations(catalogue: Catalogue, parties: Sequence[Service]) -> dict[str, Any]:
    operations: dict[str, Any] = {}
    for service in parties:
        types = service.consumers.types
        sent = [fact.TYPE for fact in service.facts if fact.TYPE in catalogue]
        heard = [name for name in sorted(catalogue) if types == ("#",) or name in types]
        operations |= {f"{service.name}/send/{name}": _operation("send", name) for name in sent}
        operations |= {f"{service.name}/receive/{name}": _operation("receive", name) for name in heard}
    return operations


def _operation(action: str, event_type: str) -> dict[str, Any]:
    reference = f"#/channels/{event_type}"
    return {
        "action": action,
        "channel": {"$ref": reference},
        "messages": [{"$ref": f"{reference}/messages/{event_type}"}],
    }
