// What is drawn of one text, or of a text before and after a change.

import { aligned } from "./edits.js";
import { panelsOf } from "./panel.js";

/**
 * Of long texts the tokens around the cursor are drawn, or around the first difference.
 * @param {import("./engine.js").Models} models
 * @param {import("./tokens.js").Encoded[]} encoded one text or two, each with at least one token
 * @param {import("./panel.js").View} view
 * @param {Record<string, any>} words of the language
 * @param {number} cursor in UTF-16 units of the last text
 * @returns {import("./rows.js").Shown}
 */
export function shownOf(models, encoded, view, words, cursor) {
  const { header } = models;
  const { most_drawn, before_the_first, most_cells } = header.constants;
  const explained = encoded.map((each) => models.explain(each, view.quantity === "alternative"));
  const panels = panelsOf(header, words, explained, view);
  const sides = encoded.map((each, i) => ({
    encoded: each,
    explained: explained[i],
    panel: panels[i],
  }));
  const order = encoded.length > 1 ? aligned(encoded[0], encoded[1], most_cells) : null;
  const { tokens } = encoded[encoded.length - 1];
  const count = order ? order.length : tokens.length;
  const here = order
    ? order.findIndex((places) => places.includes(null)) + most_drawn / 2 - before_the_first
    : tokens.findIndex(({ to }) => to >= cursor);
  const middle = here < 0 ? count : here;
  const first = Math.max(Math.min(middle - most_drawn / 2, count - most_drawn), 0);
  return { sides, aligned: order, part: [first, Math.min(first + most_drawn, count)] };
}
