// The pooling heads: positions of a text become one vector, and what each of them adds to it.
// T = positions, C = channels of a position, H = weight rows of a head, K = what its vector's slope
// leads to: the classes of a text, or the one score of a pair.

import { shares, softmax, times } from "./arithmetic.js";

/**
 * @typedef {{vector: Float32Array, scores: ArrayLike<number>, slope: ArrayLike<number> | null,
 *   values: Float64Array | null}} Position values (H × K) are those under `slope`
 * @typedef {{weights: Float64Array[], vector: () => Float64Array, paid: (slope: Float32Array |
 *   Float64Array) => Float64Array[], won?: {places: number[], share: number}[]}} Pooled by row of
 *   weights; paid (T × K) through the slope (H·C × K) of what follows; won: of each channel by whom
 * @typedef {{score: (vector: Float32Array) => ArrayLike<number>, pool: (positions: Position[], paid:
 *   number) => Pooled}} Pooling `score` is what a position says of its weights by itself
 */

/**
 * By name, of a head's tensors and the constants.
 * @type {Record<string, (t: Record<string, Float32Array>, constants: Record<string, number>, channels:
 *   number) => Pooling>}
 */
export const POOLINGS = {
  max: (_t, constants) => ({
    score: () => [],
    pool: (positions, classes) => pooledByMaximum(positions, classes, constants.max_tolerance),
  }),
  uniform: () => ({ score: () => [1], pool: weighted(shares) }),
  "inverse-variance": (_t, { min_variance_epsilon }) => ({
    score: (vector) => [1 / (variance(vector) + min_variance_epsilon)],
    pool: weighted(shares),
  }),
  softmax: (t, _constants, channels) => {
    const units = t.projection.length / channels;
    const rows = t.scores.length / units;
    return {
      score: (vector) => times(times(vector, t.projection, units).map(Math.tanh), t.scores, rows),
      pool: weighted(softmax),
    };
  },
};

/**
 * The other published weights of two heads, by the names of poolviz.model.heads.
 * @type {Record<string, (positions: Position[], pooled: Pooled) => Float64Array>}
 */
export const OTHERS = {
  activation: (positions, { won = [] }) => {
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
    const weights = Array.from({ length: rows }, (_, r) => {
      const scores = new Float64Array(positions.length);
      for (let i = 0; i < scores.length; i++) scores[i] = positions[i].scores[r];
      return normalise(scores);
    });
    const vector = () => pooledBy(weights, positions);
    const paid = (slope) =>
      weights.map((row, r) => {
        const found = new Float64Array(positions.length * classes);
        for (let i = 0; i < row.length; i++) {
          const values = classValues(positions[i], slope, rows, classes);
          for (let k = 0; k < classes; k++) {
            found[i * classes + k] = row[i] * values[r * classes + k];
          }
        }
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
    })
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
  const vector = topsOf(positions);
  const least = vector.map((top) => {
    return Math.fround(top - Math.fround(Math.fround(tolerance) * Math.abs(top)));
  });
  /** @type {{places: number[], share: number}[]} */
  const won = Array.from(vector, () => ({ places: [], share: 0 }));
  for (let i = 0; i < count; i++) {
    const own = positions[i].vector;
    for (let c = 0; c < least.length; c++) if (own[c] >= least[c]) won[c].places.push(i);
  }
  let decided = 0;
  won.forEach((channel, c) => {
    const { places } = channel;
    channel.share = vector[c] / places.length;
    if (places.length === count) return;
    decided++;
    for (const place of places) weights[place] += 1 / places.length;
  });
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

// The largest value of each channel.
function topsOf(positions) {
  const tops = Float64Array.from(positions[0].vector);
  for (const { vector } of positions) {
    for (let c = 0; c < tops.length; c++) if (vector[c] > tops[c]) tops[c] = vector[c];
  }
  return tops;
}

// Unbiased, over the channels of one position.
function variance(vector) {
  const mean = vector.reduce((a, b) => a + b, 0) / vector.length;
  const squares = vector.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return squares / Math.max(vector.length - 1, 1);
}
