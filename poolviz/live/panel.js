// Which numbers a view shows of a text, with their scales: what poolviz/views does in Python.
// T = tokens.

/**
 * @typedef {{quantity: string, target: number | null, against: number | null, scale: string,
 *   spread: boolean}} View as poolviz.views.view.View; classes by their numbers
 * @typedef {{values: Float64Array, low: number, high: number}} Row one number for each token
 * @typedef {{unit: string, summary: Row, rows: Row[]}} HeadRows what is shown of a head: its
 *   summary, and each of its weight rows
 * @typedef {{heads: HeadRows[], view: View, target: number, diverging: boolean, power: number}}
 *   Panel
 */

/**
 * One panel for each text: for the text before and the text after, or for one text. Several have
 * one scale, also where the view gives each head its own, and the class of the first.
 * @param {{window: number[], heads: {key: string, other?: string | null}[], constants:
 *   import("./engine.js").Header["constants"]}} header
 * @param {Record<string, any>} words of the language
 * @param {import("./engine.js").Explained[][]} sides what the heads say of each text
 * @param {View} asked
 * @returns {Panel[]}
 */
export function panelsOf(header, words, sides, asked) {
  const alone = sides.length === 1 || asked.scale !== "head";
  const target = asked.target ?? namedClass(sides[0]);
  const view = { ...asked, target, scale: alone ? asked.scale : "shared" };
  const found = sides.map((explained) => valuesOf(header, words, explained, view));
  const contribution = view.quantity === "contribution";
  const all = found.flatMap(({ heads }) => heads);
  const diverging = contribution || all.some(({ rows }) => rows.some((r) => r.some((x) => x < 0)));
  const fitted = withScales(all, view, diverging, header.constants);
  const panels = found.map(({ heads, uniform }) => {
    const panel = { heads: fitted.splice(0, heads.length), view, target, diverging };
    return { ...panel, power: tintPower(panel, uniform, header.constants) };
  });
  const power = Math.min(...panels.map((panel) => panel.power));
  return panels.map((panel) => ({ ...panel, power }));
}

function valuesOf(header, words, explained, view) {
  const count = explained[0].weights[0].length;
  const uniform = gathered(new Float64Array(count).fill(1 / count), view, header.window);
  const heads = explained.map((found, number) => {
    const { values, unit } = measured(found, header.heads[number], view, words);
    const rows = values.map((row) => relative(row, view, header.window, uniform));
    return { unit: relativeUnit(unit, view, words), summary: summaryOf(rows, view), rows };
  });
  return { heads, uniform };
}

/** The class that a picture of several heads speaks of, where nobody has chosen one. */
export function namedClass(explained) {
  const classes = explained[0].probabilities.length;
  if (classes === 2) return 1;
  const sums = explained[0].probabilities.map((_, k) =>
    explained.reduce((sum, { probabilities }) => sum + probabilities[k], 0)
  );
  return best(sums);
}

/** The place of the largest value, the first of equals. */
export function best(values) {
  return values.reduce((top, value, place) => (value > values[top] ? place : top), 0);
}

/** How strongly a fraction of the scale is tinted. */
export function strength(fraction, power) {
  return Math.sign(fraction) * Math.min(Math.abs(fraction), 1) ** power;
}

/** The scale that is used: contributions cannot be relative to uniform. */
export function effectiveScale({ scale, quantity }) {
  return scale === "uniform" && quantity === "contribution" ? "shared" : scale;
}

/** (T) contributions of all rows of a head to a class, and what `against` takes away. */
export function contributionsTo({ contributions, probabilities }, target, against = null) {
  const classes = probabilities.length;
  return contributions.map((row) =>
    Float64Array.from({ length: row.length / classes }, (_, i) => {
      const other = against === null ? 0 : row[i * classes + against];
      return row[i * classes + target] - other;
    })
  );
}

/** (T) the sum, or the mean, of several rows. */
export function overRows(rows, mean) {
  if (rows.length === 1) return rows[0];
  return rows[0].map((_, i) =>
    rows.reduce((sum, row) => sum + row[i], 0) / (mean ? rows.length : 1)
  );
}

function measured(found, head, view, words) {
  if (view.quantity === "contribution") {
    const name = (number) => words.classes[number];
    const message = view.against === null ? words.contribution : words.contribution_against;
    const unit = message
      .replace("{target}", () => name(view.target))
      .replace("{against}", () => name(view.against));
    return { values: contributionsTo(found, view.target, view.against), unit };
  }
  if (view.quantity === "alternative" && found.alternative) {
    return { values: [found.alternative], unit: words.others[head.other] };
  }
  return { values: found.weights, unit: words.weight };
}

function relativeUnit(unit, view, words) {
  return effectiveScale(view) === "uniform"
    ? words.times_average.replace("{unit}", () => unit)
    : unit;
}

// A row as the view shows it: as it is, or relative to what average pooling gives.
function relative(row, view, window, uniform) {
  if (effectiveScale(view) !== "uniform") return gathered(row, view, window);
  const sum = row.reduce((a, b) => a + b, 0);
  const shares = row.map((value) => value / (sum > 0 ? sum : 1));
  return gathered(shares, view, window).map((value, i) => value / uniform[i]);
}

function summaryOf(rows, { quantity }) {
  return overRows(rows, quantity !== "contribution");
}

function gathered(values, { spread }, window) {
  return spread ? spreadOver(values, window) : values;
}

// Each value shared equally among the positions that its position has read, the sum kept.
function spreadOver(values, [before, after]) {
  const result = new Float64Array(values.length);
  values.forEach((value, i) => {
    const first = Math.max(i - before, 0);
    const last = Math.min(i + after, values.length - 1);
    for (let j = first; j <= last; j++) result[j] += value / (last - first + 1);
  });
  return result;
}

function withScales(heads, view, diverging, { uniform_top }) {
  const group = ({ unit }) => (view.quantity === "contribution" ? "" : unit);
  const topOf = (values) => values.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
  const fitted = (lines) => {
    const tops = lines.map(({ values }) => topOf(values));
    const scale = effectiveScale(view);
    return lines.map(({ head, values }, i) => {
      const own = scale === "head";
      let high = Math.max(
        ...tops.filter((_, j) => (own ? j === i : group(lines[j].head) === group(head))),
      );
      if (scale === "uniform") high = Math.max(high, uniform_top);
      return { values, low: diverging ? -high : 0, high };
    });
  };
  const summaries = fitted(heads.map((head) => ({ head, values: head.summary })));
  const rows = fitted(heads.flatMap((head) => head.rows.map((values) => ({ head, values }))));
  return heads.map(({ unit, rows: own }, i) => ({
    unit,
    summary: summaries[i],
    rows: rows.splice(0, own.length),
  }));
}

// Small values are tinted more than in proportion; twice the average is always seen.
function tintPower({ heads, view, diverging }, uniform, { tint_power, tint_seen }) {
  const scale = effectiveScale(view);
  const reference = scale === "uniform" ? 1 : uniform.reduce((a, b) => Math.max(a, b));
  const none = view.quantity === "alternative" && scale !== "uniform";
  if (none || diverging || scale === "head") return tint_power;
  const top = Math.max(...heads.map(({ summary }) => summary.high));
  const twice = 2 * reference;
  if (!(0 < twice && twice < top)) return tint_power;
  return Math.min(tint_power, Math.log(tint_seen) / Math.log(twice / top));
}
