"""The register of a hall: whoever changes, removes or inserts a row of it in the database itself is found out."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from chassis import ledger
from chassis.database import Transaction
from chassis.ledger.chain import hash_of
from services.reception.tables import METADATA
from tests.services.reception.office import Office

_NEW_VALUES = {
    "chain": "'hall/another'",
    "n": "n + 1000",
    "at": "'2030-01-01T00:00:00.000000Z'",
    "kind": "'reception.passed_on'",
    "subject": "'reception/another'",
    "body": "replace(body, '\"by\":', '\"By\":')",
    "personal_digest": "previous_hash",
    "previous_hash": "hash",
    "hash": f"'{'0' * 63}1'",
}
"""For each column another value of its own kind."""


class _RolledBack(Exception):
    """What was tried leaves nothing behind."""


def a_morning(office: Office) -> str:
    """Two receptions, one with a name and phone; answers the hall's chain."""
    office.come("li", "wu")
    first, second = office.visit(), office.visit()
    office.later(minutes=5)
    office.complete("li", first, "13800138000")
    office.greet("wu", second)
    return f"hall/{office.hall}"


def found_after(office: Office, deed: str, **values: Any) -> list[tuple[str, int, str]]:
    """What the verifier says after a statement that goes around the guards; nothing of it is kept."""
    found: list[ledger.Broken] = []
    try:
        with office.database.write() as tx:
            _without_guards(tx, office.database.is_sqlite)
            assert tx.connection.execute(text(deed), values).rowcount == 1
            found = ledger.verify(tx)
            raise _RolledBack
    except _RolledBack:
        return [(one.chain, one.n, one.why) for one in found]


def test_each_column_of_each_kind_of_row_is_covered(office: Office) -> None:
    """Each column, changed in a row with and in a row without a personal part, breaks the chain there."""
    chain = a_morning(office)
    assert set(_NEW_VALUES) == set(METADATA.tables["ledger"].columns.keys())
    for n in (_numbers(office, "IS NULL")[2], _numbers(office, "IS NOT NULL")[0]):
        for column, value in _NEW_VALUES.items():
            if column in ("chain", "n") and n in _numbers(office, "IS NOT NULL"):
                continue  # the database itself refuses: the personal part points at the row
            deed = f"UPDATE ledger SET {column} = {value} WHERE chain = :chain AND n = :n"
            found = found_after(office, deed, chain=chain, n=n)
            assert {(chain, n), (chain, n + 1), ("hall/another", n)} & {one[:2] for one in found}, column
    with office.database.read() as tx:
        assert ledger.verify(tx) == []


def test_a_removed_row_is_missed(office: Office) -> None:
    """The first, one from the middle, the last: each leaves a gap, a broken link, or a head without its end."""
    chain = a_morning(office)
    plain = _numbers(office, "IS NULL")
    for n in (plain[0], plain[len(plain) // 2], plain[-1]):
        found = found_after(office, "DELETE FROM ledger WHERE chain = :chain AND n = :n", chain=chain, n=n)
        assert {one[0] for one in found} == {chain}, n


def test_an_inserted_row_is_noticed(office: Office) -> None:
    """A row put behind the last with every hash right still stands beside the head; so does a chain of its own."""
    chain = a_morning(office)
    with office.database.read() as tx:
        last = list(ledger.entries(tx, chain))[-1]
    values: dict[str, Any] = {
        "chain": chain,
        "n": last.n + 1,
        "at": last.at,
        "kind": "line",
        "subject": f"line/{office.hall}",
        "body": "{}",
        "personal_digest": None,
        "previous_hash": last.hash,
    }
    assert (chain, last.n + 1, "end") in _found_after_insert(office, values)
    alone = values | {"chain": "hall/another", "n": 1, "previous_hash": "0" * 64}
    assert ("hall/another", 1, "end") in _found_after_insert(office, alone)


def test_heads_and_personal_parts_are_covered(office: Office) -> None:
    """A head that was moved and a name that was changed are found as well; a name that was erased is no fault."""
    chain = a_morning(office)
    for column in ("n = n - 1", "hash = chain", "chain = 'hall/another'"):
        deed = f"UPDATE ledger_heads SET {column} WHERE chain = :chain"
        assert "end" in {one[2] for one in found_after(office, deed, chain=chain)}
    named = _numbers(office, "IS NOT NULL")[0]
    deed = "UPDATE ledger_personal SET body = '{}' WHERE chain = :chain AND n = :n"
    assert found_after(office, deed, chain=chain, n=named) == [(chain, named, "personal")]
    erased = "DELETE FROM ledger_personal WHERE chain = :chain AND n = :n"
    assert found_after(office, erased, chain=chain, n=named) == []


def _numbers(office: Office, digest_is: str) -> Sequence[int]:
    asked = text(f"SELECT n FROM ledger WHERE chain = :chain AND personal_digest {digest_is} ORDER BY n")
    with office.database.read() as tx:
        return list(tx.connection.execute(asked, {"chain": f"hall/{office.hall}"}).scalars())


def _found_after_insert(office: Office, values: dict[str, Any]) -> list[tuple[str, int, str]]:
    """As `found_after`, for a row whose own hash is right."""
    found: list[ledger.Broken] = []
    try:
        with office.database.write() as tx:
            row = values | {"hash": hash_of(values)}
            tx.connection.execute(METADATA.tables["ledger"].insert(), row)
            found = ledger.verify(tx)
            raise _RolledBack
    except _RolledBack:
        return [(one.chain, one.n, one.why) for one in found]


def _without_guards(tx: Transaction, is_sqlite: bool) -> None:
    for table in ("ledger", "ledger_heads", "ledger_personal"):
        for operation in ("update",) if table == "ledger_personal" else ("update", "delete"):
            on = "" if is_sqlite else f" ON {table}"
            tx.connection.exec_driver_sql(f"DROP TRIGGER {table}_guards_{operation}{on}")
