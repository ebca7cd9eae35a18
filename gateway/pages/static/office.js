// The office's dialogs: opened by what comes into them, closed by their own buttons.
"use strict";
(() => {
  const dialog = document.getElementById("dialog");
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== dialog || !dialog.firstElementChild) return;
    if (!dialog.open) dialog.showModal();
    const first = dialog.querySelector("[autofocus]");
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
