// Put into every page of the walk: what a person would see that axe does not look for.
(() => {
  const stopped = [];
  addEventListener("securitypolicyviolation", (event) => stopped.push(`policy stopped ${event.blockedURI || event.violatedDirective}`));

  const name = (element) => element.outerHTML.slice(0, 160);
  const shown = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && element.checkVisibility({ visibilityProperty: true });
  };

  function sideways() {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    const wide = [...document.querySelectorAll("main *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
    return [`scrolls sideways: ${wide.slice(0, 3).map(name).join(" | ")}`];
  }

  const ring = (one, part) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one, part);
    return `${outlineStyle === "none" ? "" : outlineWidth} ${boxShadow}`;
  };
  /** The rings around an element, its label and its neighbours, one of which shows that it has the focus. */
  const drawn = (element) =>
    [element, element.closest("label"), element.parentElement, element.nextElementSibling]
      .filter(Boolean).flatMap((one) => [ring(one), ring(one, "::after")]).join(";");

  function covered(element) {
    const whole = (element.closest("label") || element).getBoundingClientRect();
    const [top, bottom] = [Math.max(whole.top, 0), Math.min(whole.bottom, innerHeight)];
    const box = { left: whole.left, width: whole.width, top, height: bottom - top };
    const points = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]];
    return !points.some(([x, y]) => {
      const there = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
      return there && (element.contains(there) || there.contains(element) || (element.labels || [])[0]?.contains(there));
    });
  }

  function focus() {
    const faults = [];
    const dialog = document.querySelector("dialog[open]");
    const all = (dialog || document).querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']");
    for (const element of all) {
      if (element.disabled || element.tabIndex < 0 || !shown(element)) continue;
      document.activeElement.blur();
      const before = drawn(element);
      element.focus();
      if (document.activeElement !== element) continue;
      if (drawn(element) === before) faults.push(`focus not visible: ${name(element)}`);
      else if (covered(element)) faults.push(`focus is covered: ${name(element)}`);
    }
    return faults;
  }

  globalThis.looking = { sideways, focus, stopped };
})();
