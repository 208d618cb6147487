// Pointing, stepping and editing on the aligned rows. The rows are plain HTML beside this component
// and right without it; what happens in them is heard at the document, so that they may be drawn
// anew at any time. Texts are only ever set as text.
const TABLE = ".pva";
const ROW = ".pva-row[data-head]";
const LINE = ".pva-text:not(.pva-earlier)"; // the text before a change is only looked at
const TOKEN = `${LINE} .pva-t[data-position]`;
const views = new WeakMap(); // parentElement -> view

export default function ({ parentElement, data, setTriggerValue }) {
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, (view = attached(parentElement)));
  view.words = data;
  view.send = setTriggerValue;
  if (!view.token) view.show(null);
  return () => {
    view.detach();
    views.delete(parentElement);
  };
}

function attached(parent) {
  const root = parent.querySelector(".detail");
  const numbers = root.querySelector(".numbers");
  const actions = root.querySelector(".actions");
  const [drop, swap] = actions.querySelectorAll("button");
  const field = actions.querySelector("input");
  // `token` is the one that is pointed at, `chosen` the positions that an edit is about, `edited`
  // the place to return to when the rows of the new text are there.
  const view = { token: null, marked: [], chosen: new Set(), edited: null };

  view.show = (token) => {
    for (const element of view.marked) element.classList.remove("pva-on", "pva-near", "pva-chosen");
    view.marked = [];
    view.token = token;
    numbers.textContent = token ? described(token, view.words) : view.words.hint;
    actions.hidden = !token;
    if (!token) return;
    mark(token);
    drop.textContent = view.words.delete.replace("{tokens}", named(token));
    swap.textContent = view.words.replace;
    field.placeholder = view.words.replacement;
    field.setAttribute("aria-label", view.words.replacement);
  };

  function positions(token) {
    return view.chosen.size ? [...view.chosen].sort((a, b) => a - b) : [position(token)];
  }

  function named(token) {
    const line = token.closest(LINE);
    return positions(token).map((p) => at(line, p)?.textContent ?? "").join("");
  }

  function mark(token) {
    const here = position(token);
    const table = token.closest(TABLE);
    const [before, after] = table.dataset.window.split(",").map(Number);
    const add = (element, name) => {
      if (!element) return;
      element.classList.add(name);
      view.marked.push(element);
    };
    for (const line of table.querySelectorAll(LINE)) {
      for (let p = here - before; p <= here + after; p++) {
        add(at(line, p), p === here ? "pva-on" : "pva-near");
      }
      for (const p of view.chosen) add(at(line, p), "pva-chosen");
    }
  }

  function edit(replacement) {
    if (!view.token?.isConnected) return;
    const of = view.token.closest(TABLE).dataset.text;
    const [first, ...others] = positions(view.token);
    view.send("edit", { positions: [first, ...others], replacement, of });
    view.edited = { head: view.token.closest(ROW).dataset.head, position: first };
    view.chosen.clear();
    field.value = "";
  }

  // The rows were drawn anew: what was chosen is gone. Who has just edited goes on where they were.
  function redrawn() {
    if (!view.token || view.token.isConnected) return;
    view.chosen.clear();
    view.show(null);
    const { head, position: place } = view.edited ?? {};
    view.edited = null;
    const line = document.querySelector(`${ROW}[data-head="${head}"]`)?.querySelector(LINE);
    const free = [document.body, parent.host].includes(document.activeElement);
    if (line && free) (at(line, place) ?? [...line.querySelectorAll(TOKEN)].at(-1))?.focus();
  }

  function over(event) {
    const token = event.target.closest?.(TOKEN);
    if (token && !view.chosen.size) view.show(token);
  }

  // A row has one stop for Tab: the token that was stepped on last.
  function focus(event) {
    const token = event.target.closest?.(TOKEN);
    if (!token) return;
    for (const stop of token.closest(LINE).querySelectorAll('[tabindex="0"]')) stop.tabIndex = -1;
    token.tabIndex = 0;
    view.show(token);
  }

  function click(event) {
    const token = event.target.closest?.(TOKEN);
    if (!token) return;
    const several = event.shiftKey || event.ctrlKey || event.metaKey;
    const was = view.chosen.has(position(token));
    if (!several) view.chosen.clear();
    if (was) view.chosen.delete(position(token));
    else view.chosen.add(position(token));
    view.show(token);
  }

  function key(event) {
    const token = event.target.closest?.(TOKEN);
    if (!token) return;
    if (event.key === "Delete" || event.key === "Backspace") {
      view.show(token);
      edit(null);
    } else if (event.key === "Enter") {
      field.focus();
    } else if (event.key === " ") {
      click({ target: token, shiftKey: true });
    } else if (event.key === "Escape") {
      view.chosen.clear();
      view.show(token);
    } else {
      const next = neighbour(token, event.key);
      if (!next) return;
      next.focus();
    }
    event.preventDefault();
  }

  drop.onclick = () => edit(null);
  swap.onclick = () => field.value && edit(field.value);
  field.onkeydown = (event) => {
    if (event.key === "Enter") swap.onclick();
    if (event.key === "Escape") view.token?.focus();
  };
  const heard = { pointerover: over, focusin: focus, click, keydown: key };
  for (const [name, act] of Object.entries(heard)) document.addEventListener(name, act);
  const watch = new MutationObserver(redrawn);
  watch.observe(document.body, { childList: true, subtree: true });
  view.detach = () => {
    watch.disconnect();
    for (const [name, act] of Object.entries(heard)) document.removeEventListener(name, act);
  };
  return view;
}

function position(token) {
  return Number(token.dataset.position);
}

function at(line, place) {
  return line.querySelector(`[data-position="${place}"]`);
}

// "才 · position 15 of 31 · Max 6.6 · Average 1 …": the token's number under every head.
function described(token, words) {
  const here = position(token);
  const place = words.position
    .replace("{position}", here + 1)
    .replace("{count}", token.closest(LINE).dataset.count);
  const values = [...token.closest(TABLE).querySelectorAll(ROW)].map((row) => {
    const own = at(row.querySelector(LINE), here);
    return `${row.dataset.label} ${own?.dataset.value ?? "–"}`;
  });
  return [`“${token.textContent}”`, place, ...values].join(" · ");
}

// The token that an arrow key leads to: along the line, or at the same position of another row.
function neighbour(token, key) {
  const line = token.closest(LINE);
  const tokens = [...line.querySelectorAll(TOKEN)];
  const here = tokens.indexOf(token);
  const forward = getComputedStyle(line).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  if (key === "ArrowLeft" || key === "ArrowRight") return tokens[here + (key === forward ? 1 : -1)];
  if (key === "Home") return tokens[0];
  if (key === "End") return tokens.at(-1);
  if (key !== "ArrowUp" && key !== "ArrowDown") return null;
  const lines = [...token.closest(TABLE).querySelectorAll(LINE)].filter((each) => each.offsetParent);
  const other = lines[lines.indexOf(line) + (key === "ArrowDown" ? 1 : -1)];
  return other && at(other, position(token));
}
