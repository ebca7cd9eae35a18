"""Bringing the files to what the register says: one entry more, one ruling, and whatever follows from it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from sqlalchemy import BindParameter, RowMapping, Select, Update, bindparam

from chassis.database import Transaction, prepared, scoped, upsert
from chassis.events import about, record
from chassis.identity import Who
from services.customers.events import CustomerChanged, CustomerMerged, CustomerRegistered, OtherPhone, Person
from services.customers.fields.rules import Field as OwnField
from services.customers.fields.rules import searchable_texts
from services.customers.fields.views import fields_of
from services.customers.files import codes, rules
from services.customers.files.moves import note_back
from services.customers.files.owner_lines import note_owner, note_parted
from services.customers.files.parents import parent_taken_over
from services.customers.files.rules import Because, File, Registered, Why
from services.customers.files.tables import aliases, customers
from services.customers.files.views import file_with_code, files_of
from services.customers.finding import actions as finding
from services.customers.finding.rules import Says
from services.customers.register import actions as the_register
from services.customers.register.rules import Entry
from services.customers.register.rules_of_persons import Standing, alone
from services.customers.register.views import standings_around

OWN_FIELDS = "own_fields"
"""The part of the index that the company's own fields are."""

_ANNOUNCED = [one.name for one in fields(CustomerChanged) if one.name != "personal"]


@dataclass(frozen=True)
class Opening:
    """What a new customer's file begins with; without `code` it gets the branch's next one.

    `more` holds whatever else is known, by the names of File.
    """

    code: str | None = None
    customer_type: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def said(self) -> dict[str, Any]:
        """All that the file begins with."""
        return {"customer_type": self.customer_type, **self.more}


REGISTERED, RULED, MERGED = Because(Why.REGISTERED), Because(Why.RULED), Because(Why.MERGED)


def register(
    tx: Transaction, who: Who, entry: Entry, opening: Opening | None = None, signed_by: str | None = None
) -> Registered:
    """Enter a registration, once, and let the files follow the ruling.

    The result depends on the set of entries only, but for codes, which are given in the order of arrival.
    """
    codes.lock_branch(tx, who, entry.branch_id)
    is_first = the_register.enter(tx, who, entry, signed_by)
    found = standings_around(tx, who, entry.branch_id, {entry.customer_id})
    if is_first and len(found) == 1 and len(found[0].entries) == 1:
        opening = opening or Opening()
        code = codes.new_code(tx, who, entry.branch_id, opening.code)
        own = fields_of(tx, who, entry.branch_id) if opening.more.get("details") else ()
        return _open(tx, who, found[0].ruling.winner, code, opening, own)
    followed = _follow(tx, who, found, opening or Opening(), [entry] if is_first else ())
    return next(one for one in followed if entry.customer_id in one.ids)


def rule_again(tx: Transaction, who: Who, branch_id: str, ids: Collection[str]) -> list[Registered]:
    """Let the files follow what has been said about these ids, as far as they are registered; answers all near them."""
    codes.lock_branch(tx, who, branch_id)
    return _follow(tx, who, standings_around(tx, who, branch_id, ids), Opening())


def register_stranger(tx: Transaction, who: Who, entry: Entry, opening: Opening) -> Registered:
    """The same for an entry and a customer whose ids were made for it, with a phone that the branch does not know.

    The caller knows that under the branch's lock: there is nothing to look up.
    """
    return register_strangers(tx, who, entry.branch_id, [(entry, opening)])[0]


def register_strangers(
    tx: Transaction, who: Who, branch_id: str, arrivals: Sequence[tuple[Entry, Opening]]
) -> list[Registered]:
    """The same for several, of whom none is known by what another is known by: few statements for however many."""
    codes.lock_branch(tx, who, branch_id)
    given = codes.give_codes(tx, who, branch_id, [opening.code for _entry, opening in arrivals])
    the_register.enter_all(tx, who, [entry for entry, _opening in arrivals])
    has_own = any(opening.more.get("details") for _entry, opening in arrivals)
    own = fields_of(tx, who, branch_id) if has_own else ()
    return [_open(tx, who, entry, code, opening, own) for (entry, opening), code in zip(arrivals, given, strict=True)]


def register_known(tx: Transaction, who: Who, branch_id: str, entries: Sequence[Entry]) -> dict[str, Registered]:
    """Enter registrations of customers who have files, none of which stands there yet; answers each by its entry's id.

    As `register` one by one, but that a file which several of them change is announced once, as it is then.
    """
    codes.lock_branch(tx, who, branch_id)
    the_register.enter_all(tx, who, entries)
    found = standings_around(tx, who, branch_id, {entry.customer_id for entry in entries})
    by_id = {one: done for done in _follow(tx, who, found, Opening(), entries) for one in done.ids}
    return {entry.entry_id: by_id[entry.customer_id] for entry in entries}


def _open(tx: Transaction, who: Who, entry: Entry, code: str, opening: Opening, own: Sequence[OwnField]) -> Registered:
    """The first file of a customer with one registration; `own`: the company's fields, if any are filled in."""
    standing = alone(entry)
    file = rules.file_by_ruling(standing, None, code, opening.said)
    tx.execute_later(*scoped(customers, who).new(vars(file)))
    said = {OWN_FIELDS: Says(words=searchable_texts(own, file.details))} if file.details else {}
    finding.enter(tx, who, rules.listed(file), rules.found_by(file), said)
    note_owner(tx, who, file, None, REGISTERED)
    _announce(tx, file, first=True)
    return Registered(file, standing.ruling, is_new=True, ids=standing.ids)


def _follow(
    tx: Transaction, who: Who, found: Sequence[Standing], opening: Opening, new: Collection[Entry] = ()
) -> list[Registered]:
    """Bring the files of these customers to what the register says of them, to which these entries are `new`."""
    before = files_of(tx, who, {one for standing in found for one in standing.ids})
    wanted = [(standing, _file_of(tx, who, standing, before, opening, new)) for standing in found]
    for standing, file in wanted:  # who stands for nobody first, so that codes and phones are free
        _lay_aside(tx, who, standing, file, before)
    freed_first = sorted(wanted, key=lambda one: not _is_active(before.get(one[0].customer_id)))
    known = _aliases(tx, who, {one for standing in found for one in standing.ids})
    stood = [_stand(tx, who, standing, file, before, known) for standing, file in freed_first]
    _regroup(tx, who, stood, known)
    return [note_back(tx, who, one, before, new) for one in stood]


def _regroup(tx: Transaction, who: Who, stood: Sequence[Registered], known: Mapping[str, RowMapping]) -> None:
    """Let what hangs on the ids of a customer follow, where an id stands for another one than before."""
    before = {one: row["winner_id"] for one, row in known.items() if row["active"]}
    moves = [(one, before.get(one, one), done.file.customer_id) for done in stood for one in done.ids]
    moved = [(one, was, now) for one, was, now in moves if was != now]
    regrouped = {customer_id for _one, was, now in moved for customer_id in (was, now)}
    parted = {was for _one, was, _now in moved} | {now for one, _was, now in moved if one == now}
    for done in stood:
        customer_id = done.file.customer_id
        if customer_id in regrouped:
            find_by_merged(tx, who, customer_id, done.ids - {customer_id})
        if customer_id in parted:
            note_parted(tx, who, done.file, done.ids)


def find_by_merged(tx: Transaction, who: Who, customer_id: str, merged: Collection[str]) -> None:
    """From now on the customer is found by what has been said of all those merged into them, beside their files."""
    finding.keep_merged(tx, who, customer_id, merged, apart_from=(finding.FILE, OWN_FIELDS))


def _file_of(
    tx: Transaction,
    who: Who,
    standing: Standing,
    before: Mapping[str, File],
    opening: Opening,
    new: Collection[Entry],
) -> File:
    held = _held_until_now(standing, before)
    if held and held.deleted_at and rules.is_registered_again(held.deleted_at, standing.ids, new):
        held = replace(held, deleted_at=None)
    if held and held.customer_id != standing.customer_id:
        own = before.get(standing.customer_id)
        held = replace(held, parent_id=parent_taken_over(tx, who, held, standing.customer_id, own))
    code = _code_of(tx, who, standing, before, opening)
    return rules.file_by_ruling(standing, held, code, opening.said)


def _held_until_now(standing: Standing, before: Mapping[str, File]) -> File | None:
    """The file whose contents the customer keeps: the winner's own, else the active one with the lowest code, else one
    in the recycle bin, else the winner's own as it was when it was laid aside."""
    own = before.get(standing.customer_id)
    files = [file for one in standing.ids if (file := before.get(one))]
    held = [file for file in files if file.active] or [file for file in files if file.deleted_at]
    if own in held:
        return own
    return min(held, key=lambda file: (rules.number_of(file.code), file.code), default=own)


def _code_of(tx: Transaction, who: Who, standing: Standing, before: Mapping[str, File], opening: Opening) -> str:
    """A file keeps its code for as long as nobody else's stands under it; one without takes that of who held."""
    own, branch_id = before.get(standing.customer_id), standing.ruling.winner.branch_id
    if own is not None and own.active:
        return own.code
    if own is not None:
        there = file_with_code(tx, who, branch_id, own.code)
        if there is None or not there.active or there.customer_id in standing.ids:
            return own.code
    held = _held_until_now(standing, before)
    return held.code if held and held is not own else codes.new_code(tx, who, branch_id, opening.code)


def _lay_aside(tx: Transaction, who: Who, standing: Standing, file: File, before: Mapping[str, File]) -> None:
    held = _held_until_now(standing, before)
    for loser_id in sorted(standing.ids - {standing.customer_id}):
        was = before.get(loser_id)
        aside = save(tx, who, was, rules.merged_file(standing, loser_id, file, was), None)
        if was is not None and was is not held and was.stands_alone:
            note_owner(tx, who, replace(aside, owner_id=file.owner_id), was.owner_id, MERGED)


def _stand(
    tx: Transaction,
    who: Who,
    standing: Standing,
    file: File,
    before: Mapping[str, File],
    known: Mapping[str, RowMapping],
) -> Registered:
    held = _held_until_now(standing, before)
    saved = save(tx, who, before.get(standing.customer_id), file, None)
    if held is None:
        note_owner(tx, who, saved, None, REGISTERED)
    elif held.stands_alone:  # else nobody held: what the file said when it was laid aside is nobody's loss
        note_owner(tx, who, saved, held.owner_id, RULED)
    for one in sorted(standing.ids):
        _alias(tx, who, one, saved, standing, known.get(one))
    return Registered(saved, standing.ruling, held is None, standing.ids)


def _is_active(file: File | None) -> bool:
    return file is not None and file.active


def save(tx: Transaction, who: Who, before: File | None, after: File, because: Because | None) -> File:
    """Store a file and announce it, if anything in it changed; answers it with its version.

    `because` says why the owner is another, where it is; None: the caller writes that down.
    """
    saved = replace(after, version=before.version if before else 0)
    if saved == before:
        return saved
    saved = replace(saved, version=saved.version + 1)
    if before is None:
        tx.execute(*scoped(customers, who).new(vars(saved)))
        finding.enter(tx, who, rules.listed(saved), rules.found_by(saved))
        _keep_own_fields(tx, who, {}, saved)
    else:
        tx.execute(*_rewritten(who, mine=saved.customer_id, **vars(saved)))
        _keep_found(tx, who, before, saved)
    if because is not None:
        note_owner(tx, who, saved, before.owner_id if before else None, because)
    if saved.merged_into is None or (before is not None and (before.active or before.phones != saved.phones)):
        _announce(tx, saved, first=before is None)
    return saved


def _keep_found(tx: Transaction, who: Who, before: File, after: File) -> None:
    if rules.found_by(after) != rules.found_by(before):
        finding.keep(tx, who, after.customer_id, finding.FILE, rules.found_by(after))
    if rules.listed(after) != rules.listed(before):
        finding.follow(tx, who, rules.listed(after))
    _keep_own_fields(tx, who, before.details, after)


def _keep_own_fields(tx: Transaction, who: Who, before: Mapping[str, Any], after: File) -> None:
    if after.details != before:
        index_own_fields(tx, who, after, fields_of(tx, who, after.branch_id))


def index_own_fields(tx: Transaction, who: Who, file: File, own: Sequence[OwnField]) -> None:
    """From now on the customer is found by those of the company's fields (`own`) that are searched."""
    finding.keep(tx, who, file.customer_id, OWN_FIELDS, Says(words=searchable_texts(own, file.details)))


def _announce(tx: Transaction, file: File, *, first: bool) -> None:
    written = vars(file)
    state: dict[str, Any] = {name: written[name] for name in _ANNOUNCED}
    others = [OtherPhone(**one) for one in file.other_phones]
    state["personal"] = Person(file.name, file.phone, file.company, others)
    fact = CustomerRegistered(**state) if first else CustomerChanged(**state)
    record(tx, fact, about("customer", file.customer_id, file.version, file.branch_id))


def _aliases(tx: Transaction, who: Who, ids: Collection[str]) -> Mapping[str, RowMapping]:
    """For whom these ids stand, as far as anything was said."""
    rows = tx.execute(*_aliases_of(who, wanted=list(ids))).mappings() if ids else ()
    return {row["loser_id"]: row for row in rows}


def _alias(
    tx: Transaction, who: Who, customer_id: str, winner: File, standing: Standing, before: RowMapping | None
) -> None:
    """Say which customer this id stands for, if that is news: itself is said only to take back an earlier word."""
    stands_alone = customer_id == winner.customer_id
    if before is None and stands_alone:
        return
    values: dict[str, Any] = {
        "loser_id": customer_id,
        "winner_id": before["winner_id"] if before and stands_alone else winner.customer_id,
        "branch_id": winner.branch_id,
        "active": not stands_alone,
        "rule": standing.ruling.rule.value,
        "article": standing.article_of(customer_id),
    }
    if before is not None and all(before[key] == value for key, value in values.items()):
        return
    version = (before["version"] if before else 0) + 1
    upsert(tx, scoped(aliases, who).table, values | {"version": version}, ["loser_id"])
    record(tx, CustomerMerged(**values), about("customer_alias", customer_id, version, winner.branch_id))


@prepared
def _rewritten(who: Who) -> Update:
    return scoped(customers, who).update().where(customers.c.customer_id == bindparam("mine"))


@prepared
def _aliases_of(who: Who) -> Select[Any]:
    wanted: BindParameter[Any] = bindparam("wanted", expanding=True)
    return scoped(aliases, who).select().where(aliases.c.loser_id.in_(wanted))
