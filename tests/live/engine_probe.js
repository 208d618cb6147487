// What tests ask of the engine: everything comes and goes as JSON.
import { aligned, edited } from "../../poolviz/live/edits.js";
import { Models } from "../../poolviz/live/engine.js";
import { Matchers } from "../../poolviz/live/pairs.js";
import { Vocabulary } from "../../poolviz/live/tokens.js";

let vocabulary = null;
let models = null;
let matchers = null;

const plain = ({ text, tokens, ids }) => ({
  text,
  tokens: tokens.map((token) => [token.text, token.start, token.end, token.known]),
  ids: [...ids],
});

const floatsOf = (base64) =>
  new Float32Array(Uint8Array.from(atob(base64), (each) => each.charCodeAt(0)).buffer);

const numbersOf = ({ weights, contributions, probabilities }) => ({
  weights: weights.map((row) => [...row]),
  contributions: contributions.map((row) => [...row]),
  probabilities: [...probabilities],
});

const ANSWERS = {
  vocabulary(header) {
    vocabulary = new Vocabulary(header);
  },
  models(header, base64) {
    models = new Models(header, floatsOf(base64));
    vocabulary = models.vocabulary;
  },
  matchers(header, base64) {
    matchers = new Matchers(header, floatsOf(base64));
  },
  encode: (text) => plain(vocabulary.encode(text)),
  edit(text, positions, replacement, separators) {
    try {
      return edited(vocabulary.encode(text), positions, replacement, vocabulary, separators);
    } catch (error) {
      return { refused: /** @type {Error} */ (error).message };
    }
  },
  align: (before, after, most) =>
    aligned(vocabulary.encode(before), vocabulary.encode(after), most),
  explain(text) {
    const encoded = models.encode(text);
    return { encoded: plain(encoded), heads: models.explain(encoded).map(numbersOf) };
  },
  explainPair(texts) {
    const sentences = texts.map((text) => matchers.encode(text));
    const pairs = matchers.explain(sentences).map((pair) => {
      if (!pair) return null;
      const { score, probability, needed, sides } = pair;
      return { score, probability, needed, sides: sides.map(numbersOf) };
    });
    return { sentences: sentences.map(plain), pairs };
  },
  towers(number, texts) {
    const { towers } = matchers.matchers[number];
    const read = texts.map((text, side) => towers[side].read(matchers.encode(text).ids));
    return read.map((positions) => positions.map(({ vector }) => [...vector]));
  },
};

globalThis.probe = (name, given) => JSON.stringify(ANSWERS[name](...JSON.parse(given)) ?? null);
