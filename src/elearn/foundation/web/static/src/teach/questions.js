// <form data-question> : another kind or more rows are shown in place, with what was typed, and what is not saved is guarded.
// Without this script the same buttons show the page again.

let changed = false;

async function reshow(form, button) {
  const body = new URLSearchParams(new FormData(form));
  body.set("lakukan", button.value);
  const rows = form.querySelectorAll("[name=option],[name=left]").length;
  let html = "";
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    if (answer.ok && !answer.redirected) html = await answer.text();
  } catch (_offline) { /* nothing is lost: the form stays as it is */ }
  const fresh = html && new DOMParser().parseFromString(html, "text/html").getElementById(form.id);
  if (!fresh) return;
  form.replaceWith(document.importNode(fresh, true));
  const shown = document.getElementById(fresh.id);
  ready(shown);
  const place = button.value === "baris" ? shown.querySelectorAll("[name=option],[name=left]")[rows] : shown.elements.kind;
  if (place) place.focus();
}

function ready(form) {
  const show = form.querySelector("button[data-plain]");
  if (show) show.hidden = true;
  form.elements.kind.addEventListener("change", () => reshow(form, show));
  for (const button of form.querySelectorAll("button[data-reshow]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      reshow(form, button);
    });
  }
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
}

const form = document.querySelector("form[data-question]");
if (form) {
  ready(form);
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}
