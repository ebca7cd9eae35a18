"""The pool 公海, in Chromium."""

import pytest
from playwright.sync_api import expect

from tests.pages.browser import DESK, PHONE, Window


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1280", "390"])
def test_a_salesperson_looks_and_draws(window: Window, size: dict[str, int]) -> None:
    """The page fits the screen; drawing answers with customers, or a sentence that says why there are none."""
    reader = window.person("sales1", "zh", size)
    reader.open("/pool")
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("公海")
    assert reader.overflow() <= 0
    reader.page.click("#draw")
    expect(reader.page.locator("#message p")).to_be_visible()
    assert reader.overflow() <= 0
