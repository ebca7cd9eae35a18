"""Codes, masks, signatures, and phones in one form."""

import pytest

from services.customers.files.rules import SignatureNeeded, check_signature, code_of, masked, number_of
from services.customers.register.phones import PhoneNotValid, in_one_form, is_correct

BEFORE = {"name": "王先生", "phone": None}


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


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "138-0013-8000",
        "138 0013 8000",
        "+86 138 0013 8000",
        "0086 13800138000",
        "１３８００１３８０００",
    ],
)
def test_a_phone_has_one_form(text: str) -> None:
    """A hyphen in the phone hides no duplicate."""
    assert in_one_form(text) == "+8613800138000"


@pytest.mark.parametrize(
    "text", ["12345", "138001380001", "1380013800", "++", "phone", "+99999999", "13800138000 ext 5"]
)
def test_what_is_no_phone_is_refused(text: str) -> None:
    """A number that no phone can have is told so."""
    with pytest.raises(PhoneNotValid):
        in_one_form(text)


@pytest.mark.parametrize("phone", [None, "", "13800138000", "+86138"])
def test_only_a_phone_in_its_one_form_is_correct(phone: str | None) -> None:
    """What is not E.164, or no phone at all, does not count as correct."""
    assert not is_correct(phone)


@pytest.mark.parametrize(
    ("reach", "actor", "after"),
    [("own", "li", {"name": "王小明", "phone": None}), ("branch", "li", {"name": "王小明", "phone": None})],
)
def test_a_registered_name_needs_a_signature_of_another(reach: str, actor: str, after: dict[str, str | None]) -> None:
    """一.3: neither the salesperson nor, in an own case, a manager alters what was registered."""
    with pytest.raises(SignatureNeeded):
        check_signature(reach, actor, "li", BEFORE, after)


def test_a_supervisor_signs_and_a_missing_phone_is_filled_in_by_anyone() -> None:
    """一.3: signed by another it holds; adding a phone that was not registered alters nothing."""
    check_signature("team", "supervisor", "li", BEFORE, {"name": "王小明", "phone": None})
    check_signature("own", "li", "li", BEFORE, {"name": "王先生", "phone": "+8613800138000"})
