// A list that was searched for by words has no address that holds them. Coming back to it, or loading it again, the same
// form is sent once more: the browser keeps it with the page in this tab, for this session alone.
"use strict";
(() => {
  const form = document.getElementById("again");
  if (!form) return;
  if (form.dataset.at) {
    const asked = { to: form.getAttribute("action"), sent: [...new FormData(form)] };
    window.history.replaceState(asked, "", form.dataset.at);
    return;
  }
  const asked = window.history.state;
  const proof = form.elements.csrf_token.value;
  if (!asked || !asked.sent || !asked.sent.some(([name, value]) => name === "csrf_token" && value === proof)) return;
  form.action = asked.to;
  form.replaceChildren(
    ...asked.sent.map(([name, value]) => {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      return field;
    }),
  );
  form.submit();
})();
