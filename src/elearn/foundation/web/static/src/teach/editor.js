// <form data-preview=URL> : shows its text as learners will see it, half a second after the last key, and guards what is
// not saved. Without this script the button "Pratinjau" does the same.

for (const form of document.querySelectorAll("form[data-preview]")) {
  const text = form.querySelector("textarea[name=source]");
  const shown = document.querySelector("[data-preview-here]");
  let timer = 0;
  let turn = 0;
  let changed = false;

  async function refresh() {
    const mine = ++turn;
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body: new URLSearchParams({ source: text.value }) });
      const html = await answer.text();
      if (answer.ok && !answer.redirected && mine === turn) shown.innerHTML = html;
    } catch (_offline) { /* the last preview stays */ }
  }
  if (!text || !shown) continue;
  form.addEventListener("input", (event) => {
    changed = true;
    if (event.target !== text) return;
    clearTimeout(timer);
    timer = setTimeout(refresh, 500);
  });
  form.addEventListener("submit", () => { changed = false; });
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}
