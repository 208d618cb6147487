// Choosing by a click in HTML of the page: what is clicked says itself what it stands for, in
// `data-choose`. Clicks are heard at the document, so that the HTML may be drawn anew at any time.
const CHOICE = "[data-choose]";
const GROUP = "[data-choices]"; // one Tab stop; the arrow keys lead to the others

export default function ({ setTriggerValue }) {
  function click(event) {
    const chosen = event.target.closest?.(CHOICE);
    if (chosen) setTriggerValue("chosen", chosen.dataset.choose);
  }

  function key(event) {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const group = step && event.target.closest?.(GROUP);
    if (!group) return;
    const stops = [...group.querySelectorAll(`button${CHOICE}`)];
    const next = stops[stops.indexOf(event.target) + step];
    if (!next) return;
    for (const stop of stops) stop.tabIndex = stop === next ? 0 : -1;
    next.focus();
    event.preventDefault();
  }

  document.addEventListener("click", click);
  document.addEventListener("keydown", key);
  return () => {
    document.removeEventListener("click", click);
    document.removeEventListener("keydown", key);
  };
}
