"""Counts and times every request, by route and never by path, and logs it."""

import time

from flask import Flask, Response, g, request

from chassis.logs import log
from chassis.metrics import Metrics
from chassis.web.context import request_id, the_web, traceparent
from chassis.web.permits import ANYONE, permits

_QUIET = ("/health/live", "/health/ready", "/metrics")


def measure(app: Flask, metrics: Metrics) -> None:
    """Measure the requests of `app` and answer `/metrics`."""

    def begin() -> None:
        g.began = time.perf_counter()

    def end(answer: Response) -> Response:
        seconds = time.perf_counter() - g.began
        metrics.request(the_web().service.name, request.method, route(), answer.status_code, seconds)
        if route() not in _QUIET:
            _say(answer, seconds)
        return answer

    @permits(ANYONE)
    def read_metrics() -> Response:
        body, content_type = metrics.exposition()
        return Response(body, content_type=content_type)

    app.before_request(begin)
    app.after_request(end)
    app.add_url_rule("/metrics", "metrics", read_metrics)


def route() -> str:
    """The template of the present request's path; ids and the query stay out of logs and metrics."""
    return request.url_rule.rule if request.url_rule else "(no route)"


def _say(answer: Response, seconds: float) -> None:
    who = g.get("who")
    log().info(
        "request",
        service=the_web().service.name,
        method=request.method,
        route=route(),
        status=answer.status_code,
        milliseconds=round(seconds * 1000, 1),
        request_id=request_id(),
        trace_id=traceparent().split("-")[1],
        actor_id=who.actor_id if who else None,
    )
