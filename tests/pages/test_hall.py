"""Today's hall, in Chromium: the story as people play it, seen live by others."""

import secrets

import pytest
from playwright.sync_api import Page, expect

from deploy.demo.client import eventually
from tests.pages.browser import PHONE, Reader, Window
from tests.pages.on_duty import LIVE, clock_in, clock_out


def test_the_story_is_seen_live(window: Window) -> None:
    """Clock in, arrival, greeting, registration: each is on another's board within a second, and the reason is told."""
    seller, watcher = window.person("sales5", "zh", PHONE), window.person("manager", "en")
    _watches(watcher)
    clock_in(seller.page)
    _in_time(watcher.page, ".is-free .name", "何静")
    before = int(watcher.page.locator("dd").nth(1).inner_text())
    seller.page.click("#arrival")
    _in_time(watcher.page, ".is-serving .name", "何静")
    expect(watcher.page.locator(".is-serving .state")).to_contain_text("Called")
    watcher.page.click(".is-serving summary")
    expect(watcher.page.locator(".is-serving details p")).to_contain_text("article 一.1")
    seller.page.click("[id^=greet-]")
    expect(watcher.page.locator(".is-serving .state")).to_contain_text("Serving", timeout=LIVE)
    expect(watcher.page.locator(".is-serving details p")).to_be_visible()
    _register(seller.page, "王晓明", _phone())
    expect(seller.page.locator("#message")).to_contain_text("客户已登记")
    _in_time(watcher.page, ".is-free .name", "何静")
    expect(watcher.page.locator("dd").nth(1)).to_have_text(str(before + 1))
    clock_out(seller.page)
    assert "王晓明" not in watcher.page.content()
    assert seller.complaints == watcher.complaints == []


def test_a_wrong_phone_is_said_where_it_was_typed(window: Window) -> None:
    """What is wrong is said in the form, what was typed stays, and the phone, typed again, completes it."""
    seller = window.person("sales3", "zh", PHONE)
    clock_in(seller.page)
    seller.page.click("#arrival")
    seller.page.click("[id^=greet-]")
    _register(seller.page, "李秀英", "12")
    expect(seller.page.locator("dialog [role=alert]")).to_contain_text("电话号码")
    expect(seller.page.locator("#name")).to_have_value("李秀英")
    expect(seller.page.locator("#phone")).to_be_focused()
    seller.page.fill("#phone", _phone())
    seller.page.click("dialog button[type=submit]")
    expect(seller.page.locator("#message")).to_contain_text("客户已登记")
    clock_out(seller.page)


def test_who_asks_for_their_salesperson_goes_to_them(window: Window) -> None:
    """老客户: a stand-in receives while the original serves; free again, the original takes over with one tap."""
    original, other = window.person("sales5", "zh", PHONE), window.person("sales4")
    clock_in(original.page)
    clock_in(other.page)
    original.page.click("#arrival")
    serves = original.page.locator(".is-serving .name").inner_text().split()[0]
    first, second = (original, other) if serves == "何静" else (other, original)
    _asks_for(second.page, serves)
    expect(second.page.locator(".is-serving .role")).to_have_text("代接待")
    expect(second.page.locator("#mine")).to_have_count(0)
    second.page.locator("li:not([data-me]) [id^=leave-]").click()
    first.page.click("[id^=take-over-]")
    expect(first.page.locator("#message")).to_contain_text("您已接手")
    expect(first.page.locator("[data-me] .role")).to_have_text("原接待")
    expect(second.page.locator("#mine")).to_contain_text("您是A位")
    first.page.click("[data-me] [id^=greet-]")
    first.page.click("[data-me] [id^=leave-]")
    expect(first.page.locator(".is-serving")).to_have_count(0)
    for one in (original, other):
        clock_out(one.page)
        assert one.complaints == []


def test_somebody_elses_customer_needs_a_name(window: Window) -> None:
    """An old customer of nobody's is refused where it was said, what was chosen stays; a first visit then goes on."""
    desk = window.person("desk", "zh", PHONE)
    desk.page.click("#other-arrival")
    expect(desk.page.locator("dialog .foot button")).to_be_visible()
    assert desk.overflow() <= 0
    desk.page.locator("dialog .choice").filter(has_text="老带新").click()
    desk.page.select_option("#arrival-party", "3")
    desk.page.click("dialog .foot button")
    expect(desk.page.locator("dialog [role=alert]")).to_contain_text("谁的客户")
    expect(desk.page.locator("dialog input[value=referral]")).to_be_checked()
    expect(desk.page.locator("#arrival-party")).to_have_value("3")
    desk.page.locator("dialog .choice").filter(has_text="首访").click()
    expect(desk.page.locator("#arrival-phone")).to_be_hidden()
    desk.page.click("dialog .foot button")
    expect(desk.page.locator(".waiting > li")).to_contain_text("3 人")
    desk.page.click(".waiting [id^=leave-]")
    expect(desk.page.locator("#message")).to_contain_text("离开")


def test_who_does_not_buy_is_witnessed(window: Window) -> None:
    """The server says that the visitor is not buying and who heard it; the witness confirms, and both are told."""
    one, two = window.person("sales5"), window.person("sales4", "zh", PHONE)
    clock_in(one.page)
    clock_in(two.page)
    one.page.click("#arrival")
    serves = one.page.locator(".is-serving .name").inner_text().split()[0]
    server, witness = (one, two) if serves == "何静" else (two, one)
    server.page.click("[data-me] [id^=greet-]")
    server.page.click("[data-me] [id^=not-buying-]")
    server.page.locator("dialog .choice").filter(has_text="装修").click()
    server.page.select_option("#witness", label="赵一凡" if serves == "何静" else "何静")
    server.page.click("dialog .foot button")
    expect(server.page.locator("[data-me] .visit")).to_contain_text("非购房 · 装修 · 待见证")
    witness.page.click("[id^=witness-]")
    expect(witness.page.locator("#message")).to_contain_text("见证")
    expect(server.page.locator("[data-me] .visit")).to_contain_text("已见证", timeout=LIVE)
    server.page.click("[data-me] [id^=leave-]")
    expect(server.page.locator(".is-serving")).to_have_count(0)
    for reader in (one, two):
        clock_out(reader.page)
        assert reader.complaints == []


def test_a_steps_out_when_b_takes_the_place(window: Window) -> None:
    """A, materials ready, asks to go; the next free colleague accepts by one tap; A is seen away, and comes back."""
    one, two = window.person("sales5", "zh", PHONE), window.person("sales4", "zh", PHONE)
    clock_in(one.page)
    clock_in(two.page)
    one.page.reload()
    a, b = (one, two) if one.page.locator("#confirm-ready").count() else (two, one)
    a.page.click("#confirm-ready")
    expect(b.page.locator("#ready")).to_have_text("✓ 资料已备好", timeout=LIVE)
    a.page.select_option("#step-out-for", "washroom")
    a.page.click("#step-out")
    expect(a.page.locator("#asking")).to_contain_text("您已申请暂离（洗手间）")
    b.page.locator("#asked button").click(timeout=LIVE)
    expect(b.page.locator("#mine")).to_contain_text("您是A位")
    expect(a.page.locator(".is-away[data-me] .out")).to_contain_text("洗手间", timeout=LIVE)
    expect(a.page.locator(".is-away[data-me] .out")).to_contain_text("顶替")
    assert a.overflow() <= 0
    a.page.click("#come-back")
    expect(a.page.locator("#message")).to_contain_text("您已返回")
    for reader in (one, two):
        clock_out(reader.page)
        assert reader.complaints == []


def test_leave_and_a_forfeit_without_scripts(window: Window) -> None:
    """Alone on duty, A asks and the manager grants leave, or records that A walked off: each on a page of its own."""
    seller = window.person("sales3", scripts=False)
    manager = window.person("manager", "zh", PHONE, scripts=False)
    clock_in(seller.page)
    seller.page.click("#step-out")
    expect(seller.page.locator("#asking")).to_contain_text("等主管或经理准假")
    manager.page.reload()
    manager.page.click("[id^=grant-]")
    manager.page.fill("#grant-reason", "家里有急事")
    manager.page.click(".foot button")
    expect(manager.page.locator(".is-away .out")).to_contain_text("用餐")
    seller.page.reload()
    seller.page.click("#come-back")
    manager.page.reload()
    manager.page.click("[id^=walk-off-]")
    expect(manager.page.locator(".foot button")).to_be_visible()
    assert manager.overflow() <= 0
    manager.page.click(".foot button")
    expect(manager.page.locator("#message")).to_contain_text("自动放弃")
    expect(manager.page.locator(".is-away .name")).to_have_text("陈思远")
    seller.page.reload()
    clock_out(seller.page)


def test_a_party_is_registered_together(window: Window) -> None:
    """A party of three is one arrival; the form has rows for who came along, and keeps them when something is wrong."""
    seller = window.person("sales2")
    clock_in(seller.page)
    seller.page.select_option("#party-size", "3")
    seller.page.click("#arrival")
    seller.page.click("[id^=greet-]")
    seller.page.click("[id^=complete-]")
    seller.page.fill("#name", "孙丽华")
    seller.page.fill("#phone", _phone())
    seller.page.fill("#companion-name-1", "孙大伟")
    seller.page.fill("#companion-phone-1", "12")
    seller.page.click("dialog .foot button")
    expect(seller.page.locator("dialog [role=alert]")).to_contain_text("电话号码")
    expect(seller.page.locator("#companion-name-1")).to_have_value("孙大伟")
    expect(seller.page.locator("#companion-name-2")).to_have_value("")
    seller.page.fill("#companion-phone-1", _phone())
    seller.page.click("dialog .foot button")
    expect(seller.page.locator("#message")).to_contain_text("客户已登记")
    clock_out(seller.page)
    assert [one.partition("status of ")[2][:3] for one in seller.complaints] == ["422"]


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
    buttons = reader.page.locator("main button:visible, main a.btn:visible")
    heights = buttons.evaluate_all("all => all.map((one) => one.getBoundingClientRect().height)")
    assert all(height >= 44 for height in heights)
    assert reader.complaints == []


def test_a_called_visitor_fits_a_phone(window: Window) -> None:
    """The same with every button that a manager has for somebody who was called, in the longer language."""
    one = window.person("sales2")
    clock_in(one.page)
    one.page.click("#arrival")
    manager = window.person("manager", "en", PHONE)
    greet = manager.page.locator("[id^=greet-]")
    expect(greet).to_have_count(1)
    assert manager.overflow() <= 0
    manager.page.click("[id^=leave-]")
    expect(greet).to_have_count(0)
    clock_out(one.page)


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
    eventually(lambda: _asked_again(reader) == 304 or None, "a board that does not change", 60)


def _asked_again(reader: Reader) -> int:
    """What a board is answered that is asked for with the mark of the one that was sent now."""
    reader.page.reload()
    board = reader.page.locator("#board")
    mark, path = board.get_attribute("data-mark"), board.get_attribute("data-url")
    return reader.page.request.get(f"{reader.url}{path}", headers={"If-None-Match": f'"{mark}"'}).status


def _watches(reader: Reader) -> None:
    """The stream is open."""
    expect(reader.page.locator("#live.is-on")).to_be_visible()


def _in_time(page: Page, where: str, name: str) -> None:
    expect(page.locator(where).filter(has_text=name)).to_be_visible(timeout=LIVE)


def _asks_for(page: Page, name: str) -> None:
    page.click("#other-arrival")
    page.locator("#arrival-original option").filter(has_text=name).wait_for(state="attached")
    value = page.locator("#arrival-original option").filter(has_text=name).get_attribute("value")
    page.select_option("#arrival-original", value)
    page.click("dialog .foot button")
    expect(page.locator("#dialog")).to_be_hidden()


def _register(page: Page, name: str, phone: str) -> None:
    page.click("[id^=complete-]")
    page.fill("#name", name)
    page.fill("#phone", phone)
    page.locator("dialog .choice").nth(1).click()
    page.click("dialog button[type=submit]")


def _phone() -> str:
    return f"139{secrets.randbelow(10**8):08d}"
