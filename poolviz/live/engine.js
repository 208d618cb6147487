// What the models of one data set say of a text: the formulas of poolviz/training in the browser.
// tests/browser/test_live.py holds the two together.
//
// A position's vector is a function of three ids only, so what is computed from it alone (vector,
// scores, class values) is kept by its three ids: a keystroke computes the positions that are new.
// T = tokens, F = channels of a vector, H = weight rows of a head, K = classes.

import { Vocabulary } from "./tokens.js";

/**
 * @typedef {{key: string, weigh: string, readout: string, other: string | null, rows:
 *   number, tensors: Record<string, [number, number[]]>}} HeadHeader of each tensor its place among
 *   the floats, and its shape
 * @typedef {{schema: number, vocabulary: import("./tokens.js").VocabularyHeader, classes: string[],
 *   heads: HeadHeader[], constants: Record<string, number>}} Header what poolviz.live.models makes
 * @typedef {{vector: Float32Array, scores: ArrayLike<number>, slope: Float32Array | Float64Array |
 *   null, values: Float64Array | null}} Position values (H × K) are those under `slope`
 * @typedef {{weights: Float64Array[], vector: () => Float64Array, paid: (slope: ArrayLike<number>)
 *   => Float64Array[]}} Pooled by row of weights; paid (T × K) through the slope of a read-out
 * @typedef {{weights: Float64Array[], contributions: Float64Array[], probabilities: Float64Array,
 *   alternative: Float64Array | null}} Explained by row of weights; contributions (T × K) are
 *   centred over the classes
 */

export const SCHEMA = 1; // of the model files that are understood
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

/** Encoder, pooling head and read-out of one model. */
class Head {
  constructor(header, floats, { constants, classes }, vocabulary) {
    const known = POOLINGS[header.weigh] && READOUTS[header.readout];
    const others = header.other === null || OTHERS[header.other];
    if (!known || !others) throw new Error(`head ${header.key}`);
    const t = {};
    for (const [name, [at, shape]] of Object.entries(header.tensors)) {
      t[name] = floats.subarray(at, at + shape.reduce((a, b) => a * b, 1));
    }
    this.classes = classes.length;
    this.pooling = POOLINGS[header.weigh](t, constants);
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
    Object.assign(this, { t, score });
    this.padding = vocabulary.padding;
    this.size = vocabulary.size;
    this.channels = t.convolution_bias.length;
    this.width = t.embedding.length / this.size;
    this.tables = new Array(this.size); // of each id what it adds before, at and after a position
    this.kept = new Map();
  }

  /** @returns {Position[]} */
  read(ids) {
    const last = ids.length - 1;
    const { padding } = this;
    return Array.from(ids, (id, i) =>
      this.position(i ? ids[i - 1] : padding, id, i < last ? ids[i + 1] : padding),
    );
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

// Each makes { score, pool }: `score` is what a position says of its weights by itself, `pool`
// gives the weights and the pooled vector of all positions.
const POOLINGS = {
  max: (t, constants) => ({
    score: () => [],
    pool: (positions, classes) => pooledByMaximum(positions, classes, constants.max_tolerance),
  }),
  uniform: () => ({ score: () => [1], pool: weighted(shares) }),
  "inverse-variance": (t, { min_variance_epsilon }) => ({
    score: (vector) => [1 / (variance(vector) + min_variance_epsilon)],
    pool: weighted(shares),
  }),
  softmax: (t) => {
    const units = t.projection.length / t.convolution_bias.length;
    const rows = t.scores.length / units;
    return {
      score: (vector) => times(times(vector, t.projection, units).map(Math.tanh), t.scores, rows),
      pool: weighted(softmax),
    };
  },
};

// Each makes a function from what was pooled to the logits, and what each position pays to them
// through their slope there (H·F × K).
const READOUTS = {
  // All is paid by the positions: their sum spares the pooled vector.
  linear: (t, classes) => (pooled) => {
    const paid = pooled.paid(t.kernel);
    const logits = Float64Array.from(t.bias);
    for (const row of paid) row.forEach((x, i) => (logits[i % classes] += x));
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

// The other published weights of two heads, by the names of poolviz.model.heads.
const OTHERS = {
  activation: (positions, { won }) => {
    const sums = new Float64Array(positions.length);
    for (const { places, share } of won) for (const place of places) sums[place] += share;
    return sums;
  },
  "inverse-distance": (positions, pooled) => {
    const vector = pooled.vector();
    const distances = positions.map((position) => {
      let sum = 0;
      for (let c = 0; c < vector.length; c++) sum += (position.vector[c] - vector[c]) ** 2;
      return sum / vector.length;
    });
    const nearest = distances.reduce((a, b) => Math.min(a, b));
    return shares(Float64Array.from(distances, (each) => (each > 0 ? nearest / each : 1)));
  },
};

// Heads whose vector is the mean of all positions, weighted by their scores after `normalise`.
function weighted(normalise) {
  return (positions, classes) => {
    const rows = positions[0].scores.length;
    const weights = Array.from({ length: rows }, (_, r) =>
      normalise(Float64Array.from(positions, (position) => position.scores[r])),
    );
    const vector = () => pooledBy(weights, positions);
    const paid = (slope) =>
      weights.map((row, r) => {
        const found = new Float64Array(positions.length * classes);
        positions.forEach((position, i) => {
          const values = classValues(position, slope, rows, classes);
          for (let k = 0; k < classes; k++) found[i * classes + k] = row[i] * values[r * classes + k];
        });
        return found;
      });
    return { weights, vector, paid };
  };
}

// (H·F): the means of all positions, a row of weights each.
function pooledBy(weights, positions) {
  const channels = positions[0].vector.length;
  const pooled = new Float64Array(weights.length * channels);
  weights.forEach((row, r) =>
    positions.forEach(({ vector }, i) => {
      for (let c = 0; c < channels; c++) pooled[r * channels + c] += row[i] * vector[c];
    }),
  );
  return pooled;
}

// (H × K) of one position: its vector through each row's part of the slope.
function classValues(position, slope, rows, classes) {
  if (position.slope !== slope) {
    const size = position.vector.length * classes;
    position.values = new Float64Array(rows * classes);
    for (let r = 0; r < rows; r++) {
      const part = slope.subarray(r * size, (r + 1) * size);
      position.values.set(times(position.vector, part, classes), r * classes);
    }
    position.slope = slope;
  }
  return position.values;
}

// A position's weight is the share of channels that it won; ties share. Channels in which all tie
// decide nothing. Compared in float32, in which ties are found in Python, too.
function pooledByMaximum(positions, classes, tolerance) {
  const count = positions.length;
  const weights = new Float64Array(count);
  const vector = new Float64Array(positions[0].vector.length);
  const won = [];
  let decided = 0;
  for (let c = 0; c < vector.length; c++) {
    let top = -Infinity;
    for (const position of positions) if (position.vector[c] > top) top = position.vector[c];
    const least = Math.fround(top - Math.fround(Math.fround(tolerance) * Math.abs(top)));
    const places = [];
    for (let i = 0; i < count; i++) if (positions[i].vector[c] >= least) places.push(i);
    vector[c] = top;
    won.push({ places, share: top / places.length });
    if (places.length === count) continue;
    decided++;
    for (const place of places) weights[place] += 1 / places.length;
  }
  const paid = (slope) => {
    const found = new Float64Array(count * classes);
    won.forEach(({ places, share }, c) => {
      for (const i of share ? places : []) {
        for (let k = 0; k < classes; k++) found[i * classes + k] += share * slope[c * classes + k];
      }
    });
    return [found];
  };
  const row = weights.map((weight) => (decided ? weight / decided : 1 / count));
  return { weights: [row], vector: () => vector, paid, won };
}

// Unbiased, over the channels of one position.
function variance(vector) {
  const mean = vector.reduce((a, b) => a + b, 0) / vector.length;
  const squares = vector.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return squares / Math.max(vector.length - 1, 1);
}

/** (N) × (N × M) → (M). */
function times(vector, matrix, columns) {
  const result = new Float64Array(columns);
  for (let i = 0, at = 0; i < vector.length; i++, at += columns) {
    const x = vector[i];
    if (x) for (let j = 0; j < columns; j++) result[j] += x * matrix[at + j];
  }
  return result;
}

function plus(a, b) {
  return a.map((x, i) => x + b[i]);
}

// Added up as ONNX Runtime does it, in float32 and one after the other: over thousands of tokens
// that shows.
function shares(scores) {
  const sum = scores.reduce((a, b) => Math.fround(a + Math.fround(b)), 0);
  return scores.map((x) => x / (sum > 0 ? sum : 1));
}

function softmax(scores) {
  const top = scores.reduce((a, b) => Math.max(a, b));
  return shares(scores.map((x) => Math.exp(x - top)));
}

// Takes from every class of a position the mean over its classes.
function centre(values, classes) {
  for (let at = 0; at < values.length; at += classes) {
    let mean = 0;
    for (let k = 0; k < classes; k++) mean += values[at + k] / classes;
    for (let k = 0; k < classes; k++) values[at + k] -= mean;
  }
}

function gelu(x) {
  return x * normal(x);
}

function geluSlope(x) {
  return normal(x) + (x * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
}

// Φ(x) by a series all of whose terms have one sign: exact to rounding where it is not 0 or 1.
function normal(x) {
  if (Math.abs(x) > 8) return x > 0 ? 1 : 0;
  let sum = 0;
  for (let term = x, n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n += 2) {
    sum += term;
    term *= (x * x) / (n + 2);
  }
  return 0.5 + (sum * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
}
