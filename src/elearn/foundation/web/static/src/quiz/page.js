// What of the quiz is on the page: the form of one question, what is told about its answer, the map, the time left.
import { gist, keyOf, placeOf, waiting } from "./device.js";

export const words = JSON.parse((document.querySelector("[data-quiz-words]") || { dataset: { quizWords: "{}" } }).dataset.quizWords);

/** The question that is shown now; null on the pages before and after. */
export const question = () => document.querySelector("form[data-quiz]");

export function show(state, at = "") {
  const box = document.getElementById("state");
  if (!box) return;
  box.dataset.state = state;
  const clock = box.querySelector("[data-save-at]");
  if (clock && at) clock.textContent = at;
}

export function notice(message, ...actions) {
  const old = document.querySelector("[data-notice]");
  if (old) old.remove();
  if (!message || !question()) return;
  const box = document.createElement("div");
  box.className = "e-al e-al--w e-mb-4";
  box.dataset.notice = "";
  box.setAttribute("role", "alert");
  const inner = box.appendChild(document.createElement("div"));
  inner.appendChild(document.createElement("p")).textContent = message;
  if (actions.length) inner.appendChild(document.createElement("div")).className = "e-btns e-mt-3";
  for (const action of actions) inner.lastChild.append(action);
  question().before(box);
}

export function choose(label, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "e-btn e-btn--2 e-btn--s";
  button.textContent = label;
  button.addEventListener("click", act);
  return button;
}

/** What the form would send of the answer. */
export function answerOf(form) {
  const all = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
  const fields = all.filter(([name]) => name !== "flag" && name !== "go");
  fields.push(["flag", form.elements.flag.checked ? "1" : "0"]);
  // Whoever empties a field here means it; a form that arrives blank for another reason never empties an answer.
  return gist(fields) ? fields : [...fields, ["clear", "1"]];
}

export const revisionOf = (fields) => Number((fields.find(([name]) => name === "revision") || [])[1] || 0);

/** Shows a known answer with the revision that it was given on, so that a newer one from elsewhere is noticed. */
export function take(form, fields) {
  fill(form, fields);
  form.elements.revision.value = revisionOf(fields);
}

export function fill(form, fields) {
  const given = new Map();
  for (const [name, value] of fields) given.set(name, [...(given.get(name) || []), value]);
  for (const input of form.elements) {
    if (!input.name || input.type === "hidden" || input.type === "submit") continue;
    const values = given.get(input.name) || [];
    if (input.type === "radio" || input.type === "checkbox") input.checked = values.includes(input.value);
    else input.value = values[0] || "";
  }
}

/** Options by their words, so that a newer answer can be read. */
export function readable(answer) {
  const { choice, choices, text, number } = answer || {};
  const ids = choice ? [choice] : choices || [];
  const labels = ids.map((id) => (question().querySelector(`[value="${id}"]`) || { closest: () => null }).closest("label"));
  return labels.map((label) => (label ? label.textContent.trim() : "")).filter(Boolean).join(", ") || text || number || "-";
}

/** A line over the page while answers wait on this device. */
export function tellWaiting() {
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
  const numbers = new Set(mine.map((key) => placeOf(key).position));
  for (const link of map.children) link.classList.toggle("p", numbers.has(link.textContent.trim()));
  legend.hidden = !numbers.size;
}

export function countDown() {
  const clock = document.querySelector("[data-timer-words]");
  if (!clock || !question().dataset.left) return;
  const hide = document.querySelector("[data-timer-hide]");
  if (hide) {
    hide.hidden = false;
    hide.addEventListener("click", () => {
      clock.hidden = !clock.hidden;
      hide.textContent = clock.hidden ? words.showTime : words.hideTime;
    });
  }
  const end = performance.now() + Number(question().dataset.left) * 1000;
  const said = new Set();
  const voice = document.createElement("p");
  voice.className = "e-vh";
  voice.setAttribute("aria-live", "polite");
  document.querySelector("main").append(voice);
  setInterval(() => {
    const minutes = Math.max(0, Math.ceil((end - performance.now()) / 60000));
    clock.textContent = minutes ? clock.textContent.replace(/\d+/, minutes) : words.over;
    if ([10, 5, 1, 0].includes(minutes) && !said.has(minutes)) {
      said.add(minutes);
      voice.textContent = clock.textContent;
    }
  }, 1000);
}
