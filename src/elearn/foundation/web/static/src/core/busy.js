// A form is sent once; <form data-download>, whose answer is a file, as often as wanted. The pressed button shows what is going on: its data-busy, or its own words with a spinner.

export function showBusyButtons() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method") !== "post" || "download" in form.dataset) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    const button = event.submitter;
    // After this turn, since a disabled or changed button would no longer send its value.
    if (button) setTimeout(() => spin(button), 0);
  });
  // Back in the browser shows the page as it was left: busy.
  window.addEventListener("pageshow", (event) => event.persisted && rest());
  document.addEventListener("htmx:afterRequest", rest);
}

export function spin(button) {
  button.idle = [...button.childNodes];
  const spinner = document.createElement("span");
  spinner.className = "e-spin";
  spinner.setAttribute("aria-hidden", "true");
  const words = document.createElement("span");
  words.textContent = button.dataset.busy || button.textContent.trim();
  button.replaceChildren(spinner, words);
  button.classList.add("is-busy");
  button.setAttribute("aria-busy", "true");
}

export function rest() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll(".is-busy")) {
    if (button.idle) button.replaceChildren(...button.idle);
    button.classList.remove("is-busy");
    button.removeAttribute("aria-busy");
  }
}
