// [data-arrange] : activities are dragged within and between modules; the buttons beside them do the same without it.

const place = document.querySelector("[data-arrange]");
let held = null;

function target(event) {
  const list = event.target.closest("[data-module]") || (event.target.closest("section") || place).querySelector("[data-module]");
  const lines = list ? [...list.querySelectorAll("[data-move]")].filter((line) => line !== held) : [];
  const next = lines.find((line) => event.clientY < line.getBoundingClientRect().top + line.offsetHeight / 2);
  return { list, next };
}

async function drop(event) {
  if (!held) return;
  event.preventDefault();
  const { list, next } = target(event);
  if (!list) return;
  list.insertBefore(held, next || null);
  const body = new URLSearchParams({ module: list.dataset.module, sebelum: next ? next.dataset.id : "" });
  try { await fetch(held.dataset.move, { method: "POST", body }); } finally { location.reload(); }
}

if (place) {
  for (const line of place.querySelectorAll("[data-move]")) {
    line.draggable = true;
    line.addEventListener("dragstart", (event) => {
      held = line;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", line.dataset.id);
    });
    line.addEventListener("dragend", () => { held = null; });
  }
  place.addEventListener("dragover", (event) => { if (held) event.preventDefault(); });
  place.addEventListener("drop", drop);
}
