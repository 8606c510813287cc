// Reports reading to the server while a lesson is open and visible, and returns to the place of the last visit.
const lesson = document.querySelector("[data-lesson]");
const EVERY = 15_000;

function share() {
  const room = document.documentElement.scrollHeight - innerHeight;
  return room > 0 ? Math.min(1, scrollY / room) : 1;
}

function watch(address) {
  let since = performance.now();
  let active = 0;
  let end = share() > 0.97;
  const tick = () => {
    const now = performance.now();
    if (!document.hidden) active += now - since;
    since = now;
  };
  const report = () => {
    tick();
    const seconds = Math.floor(active / 1000);
    active -= seconds * 1000;
    const body = JSON.stringify({ seconds, place: share(), end });
    fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body, keepalive: true })
      .catch(() => { active += seconds * 1000; });
  };
  addEventListener("scroll", () => { end = end || share() > 0.97; }, { passive: true });
  document.addEventListener("visibilitychange", () => { tick(); if (document.hidden) report(); });
  setInterval(() => { if (!document.hidden) report(); }, EVERY);
}

if (lesson) {
  const place = Number(lesson.dataset.place);
  if (place > 0.02 && place < 0.97 && !location.hash) {
    requestAnimationFrame(() => scrollTo(0, place * (document.documentElement.scrollHeight - innerHeight)));
  }
  watch(lesson.dataset.lesson);
}
