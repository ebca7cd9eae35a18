"""The door, in Chromium."""

import pytest
from playwright.sync_api import expect

from tests.pages.browser import PHONE, Window

_WORDS = {"zh": ("今日案场", "登录", "用户名或密码不正确。"), "en": ("Today's hall", "Sign in", "is wrong")}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_signs_in_and_out(window: Window, language: str) -> None:
    """Signing in leads to today's hall in one's language, signing out back to the door."""
    hall, door, _ = _WORDS[language]
    reader = window.person("manager", language)
    expect(reader.page).to_have_title(f"{hall} · {'案场' if language == 'zh' else 'Anchang'}")
    reader.page.click("header form button")
    expect(reader.page.locator("main h1")).to_have_text(door)
    reader.open("/")
    expect(reader.page.locator("#password")).to_be_visible()
    assert reader.complaints == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_wrong_password_is_said_clearly(window: Window, language: str) -> None:
    """A wrong password is answered in one's language, and the name stays as typed."""
    reader = window.reader(PHONE)
    reader.sign_in("sales5", "not the password", language)
    expect(reader.page.get_by_role("alert")).to_contain_text(_WORDS[language][2])
    expect(reader.page.locator("#username")).to_have_value("sales5")
    assert reader.overflow() <= 0


def test_leads_on_to_where_one_wanted(window: Window) -> None:
    """Who was sent to the door comes back to the page asked for, and never to another site."""
    reader = window.reader()
    reader.open("/sheet?from=2020-02-01&to=2020-04-25")
    reader.page.fill("#username", "manager")
    reader.page.fill("#password", window.system.accounts()["manager"].password)
    reader.page.click("main button[type=submit]")
    expect(reader.page.locator("#closed-deals")).to_have_text("10")
    reader.open("/language/zh?next=//example.org/")
    assert reader.page.url == reader.url + "/"
    assert reader.complaints == []


def test_works_without_scripts(window: Window) -> None:
    """Without scripts one signs in, comes on duty and goes off again, each with a word about it."""
    reader = window.person("sales4", scripts=False)
    reader.page.click("#clock-in")
    expect(reader.page.locator("#message")).to_contain_text("已上班打卡")
    reader.page.click("#clock-out")
    expect(reader.page.locator("#message")).to_contain_text("已下班打卡")
