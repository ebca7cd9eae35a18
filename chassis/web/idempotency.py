"""A request that comes twice with the same Idempotency-Key acts once.

The key is inserted first in the business transaction: a second request waits for the first one's commit and then
answers what the first answered, with `Idempotent-Replayed: true`. Refusals roll back and are not kept. After waiting
two seconds (`key_patience`): 409 with Retry-After. Another body under the same key: 422. An answer that was forgotten
because of whom it spoke of: 410, and nothing is done again.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Request, Response, request
from sqlalchemy import bindparam, delete, or_, select, text, update
from sqlalchemy.exc import OperationalError

from chassis.database import Transaction, insert_if_new
from chassis.identity import Who
from chassis.json_values import texts_in
from chassis.web.blueprint import json_of
from chassis.web.context import the_web
from chassis.web.refusals import AnswerForgotten, Invalid, KeyInProgress, KeyReused, MalformedBody
from chassis.web.tables import kept_answers
from chassis.web.turns import Turns

KEPT = timedelta(hours=24)
_KEPT_HEADERS = ("Content-Type", "ETag", "Location", "Content-Language")
_FORGOTTEN = 410
_AT_ONCE = 500  # names: SQLite takes no more than 1,000 alternatives
_LOCK_NOT_AVAILABLE = "55P03"
_TURNS = Turns()
_OF_KEY = kept_answers.c.scope == bindparam("of_key")
_NAMING = {  # the answer is bytes, and so is :identifier
    "sqlite": text("instr(answer, :identifier) > 0"),
    "postgresql": text("position(:identifier in answer) > 0"),
}
_KEEP = update(kept_answers).where(_OF_KEY)
_LOOK_UP = select(kept_answers).where(_OF_KEY)
_AFTER = (
    select(kept_answers.c.scope, kept_answers.c.answer)
    .where(kept_answers.c.scope > bindparam("after"))
    .order_by(kept_answers.c.scope)
    .limit(_AT_ONCE)
)


@dataclass(frozen=True)
class Key:
    """One idempotency key in its scope, and what was asked under it."""

    scope: str
    body_digest: str


@contextmanager
def in_its_turn(who: Who) -> Iterator[Key | None]:
    """The present request's key, held alone in this process; None without one. Raises KeyInProgress, Invalid."""
    key = _key_of(request, who)
    if key is None:
        yield None
        return
    with _TURNS.of((the_web().database.url, key.scope), the_web().key_patience) as came:
        if not came:
            raise KeyInProgress
        yield key


def once(tx: Transaction, key: Key | None, act: Callable[[], Response]) -> Response:
    """The answer of `act`, or the one it gave before under the same key.

    Raises KeyReused, KeyInProgress, AnswerForgotten.
    """
    if key is None:
        return act()
    if not _take(tx, key):
        return _kept(tx, key)
    answer = act()
    kept = {"status": answer.status_code, "headers": _headers_of(answer), "answer": answer.get_data()}
    tx.execute(_KEEP, {"of_key": key.scope, **kept})
    return answer


def purge_kept_answers(tx: Transaction, now: datetime) -> int:
    """Forget answers older than a day (`now` is wall time); says how many."""
    return tx.execute(delete(kept_answers).where(kept_answers.c.kept_at < now - KEPT)).rowcount


def forget_answers(tx: Transaction, naming: Collection[str], tells: Callable[[str], bool] | None = None) -> None:
    """Forget the answers in which one of these ids stands, or a text that `tells` whom nobody is to know any more.

    Their keys stay, so that what was done is not done again.
    """
    blank = update(kept_answers).values(answer=b"", status=_FORGOTTEN, headers={})
    stands = _NAMING[tx.connection.dialect.name]
    named = [stands.bindparams(bindparam("identifier", one.encode(), unique=True)) for one in naming]
    for first in range(0, len(named), _AT_ONCE):  # each time all answers are read
        tx.execute(blank.where(or_(*named[first : first + _AT_ONCE])))
    if tells is not None:
        for scope in _scopes_telling(tx, tells):
            tx.execute(blank.where(kept_answers.c.scope == scope))


def _scopes_telling(tx: Transaction, tells: Callable[[str], bool]) -> list[str]:
    found, after = [], ""
    while some := tx.execute(_AFTER, {"after": after}).all():
        found += [row.scope for row in some if any(map(tells, _texts_of(row.answer)))]
        after = some[-1].scope
    return found


def _texts_of(answer: bytes) -> Iterable[str]:
    """The texts as they are meant: in JSON a new line is written by a letter."""
    try:
        return texts_in(json.loads(answer))
    except ValueError:
        return [answer.decode(errors="replace")]


def _key_of(asked: Request, who: Who) -> Key | None:
    name = asked.headers.get("Idempotency-Key")
    if name is None:
        return None
    if not (0 < len(name) <= 200 and name.isascii() and name.isprintable()):
        raise Invalid({"headers": {"Idempotency-Key": ["bad_idempotency_key"]}})
    scope = json.dumps([who.actor_id, asked.method, asked.path, name])
    return Key(hashlib.sha256(scope.encode()).hexdigest(), digest_of_body(asked))


def digest_of_body(asked: Request) -> str:
    """The digest of what is asked, not of how it is written: spaces in JSON and multipart boundaries do not count."""
    digest = hashlib.sha256(asked.query_string)
    if asked.mimetype == "multipart/form-data":
        digest.update(json.dumps(sorted(asked.form.items(multi=True))).encode())
        for name, file in sorted(asked.files.items(multi=True), key=lambda pair: pair[0]):
            digest.update(json.dumps([name, file.filename]).encode())
            digest.update(hashlib.file_digest(file.stream, "sha256").digest())  # type: ignore[arg-type]
            file.stream.seek(0)
    else:
        digest.update(_canonical(asked.get_data()) if asked.is_json else asked.get_data())
    return digest.hexdigest()


def _canonical(raw: bytes) -> bytes:
    try:
        return json.dumps(json_of(raw), sort_keys=True).encode()
    except (MalformedBody, Invalid):
        return raw


def _take(tx: Transaction, key: Key) -> bool:
    """Insert the key; False when an earlier request stands there. Waits for one that is still open elsewhere."""
    blank = {"status": 0, "headers": {}, "answer": b"", "kept_at": the_web().wall_clock.now()}
    row = {"scope": key.scope, "body_digest": key.body_digest, **blank}
    if tx.connection.dialect.name != "postgresql":
        return insert_if_new(tx, kept_answers, row, ["scope"])
    tx.execute(text(f"SET LOCAL lock_timeout = '{the_web().key_patience * 1000:.0f}ms'"))
    try:
        new = insert_if_new(tx, kept_answers, row, ["scope"])
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
            raise KeyInProgress from error
        raise
    tx.execute(text("SET LOCAL lock_timeout TO DEFAULT"))
    return new


def _kept(tx: Transaction, key: Key) -> Response:
    row = tx.execute(_LOOK_UP, {"of_key": key.scope}).one()
    if row.body_digest != key.body_digest:
        raise KeyReused
    if row.status == _FORGOTTEN:
        raise AnswerForgotten
    return Response(row.answer, row.status, {**row.headers, "Idempotent-Replayed": "true"})


def _headers_of(answer: Response) -> dict[str, str]:
    return {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers}
