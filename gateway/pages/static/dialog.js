// A page's dialog: opened by what comes into it, closed by its own buttons. Where the form has a page of its own, what
// comes takes its place there.
"use strict";
(() => {
  const dialog = document.getElementById("dialog");
  const opens = dialog instanceof HTMLDialogElement;
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== dialog || !dialog.firstElementChild) return;
    if (opens && !dialog.open) dialog.showModal();
    const first = dialog.querySelector("[autofocus]"); // the one htmx comes back to: never away from what is typed
    if (first) first.focus();
    const wrong = document.getElementById("dialog-wrong"); // of a long form it may be out of sight
    if (wrong) wrong.scrollIntoView({ block: "nearest" });
  });
  if (!opens) return;
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) {
      event.preventDefault();
      dialog.close();
    }
  });
  dialog.addEventListener("close", () => dialog.replaceChildren());
})();
