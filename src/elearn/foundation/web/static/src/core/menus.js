// Menus are <details>, dialogs are <dialog>: this closes and opens them as people expect.

export function menus() {
  const opened = () => document.querySelectorAll("[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of opened()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of opened()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

// <button data-dialog="id"> opens, <button data-close> inside closes.
export function dialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (!dialog || !dialog.showModal) return;
      event.preventDefault();
      dialog.showModal();
    }
    const closer = event.target.closest("dialog [data-close]");
    if (closer) closer.closest("dialog").close();
  });
}

// <input type="radio" data-pick="theme"> (or "size") shows the choice at once; saving the form keeps it.
export function themePreview() {
  document.addEventListener("change", (event) => {
    const what = event.target.dataset.pick;
    if (!what) return;
    const { dataset } = document.documentElement;
    if (event.target.value) dataset[what] = event.target.value;
    else delete dataset[what];
  });
}

// "/" goes to the search line.
export function searchKey() {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const line = document.querySelector("[data-search]");
    if (!line) return;
    event.preventDefault();
    line.focus();
  });
}
