// What a reader has to know of a text before believing a picture: what poolviz/views/doubts.py says,
// by the same sentences.

import { filled } from "./numbers.js";
import { codePoints } from "./tokens.js";

/** @typedef {Pick<import("./engine.js").Header, "constants" | "scripts">} Header */

/**
 * Sentences that say why the models cannot read a text; none where they can.
 * @param {import("./tokens.js").Encoded} encoded of at least one token
 * @param {Header} header
 * @param {Record<string, any>} words of the language
 * @returns {string[]}
 */
export function doubtsOf(encoded, header, words) {
  return [...ofScript(encoded.text, header, words), ...ofUnknown(encoded.tokens, header, words)];
}

function ofScript(text, { scripts, constants }, words) {
  const found = new Map();
  for (const { groups } of text.matchAll(new RegExp(scripts.pattern, "gu"))) {
    const [name, part] = Object.entries(groups ?? {}).find(([, each]) => each) ?? ["", ""];
    const count = scripts.unspaced.includes(name) ? codePoints(part) : 1;
    found.set(name, (found.get(name) ?? 0) + count);
  }
  const count = [...found.values()].reduce((a, b) => a + b, 0);
  const own = found.get(scripts.own) ?? 0;
  if (scripts.own === null || !count || own >= constants.foreign * count) return [];
  found.delete(scripts.own);
  const [foreign] = [...found].reduce((most, each) => (each[1] > most[1] ? each : most));
  const names = { foreign: words.scripts[foreign], own: words.scripts[scripts.own] };
  return [filled(words.doubts.foreign, names)];
}

function ofUnknown(tokens, { constants }, words) {
  const { doubts } = words;
  const unknown = tokens.filter(({ known }) => !known).length;
  const share = unknown / tokens.length;
  if (share === 1) return [filled(doubts.none_known[Number(unknown > 1)], { count: unknown })];
  return share >= constants.unknown_most ? [filled(doubts.few_known, { share })] : [];
}
