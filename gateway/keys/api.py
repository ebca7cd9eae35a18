"""/api/v1/identity/api-keys: keys for other systems."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import (
    Blueprint,
    Page,
    PageArguments,
    acts,
    page_schema,
    permits,
    reads,
    the_asker,
    the_web,
    traceparent,
)
from gateway.keys import actions, schemas, views

blueprint = Blueprint("api_keys", __name__)
Row = Mapping[str, Any]


@blueprint.get("/api/v1/identity/api-keys")
@blueprint.arguments(PageArguments, location="query")
@reads("identity.manage")
@blueprint.response(200, page_schema(schemas.KeySchema))
def list_keys(tx: Transaction, who: Who, page: Row) -> Page:
    """The keys in reach, without their secrets."""
    return views.list_keys(tx, who, page)


@blueprint.post("/api/v1/identity/api-keys")
@blueprint.arguments(schemas.NewKeySchema)
@permits("identity.manage")
@blueprint.response(201, schemas.MadeKeySchema)
def make_key(new: Row) -> Row:
    """Make a key. Takes no Idempotency-Key: a kept answer would keep the key."""
    with the_web().database.write(traceparent()) as tx:
        return actions.make_key(tx, the_asker(), new["name"], new["scopes"], new["branch_id"])


@blueprint.delete("/api/v1/identity/api-keys/<key_id>")
@acts("identity.manage")
@blueprint.response(204)
def revoke_key(tx: Transaction, who: Who, key_id: str) -> None:
    """End a key at once."""
    actions.revoke_key(tx, who, key_id)
