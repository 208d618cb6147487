// The page of one file: a text box, the switches of a view, and the table that follows each key.

import { doubtsOf } from "./doubts.js";
import { edited } from "./edits.js";
import { Models } from "./engine.js";
import { filled } from "./numbers.js";
import { effectiveScale } from "./panel.js";
import { attached } from "./pointing.js";
import { Rows } from "./rows.js";
import { shownOf } from "./shown.js";
import { codePoints, hasVisible } from "./tokens.js";

const EXCERPT = 60; // characters of the pinned text
const CLOSE = 1e-4; // a larger difference between this browser and Python is none of rounding

/**
 * @typedef {{text: string, language: string, view: import("./panel.js").View, languages:
 *   Record<string, string>, about: Record<string, Record<string, any>>}} State what the page began
 *   with
 */

const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const BOX = /** @type {HTMLTextAreaElement} */ (byId("text"));
const state = JSON.parse(byId("state").textContent);
const header = JSON.parse(byId("models").textContent);
const view = { ...state.view };
let words = header.words[state.language];
let page = null;

try {
  page = open();
} catch (error) {
  say([refusalOf(/** @type {Error} */ (error))]);
}
speak(state.language);

function open() {
  const models = new Models(header, floatsOf(byId("weights").textContent));
  if (!isAsInPython(models)) throw new Error("differs");
  const pointing = attached(document);
  const rows = new Rows(header, pointing.refresh);
  byId("rows").append(rows.element);
  BOX.value = state.text;
  /** @type {{changed: string | null, pinned: string | null}} */
  const texts = { changed: null, pinned: null }; // what the text of the box was changed to
  const drawn = { text: "", cursor: 0 };
  let frame = 0;
  const draw = () => (frame ||= requestAnimationFrame(() => redraw()));

  function redraw(refused = "") {
    frame = 0;
    Object.assign(drawn, { text: BOX.value, cursor: BOX.selectionEnd });
    const after = texts.changed ?? BOX.value;
    const both = [texts.pinned ?? BOX.value, after].map((text) => text.toWellFormed());
    const shown = both[0] === both[1] ? both.slice(1) : both;
    const refusal = shown.map(refusalOfText).find(Boolean);
    const encoded = refusal ? [] : shown.map((text) => models.encode(text));
    const found = !refusal && encoded.every(({ tokens }) => tokens.length);
    say([refusal ?? (found ? "" : words.nothing_left), refused]);
    rows.element.hidden = !found;
    drawEdits();
    tell("doubts", found ? doubtsOf(encoded[encoded.length - 1], header, words) : []);
    if (found) rows.draw(shownOf(models, encoded, view, words, BOX.selectionEnd), words);
  }

  function drawEdits() {
    const { changed, pinned } = texts;
    const become = (next) => () => {
      Object.assign(texts, next);
      redraw();
    };
    byId("edits").replaceChildren(
      pinned === null
        ? button(words.pin, become({ pinned: BOX.value }))
        : button(words.unpin, become({ pinned: null })),
      ...(changed === null ? [] : [
        button(words.start_over, become({ changed: null })),
        button(words.go_on, () => {
          BOX.value = changed;
          become({ changed: null })();
        }),
      ]),
      pinned === null ? "" : words.pinned.replace("{text}", () => shortened(pinned)),
    );
  }

  pointing.send = (_name, { positions, replacement }) => {
    const encoded = models.encode(texts.changed ?? BOX.value);
    const { vocabulary } = models;
    try {
      texts.changed = edited(encoded, positions, replacement, vocabulary, header.separators);
      if (texts.changed === BOX.value) texts.changed = null;
      redraw();
    } catch (error) {
      redraw(words[/** @type {Error} */ (error).message]);
    }
  };
  BOX.addEventListener("input", () => {
    texts.changed = null;
    draw();
  });
  // A key moves the cursor, too: what it changed is drawn once.
  document.addEventListener("selectionchange", () => {
    const moved = BOX.value === drawn.text && BOX.selectionEnd !== drawn.cursor;
    if (document.activeElement === BOX && isLong(BOX.value) && moved) draw();
  });
  return {
    draw,
    redraw,
    speak() {
      pointing.words = words.pointing;
      pointing.show(pointing.token);
    },
  };
}

// Everything in another language.
function speak(language) {
  words = header.words[language];
  const about = state.about[language];
  document.documentElement.lang = about.locale;
  document.title = about.title;
  for (
    const element of /** @type {NodeListOf<HTMLElement>} */ (
      document.querySelectorAll("[data-words]")
    )
  ) {
    element.textContent = about[element.dataset.words ?? ""];
  }
  BOX.placeholder = words.placeholder;
  BOX.setAttribute("aria-label", words.text);
  byId("models_table").replaceChildren(...about.models.map((cells, i) => tableRow(cells, !i)));
  byId("absent").replaceChildren(...about.absent.map(missing));
  drawControls(language);
  if (!page) return;
  page.speak();
  page.redraw();
}

function drawControls(language) {
  const again = (name) => (value) => {
    view[name] = value;
    drawControls(language);
    page?.draw();
  };
  const scales = Object.entries(words.scales).filter(
    ([key]) => key !== "uniform" || view.quantity !== "contribution",
  );
  const quantities = Object.entries(words.quantities).filter(
    ([key]) => key !== "alternative" || header.heads.some(({ other }) => other),
  );
  const classes = words.classes.map((name, number) => [String(number), name]);
  const ofClass = (name, none) =>
    choice(
      name,
      words[name],
      [["", none], ...classes],
      view[name] ?? "",
      (value) => again(name)(value === "" ? null : Number(value)),
    );
  const contribution = view.quantity === "contribution";
  byId("controls").replaceChildren(
    choice("quantity", words.show, quantities, view.quantity, again("quantity")),
    ...(contribution ? [ofClass("target", words.named_class)] : []),
    ...(contribution && classes.length > 2 ? [ofClass("against", words.no_other)] : []),
    choice("scale", words.scale, scales, effectiveScale(view), again("scale")),
    toggle("spread", words.spread, view.spread, again("spread")),
  );
  const languages = Object.entries(state.languages);
  byId("language").replaceChildren(choice("lang", words.language, languages, language, speak));
}

function choice(name, label, options, value, chosen) {
  const select = document.createElement("select");
  select.name = name;
  select.setAttribute("aria-label", label);
  select.title = label;
  select.append(...options.map(([key, title]) => new Option(title, key)));
  select.value = String(value);
  select.addEventListener("change", () => {
    chosen(select.value);
    document.getElementsByName(name)[0]?.focus();
  });
  return select;
}

function toggle(name, label, on, changed) {
  const element = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.name = name;
  box.checked = on;
  box.addEventListener("change", () => {
    changed(box.checked);
    document.getElementsByName(name)[0]?.focus();
  });
  element.append(box, label);
  return element;
}

function tableRow(cells, heading) {
  const row = document.createElement("tr");
  for (const cell of cells) {
    const element = document.createElement(heading ? "th" : "td");
    element.textContent = cell;
    row.append(element);
  }
  return row;
}

// What the file does not hold, with the command that shows it.
function missing({ what, command }) {
  const item = document.createElement("li");
  const code = document.createElement("code");
  code.textContent = command;
  item.append(what, " ", code);
  return item;
}

function say(sentences) {
  tell("said", sentences.filter(Boolean));
}

// Where a place has nothing to say it is not there.
function tell(place, sentences) {
  byId(place).textContent = sentences.join(" ");
  byId(place).hidden = !sentences.length;
}

function refusalOfText(text) {
  const limit = header.constants.most_characters;
  const count = codePoints(text);
  if (count > limit) return filled(words.too_long, { count, limit });
  return hasVisible(text) ? null : words.empty;
}

function refusalOf({ message }) {
  return words[message] ?? filled(words.cannot, { reason: message });
}

function isLong(text) {
  return text.length > header.constants.most_drawn;
}

function button(label, pressed) {
  const element = document.createElement("button");
  element.textContent = label;
  element.addEventListener("click", pressed);
  return element;
}

function shortened(text) {
  const line = Array.from(text, (each) => header.signs[each] ?? each);
  return line.length > EXCERPT ? `${line.slice(0, EXCERPT - 1).join("")}…` : line.join("");
}

// Whether this browser says of the checked text what Python said when the file was made.
function isAsInPython(models) {
  const { text, tokens, probabilities, weights } = header.check;
  const encoded = models.encode(text);
  const cut = encoded.tokens.map((token) => [token.text, token.start, token.known]);
  if (JSON.stringify(cut) !== JSON.stringify(tokens)) return false;
  const near = (found, wanted) => found.every((x, i) => Math.abs(x - wanted[i]) < CLOSE);
  return models.explain(encoded).every((found, i) => {
    const means = found.weights[0].map(
      (_, t) => found.weights.reduce((sum, row) => sum + row[t], 0) / found.weights.length,
    );
    return near(found.probabilities, probabilities[i]) && near(means, weights[i]);
  });
}

function floatsOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return new Float32Array(bytes.buffer);
}
