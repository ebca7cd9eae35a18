"""Settings are declared once, read once, and documented."""

import secrets
from pathlib import Path

import pytest

from chassis.settings import (
    DATABASE_URL,
    IDENTITY_PUBLIC_KEY,
    LOG_FORMAT,
    Setting,
    SettingsWrong,
    declared,
    read,
    text,
    whole_number,
    yes_or_no,
)
from chassis.settings_page import PAGE, page

POOL = Setting("TEST_POOL", "How many.", whole_number(1, 9), 3)
OPEN = Setting("TEST_OPEN", "Whether.", yes_or_no, False)


def test_what_is_given_and_what_is_not() -> None:
    """A setting has the value of its variable, else its default; blanks around it and empty variables do not count."""
    values = read((POOL, OPEN, LOG_FORMAT), {"ANCHANG_TEST_POOL": " 7 ", "ANCHANG_LOG_FORMAT": "", "TEST_OPEN": "yes"})
    assert (values[POOL], values[OPEN], values[LOG_FORMAT]) == (7, False, "json")
    assert read((OPEN,), {"ANCHANG_TEST_OPEN": "yes"})[OPEN] is True


def test_a_missing_setting_is_named() -> None:
    """A missing setting is named in both languages, with what it is and what to do."""
    with pytest.raises(SettingsWrong) as caught:
        read((DATABASE_URL,), {})
    message = str(caught.value)
    for said in ("缺少设置 ANCHANG_DATABASE_URL", "ANCHANG_DATABASE_URL is not set", "postgresql", "docs/settings.md"):
        assert said in message


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    """Everything missing or wrong stands in one message, without the values, which may be secret."""
    secret = secrets.token_hex(8)
    given = {"ANCHANG_TEST_POOL": secret, "ANCHANG_IDENTITY_PUBLIC_KEY_FILE": str(tmp_path / secret)}
    with pytest.raises(SettingsWrong) as caught:
        read((POOL, DATABASE_URL, IDENTITY_PUBLIC_KEY), given)
    message = str(caught.value)
    for said in ("ANCHANG_TEST_POOL", "1–9", "ANCHANG_DATABASE_URL", "ANCHANG_IDENTITY_PUBLIC_KEY_FILE"):
        assert said in message
    assert secret not in message


@pytest.mark.parametrize("value", ["0", "10", "-1", "3.0", "three", "３", "99999999999999999999"])
def test_numbers_out_of_bounds(value: str) -> None:
    """A number that is none, or out of its bounds, is refused."""
    with pytest.raises(SettingsWrong):
        read((POOL,), {"ANCHANG_TEST_POOL": value})


def test_no_setting_twice() -> None:
    """Two declarations of one name are a mistake that shows at import."""
    with pytest.raises(ValueError, match="TEST_POOL"):
        Setting("TEST_POOL", "Another.", text)


def test_the_page_is_true() -> None:
    """docs/settings.md is what `python -m chassis.settings_page` would write now."""
    made = [line for line in page().splitlines() if "ANCHANG_TEST_" not in line]
    assert PAGE.read_text(encoding="utf-8").splitlines() == made
    for setting in declared():
        assert setting.doc.endswith(".")
