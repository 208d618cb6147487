// Rows that follow each key in the text boxes of a page, until Python has answered. The boxes stay
// Streamlit's: what is in them, and when it is handed over, is Streamlit's to know. A pause hands it
// over, too.

import { contributionsTo, overRows } from "./panel.js";
import { made } from "./table.js";
import { codePoints, hasVisible } from "./tokens.js";

const DOUBTS = ".st-key-doubts";
const loaded = new Map(); // version -> Promise of models; kept as long as the page is open

/**
 * @typedef {{version: string, url: string | null, unknown: boolean, texts: string[], told: number[][]
 *   | null, differs: string, language: string, pause: number, most: number, close: number} &
 *   Record<string, any>} State what Python says: the page's texts, and of its answer `told`, a few
 *   numbers of each model, null where it has none
 * @typedef {{boxes: string[], table: string, open: (header: any, floats: Float32Array) => any, rows:
 *   (header: any) => {element: HTMLElement}, draw: (live: any, texts: string[], cursor: number,
 *   table: HTMLElement) => string[] | null, tell: (models: any, texts: string[]) =>
 *   (number[] | null)[]}} Page selectors of the boxes and of Python's rows; what is made of a model
 *   file; the rows; `draw` gives what is to be doubted of them, null where it drew none; `tell` gives
 *   the numbers of `told`, null for a model that it does not know
 */

/**
 * What a component of Streamlit exports by default.
 * @param {Page} page
 */
export function following(page) {
  const mounted = new WeakMap(); // parentElement -> what follows its boxes
  return ({ parentElement, data: [state], setTriggerValue }) => {
    let live = mounted.get(parentElement);
    if (!live) mounted.set(parentElement, live = follow(parentElement, page));
    live.send = setTriggerValue;
    live.hear(state);
    return () => {
      live.stop();
      mounted.delete(parentElement);
    };
  };
}

function follow(parent, page) {
  const note = parent.querySelector(".live-note");
  const doubts = made("div", "pva-doubts");
  doubts.setAttribute("role", "status");
  // `off` is the version that is not followed: the browser does not know its models. `far`: the
  // last answer was not Python's.
  /** @type {Record<string, any>} */
  const live = { data: null, models: null, rows: null, asked: null, off: null, far: false };
  let composing = false;
  let returned = false; // by Back, and Python has not answered yet
  let timer = 0;
  let frame = 0;

  live.hear = (/** @type {State} */ data) => {
    if (data.version !== live.data?.version) forget();
    if (returned && !same(data.texts, live.data?.texts)) replaceTyped(data.texts);
    live.data = data;
    if (data.unknown) live.off = data.version;
    if (data.url) load(data);
    else live.asked = null; // what did not arrive is asked for again
    if (live.models) compare();
    if (live.rows) soon();
  };

  function load({ version, url }) {
    if (live.models || version === live.off) return;
    if (url && !loaded.has(version)) loaded.set(version, modelsFrom(url, page.open));
    loaded.get(version)?.then(
      (models) => {
        if (live.models || live.data.version !== version) return;
        live.models = models;
        live.rows = page.rows(models.header);
        whenIdle(warmUp);
        typed();
      },
      () => loaded.delete(version),
    );
  }

  // The text of now, for which nobody waits: the first key then finds code that has run, and rows.
  function warmUp() {
    if (!live.rows || live.rows.element.isConnected) return;
    compare();
    const table = tableOf();
    if (table && readable(live.data.texts)) page.draw(live, live.data.texts, 0, table);
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
      const table = tableOf();
      if (!table || !live.rows) return;
      const doubted = typing() ? page.draw(live, texts(), cursor(), table) : null;
      if (!doubted) return stepAside();
      const { element } = live.rows;
      if (!element.classList.contains("pva-live")) element.classList.add("pva-live");
      if (element.nextSibling !== table) table.before(doubts, element);
      doubts.hidden = !doubted.length;
      if (doubts.textContent !== doubted.join(" ")) doubts.textContent = doubted.join(" ");
      show(false);
    });
  }

  // Whether somebody types what Python has not answered yet, and may be answered here.
  function typing() {
    const answered = same(texts(), live.data.texts.map(asInBox));
    return focused() && !answered && !live.far && readable(texts());
  }

  function readable(all) {
    return all.every((text) => hasVisible(text) && codePoints(text) <= live.data.most);
  }

  function texts() {
    return page.boxes.map((box, i) => boxOf(box)?.value ?? live.data.texts[i]);
  }

  function focused() {
    return page.boxes.map(boxOf).find((box) => box && box === document.activeElement);
  }

  function cursor() {
    return focused()?.selectionEnd ?? 0;
  }

  function tableOf() {
    return /** @type {HTMLElement | null} */ (document.querySelector(
      `${page.table}:not(.pva-live)`,
    ));
  }

  // Python's rows, and what it doubts of them.
  function show(on) {
    const doubted = /** @type {HTMLElement | null} */ (document.querySelector(DOUBTS));
    for (const element of [tableOf(), doubted]) {
      if (element) {
        element.style.display = on ? "" : "none";
      }
    }
  }

  // Python's rows stand alone.
  function stepAside() {
    live.rows?.element.remove();
    doubts.remove();
    show(true);
  }

  function forget() {
    stepAside();
    Object.assign(live, { models: null, rows: null, far: false });
  }

  // Where the two differ Python's rows stand alone, until an answer agrees again.
  function compare() {
    const { told, differs, close } = live.data;
    if (!told || !readable(live.data.texts)) return;
    const found = page.tell(live.models, live.data.texts);
    live.far = found.some((one, i) => one?.some((x, j) => !(Math.abs(x - told[i][j]) <= close)));
    note.hidden = !live.far;
    note.textContent = live.far ? differs : "";
  }

  // Streamlit leaves in a box what was not handed over; a text that Back brings wins.
  function replaceTyped(all) {
    returned = false;
    const box = focused();
    if (!box) return;
    const text = all[page.boxes.map(boxOf).indexOf(box)];
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")?.set?.call(box, text);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    handOver();
  }

  function keepStill() {
    clearTimeout(timer);
  }

  function typed() {
    keepStill();
    soon();
    if (live.rows && !composing) timer = setTimeout(handOver, live.data.pause);
  }

  function handOver() {
    keepStill();
    const box = focused();
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
      composing = true;
      keepStill();
    },
    compositionend: () => {
      composing = false;
      typed();
    },
    focusout: keepStill, // Streamlit hands over itself
  };
  const listeners = Object.entries(heard).map(([name, act]) => {
    const inBox = (event) => page.boxes.some((box) => event.target.matches?.(box)) && act();
    return /** @type {const} */ ([name, inBox]);
  });
  const goneBack = () => {
    keepStill();
    returned = true;
  };
  for (const [name, act] of listeners) document.addEventListener(name, act);
  addEventListener("popstate", goneBack);
  live.stop = () => {
    keepStill();
    cancelAnimationFrame(frame);
    stepAside();
    for (const [name, act] of listeners) document.removeEventListener(name, act);
    removeEventListener("popstate", goneBack);
  };
  return live;
}

/**
 * A few numbers that tell whether two answers are the same; poolviz/ui/live/telling.py has them, too.
 * @param {import("./engine.js").Explained} explained
 */
export function telling(explained) {
  const weights = overRows(explained.weights, true);
  const paid = overRows(contributionsTo(explained, 0), false);
  const centre = weights.reduce((sum, weight, i) => sum + (weight * i) / weights.length, 0);
  const squares = weights.reduce((sum, weight) => sum + weight * weight, 0);
  return [...explained.probabilities, centre, squares, paid.reduce((a, b) => Math.max(a, b))];
}

function boxOf(selector) {
  return /** @type {HTMLTextAreaElement | null} */ (document.querySelector(selector));
}

function asInBox(text) {
  return text.replace(/\r\n?/g, "\n");
}

function same(a, b) {
  return a.length === b?.length && a.every((each, i) => each === b[i]);
}

function whenIdle(act) {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(act, { timeout: 1000 });
  else setTimeout(act, 50);
}

async function modelsFrom(url, open) {
  const answer = await fetch(new URL(url.replace(/^\//, ""), document.baseURI));
  if (!answer.ok || !answer.body) throw new Error(answer.statusText);
  const plain = answer.body.pipeThrough(new DecompressionStream("gzip"));
  const content = await new Response(plain).arrayBuffer();
  const length = new DataView(content).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(content, 4, length)));
  return open(header, new Float32Array(content.slice(4 + length)));
}
