"""Whether a ledger is what was written: each hash, each link, each personal part, each end."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from chassis.database import Transaction
from chassis.ledger.chain import START, digest, hash_of
from chassis.ledger.tables import ledger, ledger_heads, ledger_personal


@dataclass(frozen=True)
class Broken:
    """Entry `n` of `chain` is not as it was written; `why` is a code.

    `hash`: its content was changed; `link`: it does not follow its predecessor; `number`: entries are missing before
    it; `personal`: its personal part was changed; `end`: entries after it were cut off, or added beside the head.
    """

    chain: str
    n: int
    why: str


def verify(tx: Transaction) -> list[Broken]:
    """Every broken entry of every chain, in order; an empty list when all is whole."""
    heads = {chain: (n, last) for chain, n, last in tx.execute(select(ledger_heads))}
    chains = set(heads) | set(tx.execute(select(ledger.c.chain).distinct()).scalars())
    return [broken for chain in sorted(chains) for broken in _verify_chain(tx, chain, heads.get(chain, (0, START)))]


def verify_entry(tx: Transaction, chain: str, n: int) -> list[Broken]:
    """What is broken of one entry and of its links to the entries beside it; `verify` alone looks at all."""
    beside = select(ledger).where(ledger.c.chain == chain, ledger.c.n.between(n - 1, n + 1)).order_by(ledger.c.n)
    rows = tx.execute(beside).all()
    before, previous = (rows[0].n, rows[0].hash) if rows and rows[0].n < n else (0, START)
    broken = []
    for row in rows:
        if row.n >= n:
            broken += [Broken(chain, row.n, why) for why in _faults(row, before, previous)]
            before, previous = row.n, row.hash
    end = tx.execute(select(ledger_heads.c.n, ledger_heads.c.hash).where(ledger_heads.c.chain == chain)).first()
    cut_off = before == n and (end is None or (end.n, end.hash) != (n, previous))
    return [*broken, *([Broken(chain, n, "end")] if before < n or cut_off else [])]


def _verify_chain(tx: Transaction, chain: str, head: tuple[int, str]) -> Iterator[Broken]:
    n, previous = 0, START
    for row in tx.execute(select(ledger).where(ledger.c.chain == chain).order_by(ledger.c.n)):
        for why in _faults(row, n, previous):
            yield Broken(chain, row.n, why)
        n, previous = row.n, row.hash
    yield from _verify_personal(tx, chain)
    if (n, previous) != head:
        yield Broken(chain, n, "end")


def _faults(row: Row[Any], n: int, previous: str) -> Iterator[str]:
    if row.n != n + 1:
        yield "number"
    if row.previous_hash != previous:
        yield "link"
    if row.hash != hash_of(row._asdict()):
        yield "hash"


def _verify_personal(tx: Transaction, chain: str) -> Iterator[Broken]:
    joined = ledger_personal.outerjoin(
        ledger, (ledger.c.chain == ledger_personal.c.chain) & (ledger.c.n == ledger_personal.c.n)
    )
    parts = select(ledger_personal.c.n, ledger_personal.c.body, ledger.c.personal_digest).select_from(joined)
    for n, body, expected in tx.execute(parts.where(ledger_personal.c.chain == chain)):
        if digest(body) != expected:
            yield Broken(chain, n, "personal")
