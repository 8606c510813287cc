// Single keys, while nobody is typing, and unless they were switched off (WCAG 2.1.4).

const off = () => document.documentElement.dataset.keys === "off";
const busy = (event) => off() || event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.closest("input, textarea, select, [contenteditable], dialog");

// "/" goes to the search line.
export function searchKey() {
  document.addEventListener("keydown", (event) => {
    const line = document.querySelector("[data-search]");
    if (event.key !== "/" || busy(event) || !line) return;
    event.preventDefault();
    line.focus();
  });
}

// data-key="s" : pressing the key does what a click on the element does.
export function shortcuts() {
  document.addEventListener("keydown", (event) => {
    if (busy(event)) return;
    const found = [...document.querySelectorAll(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`)].find((each) => each.offsetParent);
    if (!found) return;
    event.preventDefault();
    found.click();
  });
}
