// What the matchers of one data set say of two sentences: the formulas of
// poolviz/training/matching/{matcher,tower,pair_readouts}.py and poolviz/engine/pairs.py in the browser.
// tests/live/test_pairs.py holds the two together.
//
// T = tokens, C = channels of a position, H = weight rows of a head; a sentence's vector is (H·C).

import { dot, gelu, geluSlope, plus, sigmoid, times } from "./arithmetic.js";
import { SCHEMA, tensorsOf } from "./engine.js";
import { POOLINGS } from "./poolings.js";
import { Vocabulary } from "./tokens.js";

/**
 * @typedef {{key: string, weigh: string | null, readout: string, rows: number, threshold: number,
 *   bounded: boolean, tensors: Record<string, [number, number[]]>}} MatcherHeader weigh is null where the browser does
 *   not know how the matcher weighs
 * @typedef {{schema: number, vocabulary: import("./tokens.js").VocabularyHeader, classes: string[],
 *   window: number[], heads: MatcherHeader[], constants: Record<import("./engine.js").Constant, number>,
 *   scripts: import("./engine.js").Header["scripts"], signs: Record<string, string>, words: Record<string, Record<string, any>>}} Header what
 *   poolviz.live.matchers makes
 * @typedef {import("./engine.js").Explained} Explained
 * @typedef {{sides: [Explained, Explained], score: number, probability: number, needed: number,
 *   threshold: number, bounded: boolean}} Pair `needed` is the score that goes with the threshold;
 *   bounded: whether the score is a cosine
 * @typedef {{score: number, logit: number, scale: number, slopes: Float64Array[], product:
 *   Float64Array}} Compared the score's tangent in u, v and u·v, by channel; the logit rises with
 *   the score by `scale`
 */

/** The matchers of a data set. */
export class Matchers {
  /**
   * @param {Header} header
   * @param {Float32Array} floats
   */
  constructor(header, floats) {
    if (header.schema !== SCHEMA) throw new Error("schema");
    this.header = header;
    this.vocabulary = new Vocabulary(header.vocabulary);
    this.matchers = header.heads.map((head) => {
      return head.weigh === null ? null : new Matcher(head, floats, header);
    });
  }

  /** @param {string} text */
  encode(text) {
    return this.vocabulary.encode(text);
  }

  /**
   * What each matcher says of two sentences with at least one token each; null of those that the
   * browser does not know.
   * @param {import("./tokens.js").Encoded[]} sentences
   * @returns {(Pair | null)[]}
   */
  explain(sentences) {
    return this.matchers.map((matcher) => matcher && matcher.explain(sentences));
  }
}

/** Tower, pooling head and read-out of one matcher. */
class Matcher {
  constructor(header, floats, { constants }) {
    const known = POOLINGS[header.weigh] && READOUTS[header.readout];
    if (!known) throw new Error(`head ${header.key}`);
    const t = tensorsOf(header.tensors, floats);
    const pooling = POOLINGS[header.weigh](t, constants, t.normalisation_scale.length);
    this.towers = [0, 1].map(() => new Tower(t, constants, pooling.score));
    this.pool = pooling.pool;
    this.rows = header.rows;
    this.told = { threshold: header.threshold, bounded: header.bounded };
    this.compare = READOUTS[header.readout](t, constants);
  }

  /** @returns {Pair} */
  explain(sentences) {
    const pooled = sentences.map(({ ids }, side) => this.pool(this.towers[side].read(ids), 1));
    const vectors = pooled.map((each) => each.vector());
    const { score, logit, scale, slopes, product } = this.compare(vectors[0], vectors[1]);
    const probability = sigmoid(logit);
    const sides = pooled.map(({ weights, paid }, side) => {
      const other = vectors[1 - side];
      const slope = slopes[side].map((x, c) => x + product[c] * other[c]);
      const alone = this.byRow(slopes[1 - side], other); // what the other adds by itself
      const contributions = paid(slope).map((row, r) => {
        const found = new Float64Array(2 * row.length);
        row.forEach((x, i) => {
          const half = (scale * (x + weights[r][i] * alone[r])) / 2;
          found[2 * i] = -half;
          found[2 * i + 1] = half;
        });
        return found;
      });
      const probabilities = Float64Array.of(1 - probability, probability);
      return { weights, contributions, probabilities, alternative: null };
    });
    const { threshold } = this.told;
    const needed = score + (Math.log(threshold / (1 - threshold)) - logit) / scale;
    return { sides: [sides[0], sides[1]], score, probability, needed, ...this.told };
  }

  // (H): the products of two vectors, by the rows that their parts are of.
  byRow(a, b) {
    const size = a.length / this.rows;
    return Array.from(
      { length: this.rows },
      (_, r) => dot(a.subarray(r * size, (r + 1) * size), b.subarray(r * size, (r + 1) * size)),
    );
  }
}

/**
 * Embedding + positions → LayerNorm → residual Conv1D (GELU), for one of the two sentences. What
 * the last text had before the first change is kept: who types at the end changes little.
 */
class Tower {
  constructor(t, constants, score) {
    this.t = t;
    this.score = score;
    this.width = t.normalisation_scale.length;
    this.epsilon = constants.norm_epsilon;
    const half = Math.ceil(this.width / 2);
    const waves = Array.from({ length: half }, (_, i) => constants.longest_wave ** (-i / half));
    this.waves = Float64Array.from(waves);
    this.layers = [];
    while (t[`convolution_${this.layers.length}`]) {
      const number = this.layers.length;
      const kernel = t[`convolution_${number}`];
      this.layers.push({ kernel, bias: t[`convolution_bias_${number}`] });
    }
    this.ids = new Int32Array(0);
    /** @type {Float32Array[][]} */
    this.vectors = [[], ...this.layers.map(() => [])]; // of each step, by position
    this.positions = [];
  }

  /** @returns {import("./poolings.js").Position[]} */
  read(ids) {
    const most = Math.min(ids.length, this.ids.length);
    let kept = 0;
    while (kept < most && ids[kept] === this.ids[kept]) kept++;
    if (kept === ids.length && kept === this.ids.length) return this.positions;
    this.ids = ids;
    this.vectors[0].length = kept;
    for (let i = kept; i < ids.length; i++) this.vectors[0].push(this.begin(ids[i], i));
    this.layers.forEach(({ kernel, bias }, number) => {
      const reach = kernel.length / this.width ** 2;
      kept = Math.max(kept - Math.floor(reach / 2), 0);
      const found = this.vectors[number + 1];
      found.length = kept;
      for (let i = kept; i < ids.length; i++) {
        found.push(this.convolved(this.vectors[number], i, kernel, bias, reach));
      }
    });
    this.positions.length = kept;
    for (const vector of this.vectors[this.vectors.length - 1].slice(kept)) {
      this.positions.push({ vector, scores: this.score(vector), slope: null, values: null });
    }
    return this.positions;
  }

  // A token where it stands, normalised.
  begin(id, place) {
    const { width, waves, t } = this;
    const vector = Float32Array.from(t.embedding.subarray(id * width, (id + 1) * width));
    for (let c = 0; c < width; c++) {
      const angle = place * waves[c % waves.length];
      vector[c] += t.position_gain[c] * (c < waves.length ? Math.sin(angle) : Math.cos(angle));
    }
    const mean = vector.reduce((a, b) => a + b, 0) / width;
    const variance = vector.reduce((sum, x) => sum + (x - mean) ** 2, 0) / width;
    const by = 1 / Math.sqrt(variance + this.epsilon);
    return vector.map((x, c) =>
      (x - mean) * by * t.normalisation_scale[c] + t.normalisation_bias[c]
    );
  }

  // A position and what its neighbours add: one fewer before it than after where they are odd.
  convolved(vectors, here, kernel, bias, reach) {
    const { width } = this;
    const sums = Float64Array.from(bias);
    const first = here - Math.floor((reach - 1) / 2);
    for (let k = 0; k < reach; k++) {
      const vector = vectors[first + k];
      if (!vector) continue;
      for (let c = 0, at = k * width * width; c < width; c++) {
        const x = vector[c];
        for (let j = 0; j < width; j++) sums[j] += x * kernel[at++];
      }
    }
    return vectors[here].map((x, c) => x + gelu(sums[c]));
  }
}

/**
 * Each makes a function from the vectors u and v of two sentences to what they are compared to.
 * @type {Record<string, (t: Record<string, Float32Array>, constants: Record<string, number>) =>
 *   (u: Float64Array, v: Float64Array) => Compared>}
 */
const READOUTS = {
  cosine: (t, { smallest_norm }) => {
    const [scale, bias] = [Math.exp(t.log_scale[0]), t.bias[0]];
    return (u, v) => {
      const norms = [u, v].map((each) => Math.sqrt(Math.max(dot(each, each), smallest_norm)));
      const product = u.map(() => 1 / (norms[0] * norms[1]));
      const score = dot(u, v) / (norms[0] * norms[1]);
      const none = new Float64Array(u.length);
      return { score, logit: scale * score + bias, scale, slopes: [none, none], product };
    };
  },
  // Of u, v, u·v and |u−v|, the last one written as sign(u−v) · (u−v).
  dense: (t) => (u, v) => {
    const size = u.length;
    const units = t.hidden_bias.length;
    const apart = u.map((x, c) => x - v[c]);
    const features = Float64Array.of(
      ...u,
      ...v,
      ...u.map((x, c) => x * v[c]),
      ...apart.map(Math.abs),
    );
    const before = plus(times(features, t.hidden_kernel, units), t.hidden_bias);
    const through = before.map((x, i) => geluSlope(x) * t.kernel[i]);
    const slope = features.map((_, i) => {
      return dot(through, t.hidden_kernel.subarray(i * units, (i + 1) * units));
    });
    const part = (number) => slope.subarray(number * size, (number + 1) * size);
    const signed = part(3).map((x, c) => x * Math.sign(apart[c]));
    const slopes = [plus(part(0), signed), part(1).map((x, c) => x - signed[c])];
    const logit = dot(before.map(gelu), t.kernel) + t.bias[0];
    return { score: logit, logit, scale: 1, slopes, product: part(2) };
  },
};
