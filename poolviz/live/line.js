// One line of tinted tokens. What stays from one text to the next keeps its element, so that a
// keystroke draws what it changed. Texts are only ever set as text.

import { hasVisible } from "./tokens.js";

const TURNS = /[\u202A-\u202E\u2066-\u2069]/; // the direction of all that follows

/**
 * @typedef {{gap: string, text: string, label: string, rest: string, position: number | null,
 *   known: boolean, alone: boolean}} Column a token's place: what stands before it, the token, what
 *   stands behind the last one; position null where the line's text lacks the token
 * @typedef {{step: (position: number) => number, value: (position: number) => string, weights:
 *   ArrayLike<number>, contributions: ArrayLike<number>}} Numbers by position: the tint, the value
 *   as it is read, and two numbers in full
 */

export class Line {
  /**
   * @param {string} classes beside "pva-text"
   * @param {number | null} stop tabindex of the first token; null where nothing leads into the line
   * @param {string} alone class of tokens that another text lacks
   * @param {number} of which of the table's texts this is, where it shows several
   */
  constructor(classes, stop = 0, alone = "", of = 0) {
    this.element = document.createElement("div");
    this.element.className = `pva-text ${classes}`;
    this.element.dir = "auto";
    this.element.setAttribute("role", "list");
    this.element.dataset.of = String(of);
    this.stop = stop;
    this.alone = alone;
    this.cells = [];
    this.first = null; // position of the first cell
    this.untold = null; // writes the numbers
  }

  /**
   * Draws the tokens with their tints; their numbers are written by `tell`.
   * @param {Column[]} columns
   * @param {Numbers} numbers
   * @param {{head: string, label: string, count: number, leftOut: string}} row
   */
  draw(columns, numbers, row) {
    this.element.setAttribute("aria-label", row.label);
    this.element.dataset.count = String(row.count);
    this.fit(columns, row.leftOut);
    columns.forEach((column, i) => this.cells[i].draw(column, numbers, row, this));
    this.untold = () => columns.forEach((column, i) => this.cells[i].tell(column, numbers));
    const first = this.cells.find(({ token }) => token.dataset.position);
    if (this.stop !== null && first && !this.element.querySelector('[tabindex="0"]')) {
      first.token.tabIndex = this.stop;
    }
  }

  /** Writes the numbers of what was drawn last. */
  tell() {
    this.untold?.();
    this.untold = null;
  }

  // Cells of these columns: those at both ends stay, the others are made anew. Where the part of a
  // long text that is drawn has moved on, the cells move with it.
  fit(columns, leftOut) {
    const { cells } = this;
    const { position } = columns[0];
    const moved = position === null || this.first === null ? 0 : position - this.first;
    this.first = position;
    if (moved > 0) this.replace(0, moved, [], leftOut);
    if (moved < 0) this.replace(0, 0, columns.slice(0, -moved), leftOut);
    const most = Math.min(columns.length, cells.length);
    let start = 0;
    while (start < most && cells[start].fits(columns[start])) start++;
    let end = 0;
    while (end < most - start && cells.at(-1 - end).fits(columns.at(-1 - end))) end++;
    const changed = columns.slice(start, columns.length - end);
    this.replace(start, cells.length - end - start, changed, leftOut);
  }

  // Cells of the columns in place of so many others.
  replace(start, count, columns, leftOut) {
    const made = columns.map((column) => new Cell(column, leftOut));
    const gone = this.cells.splice(start, count, ...made);
    for (const cell of gone) for (const node of cell.nodes()) node.remove();
    const fragment = document.createDocumentFragment();
    for (const cell of made) fragment.append(...cell.nodes());
    this.element.insertBefore(fragment, this.cells[start + made.length]?.nodes()[0] ?? null);
  }
}

/** A token with what stands around it. */
class Cell {
  constructor(column, leftOut) {
    this.column = column;
    this.token = document.createElement("span");
    this.token.append(piece(column.text));
    this.drawn = {};
    this.before = between(column.gap, leftOut);
    this.after = between(column.rest, leftOut);
  }

  nodes() {
    return [...this.before, this.token, ...this.after];
  }

  // Whether this can be the cell of a column; what stands before it may be another.
  fits({ text, rest, position }) {
    const { column } = this;
    const both = (position === null) === (column.position === null);
    return both && text === column.text && rest === column.rest;
  }

  draw({ gap, position, known, alone }, numbers, row, line) {
    if (gap !== this.column.gap) this.stand(gap, row.leftOut);
    if (position === null) return this.set("class", "pva-t pva-void");
    const step = numbers.step(position);
    const tint = step ? `pva-${step < 0 ? "n" : "p"}${Math.abs(step)}` : "pva-0";
    this.set("class", `pva-t ${tint}${known ? "" : " pva-u"}${alone ? ` ${line.alone}` : ""}`);
    this.set("role", "listitem");
    if (line.stop !== null && !("tabindex" in this.drawn)) this.set("tabindex", "-1");
    this.set("data-head", row.head);
    this.set("data-position", String(position));
  }

  tell({ position, label }, numbers) {
    if (position === null) return;
    const value = numbers.value(position);
    this.set("data-value", value);
    this.set("data-weight", String(numbers.weights[position]));
    this.set("data-contribution", String(numbers.contributions[position]));
    this.set("title", `${label} ${value}`);
  }

  // Behind another gap.
  stand(gap, leftOut) {
    for (const node of this.before) node.remove();
    this.before = between(gap, leftOut);
    this.token.before(...this.before);
    this.column = { ...this.column, gap };
  }

  set(name, value) {
    if (this.drawn[name] === value) return;
    this.drawn[name] = value;
    this.token.setAttribute(name, value);
  }
}

// White space as it is, and in grey what the models do not read.
function between(text, leftOut) {
  if (!text) return [];
  const node = piece(text);
  if (!hasVisible(text)) return [node];
  const span = document.createElement("span");
  span.className = "pva-left";
  span.title = leftOut;
  span.append(node);
  return [span];
}

// A piece of a text: what turns its direction ends with it.
function piece(text) {
  const node = document.createTextNode(text);
  if (!TURNS.test(text)) return node;
  const isolated = document.createElement("bdi");
  isolated.append(node);
  return isolated;
}
