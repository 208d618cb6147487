// Compare's rows follow each key in the text box.
import { doubtsOf } from "../../live/doubts.js";
import { Models } from "../../live/engine.js";
import { following, telling } from "../../live/follower.js";
import { Rows } from "../../live/rows.js";
import { shownOf } from "../../live/shown.js";

export default following({
  boxes: [".st-key-_text textarea"],
  table: ".pva",
  open: (header, floats) => new Models(header, floats),
  rows: (header) => new Rows(header, () => {}),
  draw({ models, rows, data }, [text], cursor) {
    const texts = data.pinned === null || data.pinned === text ? [text] : [data.pinned, text];
    const encoded = texts.map((each) => models.encode(each));
    if (!encoded.every(({ tokens }) => tokens.length)) return null;
    const words = models.header.words[data.language];
    rows.draw(shownOf(models, encoded, data.view, words, cursor), words);
    return doubtsOf(encoded.at(-1), models.header, words);
  },
  tell: (models, [text]) => models.explain(models.encode(text)).map(telling),
});
