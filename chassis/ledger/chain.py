"""Writing and reading a chain."""

import hashlib
import json
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select

from chassis.database import Transaction, insert_if_new, upsert_later
from chassis.ledger.tables import ledger, ledger_heads, ledger_personal

START = "0" * 64
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)

_OF_CHAIN = ledger_heads.c.chain == bindparam("of_chain")
_TAKE_HEAD = select(ledger_heads.c.n, ledger_heads.c.hash).where(_OF_CHAIN).with_for_update()
_INSERT, _INSERT_PERSONAL = insert(ledger), insert(ledger_personal)


@dataclass(frozen=True)
class Entry:
    """One entry as it was written. `body` is public; `personal` is None where there was none or it was erased."""

    chain: str
    n: int
    at: datetime
    kind: str
    subject: str
    body: Mapping[str, Any]
    personal: Mapping[str, Any] | None
    hash: str
    previous_hash: str


@dataclass(frozen=True)
class Line:
    """What is to be written. `body` and `personal` are JSON objects; what identifies a person belongs in `personal`."""

    kind: str
    subject: str
    body: Mapping[str, Any]
    personal: Mapping[str, Any] | None = None


def append(
    tx: Transaction,
    chain: str,
    kind: str,
    subject: str,
    body: Mapping[str, Any],
    personal: Mapping[str, Any] | None = None,
) -> int:
    """Add an entry to `chain` in this transaction and answer its number.

    `body` and `personal` are JSON objects; whatever identifies a person belongs in `personal`. Appends to one chain
    wait for each other until commit: append late in the transaction, and to several chains in the order of their names.
    """
    return append_many(tx, chain, [Line(kind, subject, body, personal)])


def append_many(tx: Transaction, chain: str, lines: Iterable[Line]) -> int:
    """The same for many entries, in their order; answers the number of the last entry of the chain."""
    last, previous = before = _take_head(tx, chain)
    for line in lines:
        last += 1
        previous = _append(tx, chain, last, previous, line)
    if (last, previous) != before:
        upsert_later(tx, ledger_heads, {"chain": chain, "n": last, "hash": previous}, ["chain"])
    return last


def _append(tx: Transaction, chain: str, n: int, previous: str, line: Line) -> str:
    hidden = None if line.personal is None else canonical({**line.personal, "salt": secrets.token_hex(16)})
    values = {
        "chain": chain,
        "n": n,
        "at": tx.recorded_at(),
        "kind": line.kind,
        "subject": line.subject,
        "body": canonical(line.body),
        "personal_digest": None if hidden is None else digest(hidden),
        "previous_hash": previous,
    }
    written = hash_of(values)
    tx.execute_later(_INSERT, values | {"hash": written})
    if hidden is not None:
        tx.execute_later(_INSERT_PERSONAL, {"chain": chain, "n": n, "body": hidden})
    return written


def entries(tx: Transaction, chain: str, subject: str | None = None) -> Iterator[Entry]:
    """The entries of a chain in their order, all or those of one subject."""
    joined = ledger.outerjoin(
        ledger_personal, (ledger_personal.c.chain == ledger.c.chain) & (ledger_personal.c.n == ledger.c.n)
    )
    wanted = select(ledger, ledger_personal.c.body.label("hidden")).select_from(joined).where(ledger.c.chain == chain)
    if subject is not None:
        wanted = wanted.where(ledger.c.subject == subject)
    for row in tx.execute(wanted.order_by(ledger.c.n)):
        yield entry_of(row, row.hidden)


def chains_about(tx: Transaction, subject: str) -> list[str]:
    """The chains in which something is written about a subject."""
    return list(tx.execute(select(ledger.c.chain).where(ledger.c.subject == subject).distinct()).scalars())


def head(tx: Transaction, chain: str) -> tuple[int, datetime | None]:
    """The number of the last entry of a chain and when it was written; (0, None) of one that holds nothing."""
    last = select(ledger.c.n, ledger.c.at).where(ledger.c.chain == chain).order_by(ledger.c.n.desc()).limit(1)
    row = tx.execute(last).first()
    return (row.n, row.at) if row else (0, None)


def erase_personal(tx: Transaction, subject: str) -> int:
    """Forget the personal parts of all entries about `subject`; answers how many. The chains still verify."""
    about = select(ledger.c.n).where(
        ledger.c.chain == ledger_personal.c.chain, ledger.c.n == ledger_personal.c.n, ledger.c.subject == subject
    )
    return tx.execute(delete(ledger_personal).where(about.exists())).rowcount


def erase_personal_of(tx: Transaction, chain: str, numbers: Collection[int]) -> int:
    """Forget the personal parts of these entries of a chain; answers how many."""
    parts = delete(ledger_personal).where(ledger_personal.c.chain == chain, ledger_personal.c.n.in_(list(numbers)))
    return tx.execute(parts).rowcount if numbers else 0


def hash_of(values: Mapping[str, Any]) -> str:
    """The hash of an entry: SHA-256 over the canonical JSON list of its other columns."""
    at: datetime = values["at"]
    covered = [values["chain"], values["n"], at.isoformat(), values["kind"], values["subject"]]
    covered += [values["body"], values["personal_digest"], values["previous_hash"]]
    return digest(canonical(covered))


def canonical(value: Any) -> str:
    """JSON text of one form only."""
    return _CANONICAL.encode(value)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _take_head(tx: Transaction, chain: str) -> tuple[int, str]:
    head = tx.execute(_TAKE_HEAD, {"of_chain": chain}).first()
    if head is None:
        insert_if_new(tx, ledger_heads, {"chain": chain, "n": 0, "hash": START}, keys=("chain",))
        head = tx.execute(_TAKE_HEAD, {"of_chain": chain}).one()
    return head.n, head.hash


def entry_of(row: Row[Any], hidden: str | None) -> Entry:
    """A row of the ledger with its personal part."""
    personal = None if hidden is None else {k: v for k, v in json.loads(hidden).items() if k != "salt"}
    body = json.loads(row.body)
    return Entry(row.chain, row.n, row.at, row.kind, row.subject, body, personal, row.hash, row.previous_hash)
