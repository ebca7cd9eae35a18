"""Looking for customers by conditions, in Chromium."""

from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from tests.pages.browser import DESK, PHONE, Window


def test_a_search_is_saved_opened_and_exported(window: Window) -> None:
    """On a phone conditions are chosen, the list is loaded again, saved under a name, opened by one tap from the list
    of customers, and exported as it stands.
    """
    reader = window.person("admin", "zh", PHONE)
    page = reader.page
    reader.open("/customers")
    page.click("#more-conditions")
    page.locator("label.choice", has_text="优质客户").click()
    page.locator("label.choice", has_text="超级VIP客户").click()
    page.select_option("#last_contact", "..-30")
    expect(page.locator("#search")).to_be_in_viewport()
    assert reader.overflow() <= 0
    page.click("#search")
    expect(page.locator(".asked li")).to_have_count(2)
    page.reload()
    expect(page.locator(".asked")).to_contain_text("客户类型是 优质客户 或 超级VIP客户 ✕")
    assert reader.overflow() <= 0
    page.click("#save-search")
    page.fill("#title", "该联系的好客户")
    assert reader.overflow() <= 0
    page.click("dialog .foot .btn-primary")
    expect(page.locator("#message")).to_contain_text("已保存")
    reader.open("/customers")
    page.get_by_role("link", name="该联系的好客户").click()
    expect(page.locator("h1")).to_have_text("该联系的好客户")
    assert reader.overflow() <= 0
    page.click("#export-search")
    expect(page.locator("#sentence")).to_contain_text("30 天没有联系")
    page.click("#export")
    with page.expect_download() as fetched:
        page.locator("a[id^=fetch-]").first.click()
    assert fetched.value.suggested_filename.endswith(".xlsx")
    assert reader.overflow() <= 0 and reader.complaints == []


def test_a_list_by_words_is_come_back_to(window: Window) -> None:
    """What was typed stands in no address, and is there again after a customer was looked at, and when loaded again."""
    reader = window.person("admin", "zh", PHONE)
    page = reader.page
    for path, button in (("/customers/search/conditions", "#search"), ("/customers", "form.seek button")):
        reader.open(path)
        page.fill("#text", "客户1")
        with page.expect_navigation():
            page.click(button)
        expect(page.locator("table.customers td[data-column=name] a").first).to_contain_text("客户1")
        page.locator("table.customers td[data-column=name] a").first.click()
        expect(page.locator("#part-basics")).to_be_visible()
        page.go_back()
        expect(page.locator("table.customers td[data-column=name] a").first).to_contain_text("客户1")
        assert "客户" not in unquote(page.url)
        page.reload()
        expect(page.locator("table.customers td[data-column=name] a").first).to_contain_text("客户1")
        assert "客户" not in unquote(page.url)
    assert reader.overflow() <= 0 and reader.complaints == []


def test_a_condition_goes_by_one_tap(window: Window) -> None:
    """Of two conditions one is tapped away and the other stays; then another order is chosen, and one is renamed."""
    reader = window.person("manager", "en", DESK)
    page = reader.page
    reader.open("/customers/search/conditions")
    page.locator("label.choice", has_text="优质客户").click()
    page.locator("summary", has_text="Company and region").click()
    page.fill("#company", "nobody's")
    page.click("#search")
    expect(page.locator("p.none")).to_be_visible()
    page.get_by_label("Remove: Company contains").click()
    expect(page.locator(".asked li")).to_have_count(1)
    page.click("#sorts summary")
    page.get_by_role("link", name="By code").click()
    expect(page.locator("table.customers td").first).to_have_text("A002")
    page.click("#save-search")
    page.fill("#title", "First name")
    page.click("dialog .foot .btn-primary")
    page.click("#change-search")
    page.fill("#title", "Another name")
    page.click("dialog .foot .btn-primary")
    expect(page.locator(".saved-searches .name")).to_contain_text(["Another name"])
    page.locator(".saved-searches li", has_text="Another name").get_by_role("button").click()
    page.click("#remove-search")
    expect(page.locator("#message")).to_contain_text("Removed.")
    assert reader.overflow() <= 0 and reader.complaints == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1280", "390"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_form_fits_the_screen(window: Window, size: dict[str, int], language: str) -> None:
    """With everything unfolded, at both widths and in both languages, nothing makes it scroll sideways."""
    reader = window.person("hq", language, size)
    reader.open("/customers/search/conditions")
    for group in reader.page.locator("form.conditions summary").all():
        group.click()
    reader.page.select_option("#registered", "dates")
    reader.page.select_option("#last_contact", "days")
    expect(reader.page.locator('[id="last_contact.days"]')).to_be_visible()
    assert reader.overflow() <= 0
    reader.open("/customers/searches")
    assert reader.overflow() <= 0
    assert reader.complaints == []
