"""What the pages use: sessions of people, opened by a form and kept in a cookie."""

import pytest
from flask import Response

from gateway.sign_in.browser import end_session, keep_session, open_session, the_person, the_proof
from gateway.sign_in.rules import CrossSiteRequest, SignInRefused
from tests.gateway.company import PASSWORD, Company
from tests.gateway.door import Door

_HERE = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


def cookie_of(door: Door) -> str:
    """The Set-Cookie header after signing in by form."""
    with door.app.test_request_context("/sign-in", method="POST", headers=_HERE):
        answer = Response()
        keep_session(answer, open_session("manager", PASSWORD))
        return answer.headers["Set-Cookie"]


def test_cookie(door: Door) -> None:
    """The cookie is out of reach of scripts and of other sites, and ends when the session does."""
    parts = {part.strip() for part in cookie_of(door).split(";")[1:]}
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=43200"} <= parts


def test_who_looks(door: Door, company: Company) -> None:
    """A page knows who looks at it, and has the proof that its forms send along."""
    cookie = {"Cookie": cookie_of(door).partition(";")[0]}
    with door.app.test_request_context("/hall", headers=cookie):
        person = the_person()
        assert person is not None
        assert person.who == company.who("manager")
        assert len(the_proof()) == 64


def test_form_with_its_proof(door: Door) -> None:
    """A form of the pages sends the proof as a field; without it nothing is changed."""
    cookie = {"Cookie": cookie_of(door).partition(";")[0]}
    with door.app.test_request_context("/hall", headers=cookie):
        proof = the_proof()
    for data, fits in (({"csrf_token": proof}, True), ({"csrf_token": "x"}, False), ({}, False)):
        with door.app.test_request_context("/hall", method="POST", headers=cookie, data=data):
            if fits:
                assert the_person() is not None
            else:
                with pytest.raises(CrossSiteRequest):
                    the_person()


def test_signing_out(door: Door) -> None:
    """After signing out the cookie opens nothing, also where it was copied."""
    cookie = {"Cookie": cookie_of(door).partition(";")[0]}
    with door.app.test_request_context("/sign-out", method="POST", headers=cookie):
        answer = Response()
        end_session(answer)
        assert "Max-Age=0" in answer.headers["Set-Cookie"]
    with door.app.test_request_context("/hall", headers=cookie):
        assert the_person() is None


@pytest.mark.parametrize("headers", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_form_of_another_site(door: Door, headers: dict[str, str]) -> None:
    """Another site cannot sign a visitor in here, as somebody of its choice."""
    with door.app.test_request_context("/sign-in", method="POST", headers=headers), pytest.raises(CrossSiteRequest):
        open_session("manager", PASSWORD)


def test_wrong_password(door: Door) -> None:
    """A form with a wrong password is refused like everything else."""
    with door.app.test_request_context("/sign-in", method="POST", headers=_HERE), pytest.raises(SignInRefused):
        open_session("manager", "wrong")
