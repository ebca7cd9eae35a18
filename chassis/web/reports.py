"""What the log says of a request that went wrong: where and what kind, never the words, which may name a person."""

from chassis.logs import log, trail_of
from chassis.web.context import request_id, the_web
from chassis.web.measures import route
from chassis.web.problems import Problem


def report(error: Exception, problem: Problem) -> None:
    """Log what nobody foresaw with its trail, and what was refused with its code."""
    facts = {"service": the_web().service.name, "route": route(), "request_id": request_id(), "code": problem.code}
    if problem.status == 500:
        log().error("request_failed", **facts, **trail_of(error))
    elif problem.status == 503:
        log().warning("request_unavailable", **facts, error=type(error).__name__)
