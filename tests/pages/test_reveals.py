"""Showing a masked number, in Chromium."""

from playwright.sync_api import expect

from tests.journeys.system import SingleMachine
from tests.pages.browser import PHONE, Window


def test_a_number_is_shown_and_leaves_no_trace_in_the_browser(window: Window, system: SingleMachine) -> None:
    """On a phone a supervisor is shown a colleague's customer's number for a reason: no address and no step of the
    history holds it, closed it is gone, and the manager reads who was shown it and why.
    """
    customer = system.as_person("sales1").post("/api/v1/customers", {"name": "欧阳致远", "phone": "13987654321"})
    reader = window.person("supervisor", "zh", PHONE)
    page = reader.page
    reader.open(f"/customers/{customer['customer_id']}")
    reader.whole()
    steps = page.evaluate("history.length")
    page.click(f"#reveal-{customer['customer_id']}")
    page.fill("#reason", "业务员请假，代为约看房")
    assert reader.overflow() <= 0
    page.click("dialog .foot .btn-primary")
    expect(page.locator(".revealed")).to_have_text("+8613987654321")
    expect(page.locator("#call")).to_have_attribute("href", "tel:+8613987654321")
    expect(page.locator("#call")).to_be_in_viewport()
    assert reader.overflow() <= 0
    assert page.evaluate("history.length") == steps
    held = page.evaluate("location.pathname + location.search + location.hash + JSON.stringify(history.state)")
    assert "4321" not in held.replace(customer["customer_id"], "")  # any four digits may stand in an id
    page.click("dialog [data-close]")
    expect(page.locator(".revealed")).to_have_count(0)
    assert "13987654321" not in page.content()
    reader.open("/customers")
    expect(page.locator(f"#reveal-{customer['customer_id']}")).to_be_visible()
    assert reader.overflow() <= 0 and reader.complaints == []

    manager = window.person("manager", "zh", PHONE)
    manager.open("/office/reveals")
    expect(manager.page.locator(".matters-of li").first).to_contain_text("业务员请假，代为约看房")
    assert manager.overflow() <= 0 and manager.complaints == []
