// What the models of one data set say of a text: the formulas of poolviz/training in the browser.
// tests/live/test_engine.py holds the two together.
//
// A position's vector is a function of three ids only, so what is computed from it alone (vector,
// scores, class values) is kept by its three ids: a keystroke computes the positions that are new.
// T = tokens, F = channels of a vector, H = weight rows of a head, K = classes.

import { gelu, geluSlope, plus, softmax, times } from "./arithmetic.js";
import { OTHERS, POOLINGS } from "./poolings.js";
import { Vocabulary } from "./tokens.js";

/**
 * @typedef {{key: string, weigh: string, readout: string, other: string | null, rows:
 *   number, tensors: Record<string, [number, number[]]>}} HeadHeader of each tensor its place among
 *   the floats, and its shape
 * @typedef {"max_tolerance" | "min_variance_epsilon" | "norm_epsilon" | "smallest_norm" |
 *   "longest_wave" | "uniform_top" | "tint_power" | "tint_seen" | "tint_steps" | "legend_steps" | "heaviest" | "alike" |
 *   "unknown_said_from" | "unknown_most" | "foreign" | "most_characters" | "most_drawn" | "label" |
 *   "before_the_first" | "most_cells"} Constant
 * @typedef {{schema: number, vocabulary: import("./tokens.js").VocabularyHeader, classes: string[],
 *   window: number[], heads: HeadHeader[], constants: Record<Constant, number>, scripts: {pattern:
 *   string, unspaced: string[], own: string | null}, signs: Record<string, string>, separators:
 *   string[], words: Record<string, Record<string, any>>}} Header what poolviz.live.models makes
 * @typedef {{weights: Float64Array[], contributions: Float64Array[], probabilities: Float64Array,
 *   alternative: Float64Array | null}} Explained by row of weights; contributions (T × K) are
 *   centred over the classes
 */

export const SCHEMA = 3; // of the model files that are understood
const KEPT = 20_000; // positions that a head keeps, so that no text makes it grow on

/** The models of a data set. */
export class Models {
  /**
   * @param {Header} header
   * @param {Float32Array} floats
   */
  constructor(header, floats) {
    if (header.schema !== SCHEMA) throw new Error("schema");
    this.header = header;
    this.vocabulary = new Vocabulary(header.vocabulary);
    this.heads = header.heads.map((head) => new Head(head, floats, header, this.vocabulary));
  }

  /** @param {string} text */
  encode(text) {
    return this.vocabulary.encode(text);
  }

  /**
   * What each head says of a text with at least one token.
   * @param {import("./tokens.js").Encoded} encoded
   * @param {boolean} other whether the other published weights are wanted, too
   * @returns {Explained[]}
   */
  explain({ ids }, other = false) {
    return this.heads.map((head) => head.explain(ids, other));
  }
}

/**
 * By name, each a view of the floats.
 * @param {Record<string, [number, number[]]>} tensors of each its place, and its shape
 * @param {Float32Array} floats
 * @returns {Record<string, Float32Array>}
 */
export function tensorsOf(tensors, floats) {
  const found = Object.entries(tensors).map(([name, [at, shape]]) => {
    return [name, floats.subarray(at, at + shape.reduce((a, b) => a * b, 1))];
  });
  return Object.fromEntries(found);
}

/** Encoder, pooling head and read-out of one model. */
class Head {
  constructor(header, floats, { constants, classes }, vocabulary) {
    const known = POOLINGS[header.weigh] && READOUTS[header.readout];
    const others = header.other === null || OTHERS[header.other];
    if (!known || !others) throw new Error(`head ${header.key}`);
    const t = tensorsOf(header.tensors, floats);
    this.classes = classes.length;
    this.pooling = POOLINGS[header.weigh](t, constants, t.convolution_bias.length);
    this.encoder = new Encoder(t, vocabulary, this.pooling.score);
    this.readout = READOUTS[header.readout](t, this.classes);
    this.other = OTHERS[header.other];
  }

  explain(ids, other) {
    const positions = this.encoder.read(ids);
    const pooled = this.pooling.pool(positions, this.classes);
    const { logits, paid } = this.readout(pooled);
    paid.forEach((row) => centre(row, this.classes));
    return {
      weights: pooled.weights,
      contributions: paid,
      probabilities: softmax(logits),
      alternative: other && this.other ? this.other(positions, pooled) : null,
    };
  }
}

/** Embedding → Conv1D(3, "same", ReLU). */
class Encoder {
  constructor(t, vocabulary, score) {
    this.t = t;
    this.score = score;
    this.padding = vocabulary.padding;
    this.size = vocabulary.size;
    this.channels = t.convolution_bias.length;
    this.width = t.embedding.length / this.size;
    this.tables = new Array(this.size); // of each id what it adds before, at and after a position
    this.kept = new Map();
    /** @type {{ids: Int32Array, positions: import("./poolings.js").Position[]}} */
    this.last = { ids: new Int32Array(0), positions: [] };
  }

  /**
   * What both ends share with the text that was read last is taken from there.
   * @param {Int32Array} ids
   * @returns {import("./poolings.js").Position[]}
   */
  read(ids) {
    const { last, padding } = this;
    const most = Math.min(ids.length, last.ids.length);
    let start = 0;
    while (start < most && ids[start] === last.ids[start]) start++;
    let end = 0;
    while (end < most - start && ids.at(-1 - end) === last.ids.at(-1 - end)) end++;
    // A position beside what has changed has changed, too.
    start = Math.max(start - 1, 0);
    end = Math.max(end - 1, 0);
    const positions = last.positions.slice(0, start);
    for (let i = start; i < ids.length - end; i++) {
      positions.push(this.position(ids[i - 1] ?? padding, ids[i], ids[i + 1] ?? padding));
    }
    const rest = end ? last.positions.slice(-end) : [];
    this.last = { ids, positions: positions.concat(rest) };
    return this.last.positions;
  }

  position(before, id, after) {
    const key = (before * this.size + id) * this.size + after;
    let position = this.kept.get(key);
    if (!position) {
      const vector = this.vector(before, id, after);
      position = { vector, scores: this.score(vector), slope: null, values: null };
      if (this.kept.size >= KEPT) this.kept.clear();
      this.kept.set(key, position);
    }
    return position;
  }

  vector(before, id, after) {
    const vector = Float32Array.from(this.t.convolution_bias);
    [before, id, after].forEach((each, place) => {
      if (each === this.padding) return;
      const table = this.table(each);
      for (let c = 0, at = place * this.channels; c < vector.length; c++) vector[c] += table[at++];
    });
    return vector.map((x) => (x > 0 ? x : 0));
  }

  table(id) {
    if (this.tables[id]) return this.tables[id];
    const { channels, width, t } = this;
    const embedded = t.embedding.subarray(id * width, (id + 1) * width);
    const table = new Float32Array(3 * channels);
    for (let place = 0; place < 3; place++) {
      const kernel = t.convolution.subarray(place * width * channels);
      table.set(times(embedded, kernel, channels), place * channels);
    }
    return (this.tables[id] = table);
  }
}

// Each makes a function from what was pooled to the logits, and what each position pays to them
// through their slope there (H·F × K).
const READOUTS = {
  // All is paid by the positions: their sum spares the pooled vector.
  linear: (t, classes) => (pooled) => {
    const paid = pooled.paid(t.kernel);
    const logits = Float64Array.from(t.bias);
    for (const row of paid) {
      for (let i = 0; i < row.length; i += classes) {
        for (let k = 0; k < classes; k++) logits[k] += row[i + k];
      }
    }
    return { logits, paid };
  },
  mlp: (t, classes) => (pooled) => {
    const units = t.hidden_bias.length;
    const vector = pooled.vector();
    const before = plus(times(vector, t.hidden_kernel, units), t.hidden_bias);
    const slopes = before.map(geluSlope);
    const kernel = Float64Array.from(t.kernel, (x, i) => x * slopes[Math.floor(i / classes)]);
    const slope = new Float64Array(vector.length * classes);
    for (let i = 0; i < vector.length; i++) {
      const hidden = t.hidden_kernel.subarray(i * units, (i + 1) * units);
      slope.set(times(hidden, kernel, classes), i * classes);
    }
    const logits = plus(times(before.map(gelu), t.kernel, classes), t.bias);
    return { logits, paid: pooled.paid(slope) };
  },
};

// Takes from every class of a position the mean over its classes.
function centre(values, classes) {
  for (let at = 0; at < values.length; at += classes) {
    let mean = 0;
    for (let k = 0; k < classes; k++) mean += values[at + k] / classes;
    for (let k = 0; k < classes; k++) values[at + k] -= mean;
  }
}
