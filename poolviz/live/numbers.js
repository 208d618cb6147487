// Numbers and sentences as people read them: the formats of Python that messages use.

/** A value with three significant digits, as poolviz.views.captions.number writes it. */
export function number(value) {
  if (!value) return "0";
  const [digits, exponent] = value.toExponential(2).split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 3) return trimmed(Number(value.toExponential(2)).toFixed(2 - power));
  const sign = power < 0 ? "-" : "+";
  return `${trimmed(digits)}e${sign}${String(Math.abs(power)).padStart(2, "0")}`;
}

/** "{name}: {share:.0%}" with its values; the formats are those that messages of pages have. */
export function filled(message, values) {
  return message.replace(
    /\{(\w+)(?::([^}]*))?\}/g,
    (_, name, form) => formatted(values[name], form),
  );
}

/** Sentences one after the other; a full stop may have its gap in itself. */
export function joined(sentences, stop) {
  return sentences.filter(Boolean).join(" ").replaceAll(`${stop.trim()} `, stop);
}

function formatted(value, form) {
  const percent = /^\.(\d)%$/.exec(form ?? "");
  if (percent) return `${(100 * value).toFixed(Number(percent[1]))}%`;
  return form === "," ? value.toLocaleString("en-US") : String(value);
}

function trimmed(digits) {
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}
