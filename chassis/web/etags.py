"""Versions of what people edit, as HTTP knows them: ETag, If-Match, If-None-Match."""

from flask import Response, g, has_request_context, request

from chassis.web.refusals import StaleVersion, VersionRequired


class NotModified(Exception):
    """The asker holds this version already."""

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self.tag = tag


def if_match(version: int | str) -> None:
    """Raise VersionRequired (428) without If-Match, StaleVersion (412) unless it names `version`.

    Call it with the version of a row read under its lock (`.with_for_update()`), in the transaction that changes it:
    of many who hold the same version, one wins. A weak tag is accepted: proxies that compress weaken ours.
    """
    if not has_request_context():
        return
    if not request.if_match:
        raise VersionRequired
    if not request.if_match.contains_weak(str(version)):
        raise StaleVersion(version)


def etag(version: int | str) -> None:
    """Give the answer this ETag. In a GET whose If-None-Match names it the work ends here, with 304."""
    if not has_request_context():
        return
    g.etag = str(version)
    if request.method in ("GET", "HEAD") and request.if_none_match.contains_weak(g.etag):
        raise NotModified(g.etag)


def tagged(answer: Response) -> Response:
    """The answer with the ETag that was set while it was made."""
    if "etag" in g:
        answer.set_etag(g.etag)
    return answer
