// Saves each answer as it is given. What cannot be sent waits on this device, survives a reload, and goes out later.
const form = document.querySelector("form[data-quiz]");
const STEPS = [1000, 2000, 4000, 8000, 30000];
const PREFIX = "answer:";

const keyOf = (quiz, position) => `${PREFIX}${quiz}:${position}`;
const waiting = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

function show(state, at = "") {
  const box = document.getElementById("state");
  if (!box) return;
  box.dataset.state = state;
  const clock = box.querySelector("[data-save-at]");
  if (clock && at) clock.textContent = at;
}

function keep(quiz, position, fields) {
  localStorage.setItem(keyOf(quiz, position), JSON.stringify({ fields, stamp: Date.now() }));
}

async function send(key) {
  const raw = localStorage.getItem(key);
  if (!raw) return true;
  const [quiz, position] = key.slice(PREFIX.length).split(":");
  const here = form && form.dataset.quiz === quiz && form.dataset.position === position;
  const body = new URLSearchParams(JSON.parse(raw).fields);
  let answer;
  try {
    answer = await fetch(`/kuis/${quiz}/soal/${position}`, {
      method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual",
    });
  } catch {
    if (here) show("local");
    return false;
  }
  if (answer.status === 401) {
    if (here) show("unsaved");
    return false;
  }
  if (answer.status >= 500 || answer.type === "opaqueredirect") {
    if (here) show("unsaved");
    return false;
  }
  const told = await answer.json().catch(() => ({}));
  // Something newer may have been kept while this was on its way; that one is sent next.
  if (localStorage.getItem(key) === raw) localStorage.removeItem(key);
  if (here && told.revision !== undefined) form.elements.revision.value = told.revision;
  if (answer.ok) {
    if (here) show("saved", told.saved_at);
  } else if (here) {
    form.insertAdjacentHTML("beforebegin", '<div class="e-al e-al--w" role="alert"><p></p></div>');
    form.previousElementSibling.querySelector("p").textContent = told.message || "";
  }
  return true;
}

let turn = 0;
let timer = 0;
let busy = false;
async function flush() {
  clearTimeout(timer);
  if (busy) return;
  busy = true;
  let all = true;
  for (const key of waiting()) all = (await send(key)) && all;
  busy = false;
  turn = all ? 0 : turn + 1;
  if (waiting().length) timer = setTimeout(flush, STEPS[Math.min(turn, STEPS.length - 1)]);
}

function answerOf() {
  return [...new FormData(form)].filter(([name]) => name !== "flag" && name !== "go").map(([n, v]) => [n, String(v)]);
}

function fill(fields) {
  const given = new Map();
  for (const [name, value] of fields) given.set(name, [...(given.get(name) || []), value]);
  for (const input of form.elements) {
    if (!input.name || !given.has(input.name) || input.name === "revision") continue;
    if (input.type === "radio" || input.type === "checkbox") input.checked = given.get(input.name).includes(input.value);
    else input.value = given.get(input.name)[0];
  }
}

function countDown() {
  const words = document.querySelector("[data-timer-words]");
  if (!words || !form.dataset.left) return;
  const end = performance.now() + Number(form.dataset.left) * 1000;
  const said = new Set();
  const voice = document.createElement("p");
  voice.className = "e-vh";
  voice.setAttribute("aria-live", "polite");
  form.append(voice);
  setInterval(() => {
    const minutes = Math.max(0, Math.ceil((end - performance.now()) / 60000));
    words.textContent = words.textContent.replace(/\d+/, minutes);
    if ([10, 5, 1].includes(minutes) && !said.has(minutes)) {
      said.add(minutes);
      voice.textContent = words.textContent;
    }
  }, 1000);
}

if (form) {
  const { quiz, position } = form.dataset;
  const left = localStorage.getItem(keyOf(quiz, position));
  if (left) {
    fill(JSON.parse(left).fields);
    show("local");
  }
  const changed = (event) => {
    if (event.target.name === "flag") return;
    keep(quiz, position, answerOf());
    show("saving");
    flush();
  };
  let pause = 0;
  form.addEventListener("change", changed);
  form.addEventListener("input", (event) => {
    if (!/^(text|search|tel)$/.test(event.target.type || "")) return;
    clearTimeout(pause);
    pause = setTimeout(() => changed(event), 500);
  });
  // The form itself saves too; what it carries must not be sent a second time with an old revision.
  form.addEventListener("submit", () => { if (navigator.onLine) localStorage.removeItem(keyOf(quiz, position)); });
  countDown();
}
addEventListener("online", flush);
addEventListener("focus", flush);
flush();
