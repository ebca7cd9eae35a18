"""What waits for who leads: penalties, disputes, leave, 撞单, names, family, cases; and how each is decided."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chassis.identity import Who
from gateway.pages.inside import Reply, ask
from gateway.pages.rooms import HALLS, Place

DISCIPLINE = "/api/v1/reception/discipline"
LEAVES = "/api/v1/reception/leaves"
RECEPTIONS = "/api/v1/reception/receptions"
CUSTOMERS = "/api/v1/customers"
_MOST = 200  # of one list; who has more waiting is told so
_NAMED = 20  # of a list of customers' matters: those come with the customers' files

Item = Mapping[str, Any]


@dataclass(frozen=True)
class Waiting:
    """The open matters of one list; `reply`: the service's refusal, when it did not tell them all."""

    items: list[Item]
    more: bool = False
    reply: Reply | None = None


@dataclass(frozen=True)
class Kind:
    """One kind of matter: who decides it, what can be decided, and where that is said.

    `choices` by the matter's state, "" for any; `way` is filled with the matter's fields and the choice; `concerns`
    names the people who do not decide it, as nobody does in an own case. `wordless` choices take no reason.
    """

    code: str
    permission: str
    id: str
    choices: Mapping[str, tuple[str, ...]]
    way: str
    concerns: tuple[str, ...]
    wordless: tuple[str, ...] = ()

    def may_decide(self, one: Item) -> tuple[str, ...]:
        """What can be decided about it now."""
        return self.choices.get(str(one.get("state")), self.choices.get("", ()))

    def is_own(self, who: Who, one: Item) -> bool:
        """Whether it is the reader's own case."""
        return who.actor_id in [one.get(name) for name in self.concerns]


PENALTY = Kind(
    "penalty",
    "discipline.decide",
    "penalty_id",
    {"proposed": ("confirm", "waive"), "appealed": ("uphold", "waive")},
    DISCIPLINE + "/penalties/{penalty_id}/{choice}",
    ("staff_id",),
)
DISPUTE = Kind(
    "dispute",
    "discipline.mediate",
    "dispute_id",
    {"": ("decide",)},
    DISCIPLINE + "/disputes/{dispute_id}/decide",
    ("reporter_id", "other_id"),
)
LEAVE = Kind(
    "leave",
    "reception.attend",
    "leave_id",
    {"asked": ("approve", "refuse")},
    LEAVES + "/{leave_id}/{choice}",
    ("staff_id",),
)
RULING = Kind(
    "ruling",
    "reception.receive",
    "ruling_id",
    {"asked": ("confirm", "refuse")},
    RECEPTIONS + "/{reception_id}/re-ruling/{choice}",
    ("original_id",),
)
CONFLICT = Kind(
    "conflict",
    "reception.manage",
    "entry_id",
    {"": ("settle",)},
    HALLS + "/{hall_id}/journal/conflicts/{entry_id}/settle",
    (),
)
CASE = Kind(
    "case",
    "discipline.remove",
    "case_id",
    {"open": ("removed", "kept")},
    DISCIPLINE + "/cases/{case_id}/decide",
    ("staff_id",),
)
AMENDMENT = Kind(
    "amendment",
    "customers.sign",
    "amendment_id",
    {"asked": ("sign", "refuse")},
    CUSTOMERS + "/amendments/{amendment_id}/{choice}",
    ("asked_by",),
    wordless=("sign",),
)
RELATION = Kind(
    "relation",
    "customers.manage",
    "relation_id",
    {"asked": ("confirm", "refuse")},
    CUSTOMERS + "/relations/{relation_id}/{choice}",
    ("asked_by",),
    wordless=("confirm",),
)


@dataclass(frozen=True)
class Section:
    """A list on the page of what waits."""

    code: str
    kind: Kind
    found: Callable[[Place], Waiting]


def _all(path: str, open_: Callable[[Item], bool] = lambda _one: True, **query: str) -> Waiting:
    reply = ask(path, limit=_MOST, **query)
    if not reply.ok:
        return Waiting([], reply=reply)
    return Waiting([one for one in reply.body["items"] if open_(one)], reply.body["next_after"] is not None)


def _in_halls(place: Place, part: str, open_: Callable[[Item], bool]) -> Waiting:
    """Of every hall in reach; the first that is not told ends it, as the others would not be told either."""
    items: list[Item] = []
    more = False
    if not place.reply.ok:
        return Waiting([], reply=place.reply)
    for hall in place.halls:
        found = _all(f"{HALLS}/{hall['hall_id']}/{part}", open_)
        here = {"hall_id": hall["hall_id"], "hall": hall["name"], "branch_id": hall["branch_id"]}
        items, more = items + [{**one, **here} for one in found.items], more or found.more
        if found.reply is not None:
            return Waiting(items, more, found.reply)
    return Waiting(items, more)


def _of_customers(part: str, *concerned: str) -> Waiting:
    """Those asked for, the first with the files that they concern, as far as they are in reach."""
    found = _all(f"{CUSTOMERS}/{part}", state="asked")
    named = [{**one, "files": [_file(one[name]) for name in concerned]} for one in found.items[:_NAMED]]
    return replace(found, items=[*named, *found.items[_NAMED:]])


def _file(customer_id: str) -> Item | None:
    reply = ask(f"{CUSTOMERS}/{customer_id}")
    return reply.body if reply.ok else None


SECTIONS = (
    Section("proposed", PENALTY, lambda _place: _all(f"{DISCIPLINE}/penalties", state="proposed")),
    Section("appealed", PENALTY, lambda _place: _all(f"{DISCIPLINE}/penalties", state="appealed")),
    Section("ruling", RULING, lambda place: _in_halls(place, "re-rulings", lambda one: one["state"] == "asked")),
    Section("leave", LEAVE, lambda _place: _all(LEAVES, state="asked")),
    Section("dispute", DISPUTE, lambda _place: _all(f"{DISCIPLINE}/disputes", lambda one: one["decided_at"] is None)),
    Section("conflict", CONFLICT, lambda place: _in_halls(place, "journal/conflicts", lambda _one: True)),
    Section("amendment", AMENDMENT, lambda _place: _of_customers("amendments", "customer_id")),
    Section("relation", RELATION, lambda _place: _of_customers("relations", "customer_id", "relative_id")),
    Section("case", CASE, lambda _place: _all(f"{DISCIPLINE}/cases", lambda one: one["state"] == "open")),
)
KINDS = tuple({section.kind.code: section.kind for section in SECTIONS}.values())


def sections_for(who: Who) -> list[Section]:
    """The lists of what this reader may decide."""
    return [section for section in SECTIONS if who.may(section.kind.permission)]


def the_matter(kind: Kind, place: Place, matter_id: str) -> Item | Reply | None:
    """One matter that waits; None: it does not wait any more. A penalty comes with its way and what it rests on."""
    if kind is PENALTY:
        reply = ask(f"{DISCIPLINE}/penalties/{matter_id}")
        return reply.body if reply.ok else reply
    found = [section.found(place) for section in SECTIONS if section.kind is kind]
    return _named(kind, matter_id, found)


def _named(kind: Kind, matter_id: str, found: Iterable[Waiting]) -> Item | Reply | None:
    for waiting in found:
        for one in waiting.items:
            if one[kind.id] == matter_id:
                return one
        if waiting.reply is not None:
            return waiting.reply
    return None
