"""Registering a customer by hand on a phone, in Chromium."""

import secrets

from playwright.sync_api import Page, expect

from tests.pages.browser import PHONE, Reader, Window

_SUBMIT = "main form.completion button[type=submit]"


def test_a_customer_is_registered_by_hand(window: Window) -> None:
    """Somebody new has a page, though the button was hit twice; 王先生 is asked for the full name at once, or later on
    the customer's page; and who is known is said to be a colleague's, with the ruling.
    """
    phone, seller = f"137{secrets.randbelow(10**8):08d}", window.person("sales1", "zh", PHONE)
    seller.open("/customers")
    seller.page.click("#register-customer")
    expect(seller.page.locator("#name")).to_be_focused()
    _fill(seller.page, "郭建国", "1373")
    seller.page.click(_SUBMIT)
    expect(seller.page.locator("#wrong")).to_contain_text("电话号码")
    expect(seller.page.locator("#phone")).to_be_focused()
    expect(seller.page.locator("#name")).to_have_value("郭建国")
    _fill(seller.page, "王先生", phone)
    _fits(seller)
    seller.page.dblclick(_SUBMIT)
    expect(seller.page.locator("main h2")).to_have_text("补登全名")
    expect(seller.page.locator("#registration-name")).to_be_focused()
    _fits(seller)
    seller.page.click("main .foot a")
    seller.whole()
    expect(seller.page.locator("#part-register li")).to_have_count(1)
    seller.page.click("#complete-registration")
    seller.page.fill("#registration-name", "王大海")
    _fits(seller)
    seller.page.click("dialog .foot button")
    seller.sees("main h1", "王大海")
    expect(seller.page.locator("#complete-registration")).to_have_count(0)

    other = window.person("sales2", "en", PHONE)
    other.open("/customers/new")
    _fill(other.page, "王大海", phone)
    other.page.click(_SUBMIT)
    expect(other.page.locator(".whose-card")).to_contain_text("A customer of 林晓燕")
    expect(other.page.locator(".rulings li").last).to_contain_text("It was registered later")
    expect(other.page.locator("#see-customer")).to_have_count(0)
    _fits(other)
    assert [one.partition("status of ")[2][:3] for one in seller.complaints] == ["422"] and other.complaints == []


def _fill(page: Page, name: str, phone: str) -> None:
    page.fill("#name", name)
    page.fill("#phone", phone)


def _fits(reader: Reader) -> None:
    """Nothing is wider than the window, and a thumb hits every button and field."""
    assert reader.overflow() <= 0
    touched = reader.page.locator("main button:visible, main a.btn:visible, main input:visible, main select:visible")
    assert all(height >= 44 for height in touched.evaluate_all("all => all.map((one) => one.offsetHeight)"))
