// A page that is chosen straight out of a changed text box waits until the server has answered the
// text: Streamlit sends what was in a box after the link that was clicked to leave it, with the page
// that was left, and until the answer is there the link names the text of before.

const PAGE_LINK = "a[data-testid^='stPageLink']";
const BOX = "textarea, input[type=text], input[type=number]";
const LEAVING = 1000; // milliseconds at most from leaving a box to the end of a click
const BEGIN = 500; // milliseconds at most until the server is heard to work
const ANSWER = 4000; // milliseconds at most until it has answered
const GLANCE = 20; // milliseconds

/** @type {EventTarget | null} */
let changed = null; // the box in which somebody types
let left = -Infinity; // when such a box was left

function typed(/** @type {Event} */ { target }) {
  if (target instanceof Element && target.matches(BOX)) changed = target;
}

function pressed(/** @type {KeyboardEvent} */ { key, ctrlKey, metaKey, target }) {
  const inLine = target instanceof HTMLInputElement;
  if (key === "Enter" && (inLine || ctrlKey || metaKey)) changed = null; // it is handed over
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
  answered().then(() => link.click());
}

async function answered() {
  const clicked = performance.now();
  for (let begun = false;;) {
    const works = document.querySelector("[data-test-script-state=running]") !== null;
    if (begun && !works) return;
    begun ||= works;
    if (performance.now() - clicked > (begun ? ANSWER : BEGIN)) return;
    await new Promise((wake) => setTimeout(wake, GLANCE));
  }
}

/** @type {[string, (event: any) => void, boolean?][]} */
const HEARD = [
  ["input", typed],
  ["keydown", pressed],
  ["focusout", leave],
  ["click", follow, true],
];

export default function () {
  for (const [name, act, first] of HEARD) document.addEventListener(name, act, first);
  return () => {
    for (const [name, act, first] of HEARD) document.removeEventListener(name, act, first);
  };
}
