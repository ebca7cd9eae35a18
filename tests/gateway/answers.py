"""Services behind the pages that answer by the last word of a path."""

import json
from typing import Any

from gateway.routing.rules import ServiceDown
from gateway.routing.transport import Answer, Outgoing

AT = "2026-03-02T01:10:02+00:00"


class ToldByWord:
    """Answers by the last word of a path (of `…/mine` by two), and keeps what it was asked; `away`: it is down."""

    def __init__(self) -> None:
        self.away = False
        self.answers: dict[str, tuple[int, Any]] = {}
        self.asked: list[tuple[str, Any]] = []

    def send(self, outgoing: Outgoing) -> Answer:
        assert isinstance(outgoing.body, bytes)
        if self.away:
            raise ServiceDown("this one")
        self.asked.append((f"{outgoing.path}?{outgoing.query}", json.loads(outgoing.body or b"null")))
        words = outgoing.path.split("/")
        what = "/".join(words[-2:]) if words[-1] == "mine" else words[-1]
        status, said = self.answers.get(f"{outgoing.method} {what}", self.answers.get(what, (404, {"detail": "无"})))
        return Answer(status, [], [json.dumps(said).encode()])
