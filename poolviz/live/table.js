// What all tables of tokens share: their columns, tints, legend and notes, as
// poolviz/figures/texts/token_rows.py draws them.

import { filled, number } from "./numbers.js";
import { contributionsTo, overRows, strength } from "./panel.js";
import { hasVisible } from "./tokens.js";

const UNSEEN = /[\p{Cc}\p{Cf}\p{Z}]/gu;
const RIGHT_TO_LEFT =
  /[\u0590-\u05FF\u0600-\u07BF\u07C0-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/**
 * @typedef {import("./tokens.js").Encoded} Encoded
 * @typedef {import("./panel.js").Panel} Panel
 * @typedef {Pick<import("./engine.js").Header, "constants" | "signs">} Header
 */

/**
 * The tokens of one text.
 * @param {Encoded} encoded
 * @param {[number, number]} part of its tokens, what is drawn
 * @param {Header} header
 * @returns {import("./line.js").Column[]}
 */
export function columnsOf({ text, tokens }, [first, last], header) {
  return tokens.slice(first, last).map((token, i) => {
    const position = first + i;
    const gap = gapBefore(text, tokens, position);
    const hidden = !i && (position || !hasVisible(gap));
    return {
      gap: hidden ? "" : gap,
      text: token.text,
      label: labelOf(token.text, header),
      rest: restBehind(text, tokens, position),
      position,
      known: token.known,
      alone: false,
    };
  });
}

/**
 * The tokens of one of two texts, with room for what only the other one has.
 * @param {Encoded[]} texts
 * @param {import("./edits.js").Aligned[]} aligned
 * @param {[number, number]} part of the order, what is drawn
 * @param {number} side
 * @param {Header} header
 * @returns {import("./line.js").Column[]}
 */
export function columnsOfChange(texts, aligned, [first, last], side, header) {
  return aligned.slice(first, last).map((places) => {
    const of = places[1] === null ? 0 : 1;
    const { text, tokens } = texts[of];
    const here = places[of] ?? 0;
    const token = tokens[here];
    const position = places[side];
    const gap = gapBefore(text, tokens, here);
    return {
      gap: !here && !hasVisible(gap) ? "" : gap,
      text: token.text,
      label: labelOf(token.text, header),
      rest: position === null ? "" : restBehind(text, tokens, here),
      position,
      known: position === null || texts[side].tokens[position].known,
      alone: places.includes(null),
    };
  });
}

/**
 * @param {import("./panel.js").Row} row
 * @param {import("./engine.js").Explained} explained
 * @param {Panel} panel
 * @param {number} steps from no tint to the full one
 * @returns {import("./line.js").Numbers}
 */
export function numbersOf({ values, high }, explained, { target, power }, steps) {
  return {
    weights: overRows(explained.weights, true),
    contributions: overRows(contributionsTo(explained, target), false),
    step: (position) => {
      return Math.round(strength(high > 0 ? values[position] / high : 0, power) * steps);
    },
    value: (position) => number(values[position]),
  };
}

/**
 * What a line is, for those who cannot see it, with its heaviest tokens, the first of those that are
 * as good as equal.
 * @param {string} label
 * @param {import("./panel.js").Row} row
 * @param {Encoded} encoded
 * @param {Header} header
 * @param {Record<string, any>} words of the language
 */
export function namedLine(label, { values }, { tokens }, header, words) {
  const { alike, heaviest } = header.constants;
  const highest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const steps = values.map((value) => Math.round(Math.abs(value) / alike / highest));
  const top = [];
  for (let i = 0; i < values.length; i++) {
    const place = top.findIndex((other) => steps[i] > steps[other]);
    if (place >= 0) top.splice(place, 0, i);
    else top.push(i);
    top.length = Math.min(top.length, heaviest);
  }
  const named = top.map((position) => labelOf(tokens[position].text, header));
  return filled(words.named_line, { line: label, tokens: named.join(words.comma) });
}

/**
 * The tints from one end of the scale to the other, as the tokens have them.
 * @param {Panel} panel
 * @param {Record<string, any>} words of the language
 * @param {Header["constants"]} constants
 */
export function legend(panel, words, { legend_steps, tint_steps }) {
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

/**
 * What one must know to read a table of one text or several, a sentence each; some are empty.
 * @param {Header} header
 * @param {Encoded[]} texts
 * @param {Panel} panel
 * @param {Record<string, any>} words of the language
 */
export function tableNotes({ constants }, texts, panel, words) {
  const tokens = texts.flatMap((each) => each.tokens);
  const unknown = tokens.filter(({ known }) => !known).length / tokens.length;
  return [
    panel.view.scale === "uniform" && !panel.diverging && words.note_uniform,
    panel.view.spread && words.note_spread,
    words.note_window,
    panel.view.quantity === "contribution" && words.note_contribution,
    texts.some(leavesOut) && words.note_left_out,
    unknown >= constants.unknown_said_from
      ? filled(words.note_unknown_share, { share: unknown })
      : unknown > 0 && words.note_unknown,
  ];
}

/**
 * Words and texts that run from right to left flow; characters stand in boxes of one width.
 * @param {Encoded} encoded
 */
export function unitClass({ text, tokens }) {
  const long = tokens.some((token) => token.end - token.start > 2);
  return long || RIGHT_TO_LEFT.test(text) ? "pva-w" : "pva-c";
}

/**
 * A bar on an axis from 0 to 1.
 * @param {number} share where it ends
 * @param {number} start where it begins
 * @param {string} classes
 */
export function bar(share, start, classes = "") {
  const element = made("i", share < start ? `${classes} pva-low` : classes);
  element.style.left = percent(Math.min(start, share));
  element.style.width = percent(Math.abs(share - start));
  return element;
}

/**
 * @param {string} name of the element
 * @param {string} classes
 * @param {string} text
 */
export function made(name, classes = "", text = "") {
  const element = document.createElement(name);
  if (classes) element.className = classes;
  if (text) element.textContent = text;
  return element;
}

function percent(share) {
  return `${(100 * share).toFixed(1)}%`;
}

// What stands before a token.
function gapBefore(text, tokens, position) {
  return text.slice(position ? tokens[position - 1].to : 0, tokens[position].from);
}

// What stands behind the last token.
function restBehind(text, tokens, position) {
  return position === tokens.length - 1 ? text.slice(tokens[position].to) : "";
}

// Whether models do not read something of a text that is seen.
function leavesOut({ text, tokens }) {
  let end = 0;
  for (const { from, to } of tokens) {
    if (from > end && hasVisible(text.slice(end, from))) return true;
    end = to;
  }
  return hasVisible(text.slice(end));
}

// A token for a title: line breaks made visible, long ones cut with an ellipsis.
function labelOf(token, { signs, constants: { label } }) {
  const line = [...token].map((character) => signs[character] ?? character);
  if (!line.join("").replace(UNSEEN, "")) return "·";
  return line.length <= label ? line.join("") : `${line.slice(0, label - 1).join("")}…`;
}
