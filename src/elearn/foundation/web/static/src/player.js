// Reports learning to the server while a lesson or recording is open and visible, and returns to the last place.
const lesson = document.querySelector("[data-lesson]");
const recording = document.querySelector("[data-recording]");
const EVERY = 15_000;

function share() {
  const room = document.documentElement.scrollHeight - innerHeight;
  return room > 0 ? Math.min(1, scrollY / room) : 1;
}

// `place` and `end` are asked at each report; returns a function that reports at once.
function watch(address, place, end) {
  let since = performance.now();
  let active = 0;
  const tick = () => {
    const now = performance.now();
    if (!document.hidden) active += now - since;
    since = now;
  };
  const report = () => {
    tick();
    const seconds = Math.floor(active / 1000);
    active -= seconds * 1000;
    const body = JSON.stringify({ seconds, place: place(), end: end() });
    fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body, keepalive: true })
      .catch(() => { active += seconds * 1000; });
  };
  document.addEventListener("visibilitychange", () => { tick(); if (document.hidden) report(); });
  setInterval(() => { if (!document.hidden) report(); }, EVERY);
  return report;
}

if (lesson) {
  const place = Number(lesson.dataset.place);
  if (place > 0.02 && place < 0.97 && !location.hash) {
    requestAnimationFrame(() => scrollTo(0, place * (document.documentElement.scrollHeight - innerHeight)));
  }
  let end = share() > 0.97;
  addEventListener("scroll", () => { end = end || share() > 0.97; }, { passive: true });
  watch(lesson.dataset.lesson, share, () => end);
}

if (recording) {
  const begin = Number(recording.dataset.place);
  let played = false;
  let end = false;
  recording.addEventListener("loadedmetadata", () => {
    if (begin > 5 && !(begin > recording.duration - 10)) recording.currentTime = begin;
  }, { once: true });
  // Until it was played the place of the last visit stays.
  const report = watch(recording.dataset.recording, () => (played ? recording.currentTime : null), () => end);
  recording.addEventListener("timeupdate", () => {
    played = played || recording.currentTime > 0;
    end = end || recording.currentTime > 0.97 * recording.duration;
  });
  recording.addEventListener("pause", report);
  recording.addEventListener("ended", () => { end = true; report(); });
}
