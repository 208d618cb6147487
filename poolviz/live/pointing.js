// Pointing, stepping, choosing and editing on rows of tokens. The rows are right without it; what
// happens in them is heard at the document, so that they may be drawn anew at any time. Texts are
// only ever set as text.
const TABLE = ".pva";
const ROW = ".pva-row[data-head]";
const LINE = ".pva-text:not(.pva-earlier)"; // the text before a change is only looked at
const TOKEN = `${LINE} .pva-t[data-position]`;
const STOP = ".pva-stop"; // a line, or several of one row, that Tab stops at once
/**
 * Hears what happens in all rows of the document.
 * @param {ParentNode & {host?: Element}} parent of the element "detail", where numbers and actions
 *   stand
 */
export function attached(parent) {
  const root = /** @type {HTMLElement} */ (parent.querySelector(".detail"));
  const numbers = /** @type {HTMLElement} */ (root.querySelector(".numbers"));
  const actions = /** @type {HTMLElement} */ (root.querySelector(".actions"));
  const [drop, swap] = actions.querySelectorAll("button");
  const field = /** @type {HTMLInputElement} */ (actions.querySelector("input"));
  // `token` is the one that is pointed at, `chosen` the positions that an edit is about, `left` the
  // place to return to when the rows are drawn anew.
  // `words` and `send` are set by whoever attaches it, and `show` is called once they are.
  /** @type {Record<string, any>} */
  const view = { token: null, marked: [], chosen: new Set(), left: null };

  view.show = (token) => {
    for (const element of view.marked) element.classList.remove("pva-on", "pva-near", "pva-chosen");
    view.marked = [];
    view.token = token;
    numbers.textContent = token ? described(token, view.words) : view.words.hint;
    actions.hidden = !token || !view.words.edits;
    if (!token) return;
    mark(token);
    if (!view.words.edits) return;
    drop.textContent = view.words.delete.replace("{tokens}", named(token));
    swap.textContent = view.words.replace;
    field.placeholder = view.words.replacement;
    field.setAttribute("aria-label", view.words.replacement);
  };

  // The numbers of a token may have changed.
  view.refresh = () => {
    if (view.token?.isConnected) view.show(view.token);
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
    for (const line of table.querySelectorAll(sameText(token))) {
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
    view.left = { ...placeOf(view.token), position: first };
    view.chosen.clear();
    field.value = "";
    view.send("edit", { positions: [first, ...others], replacement, of });
  }

  function choose(row) {
    if (row && !row.classList.contains("pva-row-chosen")) view.send("choose", row.dataset.head);
  }

  // The rows were drawn anew: what was chosen is gone. Who has just edited, or chosen a row by key,
  // goes on where they were.
  function redrawn() {
    if (!view.token || view.token.isConnected) return;
    view.chosen.clear();
    view.show(null);
    const { head, of, position: place } = view.left ?? {};
    view.left = null;
    const row = document.querySelector(`${ROW}[data-head="${head}"]`);
    const line = row?.querySelector(`${LINE}[data-of="${of}"]`);
    const { activeElement } = document;
    const free = activeElement === document.body || activeElement === parent.host;
    if (line && free) (at(line, place) ?? [...line.querySelectorAll(TOKEN)].at(-1))?.focus();
  }

  function over(event) {
    const token = event.target.closest?.(TOKEN);
    if (token && !view.chosen.size) view.show(token);
  }

  // Each has one stop for Tab: the token that was stepped on last.
  function focus(event) {
    const token = event.target.closest?.(TOKEN);
    if (!token) return;
    for (const stop of token.closest(STOP).querySelectorAll('[tabindex="0"]')) stop.tabIndex = -1;
    token.tabIndex = 0;
    view.show(token);
  }

  function click(event) {
    if (view.words.chooses) return choose(event.target.closest?.(ROW));
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
    if (view.words.chooses && [" ", "Enter"].includes(event.key)) {
      view.left = placeOf(token);
      choose(token.closest(ROW));
    } else if (view.words.edits && ["Delete", "Backspace"].includes(event.key)) {
      view.show(token);
      edit(null);
    } else if (view.words.edits && event.key === "Enter") {
      field.focus();
    } else if (view.words.edits && event.key === " ") {
      click({ target: token, shiftKey: true });
    } else if (view.words.edits && event.key === "Escape") {
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
  const replace = () => field.value && edit(field.value);
  swap.onclick = replace;
  field.onkeydown = (event) => {
    if (event.key === "Enter") replace();
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

// Where a token stands, in words that hold for the rows of another run.
function placeOf(token) {
  const { head } = token.closest(ROW).dataset;
  return { head, of: token.closest(LINE).dataset.of, position: position(token) };
}

function at(line, place) {
  return line.querySelector(`[data-position="${place}"]`);
}

// The lines that show the text of a token: of several texts in a row, those of the same one.
function sameText(token) {
  return `${LINE}[data-of="${token.closest(LINE).dataset.of}"]`;
}

// "才 · position 15 of 31 · Max 6.6 · Average 1 …": the token's number in every row.
function described(token, words) {
  const here = position(token);
  const place = words.position
    .replace("{position}", here + 1)
    .replace("{count}", token.closest(LINE).dataset.count);
  const values = [...token.closest(TABLE).querySelectorAll(ROW)].map((row) => {
    const own = at(row.querySelector(sameText(token)), here);
    return `${row.dataset.label} ${own?.dataset.value ?? "–"}`;
  });
  return [`“${token.textContent}”`, place, ...values].join(" · ");
}

// The token that an arrow key leads to: along the row, or at the same place of another row.
function neighbour(token, key) {
  const stop = token.closest(STOP);
  const tokens = [...stop.querySelectorAll(TOKEN)];
  const here = tokens.indexOf(token);
  const rightToLeft = getComputedStyle(token.closest(LINE)).direction === "rtl";
  const forward = rightToLeft ? "ArrowLeft" : "ArrowRight";
  if (key === "ArrowLeft" || key === "ArrowRight") return tokens[here + (key === forward ? 1 : -1)];
  if (key === "Home") return tokens[0];
  if (key === "End") return tokens.at(-1);
  if (key !== "ArrowUp" && key !== "ArrowDown") return null;
  const stops = [...token.closest(TABLE).querySelectorAll(STOP)].filter((each) =>
    each.offsetParent
  );
  const other = stops[stops.indexOf(stop) + (key === "ArrowDown" ? 1 : -1)];
  if (!other) return null;
  const line = other.matches(sameText(token)) ? other : other.querySelector(sameText(token));
  return at(line, position(token));
}
