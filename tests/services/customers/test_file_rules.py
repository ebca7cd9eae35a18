"""Codes, masks, and which phones are correct."""

import pytest

from services.customers.files.rules import code_of, masked, number_of
from services.customers.register.phones import is_correct


@pytest.mark.parametrize(
    ("number", "code"), [(1, "A001"), (16, "A016"), (999, "A999"), (1000, "A1000"), (12345, "A12345")]
)
def test_codes_widen(number: int, code: str) -> None:
    """A001 … A999, then A1000; a code of our form says its number."""
    assert code_of(number) == code
    assert number_of(code) == number


@pytest.mark.parametrize("code", ["B001", "A1", "A0999", "A", "VIP-7", "A000x"])
def test_foreign_codes_have_no_number(code: str) -> None:
    """A code of another form is nobody's number, so it moves no counter."""
    assert number_of(code) == 0


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("+8613812341234", "138****1234"), ("+442079460123", "****0123"), ("+861065529988", "****9988"), (None, None)],
)
def test_phones_are_masked(phone: str | None, shown: str | None) -> None:
    """138****1234: enough to recognise, too little to call."""
    assert masked(phone) == shown


@pytest.mark.parametrize("phone", [None, "", "13800138000", "+86138"])
def test_only_a_phone_in_its_one_form_is_correct(phone: str | None) -> None:
    """What is not E.164, or no phone at all, does not count as correct."""
    assert not is_correct(phone)
