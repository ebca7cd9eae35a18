// Keeps the board true: the stream says that something happened, and the board is fetched again with its mark (ETag).
"use strict";
(() => {
  const board = document.getElementById("board");
  const live = document.getElementById("live");
  const changes = document.getElementById("changes");
  const dialog = document.getElementById("dialog");
  // Milliseconds. What happens together is looked at once, by many boards a little apart; the day's numbers are counted a moment later; and names or
  // customers may change without the hall being named.
  const TOGETHER = 50;
  const APART = 150;
  const COUNTED = 1300;
  const STALE = 60000;
  const FALLBACK = 15000; // between looks while there is no stream
  const PRESS = 10000; // a button that is held for longer was let go outside the window
  let mark = board.dataset.mark;
  let offset = Date.parse(board.dataset.now) - Date.now(); // the hall's clock against this device's
  let looking = false;
  let again = false;
  let soon = 0; // timers of the looks to come
  let later = 0;
  let acting = 0; // acts under way: their answer brings the board
  let pressed = 0; // a button is down: the timer by which it must come up

  const now = () => ("standing" in board.dataset ? Date.parse(board.dataset.now) : Date.now() + offset);

  const marked = (etag) => (etag || "").replace(/"/g, "");

  function told(instant) {
    if (!instant) return;
    board.dataset.now = instant;
    offset = Date.parse(instant) - Date.now();
  }

  function lasting(since) {
    const seconds = Math.max(0, Math.floor((now() - Date.parse(since)) / 1000));
    const say = (name, value) => board.dataset[name].replace("#", value);
    if (seconds < 60) return say("seconds", seconds);
    if (seconds < 3600) return say("minutes", Math.floor(seconds / 60));
    return say("hours", Math.floor(seconds / 3600)) + say("minutes", Math.floor((seconds % 3600) / 60));
  }

  function tick() {
    for (const element of board.querySelectorAll("[data-since]")) {
      const text = lasting(element.dataset.since);
      if (element.textContent !== text) element.textContent = text;
    }
  }

  function summary() {
    const element = board.querySelector("[data-summary]");
    return element ? element.dataset.summary : "";
  }

  // What the reader had opened or begun to choose stays as it was.
  function remembering(change) {
    const before = summary();
    const open = [...board.querySelectorAll("details[open]")].map((one) => one.id);
    const chosen = board.contains(document.activeElement) ? document.activeElement : null;
    change();
    for (const id of open) {
      const one = document.getElementById(id);
      if (one) one.open = true;
    }
    const same = chosen instanceof HTMLSelectElement && document.getElementById(chosen.id);
    if (same) same.value = chosen.value;
    tick();
    if (summary() !== before) changes.textContent = summary();
  }

  function show(html) {
    const focused = document.activeElement && board.contains(document.activeElement) ? document.activeElement.id : "";
    remembering(() => window.htmx.swap(board, html, { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 0 }));
    const same = focused && document.getElementById(focused);
    if (same) same.focus({ preventScroll: true });
  }

  async function look() {
    if (looking || acting) {
      again = true;
      return;
    }
    looking = true;
    again = false;
    try {
      const headers = mark ? { "If-None-Match": `"${mark}"` } : {};
      const answer = await fetch(board.dataset.url, { headers, cache: "no-store" });
      if (answer.redirected || answer.status === 401) return window.location.reload();
      told(answer.headers.get("X-Board-Now"));
      if (answer.status === 304) return tick();
      const html = await answer.text();
      if (acting || pressed) again = true; // what an act was done with, or is about to be, stays in place until it is over
      else {
        mark = marked(answer.headers.get("ETag"));
        show(html);
      }
    } catch {
      // The network is away; the stream's own state says so, and the next look comes by itself.
    } finally {
      looking = false;
      lookAgain();
    }
  }

  function lookAgain() {
    if (again && !acting && !pressed) look();
  }

  // A button that goes away between down and up is never clicked.
  function press() {
    clearTimeout(pressed);
    pressed = setTimeout(release, PRESS);
  }

  function release() {
    clearTimeout(pressed);
    pressed = 0;
    lookAgain();
  }

  // Many boards of one hall hear of it in the same moment: a little apart they do not stand in each other's way.
  function happened() {
    if (!soon) soon = setTimeout(() => ((soon = 0), look()), TOGETHER + Math.random() * APART);
    if (!("counts" in board.dataset)) return;
    clearTimeout(later);
    later = setTimeout(look, COUNTED + (Math.random() * COUNTED) / 4);
  }

  function connected(is) {
    live.classList.toggle("is-on", is);
    live.querySelector("b").textContent = is ? live.dataset.on : live.dataset.off;
  }

  const stream = new EventSource(board.dataset.stream);
  stream.addEventListener("open", () => {
    connected(true);
    look(); // what happened while nobody listened
  });
  stream.addEventListener("error", () => connected(false));
  stream.addEventListener("happened", happened); // in this hall: the stream is about nothing else
  window.addEventListener("pagehide", () => stream.close());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) look();
  });
  setInterval(() => {
    if (stream.readyState !== EventSource.OPEN) look();
  }, FALLBACK);
  setInterval(look, STALE);
  setInterval(tick, 1000);
  tick();

  // The request itself says that it is over: of one whose form is not on the page any more htmx tells nobody.
  document.addEventListener("htmx:beforeSend", (event) => {
    const answer = event.detail.xhr;
    acting += 1;
    answer.addEventListener("loadend", () => {
      acting -= 1;
      told(answer.getResponseHeader("X-Board-Now"));
      const brought = marked(answer.getResponseHeader("ETag"));
      if (brought && brought !== mark) again = true; // it could not be shown
      lookAgain();
    });
  });
  for (const down of ["pointerdown", "keydown"]) board.addEventListener(down, press);
  for (const up of ["pointerup", "pointercancel", "keyup"]) window.addEventListener(up, () => setTimeout(release)); // after the click
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== board) return;
    mark = marked(event.detail.xhr.getResponseHeader("ETag"));
    if (dialog.contains(event.detail.requestConfig.elt)) dialog.close(); // not one that was opened meanwhile
    tick();
  });
})();
