"""What the first start on a folder makes, in either shape: the demo company, or one administrator.

A note in the folder says that it is under way; a first start that was cut off was never announced as ready, so the
next one begins again from nothing.
"""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from deploy.data_folder import write_private
from deploy.demo import company

Kind = Literal["demo", "empty"]
CreateAdministrator = Callable[[str, str, str], None]
"""Makes the first who may make all others: username, name, password."""

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read wrong: no i, l, o, 0, 1


def begin(folder: Path, *, empty: bool, made: bool, clear: Callable[[], None]) -> Kind | None:
    """Which first start is to be made before the system is opened; None if it was made already.

    `made`: whether there are databases; `clear` removes what a first start that was cut off left of them.
    """
    note = _note(folder)
    if made and not note.exists():
        return None
    clear()
    kind: Kind = "empty" if empty else "demo"
    write_private(note, kind)
    return kind


def finish(kind: Kind | None, folder: Path, create: CreateAdministrator, url: str, say: Callable[..., None]) -> None:
    """Make what `begin` named, in the system that answers at `url`, and say how to sign in."""
    if kind == "empty":
        say("administrator", password=_administrator(create))
    elif kind == "demo":
        say("making_demo")
        accounts = company.make(url, _administrator(create))
        write_private(_accounts(folder), company.text_of(accounts))
    _note(folder).unlink(missing_ok=True)
    if _accounts(folder).exists():
        account = next(company.accounts_in(_accounts(folder)))
        say("demo_sign_in", password=account.password, file=_accounts(folder))


def _administrator(create: CreateAdministrator) -> str:
    password = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
    create(company.HEADQUARTERS_USERNAME, company.HEADQUARTERS_NAME, password)
    return password


def _note(folder: Path) -> Path:
    return folder / "first-start"


def _accounts(folder: Path) -> Path:
    return folder / "demo-accounts.json"
