"""Why a customer is erased, who asked for it, and what has to be repeated first.

PIPL 47 (个人信息保护法 第四十七条): whoever handles personal information deletes it when the person asks, when it is no
longer needed, or when its time is over; who has died is spoken for by the family (第四十九条).
"""

from enum import StrEnum

ARTICLE = "个人信息保护法 第四十七条"


class Because(StrEnum):
    """Why: somebody asked for it, or the time in the recycle bin was over."""

    ASKED = "asked"
    PURGED = "purged"


class Requester(StrEnum):
    """Who asked, without saying who they are."""

    PERSON = "person"
    REPRESENTATIVE = "representative"
    RELATIVE = "relative"
    AUTHORITY = "authority"
    COMPANY = "company"


class CodeNotRepeated(Exception):
    """What is to be erased cannot be brought back: the customer's code must be repeated, and this is another."""


class StandsForRelatives(Exception):
    """The customer is a family (一.5), and one of them asked: who is to stay is taken out of it first."""


def check_repeated(code: str, said: str) -> None:
    """Raises CodeNotRepeated unless the customer's code is said once more."""
    if said.strip().upper() != code.upper():
        raise CodeNotRepeated
