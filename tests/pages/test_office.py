"""The office, in Chromium: a decision in its dialog, a sheet, an order, and that all of it fits a phone."""

from io import BytesIO

import xlsxwriter
from playwright.sync_api import expect

from tests.pages.browser import PHONE, Window

_ROOMS = (
    "",
    "/roster",
    "/line",
    "/register",
    "/policy",
    "/policy/new",
    "/settlement",
    "/delegations",
    "/customer-settings",
)
_DISCIPLINE = "/api/v1/reception/discipline"


def test_a_penalty_is_decided_in_its_dialog(window: Window) -> None:
    """The dialog opens over the list, asks for the reason, and the list comes back without it, with a word."""
    api = window.system.as_person("manager")
    staff_id = window.system.as_person("sales1").get("/api/v1/auth/me")["actor_id"]
    wish = {"staff_id": staff_id, "cause": "quarrel", "note": "在大厅争吵"}
    mine, others = (api.post(f"{_DISCIPLINE}/penalties", wish)["penalty_id"] for _ in range(2))
    manager = window.person("manager", "zh", PHONE)
    manager.open("/office")
    assert manager.overflow() <= 0
    manager.page.click(f"#penalty-{mine}")
    expect(manager.page.locator("dialog #reason")).to_be_focused()
    manager.page.click("#choose-waive")
    expect(manager.page.locator("dialog")).to_be_visible()  # the browser asks for the reason first
    manager.page.fill("#reason", "已当面批评")
    manager.page.click("#choose-waive")
    expect(manager.page.locator("#message")).to_contain_text("处罚已免除")
    expect(manager.page.locator(f"#penalty-{mine}")).to_have_count(0)
    manager.page.click(f"#penalty-{others}")
    expect(manager.page.locator("dialog #reason")).to_be_focused()
    api.post(f"{_DISCIPLINE}/penalties/{others}/waive", {"reason": "同一件事"})
    manager.page.fill("#reason", "同一件事")
    manager.page.click("#choose-confirm")
    expect(manager.page.locator("dialog [role=alert]").first).to_contain_text("已由他人处理")
    manager.page.click("dialog [data-close]")
    expect(manager.page.locator("dialog")).to_be_hidden()
    assert [one.partition("status of ")[2][:3] for one in manager.complaints] == ["409"]


def test_the_line_and_a_sheet_without_scripts(window: Window) -> None:
    """Without scripts the line is put in another order, with its reason, and a sheet comes back row by row."""
    manager = window.person("manager", scripts=False)
    manager.open("/office/line")
    second = manager.page.locator(".order .name").nth(1).inner_text()
    manager.page.locator("[id^=up-]").nth(1).click()
    expect(manager.page.locator(".order .name").first).to_have_text(second)
    manager.page.fill("#reason", "今天换岗")
    manager.page.click(".foot button")
    expect(manager.page.locator("#message")).to_contain_text("新的轮排已生效")
    expect(manager.page.locator(".order .name").first).to_have_text(second)
    manager.open("/office/roster")
    sheet = {"name": "三月.xlsx", "mimeType": "application/octet-stream", "buffer": _sheet()}
    manager.page.set_input_files("#file", sheet)  # type: ignore[arg-type]
    manager.page.click(".upload button")
    expect(manager.page.locator("#sheet h2")).to_have_text("已采用 1 行，未变 0 行，未采用 1 行")
    expect(manager.page.locator("#sheet tbody td").first).to_have_text("3")
    manager.open("/office/register")
    expect(manager.page.locator(".entries li").first).to_contain_text("经理调整轮排")


def test_every_room_fits_a_phone(window: Window) -> None:
    """Each room fits 390 px without scrolling sideways, in the longer language, with buttons a thumb can hit."""
    manager = window.person("manager", "en", PHONE)
    for room in _ROOMS:
        manager.open(f"/office{room}")
        expect(manager.page.locator("main h1")).to_be_visible()
        assert manager.overflow() <= 0, room
        buttons = manager.page.locator("main button:visible, main a.btn:visible")
        assert all(height >= 44 for height in buttons.evaluate_all("all => all.map((one) => one.offsetHeight)")), room
    assert manager.complaints == []


def _sheet() -> bytes:
    """A month's roster whose second row names nobody."""
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet()
        rows = (
            ("姓名", "日期", "上班", "下班"),
            ("何静", "2031-03-04", "休", ""),
            ("查无此人", "2031-03-04", "09:00", "18:00"),
        )
        for n, row in enumerate(rows):
            page.write_row(n, 0, row)
    return content.getvalue()
