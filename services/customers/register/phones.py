"""Phones in one form: E.164, Chinese numbers without their country code included."""

import re
import unicodedata

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber

_HOME = "CN"
_MOBILE = re.compile(
    PhoneMetadata.metadata_for_region(_HOME).mobile.national_number_pattern  # type: ignore[union-attr, type-var]
)
_NEAR = ("852", "853", "886")  # written without + as often as with it
_LONGEST = 11  # without the 0 that is dialled first
_ABROAD = re.compile(r"(\+|00)(?!86)")
_COUNTRY_CODE = re.compile(r"^(00)?86(?=\d{10})")
_EXTENSION = re.compile(r"转|分机|ext|[-#]\d{1,5}$", re.IGNORECASE)
_POWER = re.compile(r"\d(\.\d+)?e\+?\d+", re.IGNORECASE)
_OF_A_CELL = re.compile(r"(\d+)\.0+")


class PhoneNotValid(Exception):
    """No phone has this number."""


class PhoneLostDigits(PhoneNotValid):
    """A sheet turned the phone into a number and rounded it (1.38E+10): its digits are lost."""


class PhoneWithExtension(PhoneNotValid):
    """A phone with an extension: the register holds what can be dialled by itself."""


class PhoneWithoutAreaCode(PhoneNotValid):
    """A landline number without its area code."""


class PhoneTooLong(PhoneNotValid):
    """More digits than a phone has, or several phones in one."""


class PhoneTooShort(PhoneNotValid):
    """Fewer digits than a mobile phone, or a landline with its area code, has."""


def in_one_form(text: str) -> str:
    """A phone as people and sheets write it (`138-1234-5678`, `１３８…`, `13812345678.0`) in E.164.

    Raises PhoneNotValid, or the kind of it that says what is wrong.
    """
    plain = _plain(text)
    if plain.isascii() and _MOBILE.fullmatch(plain):  # to parse the usual one too takes a hundred times as long
        return f"+86{plain}"
    if _POWER.fullmatch(plain):
        raise PhoneLostDigits
    number = _parsed(plain)
    if number is None:
        raise _what_is_wrong(plain)
    if number.extension:
        raise PhoneWithExtension
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def is_correct(phone: str | None) -> bool:
    """Whether a phone in E.164 is one that exists by its form."""
    if phone is not None and phone.startswith("+86") and _MOBILE.fullmatch(phone, 3):
        return True
    try:
        return phone is not None and in_one_form(phone) == phone
    except PhoneNotValid:
        return False


def _plain(text: str) -> str:
    """Without what cells and keyboards add: full width, an apostrophe in front, a fraction of zeros, marks unseen."""
    if text.isascii() and text.isdecimal():
        return text
    seen = "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf")
    whole = seen.strip().strip("'\"`’‘").strip()
    cell = _OF_A_CELL.fullmatch(whole)
    return cell[1] if cell else whole


def _parsed(plain: str) -> PhoneNumber | None:
    """The valid number that is meant, of here before anywhere else."""
    ways = [plain, f"+{plain}"] if re.sub(r"\D", "", plain).startswith(_NEAR) else [plain]
    for way in ways:
        try:
            number = phonenumbers.parse(way, _HOME)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return number
    return None


def _what_is_wrong(plain: str) -> PhoneNotValid:
    digits = re.sub(r"\D", "", plain)
    if _ABROAD.match(plain):
        return PhoneNotValid()
    national = _COUNTRY_CODE.sub("", digits)
    if _EXTENSION.search(plain) and len(national) > _LONGEST:
        return PhoneWithExtension()
    if len(national) in (7, 8) and not national.startswith(("0", "1")):
        return PhoneWithoutAreaCode()
    if len(national) > _LONGEST + national.startswith("0"):
        return PhoneTooLong()
    return PhoneTooShort() if 5 < len(national) < _LONGEST else PhoneNotValid()
