// A page that is chosen straight out of a changed text box waits until the text has gone: Streamlit
// sends what was in a box after the link that was clicked to leave it, and with it the page that was
// left.

const PAGE_LINK = "a[data-testid^='stPageLink']";
const LEAVING = 1000; // milliseconds at most from leaving a box to the end of a click
const HANDED_OVER = 100; // milliseconds until Streamlit has sent what was in a box

/** @type {EventTarget | null} */
let changed = null; // the box in which somebody types
let left = -Infinity; // when such a box was left

function typed(/** @type {Event} */ { target }) {
  changed = target;
}

function leave(/** @type {Event} */ { target }) {
  if (target === changed) left = performance.now();
  changed = null;
}

function follow(/** @type {MouseEvent} */ event) {
  const { target } = event;
  const link = target instanceof Element
    ? /** @type {HTMLElement | null} */ (target.closest(PAGE_LINK))
    : null;
  const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
  if (!link || !event.isTrusted || elsewhere) return;
  if (performance.now() - left > LEAVING) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  setTimeout(() => link.click(), HANDED_OVER);
}

export default function () {
  document.addEventListener("input", typed);
  document.addEventListener("focusout", leave);
  document.addEventListener("click", follow, true);
  return () => {
    document.removeEventListener("input", typed);
    document.removeEventListener("focusout", leave);
    document.removeEventListener("click", follow, true);
  };
}
