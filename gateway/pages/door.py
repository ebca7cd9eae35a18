"""Signing in and out, and the language; all of it works without scripts."""

from flask import Response, redirect, render_template, request
from werkzeug.wrappers.response import Response as AnyResponse

from chassis.web import ANYONE, SIGNED_IN, permits
from gateway.pages.blueprint import blueprint
from gateway.pages.language import local_path, problem_text, remember
from gateway.sign_in.browser import end_session, keep_session, open_session, the_person
from gateway.sign_in.rules import CrossSiteRequest, SignInRefused, TooManyAttempts


@blueprint.get("/sign-in")
@permits(ANYONE)
def show_sign_in() -> AnyResponse | str:
    """The door; who has come in already goes on."""
    onward = local_path(request.args.get("next"))
    if the_person() is not None:
        return redirect(onward, 303)
    return render_template("pages/sign_in.html", onward=onward, username="", wrong="")


@blueprint.post("/sign-in")
@permits(ANYONE)
def sign_in() -> AnyResponse | tuple[str, int]:
    """Opens a session, or says clearly why not and keeps the name that was typed."""
    form, onward = request.form, local_path(request.form.get("next"))
    try:
        session = open_session(form.get("username", ""), form.get("password", ""))
    except (SignInRefused, TooManyAttempts, CrossSiteRequest) as error:
        status, wrong = problem_text(error)
        facts = {"onward": onward, "username": form.get("username", ""), "wrong": wrong}
        return render_template("pages/sign_in.html", **facts), status
    answer = Response(status=303, headers={"Location": onward})
    keep_session(answer, session)
    return answer


@blueprint.post("/sign-out")
@permits(SIGNED_IN)
def sign_out() -> Response:
    """Ends the session, here and in the database."""
    answer = Response(status=303, headers={"Location": "/sign-in"})
    end_session(answer)
    return answer


@blueprint.get("/language/<language>")
@permits(ANYONE)
def switch_language(language: str) -> Response:
    """Remembers the language and goes back to where one was."""
    answer = Response(status=303, headers={"Location": local_path(request.args.get("next"))})
    remember(answer, language)
    return answer
