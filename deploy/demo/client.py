"""A small client of the public API, as any program outside would write it."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from urllib3 import HTTPResponse, PoolManager, Retry
from urllib3.exceptions import HTTPError

T = TypeVar("T")
_POOL = PoolManager(maxsize=8, retries=Retry(0, redirect=False), timeout=30)


class Refused(Exception):
    """The system answered with a problem; the message is its own."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", ""))
        wrong = [f"{each['field']}: {each['detail']}" for each in problem.get("errors", ())]
        said = " ".join([str(problem.get("detail", "")), *wrong])
        super().__init__(f"{status} {problem.get('title', '')}: {said}".rstrip(": "))


class Unreachable(Exception):
    """Nobody answers at the address."""


class NotInTime(Exception):
    """What was awaited did not come."""


class Api:
    """The API at `url`, as one person."""

    def __init__(self, url: str, token: str | None = None, language: str = "zh") -> None:
        self.url = url.rstrip("/")
        self._headers = {"Accept-Language": language}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def signed_in(self, username: str, password: str) -> "Api":
        """The same API as another person; raises Refused."""
        answer = self.post("/api/v1/auth/token", {"username": username, "password": password})
        return Api(self.url, answer["access_token"], self._headers["Accept-Language"])

    def get(self, path: str, **query: str) -> Any:
        return self._call("GET", path, fields=query)

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return self._call("POST", path, body=body or {}, headers={"Idempotency-Key": str(uuid4())})

    def put(self, path: str, body: dict[str, Any], version: int | None = None) -> Any:
        """`version` is the one that is replaced, where the path keeps versions."""
        return self._call("PUT", path, body=body, headers={} if version is None else {"If-Match": f'"{version}"'})

    def upload(self, path: str, file: Path) -> Any:
        fields = {"file": (file.name, file.read_bytes())}
        return self._call("POST", path, fields=fields, headers={"Idempotency-Key": str(uuid4())})

    def _call(
        self,
        method: str,
        path: str,
        *,
        body: dict[str, Any] | None = None,
        fields: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        sent = self._headers | (headers or {})
        try:
            if body is not None:
                answer = _POOL.request(method, self.url + path, json=body, headers=sent)
            else:
                answer = _POOL.request(method, self.url + path, fields=fields, headers=sent)
        except HTTPError as error:
            raise Unreachable(self.url) from error
        return _content(answer)  # type: ignore[arg-type]


def eventually(ask: Callable[[], T | None], what: str, within: float) -> tuple[T, float]:
    """Ask until the answer is there: the answer and the seconds it took. Raises NotInTime after `within` seconds."""
    started = time.perf_counter()
    while True:
        answer = ask()
        took = time.perf_counter() - started
        if answer is not None:
            return answer, took
        if took > within:
            raise NotInTime(f"{what}: not within {within:g} s")
        time.sleep(0.02)


def _content(answer: HTTPResponse) -> Any:
    text = answer.data.decode()
    try:
        content = json.loads(text) if text else None
    except ValueError:
        content = {"title": "not JSON"}
        if answer.status < 400:
            raise Refused(answer.status, content) from None
    if answer.status >= 400:
        raise Refused(answer.status, content or {})
    return content
