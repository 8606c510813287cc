// <button data-confirm="Question" data-confirm-yes="Hapus" data-confirm-no="Batal" data-confirm-kind="d">
// asks in a native dialog before its form is sent. Browsers without <dialog> send at once, as without JavaScript.

export function confirmBeforeSending() {
  if (!window.HTMLDialogElement) return;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-confirm]");
    if (!button || button.disabled) return;
    if (button.confirmed) {
      button.confirmed = false;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(button);
  }, true);
}

function ask(button) {
  const { confirm, confirmYes, confirmNo, confirmKind } = button.dataset;
  const dialog = document.createElement("dialog");
  dialog.className = "e-dlg";
  const question = document.createElement("p");
  question.id = "tanya";
  question.textContent = confirm;
  dialog.setAttribute("aria-labelledby", question.id);
  const row = document.createElement("div");
  row.className = "e-btns";
  const yes = choice(confirmYes || button.textContent.trim(), confirmKind ? `e-btn e-btn--${confirmKind}` : "e-btn");
  const no = choice(confirmNo || "Batal", "e-btn e-btn--2");
  row.append(yes, no);
  dialog.append(question, row);
  yes.addEventListener("click", () => {
    dialog.close();
    button.confirmed = true;
    button.click();
  });
  no.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    button.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  no.focus();
}

function choice(words, look) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = look;
  made.textContent = words;
  return made;
}
