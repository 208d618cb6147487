// The table of Compare: a row a head, each token below itself in every row. It looks as
// poolviz/figures/texts/aligned.py draws it, with the same style.

import { Line } from "./line.js";
import { filled, joined, number } from "./numbers.js";
import { best, contributionsTo, overRows, strength, strengths } from "./panel.js";
import { hasVisible } from "./tokens.js";

const UNSEEN = /[\p{Cc}\p{Cf}\p{Z}]/gu;
const RIGHT_TO_LEFT =
  /[\u0590-\u05FF\u0600-\u07BF\u07C0-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/**
 * @typedef {{encoded: import("./tokens.js").Encoded, explained: import("./engine.js").Explained[],
 *   panel: import("./panel.js").Panel, part: [number, number]}} Shown part: of the tokens, those
 *   that are drawn
 */

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
        drawn();
      });
    });
    this.foot = made("div", "pva-foot");
    this.element.append(this.top, ...this.heads.map(({ element }) => element), this.foot);
  }

  /**
   * @param {Shown} shown
   * @param {Record<string, any>} words of the language
   */
  draw(shown, words) {
    this.drawn = { shown, words, columns: columnsOf(shown, this.header) };
    const { panel, encoded } = shown;
    const kind = panel.diverging ? "pva-signed" : "pva-weight";
    this.element.className = `pva ${unitClass(encoded)} ${kind}`;
    this.drawTop(panel, words);
    this.heads.forEach((_, i) => this.redraw(i));
    this.foot.textContent = joined(notesOf(this.header, shown, words), words.stop);
    this.drawnAnew();
  }

  redraw(i) {
    const { shown, words, columns } = this.drawn;
    this.heads[i].draw(i, shown, words, columns, this.header.constants.tint_steps);
  }

  drawTop(panel, words) {
    const [low, high] = [1 - panel.target, panel.target].map((number) => words.meanings[number]);
    const axis =
      words.classes.length === 2
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
    this.line = new Line("pva-stop");
    this.parts = Array.from({ length: head.rows > 1 ? head.rows : 0 }, () => {
      return new Line("pva-stop pva-rows");
    });
    if (this.parts.length) {
      this.details = made("details");
      this.title = made("summary");
      this.details.append(this.title);
      this.details.addEventListener("toggle", redraw);
      this.name.append(this.details);
    } else this.title = this.name;
    const lines = [this.line, ...this.parts].map(({ element }) => element);
    this.element.append(this.name, this.decision, ...lines);
  }

  draw(i, { encoded, explained, panel }, words, columns, steps) {
    const { unit, summary, rows } = panel.heads[i];
    const label = words.heads[i];
    this.element.dataset.label = label;
    this.title.textContent = label;
    if (this.details) this.title.title = words.open_rows;
    drawDecision(this.decision, explained[i], panel.target, words);
    const common = {
      weights: overRows(explained[i].weights, true),
      contributions: overRows(contributionsTo(explained[i], panel.target), false),
    };
    const row = { head: this.head.key, count: encoded.tokens.length, leftOut: words.left_out };
    const put = (line, shown, name) =>
      line.draw(columns, numbersOf(shown, common, panel.power, steps), {
        ...row,
        label: filled(words.line, { head: name, unit }),
      });
    put(this.line, summary, label);
    if (!this.details?.open) return;
    // A head that shows one row for all of its own has nothing to open.
    this.parts.forEach((line, r) => {
      if (rows[r] && rows.length > 1) put(line, rows[r], `${label} ${r + 1}`);
    });
  }
}

function numbersOf(row, common, power, steps) {
  return {
    ...common,
    steps: Array.from(strengths(row, power), (each) => Math.round(each * steps)),
    values: Array.from(row.values, number),
  };
}

// The predicted class with its share, and the bar on the target's axis: of two classes from the
// middle to one side, of more from the left end.
function drawDecision(element, { probabilities }, target, words) {
  const predicted = best(probabilities);
  const share = made("b", "", filled("{share:.0%}", { share: probabilities[predicted] }));
  const two = probabilities.length === 2;
  const axis = made("div", "pva-axis");
  axis.append(bar(probabilities[target], two ? 0.5 : 0));
  if (two) {
    const middle = made("i", "pva-middle");
    middle.style.left = "50%";
    axis.append(middle);
  }
  element.replaceChildren(`${words.classes[predicted]} `, share, axis);
}

function bar(share, start) {
  const element = made("i", share < start ? "pva-low" : "");
  element.style.left = percent(Math.min(start, share));
  element.style.width = percent(Math.abs(share - start));
  return element;
}

function legend(panel, words, { legend_steps, tint_steps }) {
  const scale = made("span", "pva-scale");
  const tints = made("span", "pva-bar");
  const start = panel.diverging ? -1 : 0;
  for (let i = 0; i < legend_steps; i++) {
    const fraction = start + ((1 - start) * i) / (legend_steps - 1);
    const step = Math.round(strength(fraction, panel.power) * tint_steps);
    tints.append(made("b", step ? `pva-${step < 0 ? "n" : "p"}${Math.abs(step)}` : "pva-0"));
  }
  const ends = new Set(panel.heads.map(({ summary: { low, high } }) => `${low} ${high}`));
  const { low, high } = panel.heads[0].summary;
  const [left, right] = ends.size > 1 ? ["", words.own_scale] : [number(low), number(high)];
  scale.append(left, tints, right);
  return scale;
}

// What one must know to read the table, a sentence each.
function notesOf(header, { encoded, explained, panel, part }, words) {
  const { tokens, text } = encoded;
  const unknown = tokens.filter(({ known }) => !known).length / tokens.length;
  const [first, last] = part;
  return [
    last - first < tokens.length &&
      filled(words.part, { first: first + 1, last, count: tokens.length }),
    filled(words.decided, { heads: tally(explained, words) }),
    panel.view.scale === "uniform" && !panel.diverging && words.note_uniform,
    panel.view.spread && words.note_spread,
    words.note_window,
    gaps(text, tokens).some(hasVisible) && words.note_left_out,
    unknown >= header.constants.unknown_said_from
      ? filled(words.note_unknown_share, { share: unknown })
      : unknown > 0 && words.note_unknown,
  ];
}

// How many heads decide for which class, the largest camp first.
function tally(explained, words) {
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

function columnsOf({ encoded: { text, tokens }, part: [first, last] }, header) {
  const between = gaps(text, tokens);
  return tokens.slice(first, last).map((token, i) => {
    const position = first + i;
    const gap = between[position];
    const hidden = i === 0 && (position > 0 || !hasVisible(gap));
    return {
      gap: hidden ? "" : gap,
      text: token.text,
      label: labelOf(token.text, header),
      rest: position === tokens.length - 1 ? between[tokens.length] : "",
      position,
      known: token.known,
      alone: false,
    };
  });
}

// What stands before each token, and behind the last one.
function gaps(text, tokens) {
  const starts = [...tokens.map(({ from }) => from), text.length];
  return starts.map((start, i) => text.slice(i ? tokens[i - 1].to : 0, start));
}

// A token for a title: line breaks made visible, long ones cut with an ellipsis.
function labelOf(token, { signs, constants: { label } }) {
  const line = [...token].map((character) => signs[character] ?? character);
  if (!line.join("").replace(UNSEEN, "")) return "·";
  return line.length <= label ? line.join("") : `${line.slice(0, label - 1).join("")}…`;
}

// Words and texts that run from right to left flow; characters stand in boxes of one width.
function unitClass({ text, tokens }) {
  const long = tokens.some((token) => token.end - token.start > 2);
  return long || RIGHT_TO_LEFT.test(text) ? "pva-w" : "pva-c";
}

function percent(share) {
  return `${(100 * share).toFixed(1)}%`;
}

function made(name, classes = "", text = "") {
  const element = document.createElement(name);
  if (classes) element.className = classes;
  if (text) element.textContent = text;
  return element;
}
