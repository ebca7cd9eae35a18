"""Today's hall, in Chromium: the story as people play it, seen live by others."""

import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.pages.browser import PHONE, Reader, Window

_LIVE = 1000  # milliseconds from an act to another's screen


def test_the_story_is_seen_live(window: Window) -> None:
    """Clock in, arrival, greeting, registration: each is on another's board within a second, and the reason is told."""
    seller, watcher = window.person("sales5", "zh", PHONE), window.person("manager", "en")
    _watches(watcher)
    _clock_in(seller.page)
    _in_time(watcher.page, ".is-free .name", "何静")
    before = int(watcher.page.locator("dd").nth(1).inner_text())
    seller.page.click("#arrival")
    _in_time(watcher.page, ".is-serving .name", "何静")
    expect(watcher.page.locator(".is-serving .state")).to_contain_text("Called")
    watcher.page.click(".is-serving summary")
    expect(watcher.page.locator(".is-serving details p")).to_contain_text("article 一.1")
    seller.page.click("[id^=greet-]")
    expect(watcher.page.locator(".is-serving .state")).to_contain_text("Serving", timeout=_LIVE)
    expect(watcher.page.locator(".is-serving details p")).to_be_visible()
    _register(seller.page, "王晓明", _phone())
    expect(seller.page.locator("#message")).to_contain_text("客户已登记")
    _in_time(watcher.page, ".is-free .name", "何静")
    expect(watcher.page.locator("dd").nth(1)).to_have_text(str(before + 1), timeout=2 * _LIVE)
    _clock_out(seller.page)
    assert "王晓明" not in watcher.page.content()
    assert seller.complaints == watcher.complaints == []


def test_a_wrong_phone_is_said_where_it_was_typed(window: Window) -> None:
    """What is wrong is said in the form, what was typed stays, and the phone, typed again, completes it."""
    seller = window.person("sales3", "zh", PHONE)
    _clock_in(seller.page)
    seller.page.click("#arrival")
    seller.page.click("[id^=greet-]")
    _register(seller.page, "李秀英", "12")
    expect(seller.page.locator("dialog [role=alert]")).to_contain_text("电话号码")
    expect(seller.page.locator("#name")).to_have_value("李秀英")
    expect(seller.page.locator("#phone")).to_be_focused()
    seller.page.fill("#phone", _phone())
    seller.page.click("dialog button[type=submit]")
    expect(seller.page.locator("#message")).to_contain_text("客户已登记")
    _clock_out(seller.page)


def test_a_double_tap_is_one_arrival(window: Window) -> None:
    """The same form sent twice records one visitor: its key was made with it."""
    desk = window.person("desk")
    before = desk.page.locator(".waiting > li").count()
    sent = """async () => {
      const form = document.querySelector("form[action$='/arrivals']");
      const send = () => fetch(form.action, {method: "POST", body: new URLSearchParams(new FormData(form))});
      return (await Promise.all([send(), send()])).map((answer) => answer.status);
    }"""
    assert desk.page.evaluate(sent) == [200, 200]
    expect(desk.page.locator(".waiting > li")).to_have_count(before + 1)
    manager = window.person("manager")
    manager.page.locator(".waiting [id^=leave-]").last.click()
    expect(manager.page.locator(".waiting > li")).to_have_count(before)


def test_a_form_of_another_site_is_refused(window: Window) -> None:
    """Without the session's proof nothing is done."""
    seller = window.person("sales2")
    path = seller.page.locator("form[action$='/clock-in']").get_attribute("action")
    answer = seller.page.request.post(f"{seller.url}{path}", form={"key": "12345678"})
    assert answer.status == 403
    seller.page.reload()
    expect(seller.page.locator("#clock-in")).to_be_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("username", ["sales1", "manager", "desk", "hq", "auditor", "buyer"])
def test_fits_a_phone(window: Window, username: str, language: str) -> None:
    """For every role and language the page fits 390 px without scrolling sideways, with buttons a thumb can hit."""
    reader = window.person(username, language, PHONE)
    assert reader.overflow() <= 0
    for button in reader.page.locator("main button:visible, main a.btn:visible").all():
        box = button.bounding_box()
        assert box is not None and box["height"] >= 44
    assert reader.complaints == []


def test_another_branch_shows_nothing(window: Window) -> None:
    """People of a branch without a hall see none, and a foreign hall's address tells them nothing."""
    manager, other = window.person("manager"), window.person("westmanager")
    url = manager.page.locator("#board").get_attribute("data-url")
    expect(other.page.locator("main h1")).to_have_text("还没有案场")
    answer = other.page.request.get(f"{other.url}{url}")
    assert answer.status == 404
    assert "何静" not in answer.text()


def test_an_unchanged_board_is_not_sent_again(window: Window) -> None:
    """Asked with its mark, an unchanged board answers 304."""
    reader = window.person("auditor")
    board = reader.page.locator("#board")
    mark, path = board.get_attribute("data-mark"), board.get_attribute("data-url")
    answer = reader.page.request.get(f"{reader.url}{path}", headers={"If-None-Match": f'"{mark}"'})
    assert answer.status == 304


def _watches(reader: Reader) -> None:
    """The stream is open."""
    expect(reader.page.locator("#live.is-on")).to_be_visible()


def _in_time(page: Page, where: str, name: str) -> None:
    expect(page.locator(where).filter(has_text=name)).to_be_visible(timeout=_LIVE)


def _clock_in(page: Page) -> None:
    page.click("#clock-in")
    expect(page.locator("#clock-out")).to_be_visible()


def _clock_out(page: Page) -> None:
    page.click("#clock-out")
    expect(page.locator("#clock-in")).to_be_visible()


def _register(page: Page, name: str, phone: str) -> None:
    page.click("[id^=complete-]")
    page.fill("#name", name)
    page.fill("#phone", phone)
    page.locator("dialog .choice").nth(1).click()
    page.click("dialog button[type=submit]")


def _phone() -> str:
    return f"139{secrets.randbelow(10**8):08d}"
