"""Sheets of customers coming in, in Chromium."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import expect

from tests.pages.browser import PHONE, Window


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """Two new customers, one of them twice, and a phone that a sheet turned into a number."""
    book = Workbook()
    for row in (
        ("客户", "号码"),
        ("诸葛长青", "13700137001"),
        ("诸葛长青", "13700137001"),
        ("司徒晓月", "13700137002"),
        ("欧阳明", "1.37E+10"),
    ):
        book.active.append(row)
    book.save(file := tmp_path / "三月.xlsx")
    return file


def test_a_sheet_is_tried_and_comes_in(window: Window, sheet: Path) -> None:
    """On a phone: a column is said to be the phone, the trial names every row's fate, one of them is looked at alone,
    and then the rows come in; the page shows each step by itself, and nothing makes it scroll sideways.
    """
    reader = window.person("admin", "zh", PHONE)
    reader.open("/imports")
    reader.page.set_input_files("#file", sheet)
    reader.page.click("main button[type=submit]")
    reader.page.select_option("#field-1", "phone")
    assert reader.overflow() <= 0
    reader.page.click("#try")
    expect(reader.page.locator("#begin")).to_have_text("正式导入 3 行")
    reader.page.click("#fate-refused")
    expect(reader.page.locator(".fate-rows li")).to_have_count(1)
    assert reader.overflow() <= 0
    reader.page.click("#begin")
    expect(reader.page.locator("#state-title")).to_have_text("导入完成")
    expect(reader.page.locator("#fate-new_customer b")).to_have_text("2")
    assert reader.overflow() <= 0 and reader.complaints == []
