"""Customers going out, and the rooms about owners, in Chromium."""

import pytest
from playwright.sync_api import expect

from tests.pages.browser import DESK, PHONE, Window


def test_what_was_found_is_exported(window: Window) -> None:
    """On a phone: from the list the words come along, the file is written, and fetched as a workbook."""
    reader = window.person("admin", "zh", PHONE)
    reader.open("/customers")
    reader.seek("A00")
    reader.page.get_by_role("button", name="导出").click()
    expect(reader.page.locator("#text")).to_have_value("A00")
    assert reader.overflow() <= 0
    reader.page.click("#export")
    with reader.page.expect_download() as fetched:
        reader.page.locator("a[id^=fetch-]").first.click()
    assert fetched.value.suggested_filename.endswith(".xlsx")
    assert reader.overflow() <= 0 and reader.complaints == []


@pytest.mark.parametrize(("language", "size"), [("zh", PHONE), ("en", DESK)], ids=["zh-390", "en-1280"])
def test_the_rooms_about_owners_fit_the_screen(window: Window, language: str, size: dict[str, int]) -> None:
    """Duplicates, hand-over, the policy about owners and what roles may export make nothing scroll sideways."""
    reader = window.person("hq", language, size)
    for path in ("candidates", "handovers", "ownership", "ownership/new?branch=company"):
        reader.open(f"/office/{path}")
        assert reader.overflow() <= 0, path
    for path in ("/exports/rights", "/exports/rights/manager", "/imports"):
        reader.open(path)
        assert reader.overflow() <= 0, path
    assert reader.complaints == []
