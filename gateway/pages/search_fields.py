"""What customers can be looked for by: the fields of their file and the company's own, and what there is to choose."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from gateway.identity.rules import LEADING
from gateway.pages.company import Company
from gateway.pages.customer_forms import CUSTOMERS, path_of
from gateway.pages.inside import ask
from gateway.pages.language import TEXTS, text, the_language
from gateway.pages.sheet_fields import title_of

DETAIL = "details."
"""Before the id of a field that the company has made."""

UNKNOWN = ""
"""What is chosen where nothing is known, or nobody owns the customer; no choice is ever called so."""

_OFFERED = 24  # of a branch's tags, the one of most customers first


class Kind(StrEnum):
    """What a field holds, and so how it is asked for."""

    WORDS = "words"
    CHOICE = "choice"
    SEVERAL = "several"
    NUMBER = "number"
    YES_NO = "yes_no"
    DAY = "day"


KINDS: Mapping[str, Kind] = {
    "grade": Kind.CHOICE,
    "owner_id": Kind.CHOICE,
    "last_contact": Kind.DAY,
    "next_contact": Kind.DAY,
    "registered": Kind.DAY,
    "customer_type": Kind.CHOICE,
    "key_account": Kind.YES_NO,
    "branch_id": Kind.CHOICE,
    "tags": Kind.SEVERAL,
    "company": Kind.WORDS,
    "industry": Kind.WORDS,
    "province": Kind.WORDS,
    "city": Kind.WORDS,
    "district": Kind.WORDS,
    "demand.purpose": Kind.WORDS,
    "demand.budget": Kind.WORDS,
    "demand.layout": Kind.WORDS,
    "demand.area": Kind.WORDS,
    "demand.preference": Kind.WORDS,
    "demand.purchasing_power": Kind.WORDS,
    "name": Kind.WORDS,
    "code": Kind.WORDS,
    "source": Kind.CHOICE,
    "parent_id": Kind.CHOICE,
    "remarks": Kind.WORDS,
}
"""The fields that customers can be asked for by, in the order of the form."""

_OF_OWN = {
    "text": Kind.WORDS,
    "number": Kind.NUMBER,
    "date": Kind.DAY,
    "choice": Kind.CHOICE,
    "choices": Kind.SEVERAL,
    "yes_no": Kind.YES_NO,
}
_LISTED = (Kind.CHOICE, Kind.YES_NO, Kind.DAY)
_YES_NO = ("yes", "no")
_SOURCES = ("reception", "person", "import")


Called = Callable[[str], str]
Listing = Callable[[], Mapping[str, str]]


def _as_it_stands(value: str) -> str:
    return value


@dataclass(frozen=True)
class SearchField:
    """A field: its name at customers and what it is called; `called` says it of a choice, `unknown` of none.

    `listing` says what there is to choose, and is not asked before somebody chooses.
    """

    name: str
    kind: Kind
    title: str
    listing: Listing = dict
    called: Called = _as_it_stands
    unknown: str = ""

    @property
    def in_addresses(self) -> bool:
        """Whether it may stand in an address: only what is chosen from lists of the company's, or a day of contact.

        What is typed never does, nor tags and own days, which may say who somebody is.
        """
        own_day = self.kind is Kind.DAY and self.name.startswith(DETAIL)
        return self.kind in _LISTED and not own_day

    def word(self, value: str) -> str:
        """What a choice is called."""
        return self.called(value) if value else self.unknown

    def offered(self, chosen: Iterable[str]) -> dict[str, str]:
        """The choices with their words, and those that are chosen already whatever they are."""
        listed = dict(self.listing())
        return listed | {one: self.word(one) for one in chosen if one not in listed}


class SearchFields:
    """The fields as the reader may use them in a branch (None: the whole company); each list is asked for once."""

    def __init__(self, company: Company, branch_id: str | None) -> None:
        self.company = company
        self._branch_id = branch_id
        pool, none, blank = text("customer.pool"), text("search.no_parent"), text("search.unknown")
        self._of_lists: Mapping[str, tuple[Listing, Called, str]] = {
            "grade": (lambda: _these("A", "B", "C"), _as_it_stands, blank),
            "owner_id": (self._owners, company.name, pool),
            "branch_id": (lambda: _called(company.branches, self._branch), self._branch, ""),
            "customer_type": (lambda: _these(*self._types), _as_it_stands, blank),
            "key_account": (lambda: _called(_YES_NO, _yes_no), _yes_no, ""),
            "source": (lambda: _called(_SOURCES, _source), _source, ""),
            "parent_id": (dict, _customer, none),
            "tags": (lambda: _these(*self._tags), _as_it_stands, text("search.untagged")),
        }

    def named(self, name: str) -> SearchField:
        """The field of this name; of one that nobody knows customers will say so."""
        if name.startswith(DETAIL):
            return self._own_field(name, self._own_row(name.removeprefix(DETAIL)))
        kind = KINDS.get(name, Kind.WORDS)
        listing, called, unknown = self._of_lists.get(name, (dict, _as_it_stands, text("search.unknown")))
        return SearchField(name, kind, field_title(name), _and_unknown(listing, unknown), called, unknown)

    def offered(self) -> dict[str, SearchField]:
        """All that can be asked for, by name; of own fields those in use."""
        own = [f"{DETAIL}{one['field_id']}" for one in self._own.values() if not one["retired"]]
        return {name: self.named(name) for name in (*KINDS, *own)}

    @cached_property
    def _own(self) -> dict[str, dict[str, Any]]:
        reply = ask(f"{CUSTOMERS}/fields", branch_id=self._branch_id)
        return {one["field_id"]: one for one in reply.body["items"]} if reply.ok else {}

    @cached_property
    def _types(self) -> list[str]:
        reply = ask(f"{CUSTOMERS}/types", branch_id=self._branch_id)
        return list(reply.body["names"]) if reply.ok else []

    @cached_property
    def _tags(self) -> list[str]:
        reply = ask(f"{CUSTOMERS}/tags", branch_id=self._branch_id)
        return [one["tag"] for one in reply.body["items"]][:_OFFERED] if reply.ok else []

    def _own_row(self, field_id: str) -> dict[str, Any] | None:
        """Also of another branch's field, by which a saved question may ask."""
        if field_id not in self._own:
            reply = ask(path_of("fields", field_id))
            if not reply.ok:
                return None
            self._own[field_id] = reply.body
        return self._own[field_id]

    def _own_field(self, name: str, row: Mapping[str, Any] | None) -> SearchField:
        blank = text("search.unknown")
        if row is None:
            return SearchField(name, Kind.WORDS, text("search.gone_field"), unknown=blank)
        kind, title = _OF_OWN[row["kind"]], row[f"name_{the_language()}"]
        if kind is Kind.YES_NO:
            return SearchField(name, kind, title, lambda: _called(_YES_NO, _yes_no) | {UNKNOWN: blank}, _yes_no, blank)
        return SearchField(name, kind, title, _and_unknown(lambda: _these(*row["choices"]), blank), unknown=blank)

    def _owners(self) -> dict[str, str]:
        """Who may have customers: those who receive visitors, then those who lead, who own whom they registered."""
        sellers = self.company.sellers(self._branch_id)
        places = (self._branch_id,) if self._branch_id else tuple(self.company.branches)
        others = [one for one in self.company.staff.values() if one["active"] and one["branch_id"] in places]
        leading = sorted((one for one in others if one["role"] in LEADING), key=lambda one: str(one["name"]))
        return {one["id"]: str(one["name"]) for one in (*sellers, *leading)}

    def _branch(self, branch_id: str) -> str:
        known = self.company.branches.get(branch_id)
        return str(known["name"]) if known else text("company.elsewhere")


def field_title(name: str) -> str:
    """What a field of the file is called."""
    code = f"search.fields.{name}"
    return text(code) if TEXTS.knows(code) else title_of(name)


def _these(*values: str) -> dict[str, str]:
    return {one: one for one in values}


def _called(values: Iterable[str], called: Called) -> dict[str, str]:
    return {one: called(one) for one in values}


def _and_unknown(listing: Listing, unknown: str) -> Listing:
    return lambda: {**listing(), UNKNOWN: unknown} if unknown else listing()


def _yes_no(value: str) -> str:
    return text(f"customer.{value}") if value in _YES_NO else value


def _source(value: str) -> str:
    return text(f"customer.sources.{value}") if value in _SOURCES else value


def _customer(customer_id: str) -> str:
    file = ask(path_of(customer_id))
    return f"{file.body['code']} {file.body['name'] or ''}".strip() if file.ok else text("customer.out_of_reach")
