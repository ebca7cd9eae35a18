"""Systems of their own: one whose clock stands still, one that is stopped while people watch."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.journeys.system import running
from tests.pages.browser import Window


def test_every_page_says_that_the_clock_stands(browser: Browser, tmp_path: Path) -> None:
    """With a standing clock every page carries the banner, and the day of the hall is the clock's."""
    with running(tmp_path / "data", "--clock", "2026-03-02T09:00:00+08:00") as system:
        window = Window(browser, system)
        reader = window.reader()
        reader.open("/sign-in")
        expect(reader.page.locator(".standing")).to_contain_text("2026-03-02")
        manager = window.person("manager", "en")
        expect(manager.page.locator(".standing")).to_contain_text("Training")
        expect(manager.page.locator(".day time")).to_have_attribute("datetime", "2026-03-02")
        manager.open("/sheet")
        expect(manager.page.locator(".standing")).to_be_visible()
        window.close()


def test_open_boards_do_not_hold_up_a_stop(browser: Browser, tmp_path: Path) -> None:
    """Ctrl-C ends the system cleanly while people watch boards; the boards say that they are cut off."""
    with running(tmp_path / "data") as system:
        window = Window(browser, system)
        page = window.person("manager").page
        expect(page.locator("#live.is-on")).to_be_visible()
        assert system.stop(within=20) == 0
        expect(page.locator("#live")).to_contain_text("正在重新连接")
        window.close()
