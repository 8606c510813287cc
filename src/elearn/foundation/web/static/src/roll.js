// The organiser's roll where there is no signal: ticks stay on this device until the server has them. The server notes
// somebody once, however often it is told. What one organiser ticked is nobody else's to send: data-roll names both.
import { rest, spin } from "./core/busy.js";

const PREFIX = "roll:";
const AGAIN_MS = 15_000;

const form = document.querySelector("form[data-roll]");
const status = document.querySelector("[data-roll-status]");
const key = PREFIX + form.dataset.roll;
// Where the server leads when it has noted everybody.
const ROLL = new URL(form.action).pathname.replace(/\/hadir$/, "");
let sending = false;

function kept() {
  try { return JSON.parse(localStorage.getItem(key)) || {}; } catch { return {}; }
}

function keep(waits) {
  const ticked = [...form.querySelectorAll("input[name=present]:checked")].map((box) => box.value);
  const sheet = Boolean(form.elements.sheet && form.elements.sheet.checked);
  // A full or forbidden store costs only what this script gives.
  try { localStorage.setItem(key, JSON.stringify({ ticked, sheet, waits })); } catch { /* the page itself holds them */ }
}

/** Ticks of an earlier visit, of those who are not noted yet. */
function restore() {
  const { ticked = [], sheet } = kept();
  for (const box of form.querySelectorAll("input[name=present]")) if (ticked.includes(box.value)) box.checked = true;
  if (sheet && form.elements.sheet) form.elements.sheet.checked = true;
}

function tell(words) {
  const count = form.querySelectorAll("input[name=present]:checked").length;
  status.querySelector("p").textContent = words.replace("{n}", count);
  status.hidden = false;
}

async function send() {
  if (sending) return;
  sending = true;
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => null);
  sending = false;
  rest();
  if (!answer || answer.status >= 500) return tell(form.dataset.kept);
  // What the server refuses it says on a page of its own; the ticks stay until it has taken them.
  if (!answer.ok || new URL(answer.url).pathname !== ROLL) {
    keep(false);
    return form.submit();
  }
  localStorage.removeItem(key);
  location.assign(answer.url);
}

function sendWaiting() {
  if (kept().waits) send();
}

form.addEventListener("change", () => keep(Boolean(kept().waits)));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.submitter) spin(event.submitter);
  keep(true);
  send();
});
window.addEventListener("online", sendWaiting);
setInterval(sendWaiting, AGAIN_MS);
restore();
sendWaiting();
