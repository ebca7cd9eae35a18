"""客户跟进记录统计表, in Chromium, with the source sheet imported."""

import pytest
from playwright.sync_api import expect

from tests.pages.browser import DESK, PHONE, Window

_PERIOD = "/sheet?from=2020-02-01&to=2020-04-25"
_HEADS = "编号 姓名 客户类型 跟进日期 跟进方式 跟进进度 客户意向 跟进结果 成交日期 业务员".split()


def test_shows_the_source_sheet(window: Window) -> None:
    """The source's period shows its rows in its layout, 成交户数 10, and the undated rows apart."""
    reader = window.person("admin")
    reader.open(_PERIOD)
    expect(reader.page.locator("#closed-deals")).to_have_text("10")
    assert reader.page.locator("table").first.locator("th").all_inner_texts() == _HEADS
    expect(reader.page.locator("table").first.locator("tbody tr")).to_have_count(15)
    first = reader.page.locator("table").first.locator("tbody tr").first.locator("td").all_inner_texts()
    assert first[:6] == ["A001", "客户1", "一般客户", "2020-02-01", "现场跟进", "45%"]
    expect(reader.page.locator("table").nth(1).locator("tbody tr")).to_have_count(2)
    assert reader.complaints == []


def test_the_file_comes_with_it(window: Window) -> None:
    """The link answers an .xlsx of the same period."""
    reader = window.person("admin")
    reader.open(_PERIOD)
    with reader.page.expect_download() as download:
        reader.page.click("a[download]")
    assert download.value.suggested_filename.endswith(".xlsx")


def test_prints_without_the_frame(window: Window) -> None:
    """On paper there is the sheet and nothing to press."""
    reader = window.person("admin")
    reader.open(_PERIOD)
    reader.page.emulate_media(media="print")
    expect(reader.page.locator("table").first).to_be_visible()
    expect(reader.page.locator("header.top")).to_be_hidden()
    expect(reader.page.locator("form.period")).to_be_hidden()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1280", "390"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_fits_the_screen(window: Window, size: dict[str, int], language: str) -> None:
    """At both widths and in both languages nothing makes the page scroll sideways."""
    reader = window.person("admin", language, size)
    reader.open(_PERIOD)
    assert reader.overflow() <= 0


def test_a_wrong_period_is_said(window: Window) -> None:
    """A day that is none is answered with a sentence on the page, not with an error of the machine."""
    reader = window.person("admin")
    reader.open("/sheet?from=yesterday&to=2020-04-25")
    expect(reader.page.get_by_role("alert")).to_be_visible()
    expect(reader.page.locator("input[name=from]")).to_be_visible()


def test_is_not_for_salespeople(window: Window) -> None:
    """Who may not see it gets a clear page, and no link to it."""
    reader = window.person("sales1")
    expect(reader.page.locator("a[href='/sheet']")).to_have_count(0)
    reader.open(_PERIOD)
    expect(reader.page.get_by_role("alert")).to_be_visible()
    expect(reader.page.locator("table")).to_have_count(0)
