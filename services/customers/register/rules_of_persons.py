"""Who is the same person (rule 4 of the register), and which persons are one customer because they are family (一.5).

Same phone, or same full name with the same last four digits: the same person without asking. What a mark (a phone, or a
name with its digits) stands for may change: a signed change of one who bears it ends its spell, and who is registered
with it afterwards is somebody else. All of it is asked of sets: the order of telling changes nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations

from services.customers.register.rules import ARTICLE, Entry, Kind, Ruling, last_amendment, rule
from services.customers.relations.rules import ARTICLE as FAMILY_ARTICLE
from services.customers.relations.rules import Kin, Ties, pair

Mark = tuple[str, ...]
_PHONE, _WRONG, _NAME = "phone", "wrong phone", "name and tail"


@dataclass
class Spell:
    """A time during which a mark stands for one customer: the ids that bear it, in the order of registration."""

    mark: Mark
    ids: dict[str, None] = field(default_factory=dict)
    over: bool = False


@dataclass(frozen=True)
class Standing:
    """What the register says of one customer.

    `own`: the registrations of the person whose registration holds; `present`: which ids are recognised by which phones
    now.
    """

    ruling: Ruling
    entries: tuple[Entry, ...]
    own: tuple[Entry, ...]
    present: frozenset[tuple[str, str]]

    @property
    def customer_id(self) -> str:
        return self.ruling.winner.customer_id

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(entry.customer_id for entry in self.entries)

    @property
    def phones(self) -> tuple[str, ...]:
        """The phones by which the person whose registration holds is recognised now, the first registered first."""
        return self.phones_in(self.own)

    @property
    def bearers(self) -> dict[str, str]:
        """All phones by which the customer is recognised now, each with the id that bears it: those of the person
        whose registration holds, then those of their family, of either the first registered first."""
        return self._bearers_in(self.own) | self._bearers_in(self.entries)

    def phones_in(self, entries: Iterable[Entry]) -> tuple[str, ...]:
        """Those phones of these registrations by which their ids are recognised now, the first registered first."""
        return tuple(self._bearers_in(entries))

    def _bearers_in(self, entries: Iterable[Entry]) -> dict[str, str]:
        bearers: dict[str, str] = {}
        for one in sorted(entries, key=lambda entry: entry.order):
            if one.phone and (one.customer_id, one.phone) in self.present:
                bearers.setdefault(one.phone, one.customer_id)
        return bearers

    @property
    def says(self) -> Entry:
        """What says the name and the phone: the latest signed change, or else the registration that holds."""
        return last_amendment(self.own) or self.ruling.winner

    @property
    def name(self) -> str | None:
        """The name said; where that is not full, a full one of the registration that holds."""
        says, winner = self.says, self.ruling.winner
        return winner.name if winner.has_full_name and not says.has_full_name else says.name

    @property
    def phone(self) -> str | None:
        """The phone said; one by which they are no longer recognised is not theirs."""
        said, phones = self.says.phone, self.phones
        return said if said in phones else next(iter(phones), None)

    @property
    def has_correct_phone(self) -> bool:
        """Whether that is a correct one."""
        phone = self.phone
        return phone is not None and any(one.has_correct_phone for one in self.own if one.phone == phone)

    def article_of(self, customer_id: str) -> str:
        """By which article this id belongs to the customer."""
        return ARTICLE if any(customer_id == entry.customer_id for entry in self.own) else FAMILY_ARTICLE


def tail_of(phone: str) -> str:
    """尾号: the last four digits."""
    return phone[-4:]


def last_eight_of(phone: str) -> str:
    """The last eight digits: a landline without its area code, a mobile phone without its first three."""
    return phone[-8:]


def standings(entries: Iterable[Entry], ties: Ties) -> list[Standing]:
    """Every customer among these registrations, the one whose registration ranks first first."""
    by_id: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_id[entry.customer_id].append(entry)
    spells = spells_of(entry for own in by_id.values() for entry in own)
    persons = [_Person(ids, by_id) for ids in _same(by_id, spells, ties)]
    phones = _phones_by_id(spells)
    return [_standing(head, family, phones) for head, family in _families(persons, ties)]


def alone(entry: Entry) -> Standing:
    """The same of one registration of somebody to whom nothing leads."""
    recognised = {(entry.customer_id, mark[1]) for mark in marks_of(entry)[:1] if mark[0] == _PHONE}
    return Standing(rule([entry]), (entry,), (entry,), frozenset(recognised))


def spells_of(entries: Iterable[Entry]) -> list[Spell]:
    """The spells of all marks that these registrations bear."""
    present: dict[Mark, Spell] = {}
    over = []
    for entry in sorted(entries, key=lambda one: one.order):
        marks = marks_of(entry)
        if entry.kind is Kind.AMENDED:
            ended = [spell for spell in present.values() if entry.customer_id in spell.ids and spell.mark not in marks]
            for spell in ended:
                spell.over = True
                over.append(present.pop(spell.mark))
        for mark in marks:
            present.setdefault(mark, Spell(mark)).ids[entry.customer_id] = None
    return [*over, *present.values()]


def holders(spells: Iterable[Spell], phone: str) -> frozenset[str]:
    """The ids that are recognised by this phone now."""
    return frozenset(one for spell in spells if spell.mark == (_PHONE, phone) and not spell.over for one in spell.ids)


def share_a_phone(spells: Iterable[Spell], one: str, other: str) -> bool:
    """Whether two ids are one customer by a phone, so that nobody's word is needed or heard."""
    return any(one in spell.ids and other in spell.ids for spell in spells if spell.mark[0] != _NAME)


def marks_of(entry: Entry) -> list[Mark]:
    """What a registration makes its customer known by: the phone first, then the full name with its end."""
    if not entry.phone:
        return []
    if entry.proved_wrong:
        return [(_WRONG, entry.phone)]
    name = entry.full_name if entry.phone_correct else None
    named = [(_NAME, name, tail_of(entry.phone))] if name else []
    return [(_PHONE, entry.phone), *named]


class _Person:
    """The ids of one person with their registrations."""

    def __init__(self, ids: frozenset[str], by_id: Mapping[str, Sequence[Entry]]) -> None:
        self.ids = ids
        self.entries = tuple(entry for one in sorted(ids) for entry in by_id[one])

    @property
    def rank(self) -> tuple[bool, tuple[datetime, bool, str, str]]:
        """Who counts before who does not, then who registered first."""
        return min((not entry.counts, entry.order) for entry in self.entries)


def _same(ids: Collection[str], spells: Iterable[Spell], ties: Ties) -> list[frozenset[str]]:
    """The ids of each person: what leads from one to the next."""
    near: dict[str, set[str]] = {one: set() for one in ids}
    for one, other in _links(spells, ties):
        if one in near and other in near:
            near[one].add(other)
            near[other].add(one)
    found, left = [], set(ids)
    for first in sorted(ids):
        person, newest = set(), {first} & left
        while newest:
            person |= newest
            newest = {other for one in newest for other in near[one]} - person
        if person:
            left -= person
            found.append(frozenset(person))
    return found


def _links(spells: Iterable[Spell], ties: Ties) -> Iterator[tuple[str, str]]:
    yield from ties.same
    for spell in spells:
        ids = list(spell.ids)
        doubted = spell.mark[0] == _NAME and any(one in spell.ids and other in spell.ids for one, other in ties.apart)
        for one, other in combinations(ids, 2) if doubted else zip(ids, ids[1:], strict=False):
            if not doubted or pair(one, other) not in ties.apart:
                yield one, other


def _families(persons: Iterable[_Person], ties: Ties) -> list[tuple[_Person, list[tuple[_Person, Kin]]]]:
    """Each person whose registration holds, with the relatives who join them.

    One hop: who ranks later joins the first whose registration holds among those directly related to them.
    """
    heads: list[tuple[_Person, list[tuple[_Person, Kin]]]] = []
    place: dict[str, int] = {}  # among the heads, of each of their ids
    kin = _kin_by_id(ties)
    for person in sorted(persons, key=lambda one: one.rank):
        related = [place[other] for one in person.ids & kin.keys() for other in kin[one] if other in place]
        if related:
            head, family = heads[min(related)]
            family.append((person, _between(head, person, kin)))
        else:
            place |= dict.fromkeys(person.ids, len(heads))
            heads.append((person, []))
    return heads


def _kin_by_id(ties: Ties) -> dict[str, dict[str, Kin]]:
    """What others are to each id."""
    kin: dict[str, dict[str, Kin]] = defaultdict(dict)
    for (first, second), kind in ties.kin.items():
        kin[first][second] = kind
        kin[second][first] = kind.other_way
    return kin


def _between(head: _Person, person: _Person, kin: Mapping[str, Mapping[str, Kin]]) -> Kin:
    """What `person` is to `head`, who are directly related; of several relations the first by id."""
    (_head_id, _id), known = min(
        ((one, other), kin[one][other]) for one in head.ids & kin.keys() for other in person.ids & kin[one].keys()
    )
    return known


def _standing(head: _Person, family: Sequence[tuple[_Person, Kin]], phones: Mapping[str, Sequence[str]]) -> Standing:
    relatives = {one: relation for person, relation in family for one in person.ids}
    entries = head.entries + tuple(entry for person, _kin in family for entry in person.entries)
    present = frozenset((one, phone) for one in head.ids | relatives.keys() for phone in phones.get(one, ()))
    return Standing(rule(entries, relatives), entries, head.entries, present)


def _phones_by_id(spells: Iterable[Spell]) -> Mapping[str, Sequence[str]]:
    """The phones by which each id is recognised now."""
    phones: dict[str, list[str]] = defaultdict(list)
    for spell in spells:
        if spell.mark[0] == _PHONE and not spell.over:
            for one in spell.ids:
                phones[one].append(spell.mark[1])
    return phones
