"""The hall's page in Chromium: what others do is shown while one acts oneself, and takes no tap away."""

from playwright.sync_api import expect

from tests.pages.browser import PHONE, Window
from tests.pages.on_duty import LIVE, clock_in, clock_out

_NEWS_WAITS_FOR_AN_ACT = """() => {
  const fetched = window.fetch;
  window.fetch = async (...asked) => {
    const answer = await fetched(...asked);
    const html = await answer.text();
    const begun = new Promise((on) => document.addEventListener("htmx:beforeSend", () => on(html), { once: true }));
    if (answer.status === 200) document.body.dataset.news = "waits";
    return { status: answer.status, redirected: answer.redirected, headers: answer.headers, text: () => begun };
  };
}"""


def test_news_that_comes_while_one_acts_takes_nothing_away(window: Window) -> None:
    """Somebody else's act is shown in the moment of one's own tap: the tap is answered, the board goes on living."""
    seller, other = window.person("sales5", "zh", PHONE), window.person("sales4")
    clock_in(seller.page)
    seller.page.evaluate(_NEWS_WAITS_FOR_AN_ACT)
    clock_in(other.page)
    expect(seller.page.locator("body[data-news]")).to_be_attached()
    seller.page.click("#arrival")
    serves = seller.page.locator(".is-serving .name").inner_text().split()[0]
    server = seller if serves == "何静" else other
    server.page.reload()
    server.page.click("[data-me] [id^=greet-]")
    server.page.click("[data-me] [id^=leave-]")
    expect(server.page.locator(".is-serving")).to_have_count(0)
    for one in (seller, other):
        one.page.reload()
        clock_out(one.page)
    assert seller.complaints == []


_SAYS_WHEN_NEWS_CAME = """() => {
  const fetched = window.fetch;
  window.fetch = async (...asked) => {
    const answer = await fetched(...asked);
    const told = answer.text.bind(answer);
    answer.text = async () => {
      const html = await told();
      setTimeout(() => (document.body.dataset.news = "came")); // once it has been dealt with
      return html;
    };
    return answer;
  };
}"""


def test_news_that_comes_while_a_button_is_down_does_not_take_it_away(window: Window) -> None:
    """Somebody else's act is heard of between a finger's down and up: the tap counts, and then the news shows."""
    seller, other = window.person("sales5"), window.person("sales4")
    seller.page.evaluate(_SAYS_WHEN_NEWS_CAME)
    seller.page.hover("#clock-in")
    seller.page.mouse.down()
    clock_in(other.page)
    expect(seller.page.locator("body[data-news]")).to_be_attached()
    seller.page.mouse.up()
    expect(seller.page.locator("#clock-out")).to_be_visible()
    expect(seller.page.locator(".is-free .name")).to_have_count(2, timeout=LIVE)
    clock_out(other.page)
    clock_out(seller.page)
