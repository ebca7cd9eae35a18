"""Sessions of people with a browser, for the pages: opened by a form, kept in a cookie."""

from urllib.parse import urlsplit

from flask import Response, request

from chassis.web import the_web, traceparent
from gateway.office import the_office
from gateway.sign_in.actions import Attempt, Session, sign_in, sign_out
from gateway.sign_in.doorkeeper import COOKIE
from gateway.sign_in.rules import CrossSiteRequest, csrf_proof
from gateway.sign_in.views import Known


def open_session(username: str, password: str) -> Session:
    """Sign in who sent the present form; raises SignInRefused, TooManyAttempts, CrossSiteRequest."""
    check_same_site()
    office = the_office()
    attempt = Attempt(username, password, request.remote_addr or "")
    return sign_in(office.database, office.wall, office.options.sign_in, attempt, "cookie")


def keep_session(answer: Response, session: Session) -> None:
    """Let the browser keep the session, out of reach of scripts."""
    secure = the_office().options.secure_cookie
    age = session.expires_in
    answer.set_cookie(COOKIE, session.token, max_age=age, httponly=True, samesite="Lax", secure=secure, path="/")


def end_session(answer: Response) -> None:
    """Sign out whoever the present request's cookie names, here and in the database."""
    token = request.cookies.get(COOKIE)
    if token is not None:
        office = the_office()
        with the_web().database.write(traceparent()) as tx:
            sign_out(tx, token, office.wall.now())
        office.doorkeeper.forget()
    answer.delete_cookie(COOKIE, path="/")


def the_person() -> Known | None:
    """Who looks at the present page; None: somebody has to sign in first. Raises CrossSiteRequest."""
    return the_office().doorkeeper.known(request)


def the_proof() -> str:
    """What forms send as `csrf_token` and scripts as X-CSRF-Token; empty before sign-in."""
    token = request.cookies.get(COOKIE)
    return csrf_proof(token) if token else ""


def check_same_site() -> None:
    """For forms sent before there is a session: raises CrossSiteRequest when another site sent the present one."""
    origin = request.headers.get("Origin")
    elsewhere = origin is not None and urlsplit(origin).netloc != request.host
    if elsewhere or request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise CrossSiteRequest
