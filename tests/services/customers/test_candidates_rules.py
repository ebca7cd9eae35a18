"""In what two customers are alike (rule 4 of the register)."""

import pytest

from services.customers.candidates.rules import Alike, Known, alike, near_phones

PHONE = "+8613800138000"


@pytest.mark.parametrize(
    ("name", "phone", "found"),
    [
        ("王小明", "+8613900139111", (Alike.NAME,)),
        ("王 小明先生", None, (Alike.NAME,)),
        ("李四", "+8613800138000", (Alike.SAME_PHONE,)),
        ("李四", "+8613800138001", (Alike.PHONE,)),
        ("李四", "+8613800183000", (Alike.PHONE,)),
        ("李四", "+8613900138000", (Alike.PHONE,)),
        ("李四", "+8615900138000", (Alike.LAST_EIGHT,)),
        ("李四", "+861000138000", (Alike.LAST_EIGHT,)),
        ("王小明", "+8613800138010", (Alike.NAME, Alike.PHONE)),
        ("李四", "+8613800138011", ()),
        ("王先生", None, ()),
        (None, None, ()),
    ],
)
def test_same_name_or_near_phone(name: str | None, phone: str | None, found: tuple[Alike, ...]) -> None:
    """The full name however it is written; one digit off, two neighbours swapped, or the same last eight digits."""
    mine, other = Known("王小明", PHONE), Known(name, phone)
    assert alike(mine, other) == alike(other, mine) == found


def test_a_surname_is_nobody_s_candidate() -> None:
    """Two who are registered as 王先生 have no name in common."""
    assert alike(Known("王先生", None), Known("王先生", None)) == ()


def test_every_phone_that_is_looked_up_is_near() -> None:
    """What is asked of the register is what the rule calls near, each phone once."""
    asked = list(near_phones(PHONE))
    assert len(asked) == len(set(asked)) == 8 * 9 + 5
    assert all(alike(Known(None, PHONE), Known(None, phone)) == (Alike.PHONE,) for phone in asked)
