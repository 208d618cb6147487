// Rows that follow each key in the text box, until Python has answered. The box stays Streamlit's:
// what is in it, and when it is handed over, is Streamlit's to know. A pause hands it over, too.
import { Models } from "./engine.js";
import { contributionsTo, overRows } from "./panel.js";
import { Rows } from "./rows.js";
import { shownOf } from "./shown.js";
import { codePoints, hasVisible } from "./tokens.js";

const BOX = ".st-key-_text textarea";
const TABLE = ".pva:not(.pva-live)"; // Python's
const loaded = new Map(); // version -> Promise of Models; kept as long as the page is open
const mounted = new WeakMap(); // parentElement -> what follows the box

export default function ({ parentElement, data: [state], setTriggerValue }) {
  let live = mounted.get(parentElement);
  if (!live) mounted.set(parentElement, (live = follow(parentElement)));
  live.send = setTriggerValue;
  live.hear(state);
  return () => {
    live.stop();
    mounted.delete(parentElement);
  };
}

function follow(parent) {
  const note = parent.querySelector(".live-note");
  // `off` is the version that is not followed: the browser does not know a head of it, or its
  // answers were not Python's.
  const live = { data: null, models: null, rows: null, composing: false, asked: null, off: null };
  let returned = false; // by Back, and Python has not answered yet
  let timer = 0;
  let frame = 0;

  live.hear = (data) => {
    if (data.version !== live.data?.version) forget();
    if (returned && data.text !== live.data?.text) replaceTyped(data.text);
    live.data = data;
    if (data.unknown) live.off = data.version;
    if (data.url) load(data);
    else live.asked = null; // what did not arrive is asked for again
    if (live.models) compare();
    if (live.rows) soon();
  };

  function load({ version, url }) {
    if (live.models || version === live.off) return;
    if (url && !loaded.has(version)) loaded.set(version, modelsFrom(url));
    loaded.get(version)?.then(
      (models) => {
        if (live.models || live.data.version !== version) return;
        live.models = models;
        live.rows = new Rows(models.header, () => {});
        soon();
      },
      () => loaded.delete(version),
    );
  }

  function wanted() {
    const { version } = live.data;
    if (live.models || version === live.off) return;
    if (loaded.has(version)) return load(live.data);
    if (live.asked === version) return;
    live.asked = version;
    live.send("wants", version);
  }

  function soon() {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      const box = document.querySelector(BOX);
      const table = document.querySelector(TABLE);
      if (!box || !table || !live.rows) return;
      const answered = box.value === live.data.text.replace(/\r\n?/g, "\n");
      const typing = box === document.activeElement && !answered;
      const encoded = typing ? encodedOf(live, box.value) : null;
      if (!encoded) return stepAside();
      const words = live.models.header.words[live.data.language];
      live.rows.draw(shownOf(live.models, encoded, live.data.view, words, box.selectionEnd), words);
      const { element } = live.rows;
      element.classList.add("pva-live");
      if (element.nextSibling !== table) table.before(element);
      table.style.display = "none";
    });
  }

  // Python's rows stand alone.
  function stepAside() {
    live.rows?.element.remove();
    const table = document.querySelector(TABLE);
    if (table) table.style.display = "";
  }

  function forget() {
    stepAside();
    Object.assign(live, { models: null, rows: null });
  }

  // A differing answer of Python's stands, and the rows follow no more.
  function compare() {
    const { text, told, differs } = live.data;
    if (!told || codePoints(text) > live.data.most) return;
    const found = live.models.explain(live.models.encode(text)).map(telling);
    const far = found.some((one, i) => one.some((x, j) => !(Math.abs(x - told[i][j]) <= live.data.close)));
    note.hidden = !far;
    note.textContent = far ? differs : "";
    if (!far) return;
    live.off = live.data.version;
    forget();
  }

  // Streamlit leaves in the box what was not handed over; a text that Back brings wins.
  function replaceTyped(text) {
    returned = false;
    const box = document.querySelector(BOX);
    if (!box || box !== document.activeElement) return;
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, text);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    handOver();
  }

  function keepStill() {
    clearTimeout(timer);
  }

  function typed() {
    keepStill();
    soon();
    if (live.rows && !live.composing) timer = setTimeout(handOver, live.data.pause);
  }

  function handOver() {
    const box = document.querySelector(BOX);
    if (!box || codePoints(box.value) > live.data.most) return;
    const pressed = { key: "Enter", ctrlKey: true, bubbles: true, cancelable: true };
    box.dispatchEvent(new KeyboardEvent("keydown", pressed));
  }

  const heard = {
    focusin: wanted,
    input: () => {
      returned = false;
      wanted();
      typed();
    },
    compositionstart: () => {
      live.composing = true;
      keepStill();
    },
    compositionend: () => {
      live.composing = false;
      typed();
    },
    focusout: keepStill, // Streamlit hands over itself
  };
  const listeners = Object.entries(heard).map(([name, act]) => {
    return [name, (event) => event.target.matches?.(BOX) && act()];
  });
  const goneBack = () => {
    keepStill();
    returned = true;
  };
  for (const [name, act] of listeners) document.addEventListener(name, act);
  window.addEventListener("popstate", goneBack);
  live.stop = () => {
    keepStill();
    cancelAnimationFrame(frame);
    stepAside();
    for (const [name, act] of listeners) document.removeEventListener(name, act);
    window.removeEventListener("popstate", goneBack);
  };
  return live;
}

// The text, after the one that is pinned; null where Python is to answer alone.
function encodedOf({ models, data }, text) {
  if (!hasVisible(text) || codePoints(text) > data.most) return null;
  const texts = data.pinned === null || data.pinned === text ? [text] : [data.pinned, text];
  const encoded = texts.map((each) => models.encode(each));
  return encoded.every(({ tokens }) => tokens.length) ? encoded : null;
}

// A few numbers that tell whether two answers are the same; poolviz/ui/compare/live.py has them, too.
function telling(explained) {
  const weights = overRows(explained.weights, true);
  const paid = overRows(contributionsTo(explained, 0), false);
  const centre = weights.reduce((sum, weight, i) => sum + (weight * i) / weights.length, 0);
  const squares = weights.reduce((sum, weight) => sum + weight * weight, 0);
  return [...explained.probabilities, centre, squares, paid.reduce((a, b) => Math.max(a, b))];
}

async function modelsFrom(url) {
  const answer = await fetch(new URL(url.replace(/^\//, ""), document.baseURI));
  if (!answer.ok) throw new Error(answer.statusText);
  const plain = answer.body.pipeThrough(new DecompressionStream("gzip"));
  const content = await new Response(plain).arrayBuffer();
  const length = new DataView(content).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(content, 4, length)));
  return new Models(header, new Float32Array(content.slice(4 + length)));
}
