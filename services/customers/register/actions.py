"""Writing into the register."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from chassis.database import Transaction, insert_if_new, scoped, upsert
from chassis.identity import Who
from chassis.ledger import Line, append, append_many, erase_personal
from services.customers.register.rules import Entry
from services.customers.register.rules_of_persons import last_eight_of
from services.customers.register.tables import PERSONAL, register, ruled, wrong_phones

_BESIDE = ("ruled_to", "proved_wrong", "leaves_in_pool")
"""What is known of an entry, and does not stand in it."""


def enter(tx: Transaction, who: Who, entry: Entry, signed_by: str | None = None) -> bool:
    """Write the entry and chain it; False when it stands there already. The caller holds the branch's lock."""
    if not insert_if_new(tx, scoped(register, who).table, _row(entry, signed_by), ["entry_id"]):
        return False
    append_many(tx, chain_of(entry.branch_id), [_line(entry, signed_by)])
    return True


def enter_all(tx: Transaction, who: Who, entries: Sequence[Entry]) -> None:
    """The same for entries of one branch that cannot stand there yet."""
    if entries:
        append_many(tx, chain_of(entries[0].branch_id), [_line(entry, None) for entry in entries])
    for entry in entries:
        tx.execute_later(*scoped(register, who).new(_row(entry, None)))


def _row(entry: Entry, signed_by: str | None) -> dict[str, Any]:
    written = {name: value for name, value in vars(entry).items() if name not in _BESIDE}
    known_by = {"full_name": entry.full_name, "tail": last_eight_of(entry.phone) if entry.phone else None}
    return written | known_by | {"kind": entry.kind.value, "origin": entry.origin.value, "signed_by": signed_by}


def _line(entry: Entry, signed_by: str | None) -> Line:
    body = {
        "entry_id": entry.entry_id,
        "kind": entry.kind.value,
        "at": entry.at.isoformat(),
        "phone_correct": entry.phone_correct,
        "registered_by": entry.registered_by,
        "signed_by": signed_by,
        "origin": entry.origin.value,
        "origin_key": entry.origin_key,
    }
    personal = {"name": entry.name, "phone": entry.phone}
    return Line("registration", f"customer/{entry.customer_id}", body, personal)


def keep_ruling(tx: Transaction, who: Who, row: Mapping[str, Any]) -> bool:
    """Keep whose a registration is after reception ruled again; says whether this was news. A row as in `ruled`."""
    return upsert(tx, scoped(ruled, who).table, row, ["entry_id"], newer_by="sequence")


def prove_wrong(tx: Transaction, who: Who, entry: Entry, reason: str) -> bool:
    """Keep that the asker signs this entry's phone to be wrong; says whether this was news."""
    row = {"entry_id": entry.entry_id, "branch_id": entry.branch_id, "signed_by": who.actor_id, "at": tx.now()}
    if not insert_if_new(tx, scoped(wrong_phones, who).table, row | {"reason": reason}, ["entry_id"]):
        return False
    body = {"entry_id": entry.entry_id, "signed_by": who.actor_id, "at": tx.now().isoformat()}
    chain(tx, entry.branch_id, "phone_proved_wrong", entry.customer_id, body, reason)
    return True


def forget(tx: Transaction, who: Who, ids: Collection[str]) -> None:
    """Forget who was registered under these ids, and what was said of them; that somebody was stays, and is chained."""
    mine = register.c.customer_id.in_(list(ids))
    entries = scoped(register, who).select(register.c.entry_id).where(mine)
    words = scoped(wrong_phones, who).update().where(wrong_phones.c.entry_id.in_(entries))
    tx.execute(words.values(reason=None))
    tx.execute(scoped(register, who).update().where(mine).values(**dict.fromkeys(PERSONAL)))
    for customer_id in ids:
        erase_personal(tx, f"customer/{customer_id}")


def chain(
    tx: Transaction, branch_id: str, kind: str, customer_id: str, body: Mapping[str, Any], reason: str | None
) -> None:
    """Chain what was said about a customer beside the register's entries; the words of people are personal."""
    personal = None if reason is None else {"reason": reason}
    append(tx, chain_of(branch_id), kind, f"customer/{customer_id}", body, personal)


def chain_of(branch_id: str) -> str:
    """The ledger's chain in which a branch's register stands."""
    return f"register/{branch_id}"
