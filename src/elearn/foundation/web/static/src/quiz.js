// Saves each answer as it is given. What cannot be sent waits on this device, survives a reload, and goes out later;
// meanwhile the learner goes on to the other questions.
import { rest, spin } from "./core/busy.js";
import { keep, keyOf, load, waiting } from "./quiz/device.js";
import { answerOf, countDown, fill, notice, question, show, take, tellWaiting, words } from "./quiz/page.js";
import { fetchQuestions, moveTo, remember } from "./quiz/pocket.js";
import { cutOff, flush } from "./quiz/sending.js";

const inQuestion = (event) => event.target.closest && event.target.closest("form[data-quiz]");

let pause = 0;

function changed(form) {
  // Once is enough: a second time, later, could come after what another tab has given meanwhile.
  clearTimeout(pause);
  keep(form.dataset.quiz, form.dataset.position, answerOf(form));
  show("saving");
  flush();
}

const addressOf = (form) => `/kuis/${form.dataset.quiz}?soal=${form.dataset.position}`;

/** Without a network: to a question that is at hand, or a word why not. Gives whether the page shall stay. */
function goWithout(target) {
  if (!cutOff()) return false;
  flush();
  notice("");
  if (!/^\d+$/.test(target)) notice(words.later);
  else if (moveTo(target)) history.pushState(null, "", addressOf(question()));
  else notice(words.notHere);
  return true;
}

/** What waits goes out before the form: with the revision that it showed, the form would be refused as stale. */
async function sendFirst(form, pressed) {
  show("saving");
  spin(pressed);
  await flush();
  rest();
  if (form !== question()) return;
  if (cutOff()) stay(form, pressed);
  else if (load(keyOf(form.dataset.quiz, form.dataset.position))) return;
  else if (pressed.name === "clear") location.reload();
  else form.requestSubmit(pressed);
}

/** Without a network the answer stays on the device and the learner goes on. */
function stay(form, pressed) {
  if (load(keyOf(form.dataset.quiz, form.dataset.position))) show("local");
  if (pressed.name === "go") goWithout(pressed.value);
  else tellWaiting();
}

function submitted(event, form) {
  const { quiz, position } = form.dataset;
  const pressed = event.submitter || form.querySelector("button[name=go]");
  const clears = pressed.name === "clear";
  clearTimeout(pause);
  if (clears) fill(form, answerOf(form).filter(([name]) => name === "flag"));
  const waits = clears || load(keyOf(quiz, position));
  if (waits) keep(quiz, position, answerOf(form));
  if (!waits && !cutOff()) return;
  event.preventDefault();
  if (cutOff()) stay(form, pressed);
  else sendFirst(form, pressed);
}

function takeQuestions() {
  const { quiz, position, saved } = question().dataset;
  const left = load(keyOf(quiz, position));
  if (left) {
    take(question(), left.fields);
    show("local");
  } else {
    remember(quiz, position, answerOf(question()), saved);
  }
  // After a form that was refused the address is that of the form.
  history.replaceState(null, "", addressOf(question()));
  addEventListener("change", (event) => inQuestion(event) && changed(inQuestion(event)));
  addEventListener("input", (event) => {
    const form = inQuestion(event);
    if (!form || !/^(text|search|tel)$/.test(event.target.type || "")) return;
    clearTimeout(pause);
    // Whoever has gone on meanwhile has left this form by a change or a button, and both have kept it.
    pause = setTimeout(() => form.isConnected && changed(form), 500);
  });
  // Before the page marks the form as sent.
  addEventListener("submit", (event) => inQuestion(event) && submitted(event, inQuestion(event)), true);
  addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("main a[href^='/kuis/']");
    if (link && goWithout(new URL(link.href).searchParams.get("soal") || "")) event.preventDefault();
  });
  addEventListener("popstate", () => {
    const wanted = new URL(location.href).searchParams.get("soal") || "1";
    if (wanted === question().dataset.position || moveTo(wanted)) return;
    if (cutOff()) notice(words.notHere);
    else location.reload();
  });
  countDown();
  setTimeout(fetchQuestions, 1500);
}

if (question()) takeQuestions();
addEventListener("online", flush);
addEventListener("focus", flush);
addEventListener("offline", () => { if (waiting().length) tellWaiting(); });
const sendNow = document.querySelector("[data-send-now]");
if (sendNow) sendNow.addEventListener("click", flush);
const stale = !question() && waiting().length;
flush().then(() => { if (stale && !waiting().length) location.reload(); });
