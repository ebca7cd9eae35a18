"""Where one can go: each entry with its address, its words and the permission that its route asks for."""

from typing import NamedTuple

from flask import request

from chassis.identity import Who
from gateway.office import the_office


class Entry(NamedTuple):
    """A page in the menu; `beneath`: all addresses that begin with it are that page too; `of_a_branch`: only for
    people of one."""

    path: str
    words: str
    permission: str
    beneath: str
    of_a_branch: bool = False

    def is_open_to(self, who: Who) -> bool:
        """Whether this person finds anything there."""
        return who.may(self.permission) and (who.branch_id is not None or not self.of_a_branch)

    @property
    def is_here(self) -> bool:
        """Whether the reader looks at it."""
        return request.path == self.path or request.path.startswith(self.beneath)


MENU = (
    Entry("/", "hall.title", "reception.see", "/halls/"),
    Entry("/mine", "mine.short", "reception.attend", "/mine/", of_a_branch=True),
    Entry("/customers", "customers.title", "customers.see", "/customers/"),
    Entry("/pool", "pool.title", "customers.claim", "/pool/", of_a_branch=True),
    Entry("/office", "office.title", "office.see", "/office/"),
    Entry("/sheet", "sheet.short", "reporting.see", "/sheet/"),
)

OFFICE = (
    Entry("/office", "office.waits", "office.see", "/office/matters/"),
    Entry("/office/roster", "roster.title", "office.see", "/office/roster/"),
    Entry("/office/line", "line.title", "office.see", "/office/line/"),
    Entry("/office/register", "register.title", "office.see", "/office/register/"),
    Entry("/office/policy", "policy.title", "office.see", "/office/policy/"),
    Entry("/office/settlement", "settlement.title", "office.see", "/office/settlement/"),
    Entry("/office/candidates", "candidate.list_title", "customers.sign", "/office/candidates/"),
    Entry("/office/handovers", "handover.list_title", "customers.manage", "/office/handovers/"),
    Entry("/office/reveals", "reveal.list_title", "customers.manage", "/office/reveals/"),
    Entry("/office/ownership", "ownership.title", "office.see", "/office/ownership/"),
    Entry("/office/customer-settings", "customer_settings.title", "office.see", "/office/customer-settings/"),
    Entry("/office/delegations", "delegations.title", "office.see", "/office/delegations/"),
    Entry("/office/recycle-bin", "bin.title", "customers.manage", "/office/recycle-bin/"),
    Entry("/office/erasures", "erasure.list_title", "customers.manage", "/office/erasures/"),
)
"""The rooms of the office, for who leads."""
_POINTS = Entry("/office/points", "points.rules", "office.see", "/office/points/")


def rooms() -> tuple[Entry, ...]:
    """The rooms of this company's office: that of points only where it keeps them."""
    return (*OFFICE, _POINTS) if the_office().options.points else OFFICE


def menu_of(who: Who) -> list[Entry]:
    """What this reader may open; one entry alone is no choice."""
    found = [entry for entry in MENU if entry.is_open_to(who)]
    return found if len(found) > 1 else []
