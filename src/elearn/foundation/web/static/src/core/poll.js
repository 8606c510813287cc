// <section data-poll="/pekerjaan/x/kemajuan" data-title="62 % - Impor"> is asked for anew every 2 seconds, while the
// page is seen, until the answer carries no data-poll. 204 means: nothing new.

const EVERY = 2000;
const SLOWEST = 30000;

export function pollJobs(root) {
  const found = root.matches && root.matches("[data-poll]") ? [root] : root.querySelectorAll("[data-poll]");
  for (const part of found) {
    if (part.polled) continue;
    part.polled = true;
    setTimeout(() => ask(part, EVERY), EVERY);
  }
}

async function ask(part, pause) {
  if (!part.isConnected) return;
  if (document.hidden) {
    document.addEventListener("visibilitychange", () => ask(part, EVERY), { once: true });
    return;
  }
  try {
    const answer = await fetch(part.dataset.poll, { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(String(answer.status));
    pause = EVERY;
    if (answer.status === 200) part = replace(part, await answer.text());
    if (!part) return;
  } catch (lost) {
    // No signal or a restarting server: ask again, more seldom.
    pause = Math.min(pause * 2, SLOWEST);
  }
  setTimeout(() => ask(part, pause), pause);
}

// Puts the new state in place, keeping the focus; the part to ask for next, or null when the work has ended.
function replace(part, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  if (!fresh) return part;
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  const place = focused ? focusable(part).indexOf(focused) : -1;
  part.replaceWith(fresh);
  if (place >= 0) (focusable(fresh)[place] || document.getElementById("isi")).focus();
  if (fresh.dataset.title) document.title = `${fresh.dataset.title} - elearn`;
  if (fresh.dataset.poll) {
    fresh.polled = true;
    return fresh;
  }
  if (window.htmx) window.htmx.process(fresh);
  // What stands around the part (results, errors) belongs to the finished work.
  if ("reload" in fresh.dataset) window.location.reload();
  return null;
}

function focusable(part) {
  return [...part.querySelectorAll("a[href], button, input, summary")];
}
