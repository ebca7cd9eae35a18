"""Phones in one form: E.164, Chinese numbers without their country code included."""

import phonenumbers

_HOME = "CN"


class PhoneNotValid(Exception):
    """No phone has this number."""


def in_one_form(text: str) -> str:
    """A phone as people write it (`138-1234-5678`) in E.164; raises PhoneNotValid."""
    try:
        number = phonenumbers.parse(text, _HOME)
    except phonenumbers.NumberParseException as error:
        raise PhoneNotValid from error
    if number.extension or not phonenumbers.is_valid_number(number):
        raise PhoneNotValid
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def is_correct(phone: str | None) -> bool:
    """Whether a phone in E.164 is one that exists by its form."""
    try:
        return phone is not None and in_one_form(phone) == phone
    except PhoneNotValid:
        return False
