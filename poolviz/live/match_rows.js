// The table of Match: Python's own rows with the numbers of other sentences in them, as
// poolviz/figures/pairs/rows.py draws them. Matchers that the browser does not know wait.

import { doubtsOf } from "./doubts.js";
import { Line } from "./line.js";
import { filled, joined } from "./numbers.js";
import { panelsOf } from "./panel.js";
import {
  bar,
  columnsOf,
  legend,
  made,
  namedLine,
  numbersOf,
  tableNotes,
  unitClass,
} from "./table.js";

const DIGITS = [2, 3, 4]; // of a score; more where two would look the same

/**
 * @typedef {import("./pairs.js").Pair} Pair
 * @typedef {import("./tokens.js").Encoded} Encoded
 */

/** The table; `element` is put wherever it is wanted. */
export class MatchRows {
  /** @param {import("./pairs.js").Header} header */
  constructor(header) {
    this.header = header;
    this.of = null; // the table of Python's that it is a copy of
    this.element =
      this.count =
      this.scale =
      this.foot =
        made("div");
    this.rows = [];
  }

  /**
   * @param {HTMLElement} table Python's
   * @param {Encoded[]} sentences
   * @param {(Pair | null)[]} pairs by matcher, null where the browser does not know it
   * @param {import("./panel.js").View} view
   * @param {string[]} notes that stand first below the table
   * @param {Record<string, any>} words of the language
   */
  draw(table, sentences, pairs, view, notes, words) {
    if (this.of !== table) this.copy(table);
    const { constants } = this.header;
    const known = pairs.filter((pair) => pair !== null);
    const sides = sentences.map((_, side) => known.map((pair) => pair.sides[side]));
    const panels = panelsOf(this.header, words, sides, view);
    const columns = sentences.map((each) => columnsOf(each, [0, each.tokens.length], this.header));
    const matches = known.filter(({ probability, threshold }) => probability >= threshold).length;
    const count = filled(words.counts[matches], { count: matches, total: known.length });
    const alike = sentences[0].text.trim() === sentences[1].text.trim() && words.same;
    this.count.textContent = joined([count, alike], words.stop);
    this.scale.replaceWith(this.scale = legend(panels[0], words, constants));
    let place = 0; // among those that are known
    this.rows.forEach((row, i) => {
      row.draw(pairs[i], pairs[i] && place++, sentences, columns, panels, this.header, words);
    });
    const ownNotes = tableNotes(this.header, sentences, panels[0], words);
    this.foot.textContent = joined([...notes, ...ownNotes], words.stop);
  }

  copy(table) {
    this.of = table;
    const copy = /** @type {HTMLElement} */ (table.cloneNode(true));
    copy.style.display = "";
    this.element.replaceWith(copy);
    this.element = copy;
    const find = (selector) => /** @type {HTMLElement} */ (copy.querySelector(selector));
    this.count = find(".pvm-count");
    this.scale = find(".pva-scale");
    this.foot = find(".pva-foot");
    const rows = /** @type {HTMLElement[]} */ ([...copy.querySelectorAll(".pva-row[data-head]")]);
    this.rows = rows.map((row) => new MatcherRow(row));
  }
}

/** The row of one matcher. */
class MatcherRow {
  constructor(element) {
    this.name = element.dataset.head;
    this.label = element.dataset.label;
    this.decision = element.querySelector(".pva-decision");
    this.texts = element.querySelector(".pvm-texts");
    this.lines = [0, 1].map((of) => new Line("", of ? -1 : 0, "", of));
    this.texts.replaceChildren();
  }

  draw(pair, place, sentences, columns, panels, header, words) {
    if (!pair) {
      this.decision.replaceChildren(made("span", "pvm-later", words.later));
      return;
    }
    this.drawDecision(pair, words);
    this.lines.forEach((line, side) => {
      const panel = panels[side];
      const { unit, summary } = panel.heads[place];
      const name = `${this.label}, ${words.sentences[side]}`;
      const label = filled(words.line, { head: name, unit });
      line.element.className = `pva-text ${unitClass(sentences[side])}`;
      line.draw(
        columns[side],
        numbersOf(summary, pair.sides[side], panel, header.constants.tint_steps),
        {
          head: this.name,
          label: namedLine(label, summary, sentences[side], header, words),
          count: columns[side].length,
          leftOut: words.left_out,
        },
      );
      line.tell();
      if (!line.element.parentNode) this.texts.append(line.element);
    });
  }

  // The verdict, what it rests on, and the bar from the threshold in the middle to one side.
  drawDecision(pair, words) {
    const { probability, threshold } = pair;
    const axis = made("div", "pva-axis");
    const middle = made("i", "pva-middle");
    middle.style.left = "50%";
    axis.append(bar((placeOf(pair) + 1) / 2, 0.5), middle);
    const verdict = made("b", "", words.meanings[Number(probability >= threshold)]);
    this.decision.replaceChildren(verdict, ` · ${standing(pair, words)}`, axis);
  }
}

/**
 * What is to be doubted of sentences, each doubt behind the names of those that it is about.
 * @param {Encoded[]} sentences
 * @param {import("./pairs.js").Header} header
 * @param {Record<string, any>} words of the language
 * @returns {string[]}
 */
export function doubtsOfSentences(sentences, header, words) {
  const found = new Map();
  sentences.forEach((encoded, i) => {
    for (const doubt of doubtsOf(encoded, header, words)) {
      found.set(doubt, [...(found.get(doubt) ?? []), words.sentences[i]]);
    }
  });
  return Array.from(found, ([doubt, names]) => `${names.join(words.comma)}: ${doubt}`);
}

// -1 at a probability of 0, 0 at the threshold, 1 at 1.
function placeOf({ probability, threshold }) {
  const beyond = probability - threshold;
  const room = beyond >= 0 ? 1 - threshold : threshold;
  return room ? beyond / room : 0;
}

function standing({ score, needed, probability, threshold, bounded }, words) {
  if (!bounded || !Number.isFinite(needed)) {
    return filled(words.probability, { probability, threshold });
  }
  const [reached, least] = written([score, needed]);
  return filled(words.cosine, { reached, needed: least });
}

// Numbers with as many digits as tell them apart.
function written(values) {
  const found = DIGITS.map((digits) => values.map((value) => fixed(value, digits)));
  return found.find((each) => new Set(each).size === new Set(values).size) ?? found.at(-1);
}

// Never "-0.00".
function fixed(value, digits) {
  const found = value.toFixed(digits);
  return Number(found) ? found : (0).toFixed(digits);
}
