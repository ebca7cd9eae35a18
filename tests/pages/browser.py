"""A person with a browser: Debian's Chromium, driven as people use it, and everything it complained about."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.journeys.system import SingleMachine

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 60_000
"""Milliseconds for what is awaited: how soon it is, no test here says."""
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@dataclass
class Reader:
    """One browser window of its own; `complaints` holds console errors, failed pages and foreign addresses."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._hear)
        self.page.on("request", lambda request: self._note(request.url))

    def open(self, path: str) -> None:
        self.page.goto(self.url + path)

    def sign_in(self, username: str, password: str, language: str = "zh") -> None:
        self.open(f"/language/{language}?next=/sign-in")
        self.page.fill("#username", username)
        self.page.fill("#password", password)
        self.page.click("main button[type=submit]")

    def seek(self, words: str) -> None:
        """In the list of customers; comes back with what was found and not with the list before it."""
        self.page.fill("#text", words)
        with self.page.expect_navigation():
            self.page.click("form.seek button")

    def whole(self) -> None:
        """On a customer's page, with every part."""
        self.sees("#part-basics", "")

    def sees(self, where: str, words: str) -> None:
        """On a customer's page: a part that does not answer in time says to load the page again, which is done."""
        away = self.page.locator(".part-away")
        for _load in range(20):
            expect(self.page.locator(where).filter(has_text=words).or_(away).first).to_be_visible()
            if not away.count():
                return
            self.page.reload()
        raise AssertionError(f"not every part answers: {away.all_inner_texts()}")

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window. Callers first wait for what is on that page."""
        self.page.wait_for_load_state()
        return int(self.page.locator("html").evaluate("page => page.scrollWidth - window.innerWidth"))

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.complaints.append(said.text)

    def _note(self, address: str) -> None:
        if urlsplit(address).netloc != urlsplit(self.url).netloc and not address.startswith("data:"):
            self.complaints.append(f"loaded {address}")


@dataclass
class Window:
    """Opens browser windows on a running system."""

    browser: Browser
    system: SingleMachine
    readers: list[Reader] = field(default_factory=list)

    def reader(self, size: dict[str, int] = DESK, *, scripts: bool = True) -> Reader:
        """A window of somebody who has not signed in."""
        context = self.browser.new_context(viewport=size, java_script_enabled=scripts)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        one = Reader(context.new_page(), self.system.url)
        one.listen()
        self.readers.append(one)
        return one

    def person(
        self, username: str, language: str = "zh", size: dict[str, int] = DESK, *, scripts: bool = True
    ) -> Reader:
        """A window of somebody who has signed in."""
        one = self.reader(size, scripts=scripts)
        one.sign_in(username, self.system.accounts()[username].password, language)
        one.page.wait_for_selector("header form[action='/sign-out']")
        return one

    def close(self) -> None:
        for one in self.readers:
            one.page.context.close()
        self.readers.clear()


@contextmanager
def chromium_at(path: str) -> Iterator[Browser]:
    """A headless browser; Playwright gives it an empty profile of its own."""
    with sync_playwright() as playwright:
        expect.set_options(PATIENCE)
        browser = playwright.chromium.launch(executable_path=path, args=list(_ARGUMENTS), timeout=PATIENCE)
        yield browser
        browser.close()
