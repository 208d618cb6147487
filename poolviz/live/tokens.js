// A text as models read it: prepared, cut into tokens, looked up. The same as poolviz/text does;
// tests/live/test_engine.py holds the two together. Positions are code points, as in Python.

/**
 * @typedef {{unit: string, entries: string[], preparation: string, padding: number, unknown:
 *   number, reserved: number}} VocabularyHeader `reserved` ids come before those of the entries
 * @typedef {{text: string, start: number, end: number, from: number, to: number, known: boolean}}
 *   Token `start` and `end` count code points, `from` and `to` UTF-16 units
 * @typedef {{text: string, tokens: Token[], ids: Int32Array}} Encoded
 */

const INVISIBLE = /^[\p{White_Space}\p{Z}\p{Cc}\p{Default_Ignorable_Code_Point}]*$/u;
const UNSEEN = /(?![\u200C\u200D])\p{Default_Ignorable_Code_Point}/gu;
const LETTER = /\p{L}/u;
// Scripts written without spaces between words: each of their characters is a token of its own.
const WORD_CHARACTER =
  /^(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30FC\uFF70\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}])[\p{L}\p{N}]/u;
// Invisible within a word, and a cluster of its own: soft hyphens, zero-width characters.
const WITHIN =
  /^(?![\u200C\u200D\u{E0020}-\u{E007F}])(?=\p{Default_Ignorable_Code_Point})[\p{Cf}\p{Cn}]$/u;
const APOSTROPHE = /^['’]/;
// Plain characters stand alone wherever they meet: no marks, no controls, no halves of a pair. What is
// near others is a run of these, with a plain character before and behind it, which they may join.
const PLAIN = String.raw`\x20-\x7e\u3001-\u3011\u4e00-\u9fff\uff01-\uff20`;
const NEAR_OTHERS = new RegExp(
  `[${PLAIN}]?[^${PLAIN}]+(?:[${PLAIN}][^${PLAIN}]+)*[${PLAIN}]?`,
  "g",
);
const GRAPHEMES = new Intl.Segmenter("und", { granularity: "grapheme" });

const WORD = String.raw`[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]`;
const SPACE = String.raw`\p{White_Space}`;
const EMOJI_CODE = String
  .raw`\[${SPACE}?[^\[\]${SPACE}]{1,10}${SPACE}?\]|\[[^\[\]${SPACE}]{0,10}(?=\n?$)`;
const ADDRESS = String.raw`[A-Za-z0-9._+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+`;
const BEFORE_ADDRESS = String.raw`(?:https?:\/\/|www\.)[!-~]+|(?<![A-Za-z0-9.])t\.cn\/[A-Za-z0-9]+`;
const NAME = String
  .raw`(?:\/\/${SPACE}*[@＠]${SPACE}*|[@＠])(?:${WORD}|[·?\-])+(?:${SPACE}*[:：])?`;
const MENTION = String.raw`${BEFORE_ADDRESS}|(?<![A-Za-z0-9._+\-])${ADDRESS}|${NAME}`;
// Where a match ended, an address may begin at once, whatever stands before it.
const MENTION_AT_ONCE = String.raw`${BEFORE_ADDRESS}|${ADDRESS}|${NAME}`;
const IN_BRACKETS = String.raw`[(（\[【][^()（）\[\]【】]*[)）\]】]`;
const NUMBER = String.raw`(?<!${WORD})(?=${WORD}*?\p{Nd})${WORD}+`;
const SHORT_FORM = String
  .raw`(?<=\p{L})['’](?:[sſS]|[mM]|[dD]|[rR][eE]|[vV][eE]|[lL][lL])(?!\p{L})`;
const NO_LETTER = String
  .raw`(?!(?<=[nN])['’][tT](?!\p{L}))[^\p{L}\p{M}${SPACE}!\x60\p{Default_Ignorable_Code_Point}]`;
// Without the flag i, under which \p{L} is more than letters.
const NOT = /^(?:([cC][aA][nN])(['’][tT])|(\p{L}+)([nN]['’][tT]))$/u;
const NOT_FORMS = new Set(["n't", "n’t", "'t", "’t"]);

/** What texts had lost before models were trained on them, by the names on their cards. */
const PREPARATIONS = new Map([
  ["as-is-1", { leftOut: [], shortNot: false }],
  ["weibo-1", { leftOut: [[EMOJI_CODE], [MENTION, MENTION_AT_ONCE]], shortNot: false }],
  ["weibo-codes-1", { leftOut: [[MENTION, MENTION_AT_ONCE]], shortNot: false }],
  ["no-brackets-1", { leftOut: [[IN_BRACKETS]], shortNot: false }],
  ["letters-1", { leftOut: [[NUMBER], [SHORT_FORM], [NO_LETTER]], shortNot: true }],
]);
const CUTS = new Map([
  ["character", (clusters) => clusters],
  ["word", words],
]);

/** The tokens that models know, and how texts are cut for them. */
export class Vocabulary {
  /** @param {VocabularyHeader} header */
  constructor(header) {
    this.preparation = PREPARATIONS.get(header.preparation);
    this.cut = CUTS.get(header.unit);
    if (!this.preparation || !this.cut) throw new Error("preparation");
    this.padding = header.padding; // stands for what is outside of a text, or invisible in it
    this.unknown = header.unknown;
    this.ids = new Map(header.entries.map((entry, number) => [entry, number + header.reserved]));
    this.size = header.entries.length + header.reserved;
    this.found = new Map(); // ids of pieces as they are written
  }

  /**
   * @param {string} text
   * @returns {Encoded}
   */
  encode(text) {
    const clean = text.toWellFormed();
    const tokens = [];
    const ids = [];
    let start = 0;
    let from = 0;
    for (const piece of this.pieces(clean)) {
      const count = codePoints(piece);
      const end = start + count;
      const to = unitsAfter(clean, from, count);
      const id = this.idOf(piece);
      if (id !== this.padding) {
        tokens.push({ text: piece, start, end, from, to, known: id !== this.unknown });
        ids.push(id);
      }
      [start, from] = [end, to];
    }
    return { text: clean, tokens, ids: Int32Array.from(ids) };
  }

  /** The tokens of a text that is read as it is, without what the preparation leaves out. */
  tokensOf(text) {
    return this.cut(clustersOf(text.toWellFormed())).filter((piece) => !INVISIBLE.test(piece));
  }

  /** All of a clean text in pieces: its tokens, and what gives none. */
  pieces(text) {
    const { leftOut, shortNot } = this.preparation;
    const kept = leftOut.reduce((rest, patterns) => blanked(rest, ...patterns), text);
    const pieces = this.cut(clustersOf(kept));
    return shortNot ? pieces.flatMap(apart) : pieces;
  }

  idOf(piece) {
    let id = this.found.get(piece);
    if (id === undefined) {
      id = INVISIBLE.test(piece) ? this.padding : (this.ids.get(this.form(piece)) ?? this.unknown);
      this.found.set(piece, id);
    }
    return id;
  }

  form(piece) {
    const form = lookupForm(piece);
    return this.preparation.shortNot && NOT_FORMS.has(form) ? "not" : form;
  }
}

/** The form in which a token is looked up. */
export function lookupForm(token) {
  const form = token.normalize("NFKC").toLowerCase();
  return LETTER.test(form) ? form.replace(UNSEEN, "") : form;
}

/** Whether a text has any visible character. */
export function hasVisible(text) {
  return !INVISIBLE.test(text);
}

/** How many code points a text has. */
export function codePoints(text) {
  let count = 0;
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) !== 0xdc00) count++;
  return count;
}

// Grapheme clusters. Between two plain characters there always is a border, which is most of a text;
// only what is near others is left to the segmenter, which takes long.
function clustersOf(text) {
  const clusters = [];
  let end = 0;
  for (const { 0: near, index } of text.matchAll(NEAR_OTHERS)) {
    for (let i = end; i < index; i++) clusters.push(text[i]);
    for (const { segment } of GRAPHEMES.segment(near)) clusters.push(segment);
    end = index + near.length;
  }
  for (let i = end; i < text.length; i++) clusters.push(text[i]);
  return clusters;
}

// Grapheme clusters joined to words: letters and digits, with an apostrophe or what is invisible
// between them.
function words(clusters) {
  const pieces = [];
  for (let i = 0; i < clusters.length;) {
    const from = i++;
    if (WORD_CHARACTER.test(clusters[from])) {
      for (let j = i; j; j = wordGoesOn(clusters, i)) i = j;
    }
    pieces.push(i === from + 1 ? clusters[from] : clusters.slice(from, i).join(""));
  }
  return pieces;
}

// Where a word ends that goes on at `i`; 0 where it does not.
function wordGoesOn(clusters, i) {
  const within = () => {
    while (i < clusters.length && WITHIN.test(clusters[i])) i++;
  };
  within();
  const apostrophe = APOSTROPHE.exec(clusters[i] ?? "");
  if (apostrophe) {
    const rest = clusters[i].slice(apostrophe[0].length);
    if (rest) return WORD_CHARACTER.test(rest) ? i + 1 : 0;
    i++;
    within();
  }
  return WORD_CHARACTER.test(clusters[i] ?? "") ? i + 1 : 0;
}

// Where in UTF-16 units so many code points end that begin at `from`.
function unitsAfter(text, from, count) {
  for (; count; count--) from += text.codePointAt(from) > 0xffff ? 2 : 1;
  return from;
}

// The text, of as many code points, with spaces in place of what is left out. `atOnce` is tried first
// where the last match ended.
function blanked(text, pattern, atOnce = pattern) {
  const anywhere = new RegExp(pattern, "gu");
  const here = new RegExp(atOnce, "uy");
  let result = "";
  let end = 0;
  while (end < text.length) {
    here.lastIndex = anywhere.lastIndex = end;
    const found = here.exec(text) ?? anywhere.exec(text);
    if (!found) break;
    result += text.slice(end, found.index) + " ".repeat(codePoints(found[0]));
    end = found.index + found[0].length;
  }
  return result + text.slice(end);
}

// "didn't" is read as two words, "did" and "n't".
function apart(piece) {
  const found = NOT.exec(piece);
  return found ? [found[1] ?? found[3], found[2] ?? found[4]] : [piece];
}
