// A short notice at the foot of the page, with a way back. Other scripts:
// document.dispatchEvent(new CustomEvent("elearn:toast", { detail: { text, undo, undoText } }))

const SHOWN = 10000;

export function toastEvents() {
  document.addEventListener("elearn:toast", (event) => toast(event.detail));
}

export function toast({ text, undo, undoText = "Urungkan" }) {
  const note = document.createElement("div");
  note.className = "e-toast";
  const words = document.createElement("span");
  words.textContent = text;
  note.append(words);
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = undoText;
    button.addEventListener("click", () => {
      note.remove();
      undo();
    });
    note.append(button);
  }
  place().append(note);
  let timer = setTimeout(() => note.remove(), SHOWN);
  // Nobody loses the button while reaching for it.
  note.addEventListener("focusin", () => clearTimeout(timer));
  note.addEventListener("pointerenter", () => clearTimeout(timer));
  note.addEventListener("pointerleave", () => (timer = setTimeout(() => note.remove(), SHOWN)));
}

function place() {
  let found = document.querySelector(".e-toasts");
  if (!found) {
    found = document.createElement("div");
    found.className = "e-toasts";
    found.setAttribute("role", "status");
    document.body.append(found);
  }
  return found;
}
