"""Writing down who moved into the recycle bin, and out of it."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from chassis.database import Transaction, scoped
from chassis.identity import Who
from services.customers.files.rules import File, Move, Registered, is_registered_again
from services.customers.files.tables import bin_moves
from services.customers.register.rules import Entry


def note_move(tx: Transaction, who: Who, file: File, move: Move, reason: str | None = None) -> None:
    """One line more of the history; by nobody where it came of itself."""
    line = {
        "move_id": tx.new_id(),
        "branch_id": file.branch_id,
        "customer_id": file.customer_id,
        "move": move.value,
        "at": tx.now(),
        "by_id": None if who.kind == "system" else who.actor_id,
        "reason": reason,
    }
    tx.execute_later(*scoped(bin_moves, who).new(line))


def note_back(
    tx: Transaction, who: Who, done: Registered, before: Mapping[str, File], new: Collection[Entry]
) -> Registered:
    """Write down who of a customer that stands was in the recycle bin `before`, and say so if anybody was."""
    files = [file for one in sorted(done.ids) if (file := before.get(one)) and file.deleted_at]
    if not done.file.active or not files:
        return done
    for file in files:
        again = file.deleted_at is not None and is_registered_again(file.deleted_at, done.ids, new)
        note_move(tx, who, file, Move.REGISTERED_AGAIN if again else Move.RULED)
    return replace(done, is_back=True)
