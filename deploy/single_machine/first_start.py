"""What the first start on a folder makes: the demo company, or one administrator.

A note in the folder says that it is under way; a first start that was cut off was never announced as ready, so the
next one begins again from nothing.
"""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from deploy.demo import company
from deploy.single_machine.data_folder import write_private
from deploy.single_machine.house import House

Kind = Literal["demo", "empty"]
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read wrong: no i, l, o, 0, 1


def begin(folder: Path, *, empty: bool) -> Kind | None:
    """Which first start is to be made in `folder` before the house is opened; None if it was made already."""
    note = _note(folder)
    if not note.exists() and (folder / "gateway.db").exists():
        return None
    for leftover in folder.glob("*.db*"):
        leftover.unlink()
    kind: Kind = "empty" if empty else "demo"
    write_private(note, kind)
    return kind


def finish(kind: Kind | None, folder: Path, house: House, url: str, say: Callable[..., None]) -> None:
    """Make what `begin` named, against the system that answers at `url`, and say how to sign in."""
    if kind == "empty":
        _administrator(house, say)
    elif kind == "demo":
        say("making_demo")
        accounts = company.make(url, _administrator(house, None))
        write_private(_accounts(folder), company.text_of(accounts))
    _note(folder).unlink(missing_ok=True)
    if _accounts(folder).exists():
        account = next(company.accounts_in(_accounts(folder)))
        say("demo_sign_in", password=account.password, file=_accounts(folder))


def _administrator(house: House, say: Callable[..., None] | None) -> str:
    password = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
    house.create_administrator(company.HEADQUARTERS_USERNAME, company.HEADQUARTERS_NAME, password)
    if say:
        say("administrator", password=password)
    return password


def _note(folder: Path) -> Path:
    return folder / "first-start"


def _accounts(folder: Path) -> Path:
    return folder / "demo-accounts.json"
