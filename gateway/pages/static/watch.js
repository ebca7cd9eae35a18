// Keeps one part of a page true while a job runs: the stream says that something happened, and the part is fetched again.
"use strict";
(() => {
  const part = document.getElementById("watched");
  if (!part) return;
  const changes = document.getElementById("changes");
  // Milliseconds. The last step is announced a moment before the job itself is done, and the stream may be away.
  const AFTER = 600;
  const FALLBACK = 2500;
  let stream = null;
  let timer = 0;
  let looking = false;
  let again = false;

  const marked = (name) => part.querySelector(`[data-${name}]`);
  const summary = () => (marked("summary") ? marked("summary").dataset.summary : "");

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(look, wait);
  }

  function show(html) {
    const before = summary();
    const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
    part.innerHTML = html;
    const same = focused && document.getElementById(focused);
    if (same) same.focus({ preventScroll: true });
    if (summary() !== before) changes.textContent = summary();
  }

  async function look() {
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    again = false;
    try {
      const answer = await fetch(part.dataset.url, { cache: "no-store" });
      if (answer.redirected) return window.location.reload();
      if (answer.ok) show(await answer.text());
    } catch {
      // The network is away: the next look comes by itself.
    } finally {
      looking = false;
    }
    if (again) look();
    else follow();
  }

  function follow() {
    if (!marked("active")) return stop();
    later(FALLBACK);
    if (stream) return;
    stream = new EventSource(part.dataset.stream);
    stream.addEventListener("happened", () => look().then(() => marked("active") && later(AFTER)));
  }

  function stop() {
    clearTimeout(timer);
    if (stream) stream.close();
    stream = null;
  }

  window.addEventListener("pagehide", stop);
  follow();
})();
