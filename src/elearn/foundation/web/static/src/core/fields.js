// Small help at single fields.

export function focusOnErrors() {
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
}

export function passwordButtons(root) {
  for (const button of root.querySelectorAll("[data-reveal][hidden]")) {
    const input = document.getElementById(button.getAttribute("aria-controls"));
    button.hidden = false;
    const show = (shown) => {
      input.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
      button.querySelector("[data-on]").hidden = !shown;
      button.querySelector("[data-off]").hidden = shown;
    };
    button.addEventListener("click", () => show(input.type === "password"));
    // Sent as a password again, so that the browser does not remember it as text.
    input.form && input.form.addEventListener("submit", () => show(false));
  }
}

export function copyButtons(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy][hidden]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      const words = button.querySelector("span");
      const before = words.textContent;
      words.textContent = button.dataset.copied;
      button.setAttribute("aria-live", "polite");
      setTimeout(() => (words.textContent = before), 3000);
    });
  }
}

export function dropPlaces(root) {
  for (const place of root.querySelectorAll("[data-drop]:not([data-ready])")) {
    place.dataset.ready = "1";
    const input = place.querySelector("input[type=file]");
    const words = place.querySelector("[data-drop-words]");
    if (words) words.hidden = false;
    const over = (event, on) => {
      event.preventDefault();
      place.classList.toggle("is-over", on);
    };
    place.addEventListener("dragover", (event) => over(event, true));
    place.addEventListener("dragleave", (event) => over(event, false));
    place.addEventListener("drop", (event) => {
      over(event, false);
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}

