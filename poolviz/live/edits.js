// Changing a text by its tokens, and what two texts share: what poolviz/text/edits.py and
// poolviz/text/subsequence.py do in Python.

import { hasVisible, lookupForm } from "./tokens.js";

/**
 * @typedef {import("./tokens.js").Encoded} Encoded
 * @typedef {import("./tokens.js").Vocabulary} Vocabulary
 * @typedef {[number | null, number | null]} Aligned position of a token before and after
 */

/**
 * A text without some of its tokens, or with another text in their place; the others stay what
 * they are. Where neighbours would grow together, white space keeps them apart.
 * @param {Encoded} encoded
 * @param {number[]} positions
 * @param {string | null} replacement null: nothing
 * @param {Vocabulary} vocabulary
 * @param {string[]} separators the least conspicuous first
 * @returns {string}
 */
export function edited(encoded, positions, replacement, vocabulary, separators) {
  const chosen = new Set(positions);
  const putIn = replacement ?? "";
  if (replacement === null && chosen.size === encoded.tokens.length) throw new Error("all_gone");
  if (replacement !== null && !hasVisible(replacement)) throw new Error("no_replacement");
  const parts = kept(encoded, chosen);
  const wanted = wantedTokens(encoded, chosen, vocabulary.tokensOf(putIn));
  const between = separators.map((each) => (putIn ? `${each}${putIn}${each}` : each));
  const candidates = between.map((each) => parts.join(each));
  if (!putIn) candidates.unshift(closedUp(parts));
  const fitting = candidates.find((text) => same(vocabulary.tokensOf(text), wanted));
  return fitting ?? candidates[candidates.length - 1];
}

/**
 * All tokens of both texts in one order, what is gone before what is new; null where the texts are
 * too long and too different.
 * @param {Encoded} before
 * @param {Encoded} after
 * @param {number} mostCells
 * @returns {Aligned[]}
 */
export function aligned(before, after, mostCells) {
  const shared = commonSubsequence(formsOf(before), formsOf(after), mostCells) ?? [];
  /** @type {Aligned[]} */
  const found = [];
  let [i, j] = [0, 0];
  for (const [first, second] of [...shared, [before.tokens.length, after.tokens.length]]) {
    while (i < first) found.push([i++, null]);
    while (j < second) found.push([null, j++]);
    found.push([i++, j++]);
  }
  return found.slice(0, -1); // the last one is the end of both texts
}

// What stays of a text, cut where runs of chosen tokens were.
function kept({ text, tokens }, chosen) {
  const parts = [];
  let end = 0;
  for (const position of [...chosen].sort((a, b) => a - b)) {
    if (!chosen.has(position - 1)) parts.push(text.slice(end, tokens[position].from));
    end = tokens[position].to;
  }
  return [...parts, text.slice(end)];
}

// The tokens that the changed text must have, runs of chosen ones replaced.
function wantedTokens({ tokens }, chosen, putIn) {
  return tokens.flatMap(({ text }, position) => {
    if (!chosen.has(position)) return [text];
    return chosen.has(position - 1) ? [] : putIn;
  });
}

// The parts one after the other, one of two spaces that meet left out.
function closedUp(parts) {
  return parts.reduce((closed, part) => {
    return closed + (closed.endsWith(" ") && part.startsWith(" ") ? part.slice(1) : part);
  });
}

function same(a, b) {
  return a.length === b.length && a.every((each, i) => each === b[i]);
}

function formsOf({ tokens }) {
  return tokens.map(({ text }) => lookupForm(text));
}

// Positions of a longest common subsequence, each as early in `a` as it can be.
function commonSubsequence(a, b, mostCells) {
  let start = 0;
  const most = Math.min(a.length, b.length);
  while (start < most && a[start] === b[start]) start++;
  let end = 0;
  while (end < most - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const middle = [a, b].map((side) => side.slice(start, side.length - end));
  if (middle[0].length * middle[1].length > mostCells) return null;
  const found = Array.from({ length: start }, (_, i) => [i, i]);
  for (const [i, j] of subsequence(...middle)) found.push([start + i, start + j]);
  for (let left = end; left > 0; left--) found.push([a.length - left, b.length - left]);
  return found;
}

// Wagner and Fischer's table (J. ACM 21, 1974), filled from the ends.
function subsequence(a, b) {
  const wide = b.length + 1;
  const longest = new Int32Array((a.length + 1) * wide); // of a[i:] and b[j:]
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const without = Math.max(longest[(i + 1) * wide + j], longest[i * wide + j + 1]);
      const both = a[i] === b[j] ? longest[(i + 1) * wide + j + 1] + 1 : 0;
      longest[i * wide + j] = Math.max(without, both);
    }
  }
  const found = [];
  let [i, j] = [0, 0];
  while (longest[i * wide + j]) {
    if (a[i] === b[j]) found.push([i++, j++]);
    else if (longest[i * wide + j + 1] === longest[i * wide + j]) j++;
    else i++;
  }
  return found;
}
