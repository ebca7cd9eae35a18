"""What all pages share: their files, the words and facts of every template, and how a refusal looks."""

import gzip
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.exceptions import NotFound, RequestEntityTooLarge
from werkzeug.security import safe_join
from werkzeug.wrappers.response import Response as AnyResponse

from chassis.web import ANYONE, Unauthenticated, permits
from chassis.web.problems import problem_of
from chassis.web.reports import report
from gateway.pages import forms, hall, menu, safety
from gateway.pages.language import problem_text, text, the_language, word
from gateway.sign_in.browser import the_person, the_proof
from gateway.sign_in.rules import CrossSiteRequest

blueprint = Blueprint("pages", __name__, template_folder="templates")
blueprint.after_request(safety.say_policy)
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@blueprint.get("/static/<path:name>")
@permits(ANYONE)
def static_file(name: str) -> Response:
    """A file of the pages; its address changes with it, so that a browser may keep it."""
    if safe_join(str(safety.STATIC), name) is None or not (safety.STATIC / name).is_file():
        raise NotFound
    packed = request.accept_encodings.quality("gzip") > 0
    kind = _KINDS.get((safety.STATIC / name).suffix, "text/plain")
    answer = Response(_content(name, packed), content_type=f"{kind}; charset=utf-8")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    answer.vary.add("Accept-Encoding")
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    return answer


@blueprint.app_context_processor
def words() -> dict[str, Any]:
    """What every template may use."""
    shared: dict[str, Callable[..., Any]] = {
        "t": text,
        "word": word,
        "asset": lambda name: f"/static/{name}?{safety.mark_of(name)}",
        "nonce": safety.nonce,
        "proof": the_proof,
        "new_key": forms.new_key,
        "standing": hall.standing,
        "now": hall.now,
        "menu_of": menu.menu_of,
    }
    here = request.full_path if request.query_string else request.path
    person = _person()
    return shared | {"language": the_language(), "person": person, "here": here}


@blueprint.errorhandler(Exception)
def refuse(error: Exception) -> AnyResponse | tuple[str, int]:
    """A refusal as a page; whoever is not signed in is shown the door."""
    if isinstance(error, Unauthenticated):
        return _to_the_door()
    problem = problem_of(error)
    report(error, problem)
    status, said = problem_text(error)
    if "HX-Request" in request.headers:
        word = render_template("pages/_message.html", wrong=said)
        return Response(word, status, {"HX-Retarget": "#message", "HX-Reswap": "outerHTML"}, mimetype="text/html")
    return render_template("pages/refused.html", said=said, status=status), status


def _to_the_door() -> AnyResponse:
    if "HX-Request" in request.headers:
        return Response(status=401, headers={"HX-Redirect": "/sign-in"})
    onward = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect("/sign-in" if onward == "/" else f"/sign-in?{urlencode({'next': onward})}", 303)


def _person() -> Any:
    try:
        return the_person()
    except (CrossSiteRequest, RequestEntityTooLarge):  # the page says so; who asks is not to be known
        return None


@cache
def _content(name: str, packed: bool) -> bytes:
    content = (safety.STATIC / name).read_bytes()
    return gzip.compress(content, 9, mtime=0) if packed else content
