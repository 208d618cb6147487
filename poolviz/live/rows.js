// The table of Compare: a row a head, each token below itself in every row. It looks as
// poolviz/figures/texts/aligned.py draws it, with the same style.

import { Line } from "./line.js";
import { filled, joined } from "./numbers.js";
import { best } from "./panel.js";
import {
  bar,
  columnsOf,
  columnsOfChange,
  legend,
  made,
  namedLine,
  numbersOf,
  tableNotes,
  unitClass,
} from "./table.js";

/**
 * @typedef {{encoded: import("./tokens.js").Encoded, explained: import("./engine.js").Explained[],
 *   panel: import("./panel.js").Panel}} Side one text under all heads
 * @typedef {{sides: Side[], aligned: import("./edits.js").Aligned[] | null, part: [number, number]}}
 *   Shown one text, or the text before and the text after with their tokens in one order; part: of
 *   the tokens, or of the order, what is drawn
 */

// Of many tokens the numbers follow once nobody types for a moment: writing them takes longer than
// the tints do.
const AT_ONCE = 1000;
const LATER = 120; // milliseconds

/** The table; `element` is put wherever it is wanted. */
export class Rows {
  /**
   * @param {import("./engine.js").Header} header
   * @param {() => void} drawn called whenever tokens were drawn
   */
  constructor(header, drawn) {
    this.header = header;
    this.drawnAnew = drawn;
    this.element = made("div", "pva");
    this.element.dataset.window = header.window.join(",");
    this.top = made("div", "pva-row pva-head");
    this.heads = header.heads.map((head, i) => {
      return new HeadRow(head, () => {
        this.redraw(i);
        this.tell();
      });
    });
    this.foot = made("div", "pva-foot");
    this.kinds = []; // classes that go with what is shown
    this.telling = 0;
    /** @type {any} */
    this.drawn = null;
    this.element.append(this.top, ...this.heads.map(({ element }) => element), this.foot);
  }

  /**
   * @param {Shown} shown
   * @param {Record<string, any>} words of the language
   */
  draw(shown, words) {
    const columns = columnsOfSides(shown, this.header);
    this.drawn = { shown, words, columns };
    const { panel, encoded } = shown.sides[shown.sides.length - 1];
    this.classify([unitClass(encoded), panel.diverging ? "pva-signed" : "pva-weight"]);
    this.drawTop(panel, words);
    this.heads.forEach((_, i) => this.redraw(i));
    this.foot.textContent = joined(notesOf(this.header, shown, words), words.stop);
    clearTimeout(this.telling);
    const [first, last] = shown.part;
    if ((last - first) * this.heads.length <= AT_ONCE) this.tell();
    else this.telling = setTimeout(() => this.tell(), LATER);
  }

  tell() {
    for (const { lines } of this.heads) lines.forEach((line) => line.tell());
    this.drawnAnew();
  }

  // A class that goes and comes back has the style of every token computed anew.
  classify(kinds) {
    if (String(kinds) === String(this.kinds)) return;
    this.element.classList.remove(...this.kinds);
    this.element.classList.add(...kinds);
    this.kinds = kinds;
  }

  redraw(i) {
    const { shown, words, columns } = this.drawn;
    this.heads[i].draw(i, shown, words, columns, this.header);
  }

  drawTop(panel, words) {
    const [low, high] = [1 - panel.target, panel.target].map((number) => words.meanings[number]);
    const axis = words.classes.length === 2
      ? filled(words.axis_of_two, { low, high })
      : filled(words.axis, { name: words.classes[panel.target] });
    const last = made("div");
    const units = new Set(panel.heads.map(({ unit }) => unit));
    last.append([...units].join(" / "), legend(panel, words, this.header.constants));
    this.top.replaceChildren(made("div", "", words.head), made("div", "", axis), last);
  }
}

/** The row of one head. */
class HeadRow {
  constructor(head, redraw) {
    this.head = head;
    this.element = made("div", "pva-row");
    this.element.dataset.head = head.key;
    this.name = made("div", "pva-name");
    this.decision = made("div", "pva-decision");
    this.line = new Line("pva-stop", 0, "pva-new");
    this.earlier = new Line("pva-earlier", null, "pva-gone");
    this.parts = Array.from({ length: head.rows > 1 ? head.rows : 0 }, () => {
      return new Line("pva-stop pva-rows");
    });
    this.lines = [this.line, this.earlier, ...this.parts];
    this.details = /** @type {HTMLDetailsElement} */ (made("details"));
    this.details.append(made("summary"));
    this.details.addEventListener("toggle", redraw);
    this.place = made("div", "pva-both");
    this.place.append(this.line.element);
    const parts = this.parts.map(({ element }) => element);
    this.element.append(this.name, this.decision, this.place, ...parts);
  }

  draw(i, { sides }, words, columns, header) {
    const label = words.heads[i];
    const { explained, panel } = sides.at(-1);
    const before = sides.length > 1 ? sides[0].explained[i] : null;
    this.element.dataset.label = label;
    this.drawName(label, !before && panel.heads[i].rows.length > 1, words);
    drawDecision(this.decision, explained[i], before, panel.target, words);
    const drawLine = (line, side, row, name) => {
      const { encoded, explained: found } = sides[side];
      const { unit } = sides[side].panel.heads[i];
      line.draw(columns[side], numbersOf(row, found[i], panel, header.constants.tint_steps), {
        head: this.head.key,
        label: namedLine(filled(words.line, { head: name, unit }), row, encoded, header, words),
        count: encoded.tokens.length,
        leftOut: words.left_out,
      });
    };
    sides.forEach((side, number) => {
      const line = number === sides.length - 1 ? this.line : this.earlier;
      drawLine(line, number, side.panel.heads[i].summary, label);
    });
    if (before) this.place.prepend(this.earlier.element);
    else this.earlier.element.remove();
    if (!this.details.isConnected || !this.details.open) return;
    this.parts.forEach((line, r) => drawLine(line, 0, panel.heads[i].rows[r], `${label} ${r + 1}`));
  }

  // The name of a head that shows several rows opens them.
  drawName(label, opens, words) {
    if (!opens) return this.name.replaceChildren(label);
    const summary = /** @type {HTMLElement} */ (this.details.querySelector("summary"));
    summary.textContent = label;
    summary.title = words.open_rows;
    if (!this.details.isConnected) this.name.replaceChildren(this.details);
  }
}

// The tokens of each side's lines.
function columnsOfSides({ sides, aligned, part }, header) {
  const texts = sides.map(({ encoded }) => encoded);
  if (!aligned) return [columnsOf(texts[0], part, header)];
  return texts.map((_, side) => columnsOfChange(texts, aligned, part, side, header));
}

// The predicted class with its share, and the bar on the target's axis: of two classes from the
// middle to one side, of more from the left end.
function drawDecision(element, { probabilities }, before, target, words) {
  const predicted = best(probabilities);
  const share = made("b", "", filled("{share:.0%}", { share: probabilities[predicted] }));
  const two = probabilities.length === 2;
  const axis = made("div", "pva-axis");
  const start = two ? 0.5 : 0;
  axis.append(bar(probabilities[target], start));
  if (before) axis.append(bar(before.probabilities[target], start, "pva-ghost"));
  if (two) {
    const middle = made("i", "pva-middle");
    middle.style.left = "50%";
    axis.append(middle);
  }
  element.replaceChildren(`${words.classes[predicted]} `, share, axis);
  if (before) element.append(made("div", "pva-was", wasSentence(before, words)));
}

function wasSentence({ probabilities }, words) {
  const predicted = best(probabilities);
  const share = probabilities[predicted];
  return filled(words.was, { name: words.classes[predicted], share });
}

// What one must know to read the table, a sentence each.
function notesOf(header, { sides, aligned, part: [first, last] }, words) {
  const { encoded, panel } = sides.at(-1);
  const count = aligned ? aligned.length : encoded.tokens.length;
  return [
    last - first < count && filled(words.part, { first: first + 1, last, count }),
    aligned
      ? flipsSentence(sides, words)
      : filled(words.decided, { heads: tally(sides[0], words) }),
    ...tableNotes(header, [encoded], panel, words),
  ];
}

function flipsSentence([before, after], words) {
  const flipped = words.heads.filter(
    (_, i) => best(before.explained[i].probabilities) !== best(after.explained[i].probabilities),
  );
  return flipped.length ? filled(words.flips, { heads: flipped.join(words.comma) }) : words.steady;
}

// How many heads decide for which class, the largest camp first.
function tally({ explained }, words) {
  const counts = new Map();
  for (const { probabilities } of explained) {
    const predicted = best(probabilities);
    counts.set(predicted, (counts.get(predicted) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => filled(words.tally[count], { count, name: words.meanings[name] }))
    .join(words.comma);
}
