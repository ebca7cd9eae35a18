"""What the gateway refuses, and how it is answered; the texts stand in texts.toml."""

from collections.abc import Mapping

from gateway.feed.rules import TooManyStreams, UnknownCursor
from gateway.identity import rules as identity
from gateway.keys.rules import UnknownKey, UnknownScope
from gateway.limits import TooManyRequests
from gateway.openapi.api import NoDocument
from gateway.routing.rules import (
    IdentityRefusedInside,
    LengthNeeded,
    ServiceDown,
    ServiceSlow,
    UnclearPath,
    UnknownRoute,
)
from gateway.sign_in.rules import CrossSiteRequest, PinRefused, PinTooSimple, SignInRefused, TooManyAttempts
from gateway.whole_customer.rules import UnknownCustomer

PROBLEMS: Mapping[type[Exception], int] = {
    PinRefused: 403,
    PinTooSimple: 422,
    SignInRefused: 401,
    TooManyAttempts: 429,
    TooManyRequests: 429,
    CrossSiteRequest: 403,
    identity.GrantTooWide: 403,
    identity.UnknownInIdentity: 404,
    UnknownCustomer: 404,
    UnknownKey: 404,
    UnknownRoute: 404,
    identity.CodeTaken: 409,
    identity.UsernameTaken: 409,
    identity.AdministratorExists: 409,
    identity.LastAdministrator: 409,
    identity.BranchNeeded: 422,
    identity.BranchNotWanted: 422,
    identity.ElsewherePlaced: 422,
    identity.PasswordTooWeak: 422,
    identity.UnknownTimeZone: 422,
    UnknownScope: 422,
    UnknownCursor: 422,
    UnclearPath: 400,
    LengthNeeded: 411,
    NoDocument: 503,
    ServiceDown: 503,
    IdentityRefusedInside: 503,
    TooManyStreams: 503,
    ServiceSlow: 504,
}
