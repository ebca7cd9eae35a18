"""What is done on a customer's page, in Chromium."""

from playwright.sync_api import expect

from tests.pages.browser import DESK, PHONE, Window


def test_one_asks_and_another_signs(window: Window) -> None:
    """On a phone a contact is added and another name asked for, in dialogs that fit; a manager signs it from the
    customer's page, and comes back to it.
    """
    clerk = window.person("admin", "zh", PHONE)
    clerk.open("/customers")
    clerk.page.locator("table.customers tbody a").first.click()
    clerk.whole()
    clerk.page.click("#add-contact")
    clerk.page.fill("#contact-name", "李太太")
    clerk.page.fill("#contact-phone-1", "13900139000")
    assert clerk.overflow() <= 0
    clerk.page.click("dialog .foot .btn-primary")
    clerk.sees("#part-contacts", "李太太")
    clerk.page.click("#ask-amendment")
    clerk.page.fill("#amendment-name", "慕容长风")
    clerk.page.fill("#because", "证件上是这样")
    clerk.page.click("dialog .foot .btn-primary")
    clerk.sees("#part-amendments .tag", "待签字")
    assert clerk.overflow() <= 0 and clerk.complaints == []

    manager = window.person("manager", "zh", DESK)
    manager.page.goto(clerk.page.url.partition("?")[0])
    manager.whole()
    manager.page.locator("#part-amendments .btn-outline").click()
    manager.page.click("#choose-sign")
    manager.sees("main h1", "慕容长风")
    assert manager.overflow() <= 0 and manager.complaints == []


def test_a_relative_is_found(window: Window) -> None:
    """Enter looks for who was typed, and only then is it asked what they are to the customer."""
    manager = window.person("admin", "en", PHONE)
    manager.open("/customers")
    manager.page.locator("table.customers tbody a").nth(2).click()
    manager.whole()
    manager.page.click("#ask-relation")
    manager.page.fill("#text", "A00")
    manager.page.keyboard.press("Enter")
    manager.page.locator("dialog .found .choice").first.click()
    manager.page.get_by_label("spouse").check(force=True)
    manager.page.click("dialog .foot .btn-primary")
    expect(manager.page.locator("#message")).to_contain_text("Asked: a manager confirms it.")
    assert manager.overflow() <= 0 and manager.complaints == []


def test_somebody_is_erased_on_request(window: Window) -> None:
    """On a phone what is refused is in sight, also where the form has a page of its own, and once; then the list."""
    manager = window.person("manager", "en", PHONE)
    manager.open("/customers")
    manager.page.locator("table.customers tbody a").nth(5).click()
    manager.whole()
    manager.page.click("#erase")
    code = manager.page.locator("dialog .name").inner_text().split()[0]
    manager.page.get_by_label("The person", exact=True).check(force=True)
    manager.page.fill("#code", "A1")
    manager.page.click("dialog .foot .btn-primary")
    expect(manager.page.locator("#dialog-wrong")).to_be_in_viewport()
    assert manager.overflow() <= 0

    manager.page.goto(f"{manager.page.url.partition('?')[0]}/erasure")
    manager.page.get_by_label("The person", exact=True).check(force=True)
    manager.page.fill("#code", "A1")
    manager.page.click(".foot .btn-primary")
    expect(manager.page.locator("#dialog-wrong")).to_be_in_viewport()
    expect(manager.page.locator("form.completion")).to_have_count(1)
    manager.page.fill("#code", code)
    manager.page.click(".foot .btn-primary")
    expect(manager.page.locator("#message")).to_contain_text("erased for good")
    expect(manager.page.locator(".matters-of .name").first).to_have_text(code)
    assert manager.overflow() <= 0
