// [data-tools=ID] : buttons that write Markdown around what is selected in the text area ID. Without this script one
// types it; "Cara menulis" shows how.

for (const bar of document.querySelectorAll("[data-tools]")) {
  const text = document.getElementById(bar.dataset.tools);
  if (!text) continue;
  bar.hidden = false;
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-before]");
    if (!button) return;
    const { selectionStart: start, selectionEnd: end, value } = text;
    const fresh = !start || value[start - 1] === "\n";
    const before = fresh ? button.dataset.before.trimStart() : button.dataset.before;
    const chosen = value.slice(start, end);
    text.setRangeText(before + chosen + button.dataset.after, start, end, "end");
    const caret = start + before.length;
    text.setSelectionRange(caret, caret + chosen.length);
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
