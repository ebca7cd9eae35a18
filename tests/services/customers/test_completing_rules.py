"""What one more registration by hand may say: it completes, and replaces nothing (一.3, 一.4)."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from services.customers.register.rules import Entry, Kind
from services.customers.register.rules_of_completing import RegisteredOtherwise, check_completes
from services.customers.register.rules_of_names import full_name, may_be_full_form
from services.customers.register.rules_of_persons import Standing, standings
from services.customers.relations.rules import Ties
from tests.services.customers.test_persons_rules import NAMESAKES, OTHER, PHONE, REGISTRATIONS, entries_of, entry

_LATER = 99


@pytest.mark.parametrize(
    ("known", "name"),
    [
        ("王小明", "王 小明先生"),
        ("王先生", "王小明"),
        ("小王", "王小明"),
        ("王某", "王小明"),
        ("王小*", "王小明"),
        ("欧阳女士", "欧阳娜娜"),
        ("王先生", "王先生"),
        ("王先生", "王总"),
        ("老板", "王小明"),
        ("", "王小明"),
        ("Mr Wang", "Ming Wang"),
        ("Mr Wang", "王明"),
        ("王先生", "Ming Wang"),
    ],
)
def test_a_full_form_is_known_by_what_was_said_of_the_name(known: str, name: str) -> None:
    """The surname, or the part that was not held back, begins it; where there is nothing to compare, it may be."""
    assert may_be_full_form(name, known)


@pytest.mark.parametrize(
    ("known", "name"),
    [
        ("王小明", "王小光"),
        ("王小明", "王先生"),
        ("王先生", "李四"),
        ("小王", "李小王"),
        ("王先生", "李先生"),
        ("王小*", "王大明"),
        ("Mr Wang", "Ming Li"),
    ],
)
def test_another_name_is_no_full_form(known: str, name: str) -> None:
    """Another surname, or another full name, is somebody else as far as anybody can tell."""
    assert not may_be_full_form(name, known)


def person(*entries: Entry) -> Standing:
    (one,) = standings(entries, Ties())
    return one


def refused(of: Standing, name: str, phone: str | None) -> bool:
    try:
        check_completes(of, name, phone)
    except RegisteredOtherwise:
        return True
    return False


def test_a_full_name_that_was_registered_without_a_phone_is_not_passed_over() -> None:
    """王先生 stands, as nobody gave a phone; 王小明 was registered as well, and so it is he who gets one."""
    both = person(entry("a", 0, "王先生", None), entry("a", 1, "王小明", None))
    assert (both.name, both.phone) == ("王先生", None)
    assert refused(both, "王大明", PHONE) and not refused(both, "王小明", PHONE)


def test_a_phone_beside_a_full_name_without_one_stays() -> None:
    """Reception heard a phone of 王小明 under 王先生: his registration completes that one, and brings no other."""
    both = person(entry("a", 0, "王小明", None), entry("a", 1, "王先生"))
    assert (both.name, both.phone) == ("王小明", PHONE)
    assert refused(both, "王小明", OTHER) and not refused(both, "王小明", None)


@settings(max_examples=200, deadline=None)
@given(
    REGISTRATIONS,
    some.sampled_from(["王小明", "王先生", "李四", "李小姐"]),
    some.sampled_from([None, PHONE, OTHER, NAMESAKES]),
)
def test_no_registration_by_hand_replaces_a_full_name_or_a_correct_phone(
    told: Sequence[tuple[str, int, str | None, str | None, Kind, bool]], name: str, phone: str | None
) -> None:
    """Whatever reception, sheets and signatures have brought: what is not refused leaves the full name and the correct
    phone of its person as they are, or brings them."""
    entries = entries_of(told)
    for before in standings(entries, Ties()):
        holders = {one.customer_id for one in standings(entries, Ties()) if phone in one.phones}
        if refused(before, name, phone) or holders - {before.customer_id}:
            continue
        one_more = entry(before.customer_id, _LATER, name, phone or before.phone)
        found = standings([*entries, one_more], Ties())
        (after,) = (one for one in found if before.customer_id in one.ids)
        if after.ids != before.ids:  # one with somebody of that full name and tail (rule 4)
            continue
        assert full_name(before.name or "") in (None, full_name(after.name or ""))
        assert after.phone == before.phone or not before.has_correct_phone
