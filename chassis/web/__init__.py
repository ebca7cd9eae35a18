"""HTTP in, HTTP out: what every service's rooms and the gateway use.

from chassis.web import Blueprint, acts, etag, if_match, reads

blueprint = Blueprint("notes", __name__)      # not flask_smorest's own: this one reads requests strictly

@blueprint.patch("/api/v1/notes/<note_id>")
@blueprint.arguments(ChangeSchema)
@acts("notes.write")
@blueprint.response(200, NoteSchema)
def change_note(tx: Transaction, who: Who, body: dict[str, Any], note_id: str) -> Note: ...
"""

from chassis.web.app import create_app
from chassis.web.blueprint import Blueprint
from chassis.web.context import Authenticate, locale, request_id, say, the_asker, the_web, traceparent
from chassis.web.database_trouble import open_database
from chassis.web.etags import etag, if_match
from chassis.web.health import Check
from chassis.web.idempotency import purge_kept_answers
from chassis.web.openapi import document, merged
from chassis.web.pagination import Page, PageArguments, cursor, opened, page_schema, paginate
from chassis.web.permits import ANYONE, SIGNED_IN, permits
from chassis.web.refusals import IdentityExpired, IdentityForged, IdentityMissing, Unauthenticated
from chassis.web.tokens import IdentitySigner, IdentityVerifier, bearer, new_key_pair
from chassis.web.transactions import acts, reads

__all__ = [
    "ANYONE",
    "SIGNED_IN",
    "Authenticate",
    "Blueprint",
    "Check",
    "IdentityExpired",
    "IdentityForged",
    "IdentityMissing",
    "IdentitySigner",
    "IdentityVerifier",
    "Page",
    "PageArguments",
    "Unauthenticated",
    "acts",
    "bearer",
    "create_app",
    "cursor",
    "document",
    "etag",
    "if_match",
    "locale",
    "merged",
    "new_key_pair",
    "open_database",
    "opened",
    "page_schema",
    "paginate",
    "permits",
    "purge_kept_answers",
    "reads",
    "request_id",
    "say",
    "the_asker",
    "the_web",
    "traceparent",
]
