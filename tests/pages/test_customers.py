"""The pages of customers, in Chromium."""

import pytest
from playwright.sync_api import expect

from tests.pages.browser import DESK, PHONE, Window


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1280", "390"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_list_and_customer_fit_the_screen(window: Window, size: dict[str, int], language: str) -> None:
    """At both widths and in both languages nothing makes the pages scroll sideways, and nothing is complained of."""
    reader = window.person("admin", language, size)
    reader.open("/customers")
    assert reader.overflow() <= 0
    reader.page.locator("table.customers tbody a").first.click()
    expect(reader.page.locator("#part-basics")).to_be_visible()
    assert reader.overflow() <= 0
    assert reader.complaints == []


def test_a_customer_is_found(window: Window) -> None:
    """A code typed into the box leads to the customer, whose follow-ups from the source sheet show."""
    reader = window.person("admin")
    reader.open("/customers")
    reader.seek("A001")
    reader.page.locator("table.customers tbody a").first.click()
    reader.whole()
    expect(reader.page.locator("#part-followups li").first).to_contain_text("2020-02-01")


def test_all_phones_stand_on_the_page(window: Window) -> None:
    """Registered again with another phone, a customer is found by it, and on their page both stand side by side."""
    admin = window.system.as_person("admin")
    said = {"name": "司徒长风", "phone": "13911110001"}
    made = admin.post("/api/v1/customers", said)
    admin.post(f"/api/v1/customers/{made['customer_id']}/register", said | {"phone": "13911110002"})
    reader = window.person("admin")
    reader.open("/customers")
    reader.seek("13911110002")
    reader.page.locator("table.customers tbody a").first.click()
    reader.whole()
    expect(reader.page.locator("main .day").first).to_contain_text("+8613911110001 · +8613911110002")
    assert reader.overflow() <= 0
