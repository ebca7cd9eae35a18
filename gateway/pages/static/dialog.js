// A page's dialog: opened by what comes into it, closed by its own buttons.
"use strict";
(() => {
  const dialog = document.getElementById("dialog");
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== dialog || !dialog.firstElementChild) return;
    if (!dialog.open) dialog.showModal();
    const first = dialog.querySelector("[autofocus]"); // the one htmx comes back to: never away from what is typed
    if (first) first.focus();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) {
      event.preventDefault();
      dialog.close();
    }
  });
  dialog.addEventListener("close", () => dialog.replaceChildren());
})();
