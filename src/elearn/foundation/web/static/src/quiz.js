// Saves each answer as it is given. What cannot be sent waits on this device, survives a reload, and goes out later.
const form = document.querySelector("form[data-quiz]");
const STEPS = [1000, 2000, 4000, 8000, 30000];
const PREFIX = "answer:";
const words = JSON.parse((document.querySelector("[data-quiz-words]") || { dataset: { quizWords: "{}" } }).dataset.quizWords);

const keyOf = (quiz, position) => `${PREFIX}${quiz}:${position}`;
const waiting = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

function show(state, at = "") {
  const box = document.getElementById("state");
  if (!box) return;
  box.dataset.state = state;
  const clock = box.querySelector("[data-save-at]");
  if (clock && at) clock.textContent = at;
}

function load(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}

function keep(quiz, position, fields) {
  const key = keyOf(quiz, position);
  const { tried = [] } = load(key) || {};
  localStorage.setItem(key, JSON.stringify({ fields, tried, stamp: Date.now() }));
}

const revised = (fields, revision) => fields.map(([name, value]) => [name, name === "revision" ? String(revision) : value]);
const same = (text) => String(text).trim().replace(/\s+/g, " ").replace(".", ",");

/** An answer as one text, the same for what a form sends and for what the server tells. */
function gist(answer) {
  if (Array.isArray(answer)) {
    const values = (name) => answer.filter(([field]) => field === name).map(([, value]) => value);
    if (values("clear").length) return "";
    const pairs = answer.filter(([name, value]) => name.startsWith("pair-") && value).map(([n, v]) => `${n.slice(5)}=${v}`);
    return [...pairs, ...values("choices"), ...values("answer").filter(Boolean).map(same)].sort().join("&");
  }
  const { choice, choices = [], text, number, pairs = {} } = answer || {};
  const bare = [choice, text, number].filter((value) => value !== undefined).map(same);
  return [...Object.entries(pairs).map(([left, right]) => `${left}=${right}`), ...choices, ...bare].sort().join("&");
}

function notice(message, ...actions) {
  const old = document.querySelector("[data-notice]");
  if (old) old.remove();
  if (!message || !form) return;
  const box = document.createElement("div");
  box.className = "e-al e-al--w e-mb-4";
  box.dataset.notice = "";
  box.setAttribute("role", "alert");
  const inner = box.appendChild(document.createElement("div"));
  inner.appendChild(document.createElement("p")).textContent = message;
  if (actions.length) inner.appendChild(document.createElement("div")).className = "e-btns e-mt-3";
  for (const action of actions) inner.lastChild.append(action);
  form.before(box);
}

function choose(label, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "e-btn e-btn--2 e-btn--s";
  button.textContent = label;
  button.addEventListener("click", act);
  return button;
}

/** Options by their words, so that a newer answer can be read. */
function readable(answer) {
  const { choice, choices, text, number } = answer || {};
  const ids = choice ? [choice] : choices || [];
  const labels = ids.map((id) => (form.querySelector(`[value="${id}"]`) || { closest: () => null }).closest("label"));
  return labels.map((label) => (label ? label.textContent.trim() : "")).filter(Boolean).join(", ") || text || number || "-";
}

/** Another tab or device saved something else meanwhile: nothing is overwritten before the learner has chosen. */
function askWhich(key, item, told) {
  show("unsaved");
  const settle = (fields) => {
    notice("");
    if (!fields) {
      localStorage.removeItem(key);
      location.reload();
      return;
    }
    localStorage.setItem(key, JSON.stringify({ fields, tried: [], stamp: Date.now() }));
    form.elements.revision.value = told.revision;
    flush();
  };
  notice(
    words.other.replace("{answer}", readable(told.answer)).replace("{at}", told.saved_at || "-"),
    choose(words.take, () => settle(null)),
    choose(words.mine, () => settle(revised((load(key) || item).fields, told.revision))),
  );
}

function signIn() {
  const link = document.createElement("a");
  link.href = `/masuk?lanjut=${encodeURIComponent(location.pathname + location.search)}`;
  link.className = "e-btn e-btn--2 e-btn--s";
  link.textContent = words.signIn;
  notice(words.signedOut, link);
}

/** Sends one answer; true when it no longer waits. It is forgotten only when the server has it, or can never take it. */
async function send(key) {
  const item = load(key);
  if (!item) return true;
  const [quiz, position] = key.slice(PREFIX.length).split(":");
  const here = form && form.dataset.quiz === quiz && form.dataset.position === position;
  const mine = gist(item.fields);
  item.tried = [...new Set([...(item.tried || []), mine])].slice(-20);
  const raw = JSON.stringify(item);
  localStorage.setItem(key, raw);
  let answer;
  try {
    answer = await fetch(`/kuis/${quiz}/soal/${position}`, {
      method: "POST", body: new URLSearchParams(item.fields), headers: { Accept: "application/json" }, redirect: "manual",
    });
  } catch {
    if (here) show("local");
    return false;
  }
  const told = await answer.json().catch(() => null);
  if (!told || answer.status >= 500 || ![200, 409, 422].includes(answer.status)) {
    if (here) show(answer.status === 401 ? "local" : "unsaved");
    if (answer.status === 401) signIn();
    return false;
  }
  const newer = localStorage.getItem(key) !== raw ? load(key) : null;
  const known = answer.ok || (answer.status === 409 && told.revision !== undefined && item.tried.includes(gist(told.answer)));
  if (known) {
    // What was typed meanwhile, or was sent without an answer coming back, builds on the learner's own save.
    const next = newer || (answer.ok ? null : item);
    if (here) form.elements.revision.value = told.revision;
    if (next) {
      localStorage.setItem(key, JSON.stringify({ ...next, fields: revised(next.fields, told.revision) }));
      again = true;
      return false;
    }
    localStorage.removeItem(key);
    if (here) {
      notice("");
      show("saved", told.saved_at);
    }
    return true;
  }
  if (told.revision !== undefined) {
    if (here) askWhich(key, item, told);
    return false;
  }
  if (!newer) localStorage.removeItem(key);
  if (here) {
    show("unsaved");
    notice(told.message || "");
  }
  return true;
}

let turn = 0;
let timer = 0;
let busy = false;
let again = false;
async function flush() {
  clearTimeout(timer);
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  let all = true;
  do {
    again = false;
    all = true;
    for (const key of waiting()) all = (await send(key)) && all;
  } while (again);
  busy = false;
  tellWaiting();
  turn = all ? 0 : turn + 1;
  if (waiting().length) timer = setTimeout(flush, STEPS[Math.min(turn, STEPS.length - 1)]);
}

/** A line over the page while answers wait on this device. */
function tellWaiting() {
  const line = document.querySelector("[data-waiting]");
  if (!line) return;
  const count = waiting().length;
  line.hidden = !count;
  markWaiting();
  line.querySelector("[data-waiting-words]").textContent = count ? words.waiting.replace("{n}", count) : "";
}

/** The map of questions shows which answers wait. */
function markWaiting() {
  const map = document.querySelector("[data-map]");
  const legend = document.querySelector("[data-map-waiting]");
  if (!map || !legend) return;
  const mine = waiting().filter((key) => key.startsWith(keyOf(map.dataset.map, "")));
  const numbers = new Set(mine.map((key) => key.split(":")[2]));
  for (const link of map.children) link.classList.toggle("p", numbers.has(link.textContent.trim()));
  legend.hidden = !numbers.size;
}

function answerOf() {
  const all = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
  const fields = all.filter(([name]) => name !== "flag" && name !== "go");
  // Whoever empties a field here means it; a form that arrives blank for another reason never empties an answer.
  return gist(fields) ? fields : [...fields, ["clear", "1"]];
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
  const clock = document.querySelector("[data-timer-words]");
  if (!clock || !form.dataset.left) return;
  const hide = document.querySelector("[data-timer-hide]");
  if (hide) {
    hide.hidden = false;
    hide.addEventListener("click", () => {
      clock.hidden = !clock.hidden;
      hide.textContent = clock.hidden ? words.showTime : words.hideTime;
    });
  }
  const end = performance.now() + Number(form.dataset.left) * 1000;
  const said = new Set();
  const voice = document.createElement("p");
  voice.className = "e-vh";
  voice.setAttribute("aria-live", "polite");
  form.append(voice);
  setInterval(() => {
    const minutes = Math.max(0, Math.ceil((end - performance.now()) / 60000));
    clock.textContent = minutes ? clock.textContent.replace(/\d+/, minutes) : words.over;
    if ([10, 5, 1, 0].includes(minutes) && !said.has(minutes)) {
      said.add(minutes);
      voice.textContent = clock.textContent;
    }
  }, 1000);
}

if (form) {
  const { quiz, position } = form.dataset;
  const left = load(keyOf(quiz, position));
  if (left) {
    fill(left.fields);
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
  // The form itself saves too. What waits here stays until the server has told that it has it: the same answer sent
  // twice does no harm.
  form.addEventListener("submit", (event) => {
    const clears = event.submitter && event.submitter.name === "clear";
    const fields = clears ? [["revision", form.elements.revision.value], ["clear", "1"]] : answerOf();
    const key = keyOf(quiz, position);
    if (clears || load(key)) {
      keep(quiz, position, fields);
      const item = load(key);
      localStorage.setItem(key, JSON.stringify({ ...item, tried: [...item.tried, gist(fields)] }));
    }
    if (!navigator.onLine) {
      event.preventDefault();
      show("local");
      tellWaiting();
    }
  });
  countDown();
}
addEventListener("online", flush);
addEventListener("focus", flush);
addEventListener("offline", () => { if (waiting().length) tellWaiting(); });
const sendNow = document.querySelector("[data-send-now]");
if (sendNow) sendNow.addEventListener("click", flush);
const stale = !form && waiting().length;
flush().then(() => { if (stale && !waiting().length) location.reload(); });
