"""Writing into the register."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction, insert_if_new, scoped, upsert
from chassis.identity import Who
from chassis.ledger import append
from services.customers.register.rules import Entry
from services.customers.register.tables import register, ruled


def enter(tx: Transaction, who: Who, entry: Entry, signed_by: str | None = None) -> bool:
    """Write the entry and chain it; False when it stands there already. The caller holds the branch's lock."""
    if not insert_if_new(tx, scoped(register, who).table, _row(entry, signed_by), ["entry_id"]):
        return False
    _chain(tx, entry, signed_by)
    return True


def enter_first(tx: Transaction, who: Who, entry: Entry) -> None:
    """The same for an entry that cannot stand there yet."""
    _chain(tx, entry, None)
    tx.execute_later(*scoped(register, who).new(_row(entry, None)))


def _row(entry: Entry, signed_by: str | None) -> dict[str, Any]:
    written = {name: value for name, value in vars(entry).items() if name != "ruled_to"}
    return written | {"kind": entry.kind.value, "origin": entry.origin.value, "signed_by": signed_by}


def _chain(tx: Transaction, entry: Entry, signed_by: str | None) -> None:
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
    append(tx, chain_of(entry.branch_id), "registration", f"customer/{entry.customer_id}", body, personal)


def keep_ruling(tx: Transaction, who: Who, row: Mapping[str, Any]) -> bool:
    """Keep whose a registration is after reception ruled again; says whether this was news. A row as in `ruled`."""
    return upsert(tx, scoped(ruled, who).table, row, ["entry_id"], newer_by="sequence")


def chain_of(branch_id: str) -> str:
    """The ledger's chain in which a branch's register stands."""
    return f"register/{branch_id}"
