"""/api/v1/auth: tokens for programs, and who one is."""

from typing import Any

from flask import request

from chassis.web import ANYONE, SIGNED_IN, Blueprint, IdentityMissing, permits, the_asker, the_web, traceparent
from gateway.office import the_office
from gateway.sign_in import pins
from gateway.sign_in.actions import Attempt, sign_in, sign_out
from gateway.sign_in.doorkeeper import secret_of
from gateway.sign_in.schemas import ActingSchema, CredentialsSchema, MeSchema, NewPinSchema, TokenSchema

blueprint = Blueprint("auth", __name__)


@blueprint.post("/api/v1/auth/token")
@blueprint.arguments(CredentialsSchema)
@permits(ANYONE)
@blueprint.response(200, TokenSchema)
def open_token(credentials: dict[str, str]) -> dict[str, Any]:
    """Sign in with username and password; the token goes into `Authorization: Bearer`."""
    office = the_office()
    attempt = Attempt(credentials["username"], credentials["password"], request.remote_addr or "")
    session = sign_in(office.database, office.wall, office.options.sign_in, attempt, "token")
    return {"access_token": session.token, "token_type": "Bearer", "expires_in": session.expires_in}


@blueprint.post("/api/v1/auth/revoke")
@permits(SIGNED_IN)
@blueprint.response(204)
def revoke_token() -> None:
    """End the session that this request was made with."""
    secret, _kind = secret_of(request)
    if secret is not None:
        with the_web().database.write(traceparent()) as tx:
            sign_out(tx, secret, the_office().wall.now())


@blueprint.put("/api/v1/auth/pin")
@blueprint.arguments(NewPinSchema)
@permits(SIGNED_IN)
@blueprint.response(204)
def set_pin(new: dict[str, str]) -> None:
    """Set one's own PIN for acts on a shared tablet."""
    office = the_office()
    wanted = pins.NewPin(new["pin"], new["password"], request.remote_addr or "")
    pins.set_pin(office.database, office.wall, office.options.sign_in, the_asker(), wanted)


@blueprint.post("/api/v1/auth/act")
@blueprint.arguments(ActingSchema)
@permits("reception.admit")
@blueprint.response(200, TokenSchema)
def act_as(acting: dict[str, str]) -> dict[str, Any]:
    """At a shared tablet: a token of a minute for the colleague whose PIN this is, for one act."""
    office = the_office()
    attempt = pins.PinAttempt(acting["staff_id"], acting["pin"], request.remote_addr or "")
    session = pins.act_as(office.database, office.wall, office.options.sign_in, the_asker(), attempt)
    return {"access_token": session.token, "token_type": "Bearer", "expires_in": session.expires_in}


@blueprint.get("/api/v1/auth/me")
@permits(SIGNED_IN)
@blueprint.response(200, MeSchema)
def me() -> dict[str, Any]:
    """Who asks, and what they may do."""
    known = the_office().doorkeeper.known(request)
    if known is None:
        raise IdentityMissing
    who = known.who
    names = ("actor_id", "kind", "role", "branch_id", "team_id", "reach")
    return {name: getattr(who, name) for name in names} | {"name": known.name, "permissions": sorted(who.permissions)}
