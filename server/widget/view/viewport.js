// On a phone the panel fills what the keyboard leaves of the screen; on larger screens it floats.

const FULL = "(max-width: 479px)";

/** Until `signal` is aborted. @param {HTMLElement} panel @param {AbortSignal} signal */
export function followViewport(panel, signal) {
  const narrow = matchMedia(FULL);
  const visual = window.visualViewport;
  const fit = () => {
    panel.style.setProperty("--view-height", `${visual?.height ?? window.innerHeight}px`);
    panel.style.setProperty("--view-top", `${visual?.offsetTop ?? 0}px`);
    panel.setAttribute("aria-modal", String(narrow.matches));
  };
  narrow.addEventListener("change", fit, { signal });
  visual?.addEventListener("resize", fit, { signal });
  visual?.addEventListener("scroll", fit, { signal });
  fit();
}

export function isFullScreen() {
  return matchMedia(FULL).matches;
}

/** Tab stays inside a panel that fills the screen. @param {KeyboardEvent} event @param {HTMLElement} panel */
export function keepFocusInside(event, panel) {
  const reachable = /** @type {HTMLElement[]} */ ([...panel.querySelectorAll("a[href], button, input, textarea, article")]).filter(
    (element) => element.tabIndex >= 0 && !(/** @type {HTMLButtonElement} */ (element).disabled) && element.checkVisibility(),
  );
  const focused = /** @type {ShadowRoot} */ (panel.getRootNode()).activeElement;
  const edge = event.shiftKey ? reachable[0] : reachable.at(-1);
  if (focused !== edge) return;
  event.preventDefault();
  (event.shiftKey ? reachable.at(-1) : reachable[0])?.focus();
}
