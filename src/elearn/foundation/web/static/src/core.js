// What every page loads. Without it all forms and links work; it only makes them quicker and clearer.
import htmx from "htmx.org";
import { confirmBeforeSending } from "./core/confirm.js";
import { showBusyButtons } from "./core/busy.js";
import { copyButtons, dropPlaces, focusOnErrors, passwordButtons } from "./core/fields.js";
import { searchKey, shortcuts } from "./core/keys.js";
import { menus } from "./core/menus.js";
import { pollJobs } from "./core/poll.js";

// The content policy forbids evaluated code and style elements made by scripts.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;
window.htmx = htmx;

function perPart(root) {
  passwordButtons(root);
  copyButtons(root);
  dropPlaces(root);
  pollJobs(root);
}

/** What a tab keeps of somebody's pages ends with signing out. */
function forgetOnLeaving() {
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") === "/keluar") sessionStorage.clear();
  });
}

function start() {
  forgetOnLeaving();
  confirmBeforeSending();
  showBusyButtons();
  menus();
  searchKey();
  shortcuts();
  focusOnErrors();
  perPart(document);
  htmx.onLoad(perPart);
}

// Deferred scripts run when the document is parsed, so nothing has to be waited for.
start();
