// Answers that wait on this device until the server has told that it has them; they survive a reload.
const PREFIX = "answer:";
// All tabs of a device share what waits; each page knows by this what was given on it.
const PAGE = Math.random().toString(36).slice(2);

export const keyOf = (quiz, position) => `${PREFIX}${quiz}:${position}`;

export function placeOf(key) {
  const [quiz, position] = key.slice(PREFIX.length).split(":");
  return { quiz, position };
}

export function load(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}

const aside = new Set();

/** Not sent again while this page is open. */
export const putAside = (key) => aside.add(key);

/** The keys of what waits, in the order in which it was answered. */
export function waiting() {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX) && !aside.has(key));
  const since = Object.fromEntries(keys.map((key) => [key, (load(key) || {}).stamp || 0]));
  return keys.sort((a, b) => since[a] - since[b]);
}

export function write(key, item) {
  const raw = JSON.stringify(item);
  localStorage.setItem(key, raw);
  return raw;
}

export function keep(quiz, position, fields) {
  const key = keyOf(quiz, position);
  const { tried = [] } = load(key) || {};
  write(key, { fields, tried, stamp: Date.now(), page: PAGE });
}

/** Whether an answer that waits was given on this page, and not in another tab or before a reload. */
export const givenHere = (item) => item.page === PAGE;

export const revised = (fields, revision) =>
  fields.map(([name, value]) => [name, name === "revision" ? String(revision) : value]);

const same = (text) => String(text).trim().replace(/\s+/g, " ").replace(".", ",");

/** An answer as one text, the same for what a form sends and for what the server tells. */
export function gist(answer) {
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
