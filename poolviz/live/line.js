// One line of tinted tokens. What stays from one text to the next keeps its element, so that a
// keystroke draws what it changed. Texts are only ever set as text.

import { hasVisible } from "./tokens.js";

/**
 * @typedef {{gap: string, text: string, label: string, rest: string, position: number | null,
 *   known: boolean, alone: boolean}} Column a token's place: what stands before it, the token, what
 *   stands behind the last one; position null where the line's text lacks the token
 * @typedef {{steps: number[], values: string[], weights: ArrayLike<number>, contributions:
 *   ArrayLike<number>}} Numbers by position; values as they are read, the others in full
 */

export class Line {
  /**
   * @param {string} classes beside "pva-text"
   * @param {number | null} stop tabindex of the first token; null where nothing leads into the line
   * @param {string} alone class of tokens that another text lacks
   */
  constructor(classes, stop = 0, alone = "") {
    this.element = document.createElement("div");
    this.element.className = `pva-text ${classes}`;
    this.element.dir = "auto";
    this.element.setAttribute("role", "list");
    this.element.dataset.of = "0";
    this.stop = stop;
    this.alone = alone;
    this.cells = [];
  }

  /**
   * @param {Column[]} columns
   * @param {Numbers} numbers
   * @param {{head: string, label: string, count: number, leftOut: string}} row
   */
  draw(columns, numbers, row) {
    this.element.setAttribute("aria-label", row.label);
    this.element.dataset.count = String(row.count);
    this.fit(columns, row.leftOut);
    columns.forEach((column, i) => this.cells[i].draw(column, numbers, row, this));
    const first = this.cells.find(({ token }) => token.dataset.position);
    if (this.stop !== null && first && !this.element.querySelector('[tabindex="0"]')) {
      first.token.tabIndex = this.stop;
    }
  }

  // Cells of these columns: those at both ends stay, the others are made anew.
  fit(columns, leftOut) {
    const keys = columns.map(keyOf);
    const { cells } = this;
    const most = Math.min(keys.length, cells.length);
    let start = 0;
    while (start < most && cells[start].key === keys[start]) start++;
    let end = 0;
    while (end < most - start && cells.at(-1 - end).key === keys.at(-1 - end)) end++;
    const made = columns
      .slice(start, columns.length - end)
      .map((column, i) => new Cell(column, keys[start + i], leftOut));
    const behind = end ? cells[cells.length - end].nodes[0] : null;
    const gone = cells.splice(start, cells.length - end - start, ...made);
    for (const cell of gone) for (const node of cell.nodes) node.remove();
    const fragment = document.createDocumentFragment();
    for (const cell of made) fragment.append(...cell.nodes);
    this.element.insertBefore(fragment, behind);
  }
}

/** A token with what stands around it. */
class Cell {
  constructor(column, key, leftOut) {
    this.key = key;
    this.token = document.createElement("span");
    this.token.textContent = column.text;
    this.drawn = {};
    this.nodes = [...between(column.gap, leftOut), this.token, ...between(column.rest, leftOut)];
  }

  draw({ position, label, known, alone }, numbers, row, line) {
    if (position === null) return this.set("class", "pva-t pva-void");
    const step = numbers.steps[position];
    const tint = step ? `pva-${step < 0 ? "n" : "p"}${Math.abs(step)}` : "pva-0";
    this.set("class", `pva-t ${tint}${known ? "" : " pva-u"}${alone ? ` ${line.alone}` : ""}`);
    this.set("role", "listitem");
    if (line.stop !== null && !("tabindex" in this.drawn)) this.set("tabindex", "-1");
    this.set("data-head", row.head);
    this.set("data-position", String(position));
    this.set("data-value", numbers.values[position]);
    this.set("data-weight", String(numbers.weights[position]));
    this.set("data-contribution", String(numbers.contributions[position]));
    this.set("title", `${label} ${numbers.values[position]}`);
  }

  set(name, value) {
    if (this.drawn[name] === value) return;
    this.drawn[name] = value;
    this.token.setAttribute(name, value);
  }
}

// What two columns must have in common for one cell.
function keyOf({ gap, text, rest, position }) {
  return JSON.stringify([gap, text, rest, position === null]);
}

// White space as it is, and in grey what the models do not read.
function between(text, leftOut) {
  if (!text) return [];
  const node = document.createTextNode(text);
  if (!hasVisible(text)) return [node];
  const span = document.createElement("span");
  span.className = "pva-left";
  span.title = leftOut;
  span.append(node);
  return [span];
}
