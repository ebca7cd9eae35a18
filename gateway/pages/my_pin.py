"""One's own PIN for acts at a shared tablet: setting it, or another."""

from flask import redirect, render_template, request
from werkzeug.wrappers.response import Response as AnyResponse

from chassis.web import permits, the_asker
from gateway.office import the_office
from gateway.pages import forms
from gateway.pages.blueprint import blueprint
from gateway.pages.language import problem_text, text
from gateway.sign_in import pins
from gateway.sign_in.rules import PinTooSimple, SignInRefused, TooManyAttempts


@blueprint.get("/my-pin")
@permits("reception.attend")
def show_my_pin() -> tuple[str, int]:
    """What a PIN is for, and where it is set."""
    return _page("", 200)


@blueprint.post("/my-pin")
@permits("reception.attend")
def set_my_pin() -> AnyResponse | tuple[str, int]:
    """Another PIN, proved by the password; what is wrong is said, and neither is shown again."""
    office, form = the_office(), request.form
    wanted = pins.NewPin(form.get("pin", ""), form.get("password", ""), request.remote_addr or "")
    try:
        pins.set_pin(office.database, office.wall, office.options.sign_in, the_asker(), wanted)
    except SignInRefused:
        return _page(text("my_pin.wrong_password"), 401)
    except (PinTooSimple, TooManyAttempts) as error:
        status, wrong = problem_text(error)
        return _page(wrong, status)
    return redirect("/my-pin?said=pin_set", 303)


def _page(wrong: str, status: int) -> tuple[str, int]:
    return render_template("pages/my_pin.html", said=forms.said(), wrong=wrong), status
