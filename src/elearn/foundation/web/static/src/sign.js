// The queue of signatures: sends the form again, piece by piece, as long as the page stays open. The passphrase lives in
// this page only. Without this script the form is sent by hand for each piece.

function start() {
  document.addEventListener("submit", (event) => {
    const place = event.target.closest("[data-signing]");
    if (!place) return;
    event.preventDefault();
    const fields = new FormData(event.target);
    signOn(place, event.target.action, fields);
  });
}

async function signOn(place, address, fields) {
  let fresh = null;
  try {
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams(fields) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    fresh = page.querySelector("[data-signing]");
  } catch (lost) {
    fresh = null;
  }
  // A lost line or a page of another kind, such as the sign-in: the server shows how things stand.
  if (!fresh) return window.location.reload();
  const left = Number(fresh.dataset.more || 0);
  place.replaceWith(fresh);
  window.htmx.process(fresh);
  const summary = fresh.querySelector("[data-focus]");
  if (summary) summary.focus();
  if (!left) return;
  fields.set("count", String(left));
  const button = fresh.querySelector("form button[type=submit], form button:not([type])");
  if (button) button.disabled = true;
  signOn(fresh, address, fields);
}

start();
