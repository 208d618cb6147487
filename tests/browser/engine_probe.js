// What tests ask of the engine: everything comes and goes as JSON.
import { aligned, edited } from "./edits.js";
import { Models } from "./engine.js";
import { Vocabulary } from "./tokens.js";

let vocabulary = null;
let models = null;

const plain = ({ text, tokens, ids }) => ({
  text,
  tokens: tokens.map((token) => [token.text, token.start, token.end, token.known]),
  ids: [...ids],
});

const ANSWERS = {
  vocabulary(header) {
    vocabulary = new Vocabulary(header);
  },
  models(header, base64) {
    const bytes = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
    models = new Models(header, new Float32Array(bytes.buffer));
    vocabulary = models.vocabulary;
  },
  encode: (text) => plain(vocabulary.encode(text)),
  edit(text, positions, replacement, separators) {
    try {
      return edited(vocabulary.encode(text), positions, replacement, vocabulary, separators);
    } catch ({ message }) {
      return { refused: message };
    }
  },
  align: (before, after, most) => aligned(vocabulary.encode(before), vocabulary.encode(after), most),
  explain(text) {
    const encoded = models.encode(text);
    const heads = models.explain(encoded).map(({ weights, contributions, probabilities }) => ({
      weights: weights.map((row) => [...row]),
      contributions: contributions.map((row) => [...row]),
      probabilities: [...probabilities],
    }));
    return { encoded: plain(encoded), heads };
  },
};

globalThis.probe = (name, given) => JSON.stringify(ANSWERS[name](...JSON.parse(given)) ?? null);
