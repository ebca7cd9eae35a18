"""Reading a phone number as it was typed."""

import phonenumbers

_HOME = "CN"


class BadPhone(Exception):
    """What was typed is no phone number that exists."""


def e164(typed: str) -> str:
    """The number in E.164 (+8613800001234); raises BadPhone. Without a country code it is a Chinese one."""
    try:
        number = phonenumbers.parse(typed, _HOME)
    except phonenumbers.NumberParseException as error:
        raise BadPhone from error
    if not phonenumbers.is_valid_number(number):
        raise BadPhone
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
