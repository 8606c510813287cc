// <form data-picture=ID> : uploads a picture and writes its Markdown where the cursor stands in the text area ID.
// Without this script the form opens a page that shows what to write.

for (const form of document.querySelectorAll("form[data-picture]")) {
  const text = document.getElementById(form.dataset.picture);
  const error = form.querySelector("[data-picture-error]");
  if (!text || !error) continue;
  const say = (words) => {
    error.textContent = words;
    error.hidden = !words;
  };
  const hint = form.querySelector("[data-plain]");
  if (hint) hint.hidden = true;
  form.dataset.download = "1";
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say("");
    let answer = {};
    try {
      const reply = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
      answer = await reply.json();
    } catch (_lost) { /* said below */ }
    if (!answer.markdown) return say(answer.error || form.dataset.failed);
    text.setRangeText(`\n\n${answer.markdown}\n\n`, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    form.reset();
    text.focus();
  });
}
