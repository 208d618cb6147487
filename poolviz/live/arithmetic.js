// Sums and functions that models are made of, added up as they are in Python.

/**
 * (N) × (N × M) → (M).
 * @param {ArrayLike<number>} vector
 * @param {ArrayLike<number>} matrix
 * @param {number} columns
 */
export function times(vector, matrix, columns) {
  const result = new Float64Array(columns);
  for (let i = 0, at = 0; i < vector.length; i++, at += columns) {
    const x = vector[i];
    if (x) { for (let j = 0; j < columns; j++) result[j] += x * matrix[at + j]; }
  }
  return result;
}

/**
 * @param {Float64Array} a
 * @param {ArrayLike<number>} b
 */
export function plus(a, b) {
  return a.map((x, i) => x + b[i]);
}

/**
 * @param {ArrayLike<number>} a
 * @param {ArrayLike<number>} b
 */
export function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/**
 * Scores divided by their sum. It is added up as ONNX Runtime does it, in float32 and one after the
 * other: over thousands of tokens that shows.
 * @param {Float64Array} scores
 */
export function shares(scores) {
  let sum = 0;
  for (let i = 0; i < scores.length; i++) sum = Math.fround(sum + Math.fround(scores[i]));
  return scores.map((x) => x / (sum > 0 ? sum : 1));
}

/** @param {Float64Array} scores */
export function softmax(scores) {
  const top = scores.reduce((a, b) => Math.max(a, b));
  return shares(scores.map((x) => Math.exp(x - top)));
}

/** @param {number} x */
export function sigmoid(x) {
  return 1 / (1 + Math.exp(-x));
}

/** @param {number} x */
export function gelu(x) {
  return x * normal(x);
}

/** @param {number} x */
export function geluSlope(x) {
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
