"""What one more registration by hand may say of a person who is registered already (一.3, 一.4)."""

from services.customers.register.rules_of_names import full_name, may_be_full_form
from services.customers.register.rules_of_persons import Standing


class RegisteredOtherwise(Exception):
    """Name or phone is registered otherwise: another is a change, which somebody else signs (一.3)."""

    article = "一.3"


def check_completes(person: Standing, name: str, phone: str | None) -> None:
    """Raises RegisteredOtherwise unless this completes what is registered of a person, or comes beside it.

    It brings the full name where the registered one is not full, under the same phone (None: it stays); or a phone
    where there is no correct one, under the same name or its full form. Beside a registration that counts it may bring
    a further phone, but under no other full name: that one would hold as soon as the first phone is proved wrong. A
    phone that was theirs until a signature changed it, or said that it is wrong, comes back by a signature.
    """
    known, said = _full_names(person), full_name(name)
    if known and said is not None and said not in known:
        raise RegisteredOtherwise
    if phone and phone not in person.phones and any(entry.phone == phone for entry in person.own):
        raise RegisteredOtherwise
    if not person.has_correct_phone:
        if not may_be_full_form(name, person.name or ""):
            raise RegisteredOtherwise
    elif phone not in (None, person.phone) and not (person.ruling.winner.counts and person.says.phone == person.phone):
        raise RegisteredOtherwise


def _full_names(person: Standing) -> set[str]:
    """The full name registered; all that ever were where the one that stands is not full."""
    stands = full_name(person.name or "")
    return {stands} if stands else {entry.full_name for entry in person.own if entry.full_name}
