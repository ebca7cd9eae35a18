"""What is about a person who is erased."""

from typing import Any

import pytest

from services.reception.erasure.rules import Erased, grounds, is_about, tells_of
from services.reception.receipts.rules import is_erased
from services.reception.visitors.rules import FOREVER, nobody
from tests.services.synthetic import NOW

CHEN = Erased("chen", frozenset({"+8613800138000"}), frozenset({"visit"}))


@pytest.mark.parametrize(
    ("receptions", "said", "phones", "is_so"),
    [
        ([None], {}, set(), False),
        (["visit", None], {}, set(), True),
        (["another"], {"visitor": {"intent": "x"}}, {"+8613900139000"}, False),
        ([None], {}, {"+8613900139000", "+8613800138000"}, True),
        ([None], {"arrival": {"customer_id": "chen"}}, set(), True),
        ([None], {"arrival": {"customer_id": "wang"}}, set(), False),
        ([None], {"arrival": None}, set(), False),
    ],
)
def test_which_conflict_is_about_the_person(
    receptions: list[str | None], said: dict[str, Any], phones: set[str], is_so: bool
) -> None:
    """By the reception it led to or names, by a phone that was theirs, or by the customer named; else it is not."""
    assert is_about(CHEN, receptions, said, phones) is is_so


def test_on_what_penalties_rest_that_may_speak_of_them() -> None:
    """The visits and the disputes about them, as registers name them."""
    assert grounds({"v2", "v1"}, ["d"]) == ["dispute/d", "reception/v1", "reception/v2"]


def test_of_who_was_erased_nothing_is_kept() -> None:
    """The copy has no name, phone, code nor owner, is not active, and is older than nothing."""
    copy = nobody("chen", "east", NOW)
    assert {name for name, value in copy.items() if value is None} == {"name", "phone", "code", "owner_id"}
    assert (copy["customer_id"], copy["branch_id"], copy["registered_at"]) == ("chen", "east", NOW)
    assert (copy["active"], copy["sequence"]) == (False, FOREVER)


def test_a_registration_without_phone_is_of_somebody_erased() -> None:
    """Nobody is registered without a phone."""
    assert (is_erased(None), is_erased("+8613800138000")) == (True, False)


def test_which_entry_of_a_register_is_about_the_person() -> None:
    """By the reception that it stands under, or that it names; the line and others' visits are not."""
    assert tells_of(CHEN, "reception/visit", {})
    assert tells_of(CHEN, "line/hall", {"reception_id": "visit"})
    assert not tells_of(CHEN, "line/hall", {"reception_id": "another"})
    assert not tells_of(CHEN, "reception/another", {})
