// The rows of Match follow each key in the boxes of both sentences.
import { following, telling } from "../../live/follower.js";
import { doubtsOfSentences, MatchRows } from "../../live/match_rows.js";
import { Matchers } from "../../live/pairs.js";

export default following({
  boxes: [".st-key-_sentence_a textarea", ".st-key-_sentence_b textarea"],
  table: ".pvm",
  open: (header, floats) => new Matchers(header, floats),
  rows: (header) => new MatchRows(header),
  draw({ models, rows, data }, texts, _cursor, table) {
    const sentences = texts.map((text) => models.encode(text));
    if (!sentences.every(({ tokens }) => tokens.length)) return null;
    const words = models.header.words[data.language];
    rows.draw(table, sentences, models.explain(sentences), data.view, data.notes, words);
    return doubtsOfSentences(sentences, models.header, words);
  },
  tell: (models, texts) => {
    const found = models.explain(texts.map((text) => models.encode(text)));
    return found.map((pair) => pair && [pair.score, ...pair.sides.flatMap(telling)]);
  },
});
