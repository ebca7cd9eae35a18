"""The hall's page at a shared tablet, in Chromium: who acts types their PIN, each time."""

import secrets

from playwright.sync_api import Page, expect

from tests.pages.browser import PHONE, Window

_ME, _PIN = "林晓燕", "2580"


def test_a_shift_at_the_tablet(window: Window) -> None:
    """One sets a PIN on the own phone, and at the tablet comes on duty, receives, registers and goes by it."""
    _sets_pin(window)
    desk = window.person("desk")
    page = desk.page
    page.click("#clock-in")
    expect(page.locator("#actor")).to_be_focused()
    _acts(page, "2581", _ME)
    expect(page.locator("dialog [role=alert]")).to_contain_text("PIN不正确")
    expect(page.locator("#pin")).to_be_focused()
    expect(page.locator("#pin")).to_have_value("")
    _acts(page)
    expect(page.locator("#message")).to_contain_text("已上班打卡")
    page.click("#arrival")
    expect(page.locator("#message")).to_contain_text("来访已登记")
    page.click("[id^=greet-]")
    expect(page.locator("#actor option:checked")).to_have_text(_ME)
    _acts(page)
    page.click("[id^=complete-]")
    page.fill("#name", "王晓明")
    page.fill("#phone", f"139{secrets.randbelow(10**8):08d}")
    _acts(page, "2581")
    expect(page.locator("dialog [role=alert]")).to_contain_text("PIN不正确")
    expect(page.locator("#name")).to_have_value("王晓明")
    expect(page.locator("#pin")).to_be_focused()
    _acts(page)
    expect(page.locator("#message")).to_contain_text("客户已登记")
    page.click("#clock-out")
    _acts(page, _PIN, _ME)
    expect(page.locator("#message")).to_contain_text("已下班打卡")
    assert [said for said in desk.complaints if "403" not in said] == []


def test_stepping_out_at_a_narrow_tablet(window: Window) -> None:
    """What was chosen with the tap goes along to the PIN; nothing scrolls sideways, in the longer language neither."""
    account = window.system.accounts()["sales1"]
    owner = window.system.as_person("sales1")
    owner.put("/api/v1/auth/pin", {"password": account.password, "pin": _PIN})
    desk = window.person("desk", "en", PHONE)
    page = desk.page
    page.click("#clock-in")
    expect(page.locator("dialog #pin")).to_be_visible()
    assert desk.overflow() <= 0
    _acts(page, _PIN, _ME)
    page.select_option("#step-out-for", "washroom")
    page.click("#step-out")
    _acts(page, _PIN, _ME)
    expect(page.locator("#message")).to_contain_text("supervisor or manager may grant leave")
    expect(page.locator(".out")).to_contain_text("Washroom")
    page.click("[id^=cancel-]")
    _acts(page)
    expect(page.locator("#message")).to_contain_text("You stay")
    page.click("#clock-out")
    _acts(page, _PIN, _ME)
    expect(page.locator("#message")).to_contain_text("off duty")
    assert desk.overflow() <= 0
    assert desk.complaints == []


def _sets_pin(window: Window) -> None:
    owner = window.person("sales1", "zh", PHONE)
    owner.page.click("a[href='/my-pin']")
    expect(owner.page.locator("main #pin")).to_be_visible()
    assert owner.overflow() <= 0
    owner.page.fill("#pin", _PIN)
    owner.page.fill("#password", window.system.accounts()["sales1"].password)
    owner.page.click("main button[type=submit]")
    expect(owner.page.locator("#message")).to_contain_text("PIN已设置")


def _acts(page: Page, pin: str = _PIN, name: str = "") -> None:
    if name:
        page.select_option("#actor", label=name)
    page.fill("#pin", pin)
    page.click("dialog .foot button")
    if pin == _PIN:
        expect(page.locator("#dialog")).to_be_hidden()
