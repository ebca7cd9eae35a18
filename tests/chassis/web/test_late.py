"""Routes whose addresses are compiled when they are asked for."""

from flask import Flask, url_for
from werkzeug.routing import Rule

from chassis.web.late import LateRule


def _urls(rule: type[Rule]) -> list[str]:
    app = Flask("routes", static_folder=None)
    app.url_rule_class = rule
    for path in ("/", "/notes", "/notes/<note_id>", "/halls/<int:hall>/at/<path:place>"):
        app.add_url_rule(path, endpoint=path, view_func=lambda: "")
    app.add_url_rule("/first", endpoint="page", defaults={"number": 1}, view_func=len)
    app.add_url_rule("/page/<int:number>", endpoint="page", view_func=len)
    with app.test_request_context():
        return [
            url_for("/"),
            url_for("/notes", after="a b", _anchor="end"),
            url_for("/notes/<note_id>", note_id="王/1"),
            url_for("/notes/<note_id>", note_id="2"),
            url_for("/halls/<int:hall>/at/<path:place>", hall=3, place="a/b", _external=True),
            url_for("page", number=1),
            url_for("page", number=2),
        ]


def test_addresses_are_those_of_a_route_compiled_at_once() -> None:
    """Whatever stands in an address, and however often it is asked for."""
    assert _urls(LateRule) == _urls(Rule)
