"""Whose each row is, decided from what is known of the branch and from the rows before it; nothing is written here."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from services.customers.people.rules import Salesperson, named
from services.customers.register.rules import Entry, Kind, Origin, entry_id_of
from services.customers.register.rules_of_persons import Mark, marks_of
from services.customers.spreadsheets.rules import Fate, Refusal, Row, RowRefused
from services.customers.spreadsheets.values import same_name


@dataclass(frozen=True)
class Customer:
    """A customer as far as rows need to know; `row`: the row of this sheet that brings them.

    `bearer_id`: whose of a family, which is one customer (一.5), the code or phone is by which they are known here.
    """

    customer_id: str
    bearer_id: str
    code: str | None
    name: str | None
    phone: str | None
    row: int | None = None
    deleted: bool = False


Said = tuple[str | None, str | None, str | None]
"""Name, phone and salesperson of a registration."""


@dataclass
class Known:
    """The customers that rows may mean: by code, by what the register knows them by, and by name alone."""

    codes: dict[str, Customer] = field(default_factory=dict)
    marks: dict[Mark, Customer] = field(default_factory=dict)
    names: dict[str, list[Customer]] = field(default_factory=dict)
    said: set[Said] = field(default_factory=set)

    def learn(self, other: "Known") -> None:
        """What is known elsewhere as well; what is known here stays."""
        for code, customer in other.codes.items():
            self.codes.setdefault(code, customer)
        for mark, customer in other.marks.items():
            self.marks.setdefault(mark, customer)
        self.said |= other.said
        for name, customers in other.names.items():
            ids = {one.customer_id for one in self.names.get(name, ())}
            self.names.setdefault(name, []).extend(one for one in customers if one.customer_id not in ids)

    def add(self, customer: Customer, entry: Entry) -> None:
        """A registration of a customer that a row brings, or tells more of."""
        for mark in marks_of(entry):
            self.marks.setdefault(mark, customer)
        if customer.code:
            self.codes.setdefault(customer.code, customer)
        if customer.name and all(one.customer_id != customer.customer_id for one in self.names.get(customer.name, ())):
            self.names.setdefault(customer.name, []).append(customer)
        self.said.add(_said(entry))


@dataclass(frozen=True)
class Place:
    """Where rows come in: the branch, its day, the moment, its staff by name, and the key of the file."""

    branch_id: str
    day: date
    now: datetime
    staff: Mapping[str, Sequence[str]]
    sha256: str


@dataclass(frozen=True)
class Step:
    """What is to become of a row. `entry`: what it registers; `is_stranger`: of somebody nobody knows.

    `held_by`: whom the entry's phone belongs to already; `seen_as`: whose a row is that has come in before.
    """

    row: Row
    fate: Fate
    customer: Customer | None = None
    entry: Entry | None = None
    is_stranger: bool = False
    held_by: Customer | None = None
    seen_as: str | None = None
    salesperson: Salesperson = Salesperson(None, None)
    warnings: tuple[str, ...] = ()
    refusal: Refusal | None = None


def decided(
    rows: Iterable[Row], at: Place, known: Known, new_id: Callable[[], str], *, to_the_end: bool = False
) -> list[Step]:
    """A step for each row, in their order; `known` learns what the rows bring.

    It ends, unless it is to go on `to_the_end`, where what the register rules of rows before decides: one more
    registration may have given a customer another name, or made one of two.
    """
    steps: list[Step] = []
    renamed = False
    for row in (_as_read_on(at.day, one) for one in rows):
        waits = not row.refusal and (not row.phone or row.code in known.codes)
        if waits and renamed and not to_the_end:
            break
        try:
            step = _step(row, at, known, new_id)
        except RowRefused as error:
            step = Step(row, Fate.REFUSED, refusal=error.refusal, warnings=row.warnings)
        steps.append(step)
        if step.customer and step.entry:
            unites = len({known.marks[mark].customer_id for mark in marks_of(step.entry) if mark in known.marks}) > 1
            if unites and not to_the_end:
                break
            known.add(step.customer, step.entry)
            renamed = renamed or not step.is_stranger
    return steps


def _as_read_on(today: date, row: Row) -> Row:
    """The row without a follow-up's day that lies ahead: nobody can have followed up then."""
    if row.followup_date is None or row.followup_date <= today:
        return row
    return replace(row, followup_date=None, warnings=(*row.warnings, "followup_date_in_future"))


def _step(row: Row, at: Place, known: Known, new_id: Callable[[], str]) -> Step:
    if row.refusal:
        raise RowRefused(row.refusal.code, row.refusal.column)
    salesperson = named(row.salesperson, at.staff) if row.salesperson else Salesperson(None, None)
    step = _whose(row, at, known, salesperson, new_id)
    if step.customer and step.customer.deleted:
        raise RowRefused("customer_deleted")
    told = (*row.warnings, *step.warnings, *([salesperson.warning] if salesperson.warning else []))
    return replace(step, salesperson=salesperson, warnings=told)


def _whose(row: Row, at: Place, known: Known, salesperson: Salesperson, new_id: Callable[[], str]) -> Step:
    if row.code and (customer := known.codes.get(row.code)):
        return _by_code(row, customer, _entry(row, at, salesperson, customer.bearer_id), known)
    if not row.name:
        return _nameless(row, known)
    if not row.phone and not row.code and (namesakes := known.names.get(row.name)):
        return _by_name(row, namesakes)
    entry = _entry(row, at, salesperson, new_id())
    near = next((known.marks[mark] for mark in marks_of(entry) if mark in known.marks), None)
    return _of_stranger(row, entry) if near is None else _of_known(row, entry, near, known)


def _by_code(row: Row, customer: Customer, entry: Entry, known: Known) -> Step:
    if row.name and not same_name(customer.name, row.name):
        raise RowRefused("code_taken")
    if not row.phone or row.phone == customer.phone:
        return Step(row, Fate.KNOWN_CUSTOMER, customer)
    holder = _holder(entry, known)
    if holder and holder.customer_id != customer.customer_id:
        raise RowRefused("phone_of_another")
    if holder:  # by another of their phones
        return Step(row, Fate.KNOWN_CUSTOMER, customer)
    if customer.phone:
        return Step(row, Fate.KNOWN_CUSTOMER, customer, warnings=("phone_differs",))
    told = replace(entry, name=row.name or customer.name)
    return Step(row, Fate.KNOWN_CUSTOMER, replace(customer, phone=row.phone), told, held_by=customer)


def _by_name(row: Row, namesakes: Sequence[Customer]) -> Step:
    """A name alone proves nothing when two customers have it."""
    if len(namesakes) == 1:
        return Step(row, Fate.KNOWN_CUSTOMER, namesakes[0], warnings=("known_by_name",))
    if not row.follows_up:
        raise RowRefused("name_not_unique")
    return Step(row, Fate.NO_CUSTOMER, warnings=("name_not_unique",))


def _nameless(row: Row, known: Known) -> Step:
    """Without a name there is no new customer."""
    customer = known.marks.get(("phone", row.phone)) if row.phone else None
    if customer:
        return Step(row, Fate.KNOWN_CUSTOMER, customer)
    if not row.follows_up:
        raise RowRefused("name_missing")
    return Step(row, Fate.NO_CUSTOMER)


def _of_stranger(row: Row, entry: Entry) -> Step:
    customer = Customer(entry.customer_id, entry.customer_id, row.code, row.name, row.phone, row.number)
    warned = () if row.follows_up or entry.has_full_name else ("name_not_full",)
    return Step(row, Fate.NEW_CUSTOMER, customer, entry, is_stranger=True, warnings=warned)


def _of_known(row: Row, entry: Entry, near: Customer, known: Known) -> Step:
    """Somebody known by phone, or by name and the end of a phone: registered once more, if that says anything new."""
    warned = ("code_differs",) if row.code and near.code and row.code != near.code else ()
    if _said(entry) in known.said:
        return Step(row, Fate.KNOWN_CUSTOMER, near, warnings=warned)
    holder = _holder(entry, known)
    written = replace(entry, customer_id=holder.bearer_id) if holder else entry
    return Step(row, Fate.KNOWN_CUSTOMER, near, written, held_by=holder, warnings=warned)


def _holder(entry: Entry, known: Known) -> Customer | None:
    """Who is recognised by the entry's phone."""
    return known.marks.get(marks_of(entry)[0]) if entry.phone else None


def _said(entry: Entry) -> Said:
    return entry.name, entry.phone, entry.registered_by


def said_in(entries: Iterable[Entry]) -> set[Said]:
    """What these registrations say."""
    return {_said(entry) for entry in entries}


def _entry(row: Row, at: Place, salesperson: Salesperson, customer_id: str) -> Entry:
    key = f"{at.sha256}:{row.number:07}"  # in the order of the rows, which are all of one moment
    return Entry(
        entry_id=entry_id_of(at.branch_id, Origin.IMPORT, key),
        branch_id=at.branch_id,
        customer_id=customer_id,
        kind=Kind.REGISTERED,
        at=at.now,
        local_day=at.day,
        name=row.name,
        phone=row.phone,
        phone_correct=row.phone is not None,
        registered_by=salesperson.staff_id,
        origin=Origin.IMPORT,
        origin_key=key,
    )
