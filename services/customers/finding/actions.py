"""Keeping the index: every change of what a customer is found by, in the transaction of the change."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import BindParameter, Row, Select, Update, bindparam

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.customers.finding import index
from services.customers.finding.pinyin import readings, readings_of_name
from services.customers.finding.rules import Listed, Says, forms_of_phone, grams_of, plain
from services.customers.finding.tables import NEW, finding

FILE = "file"
"""The part that a file is found by itself; each room that adds to it has a part of its own."""

MERGED = "merged"
"""The part that comes of those merged into a customer."""

_SILENT = {"texts": "", "phones": ""}

_NOTHING_MORE: Mapping[str, Says] = {}


def enter(tx: Transaction, who: Who, listed: Listed, says: Says, more: Mapping[str, Says] = _NOTHING_MORE) -> None:
    """Begin with a file that is new: nothing is read, and what is written goes with the rest of the transaction.

    `more`: what other parts say from the beginning.
    """
    parts = {FILE: _lines(says)} | {part: _lines(one) for part, one in more.items()}
    row = vars(listed) | _joined(parts) | _grams(tx, listed.branch_id, parts, on="postgresql")
    _, checked = scoped(finding, who).new(row)
    tx.execute_later(NEW, checked)
    if entered := _grams(tx, listed.branch_id, parts, on="sqlite"):
        tx.execute_later(index.ENTER, entered | {"customer": listed.customer_id})


def keep(tx: Transaction, who: Who, customer_id: str, part: str, says: Says) -> None:
    """From now on this part of the customer is found by what `says`; other parts stay. The file has been entered."""
    _keep_lines(tx, who, customer_id, part, _lines(says))


def keep_merged(
    tx: Transaction, who: Who, customer_id: str, merged: Collection[str], apart_from: Collection[str]
) -> None:
    """From now on the customer is found by what rooms have said of those merged into them: all of these, nobody else.

    `apart_from`: parts that speak of a file, which stands no more.
    """
    rows = tx.execute(*_some(who, wanted=sorted(merged))).scalars() if merged else ()
    parts = [part for row in rows for name, part in row.items() if name not in (MERGED, *apart_from)]
    lines = {kind: "".join(part[kind] for part in parts) for kind in _SILENT}
    _keep_lines(tx, who, customer_id, MERGED, lines)


def _keep_lines(tx: Transaction, who: Who, customer_id: str, part: str, lines: Mapping[str, str]) -> None:
    row = tx.execute(*_one(who, customer=customer_id)).one()
    if lines == row.parts.get(part, _SILENT):
        return
    _rewrite(tx, who, row, {**row.parts, part: lines})


def _rewrite(tx: Transaction, who: Who, row: Row[Any], parts: Mapping[str, Mapping[str, str]], **standing: Any) -> None:
    """The customer of this row is found by these parts from now on, and by nothing of before."""
    changes = _joined(parts) | _grams(tx, row.branch_id, parts, on="postgresql") | standing
    if entered := _grams(tx, row.branch_id, parts, on="sqlite"):
        taken = _grams(tx, row.branch_id, row.parts, on="sqlite")
        tx.execute_later(index.TAKE_BACK, taken | {"customer": row.customer_id})
        tx.execute_later(index.ENTER, entered | {"customer": row.customer_id})
    tx.execute_later(*_saying(who, customer=row.customer_id, **changes))


def follow(tx: Transaction, who: Who, listed: Listed) -> None:
    """The customer has another owner, another place in lists, or has left them."""
    tx.execute_later(*_standing(who, customer=listed.customer_id, **vars(listed)))


def forget(tx: Transaction, who: Who, customer_id: str) -> None:
    """The customer is found by nothing any more."""
    row = tx.execute(*_one(who, customer=customer_id)).one()
    _rewrite(tx, who, row, {}, active=False)


def _lines(says: Says) -> dict[str, str]:
    """The texts and the phones of a part, each a line."""
    spoken = [*((name, readings_of_name) for name in says.names), *((word, readings) for word in says.words)]
    told = [line for text, read in spoken if text for line in (text, *read(text))]
    texts = dict.fromkeys(filter(None, map(plain, (*told, *filter(None, says.codes)))))
    phones = [form for phone in says.phones if phone for form in forms_of_phone(phone)]
    return {"texts": "".join(f"{one}\n" for one in texts), "phones": "".join(f"{one}\n" for one in phones)}


def _joined(parts: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    texts, phones = ("".join(part[kind] for part in parts.values()) for kind in ("texts", "phones"))
    return {"texts": texts, "phones": phones, "parts": parts}


def _grams(tx: Transaction, branch_id: str, parts: Mapping[str, Mapping[str, str]], *, on: str) -> dict[str, Any]:
    """What the index of this database gets; nothing on the other one."""
    if tx.connection.dialect.name != on:
        return {}
    grams = grams_of(line for part in parts.values() for kind in part.values() for line in kind.splitlines())
    return {"grams": index.numbers(branch_id, grams) if on == "postgresql" else index.words(grams)}


@prepared
def _one(who: Who) -> Select[Any]:
    return scoped(finding, who).select().where(finding.c.customer_id == bindparam("customer")).with_for_update()


@prepared
def _some(who: Who) -> Select[Any]:
    wanted: BindParameter[Any] = bindparam("wanted", expanding=True)
    parts = scoped(finding, who).select(finding.c.parts).where(finding.c.customer_id.in_(wanted))
    return parts.order_by(finding.c.customer_id)


@prepared
def _saying(who: Who) -> Update:
    return scoped(finding, who).update().where(finding.c.customer_id == bindparam("customer"))


@prepared
def _standing(who: Who) -> Update:  # of its own: what is left for later goes by statement, each with its own values
    return scoped(finding, who).update().where(finding.c.customer_id == bindparam("customer"))
