// <form data-upload> : sends its file with a bar, speed, time left and a way out; the answer's address is opened.
// With data-shrink a photo is made smaller first. Without this script the form is sent as any other.
import { shrunk } from "./shrink.js";

const size = (bytes) => bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB`;
const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

function prepare(form) {
  const input = form.querySelector("input[type=file]");
  const panel = form.querySelector("[data-upload-state]");
  const error = form.querySelector("[data-upload-error]");
  if (!input || !panel || !error) return;
  const words = panel.querySelector("[data-upload-words]");
  const bar = panel.querySelector("progress");
  const button = form.querySelector("button[type=submit]");
  let request = null;

  const say = (text) => {
    error.textContent = text;
    error.hidden = !text;
  };
  const rest = () => {
    request = null;
    panel.hidden = true;
    button.disabled = false;
  };
  const fail = (text) => {
    rest();
    say(text);
    input.focus();
  };
  const left = (seconds) => seconds < 90 ? fill(panel.dataset.seconds, { n: Math.max(1, Math.round(seconds)) }) : fill(panel.dataset.minutes, { n: Math.round(seconds / 60) });

  async function send(chosen) {
    const body = new FormData(form);
    const file = form.hasAttribute("data-shrink") ? await shrunk(chosen) : chosen;
    body.set(input.name, file, file.name);
    say("");
    panel.hidden = false;
    panel.querySelector("[data-upload-name]").textContent = file.name;
    button.disabled = true;
    bar.value = 0;
    const began = performance.now();
    request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => {
      if (!event.lengthComputable) return;
      const speed = event.loaded / Math.max(0.2, (performance.now() - began) / 1000);
      const percent = Math.floor((100 * event.loaded) / event.total);
      bar.value = percent;
      words.textContent = percent < 100
        ? fill(panel.dataset.going, { percent, done: size(event.loaded), total: size(event.total), speed: size(speed), left: left((event.total - event.loaded) / speed) })
        : panel.dataset.checking;
    };
    request.onload = () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch (_wrong) { /* a page instead: said below */ }
      if (request.status === 201 && answer.next) location.assign(answer.next);
      else if (request.status === 401) location.reload();
      else fail(answer.error || panel.dataset.failed);
    };
    request.onerror = () => fail(panel.dataset.lost);
    request.onabort = rest;
    request.send(body);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const file = input.files[0];
    if (request) return;
    if (!file) fail(form.dataset.missing);
    else if (!file.size) fail(form.dataset.empty);
    else if (file.size > Number(form.dataset.limit) && !form.hasAttribute("data-shrink")) fail(form.dataset.tooLarge);
    else send(file);
  });
  panel.querySelector("[data-upload-cancel]").addEventListener("click", () => request && request.abort());
  input.addEventListener("change", () => say(""));
  addEventListener("beforeunload", (event) => { if (request && request.readyState < 4) event.preventDefault(); });
}

for (const form of document.querySelectorAll("form[data-upload]")) prepare(form);
