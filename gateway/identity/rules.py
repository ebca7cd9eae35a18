"""Who may do what. One table of roles; a role includes what the one before it may do (product.md §6)."""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

Reach = Literal["own", "team", "branch", "all"]

_SALESPERSON = frozenset(
    {
        "discipline.answer",
        "discipline.see",
        "reception.admit",
        "reception.attend",
        "reception.receive",
        "reception.see",
        "customers.see",
        "customers.register",
        "customers.edit",
        "customers.claim",
        "followups.see",
        "followups.record",
        "events.watch",
    }
)
_SUPERVISOR = _SALESPERSON | {
    "customers.reveal",
    "customers.sign",
    "discipline.mediate",
    "followups.sign",
    "office.see",
    "reporting.see",
}
_MANAGER = _SUPERVISOR | {
    "customers.export",
    "customers.manage",
    "discipline.decide",
    "events.read",
    "identity.see",
    "reception.hand_in",
    "reception.manage",
    "reception.policy",
}
_SALES_ADMINISTRATOR = _MANAGER | {"customers.import", "operations.see"}
_HEADQUARTERS = _SALES_ADMINISTRATOR | {
    "customers.export_rights",
    "discipline.remove",
    "identity.manage",
    "operations.manage",
}

PERMISSIONS = _HEADQUARTERS
_READING = frozenset(name for name in PERMISSIONS if name.endswith(".see")) | {"events.read", "events.watch"}


@dataclass(frozen=True)
class Role:
    """What people of one role may do, and how far they see. `shared`: anybody of the hall may stand at the account's
    tablet, so that a personal act there takes a PIN (product.md §1).
    """

    name: str
    reach: Reach
    permissions: frozenset[str]
    shared: bool = False

    @property
    def belongs_to_a_branch(self) -> bool:
        return self.reach != "all"


ROLES = {
    role.name: role
    for role in (
        Role("salesperson", "own", _SALESPERSON),
        Role("supervisor", "team", _SUPERVISOR),
        Role("manager", "branch", _MANAGER),
        Role("sales_administrator", "branch", _SALES_ADMINISTRATOR),
        Role("headquarters", "all", _HEADQUARTERS),
        Role("buyer", "own", frozenset()),  # the purchasing rooms bring the permissions of buyers
        Role("auditor", "all", _READING),
        Role(
            "front_desk",
            "branch",
            frozenset({"reception.admit", "reception.hand_in", "reception.see", "events.watch"}),
            shared=True,
        ),
    )
}
SHARED = frozenset(role.name for role in ROLES.values() if role.shared)
LEADING = frozenset(
    name for name, role in ROLES.items() if name == "supervisor" or "reception.manage" in role.permissions
)
"""Who may act for others in a hall."""

# A password is long rather than ornate: NIST SP 800-63B §3.1.1.
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 256


class BranchNeeded(Exception):
    """This role belongs to a branch, and none was named."""

    def __init__(self, role: str) -> None:
        super().__init__(role)
        self.role = role


class BranchNotWanted(Exception):
    """This role belongs to the whole company, and a branch was named."""

    def __init__(self, role: str) -> None:
        super().__init__(role)
        self.role = role


class ElsewherePlaced(Exception):
    """The branch, department or team does not exist, is closed, or belongs to another branch; `place` says which."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


class GrantTooWide(Exception):
    """Nobody hands out what they may not do themselves."""


class CodeTaken(Exception):
    """Another branch has this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.branch_code = code


class UsernameTaken(Exception):
    """Someone signs in by this name already."""

    def __init__(self, username: str) -> None:
        super().__init__(username)
        self.username = username


class PasswordTooWeak(Exception):
    """The password is too short, too long, or the username itself."""

    def __init__(self) -> None:
        super().__init__()
        self.shortest, self.longest = SHORTEST_PASSWORD, LONGEST_PASSWORD


class UnknownTimeZone(Exception):
    """No such name in the IANA time zone database."""

    def __init__(self, time_zone: str) -> None:
        super().__init__(time_zone)
        self.time_zone = time_zone


class UnknownInIdentity(Exception):
    """No such branch, department, team or person, or not in reach: the asker is not told which."""


class AdministratorExists(Exception):
    """The company has staff already; the first administrator is made on an empty database only."""


class LastAdministrator(Exception):
    """The change would leave nobody who may manage identity."""


def plain_username(username: str) -> str:
    """The one spelling under which a username is stored and looked up."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def check_password(username: str, password: str) -> None:
    """Raises PasswordTooWeak."""
    fits = SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD
    if not fits or plain_username(password) == username:
        raise PasswordTooWeak


def check_time_zone(name: str) -> None:
    """Raises UnknownTimeZone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # an unknown name, a path, a folder
        raise UnknownTimeZone(name) from error


def check_place(role: Role, branch_id: str | None) -> None:
    """Whole-company roles stand in no branch, all others in one. Raises BranchNeeded, BranchNotWanted."""
    if role.belongs_to_a_branch and branch_id is None:
        raise BranchNeeded(role.name)
    if not role.belongs_to_a_branch and branch_id is not None:
        raise BranchNotWanted(role.name)


def check_grant(held: Collection[str], wanted: Iterable[str]) -> None:
    """Raises GrantTooWide unless the granter holds all that is granted."""
    if not set(wanted) <= set(held):
        raise GrantTooWide
