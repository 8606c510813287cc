// Sends what waits on this device, one answer at a time, and tries again later.
import { gist, givenHere, keyOf, load, placeOf, putAside, revised, waiting, write } from "./device.js";
import { answerOf, choose, notice, question, readable, show, tellWaiting, words } from "./page.js";
import { remember } from "./pocket.js";

const STEPS = [1000, 2000, 4000, 8000, 30000];
// A weak signal that carries nothing for so long is none.
const PATIENCE = 20000;

/** Whether the network is gone: the browser says so, or the last answer did not get through and still waits. */
export const cutOff = () => !navigator.onLine || (unreachable && waiting().length > 0);

/** Another tab or device saved something else meanwhile: nothing is overwritten before the learner has chosen. */
function askWhich(key, told) {
  show("unsaved");
  // Asked once: a question that is put anew takes the focus from who is about to answer it.
  const asked = `${key} ${told.revision}`;
  const box = document.querySelector("[data-notice]");
  if (box && box.dataset.notice === asked) return;
  const settle = (fields) => {
    notice("");
    if (!fields) {
      localStorage.removeItem(key);
      location.reload();
      return;
    }
    write(key, { fields, tried: [], stamp: Date.now() });
    question().elements.revision.value = told.revision;
    flush();
  };
  notice(
    words.other.replace("{answer}", readable(told.answer)).replace("{at}", told.saved_at || "-"),
    choose(words.take, () => settle(null)),
    choose(words.mine, () => settle(revised(answerOf(question()), told.revision))),
  );
  document.querySelector("[data-notice]").dataset.notice = asked;
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
  const { quiz, position } = placeOf(key);
  const here = () => question() && keyOf(question().dataset.quiz, question().dataset.position) === key;
  // What another tab gave may go out from here; a form that shows something else stays on what it knew, so that the
  // learner is asked before its answer takes the place of the other.
  const shown = () => here() && (givenHere(item) || gist(answerOf(question())) === gist(item.fields));
  item.tried = [...new Set([...(item.tried || []), gist(item.fields)])].slice(-20);
  const raw = write(key, item);
  let answer;
  const patience = new AbortController();
  const bell = setTimeout(() => patience.abort(), PATIENCE);
  try {
    answer = await fetch(`/kuis/${quiz}/soal/${position}`, {
      method: "POST", body: new URLSearchParams(item.fields), headers: { Accept: "application/json" },
      redirect: "manual", signal: patience.signal,
    });
    unreachable = false;
  } catch {
    unreachable = true;
    return false;
  } finally {
    clearTimeout(bell);
  }
  if (answer.status === 404) {
    // Somebody else's, who used this phone before: it waits until he or she signs in again.
    putAside(key);
    return true;
  }
  const told = await answer.json().catch(() => null);
  if (!told || answer.status >= 500 || ![200, 409, 422].includes(answer.status)) {
    if (here()) show(answer.status === 401 ? "local" : "unsaved");
    if (answer.status === 401) signIn();
    return false;
  }
  const newer = localStorage.getItem(key) !== raw ? load(key) : null;
  const known = answer.ok || (answer.status === 409 && told.revision !== undefined && item.tried.includes(gist(told.answer)));
  if (known) {
    remember(quiz, position, revised(item.fields, told.revision), told.saved_at);
    // What was typed meanwhile, or was sent without an answer coming back, builds on the learner's own save.
    const next = newer || (answer.ok ? null : item);
    if (shown()) question().elements.revision.value = told.revision;
    if (next) {
      write(key, { ...next, fields: revised(next.fields, told.revision) });
      again = true;
      return false;
    }
    localStorage.removeItem(key);
    if (shown()) {
      notice("");
      show("saved", told.saved_at);
    }
    return true;
  }
  if (told.revision !== undefined) {
    if (here()) askWhich(key, told);
    return false;
  }
  if (!newer) localStorage.removeItem(key);
  if (here()) {
    show("unsaved");
    notice(told.message || "");
  }
  return true;
}

let unreachable = false;
let turn = 0;
let timer = 0;
let again = false;
let running = null;

async function sendAll() {
  let all = true;
  do {
    again = false;
    all = true;
    for (const key of waiting()) {
      all = (await send(key)) && all;
      // Without a network the others wait as well, in their order.
      if (unreachable) break;
    }
  } while (again && !unreachable);
  running = null;
  if (unreachable && question() && load(keyOf(question().dataset.quiz, question().dataset.position))) show("local");
  tellWaiting();
  turn = all ? 0 : turn + 1;
  if (waiting().length) timer = setTimeout(flush, STEPS[Math.min(turn, STEPS.length - 1)]);
}

/** Sends all that waits; done when nothing more can be sent now. */
export function flush() {
  clearTimeout(timer);
  again = true;
  running = running || Promise.resolve().then(sendAll);
  return running;
}
