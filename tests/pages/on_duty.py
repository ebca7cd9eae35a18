"""Coming on duty and going off it in the hall's page."""

from playwright.sync_api import Page, expect

LIVE = 14_000
"""Milliseconds for what the stream brings: without it the page looks by itself, after fifteen seconds."""


def clock_in(page: Page) -> None:
    page.click("#clock-in")
    expect(page.locator("#clock-out")).to_be_visible()


def clock_out(page: Page) -> None:
    page.click("#clock-out")
    expect(page.locator("#clock-in")).to_be_visible()
