"""One's own pages, the look-up while a phone is typed, and receipts, in Chromium."""

import secrets
from typing import Any

from playwright.sync_api import expect

from tests.pages.browser import PHONE, Reader, Window
from tests.pages.on_duty import clock_in, clock_out

_REASON = {"reason": "现场证实"}
_OWN = ("/mine", "/mine/credit", "/mine/days", "/mine/disputes", "/receipts")


def test_whose_a_phone_is_and_the_receipt_of_it(window: Window) -> None:
    """Registered by one, the phone is told to be theirs the moment another types it; the receipt verifies."""
    seller = window.person("sales4", "zh", PHONE)
    phone = f"136{secrets.randbelow(10**8):08d}"
    clock_in(seller.page)
    seller.page.click("#arrival")
    seller.page.click("[id^=greet-]")
    seller.page.click("[id^=complete-]")
    seller.page.fill("#name", "郭建国")
    seller.page.locator("#phone").press_sequentially(phone)
    expect(seller.page.locator("dialog .whose-now").first).to_contain_text("还没有登记过")
    seller.page.click("dialog button[type=submit]")
    seller.page.click("#message a")
    expect(seller.page.locator("main h1")).to_have_text("登记回执")
    assert seller.overflow() <= 0
    seller.page.click("main button.btn-primary")
    expect(seller.page.locator("#verdict")).to_contain_text("回执有效")
    desk = window.person("desk", "en", PHONE)
    expect(desk.page.locator("#live.is-on")).to_be_visible()
    desk.page.click("#came-before")
    desk.page.locator("#look-up-phone").press_sequentially(phone)
    expect(desk.page.locator(".whose-card")).to_contain_text("Registered to 赵一凡")
    expect(desk.page.locator(".whose-card")).to_contain_text("here and free")
    assert "郭建国" not in desk.page.content() and desk.overflow() <= 0
    desk.page.click("dialog .foot button")
    expect(desk.page.locator("dialog .found input").first).to_be_checked()
    seller.open("/")
    clock_out(seller.page)
    assert seller.complaints == desk.complaints == []


def test_appeals_with_one_tap(window: Window) -> None:
    """A confirmed penalty is appealed by one tap, without scripts as well; its points come back until it is decided."""
    manager, seller = window.system.as_person("manager"), window.person("sales3", "zh", PHONE, scripts=False)
    penalty = _penalty(window, "陈思远")
    manager.post(f"/api/v1/reception/discipline/penalties/{penalty['penalty_id']}/confirm", _REASON)
    seller.open("/mine")
    expect(seller.page.locator("#points")).to_have_text("-20")
    seller.page.click(f"#appeal-{penalty['penalty_id']}")
    expect(seller.page.locator("#message")).to_contain_text("证据已附")
    expect(seller.page.locator("#points")).to_have_text("0")
    expect(seller.page.locator(f"#penalty-{penalty['penalty_id']}")).to_contain_text("申诉中")
    manager.post(f"/api/v1/reception/discipline/penalties/{penalty['penalty_id']}/waive", _REASON)


def test_a_dispute_is_one_tap_from_the_board(window: Window) -> None:
    """Who and which reception are there already; reported, it stands in one's own pages."""
    server, other = window.person("sales4"), window.person("sales5", "zh", PHONE)
    clock_in(server.page)
    server.page.click("#arrival")
    expect(server.page.locator(".is-serving")).to_have_count(1)
    other.page.reload()
    other.page.click("[id^=dispute-]")
    expect(other.page.locator("#dispute-other")).not_to_have_value("")
    assert other.overflow() <= 0
    other.page.click("dialog .foot button")
    expect(other.page.locator("#message")).to_contain_text("已报给现场主管或经理")
    other.open("/mine/disputes")
    expect(other.page.locator("#disputes li").first).to_contain_text("客户归谁")
    expect(other.page.locator("#disputes li").first).to_contain_text("首访")
    manager = window.person("manager")
    manager.page.click(".is-serving [id^=leave-]")
    expect(manager.page.locator(".is-serving")).to_have_count(0)
    server.page.reload()
    clock_out(server.page)
    assert server.complaints == other.complaints == []


def test_own_pages_fit_a_phone(window: Window) -> None:
    """In both languages each of one's own pages fits 390 px, with buttons a thumb can hit."""
    seller = window.person("sales2", "zh", PHONE)
    for language in ("zh", "en"):
        seller.open(f"/language/{language}")
        for path in _OWN:
            seller.open(path)
            assert seller.overflow() <= 0
            assert _too_small(seller) == []
    assert seller.complaints == []


def _too_small(reader: Reader) -> Any:
    """What a thumb may miss."""
    return reader.page.locator("main button:visible, main a.btn:visible").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().height < 44).map(one => one.textContent)"
    )


def _penalty(window: Window, name: str) -> dict[str, Any]:
    manager = window.system.as_person("manager")
    (hall,) = manager.get("/api/v1/reception/halls")["items"]
    line = manager.get(f"/api/v1/reception/halls/{hall['hall_id']}/board")["line"]
    (staff_id,) = [one["staff_id"] for one in line if one["name"] == name]
    body = {"staff_id": staff_id, "cause": "quarrel", "note": "在大厅争吵"}
    made: dict[str, Any] = manager.post("/api/v1/reception/discipline/penalties", body)
    return made
