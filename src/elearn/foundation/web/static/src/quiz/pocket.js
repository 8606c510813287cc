// All questions of the running attempt in this tab's own store, so that a learner who loses the network can go on to those
// that were not opened yet. It holds what the pages of the questions show, and nothing else; it ends with the tab.
import { keyOf, load } from "./device.js";
import { notice, question, revisionOf, show, take, tellWaiting } from "./page.js";

const QUESTIONS = "questions:";
const SAVED = "saved:";

function stored(key) {
  try { return sessionStorage.getItem(key); } catch { return null; }
}

function store(key, text) {
  // A full or forbidden store costs only what this module gives.
  try { sessionStorage.setItem(key, text); } catch { /* goes on with the network */ }
}

/** What the server is known to have of a question since the questions were fetched. */
export function remember(quiz, position, fields, at) {
  const saved = JSON.parse(stored(SAVED + quiz) || "{}");
  saved[position] = { fields, at };
  store(SAVED + quiz, JSON.stringify(saved));
}

/** Fetches the questions once for each attempt, and forgets those of other attempts. */
export async function fetchQuestions() {
  const quiz = question().dataset.quiz;
  if (stored(QUESTIONS + quiz)) return;
  const old = Object.keys(sessionStorage).filter((key) => key.startsWith(QUESTIONS) || key.startsWith(SAVED));
  for (const key of old) if (key !== SAVED + quiz) sessionStorage.removeItem(key);
  const answer = await fetch(`/kuis/${quiz}/soal`, { redirect: "manual" }).catch(() => null);
  if (answer && answer.ok) store(QUESTIONS + quiz, await answer.text());
}

/** Puts another question in the place of the one that is shown; false if it is not at hand. */
export function moveTo(position) {
  const shown = question();
  const { quiz } = shown.dataset;
  const all = new DOMParser().parseFromString(stored(QUESTIONS + quiz) || "", "text/html");
  const found = all.querySelector(`form[data-position="${Number(position)}"]`);
  if (!found) return false;
  const form = document.importNode(found, true);
  const saved = JSON.parse(stored(SAVED + quiz) || "{}")[position];
  const left = load(keyOf(quiz, position));
  if (saved && revisionOf(saved.fields) >= Number(form.elements.revision.value)) take(form, saved.fields);
  if (left) take(form, left.fields);
  // What is asked about one answer never stands over another question.
  notice("");
  shown.replaceWith(form);
  tellWhere(form);
  if (left) show("local");
  else {
    const at = saved ? saved.at : form.dataset.saved;
    show(at ? "saved" : "", at);
  }
  tellWaiting();
  return true;
}

/** Title, map and focus follow, as on a page of its own. */
function tellWhere(form) {
  const title = document.querySelector("main h1");
  document.title = document.title.replace(title.textContent, form.dataset.title);
  title.textContent = form.dataset.title;
  const map = document.querySelector("[data-map]");
  for (const link of map ? map.children : []) {
    if (link.textContent.trim() === form.dataset.position) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  title.tabIndex = -1;
  title.focus();
  scrollTo(0, 0);
}
