// The film of a training: what is drawn follows the slider. Texts become text nodes alone.
const PAUSE = 400; // milliseconds between two epochs

/**
 * Draws a film into an element, with a button and a slider that keys move, too.
 * @param {Element} root what it held is gone
 * @param {object} film as `film_data` of poolviz.export.film.files makes it
 * @param {object} words of the reader's language
 */
export function played(root, film, words) {
  const last = film.weights.length - 1;
  let timer = null;

  function added(name, parent, text = "") {
    const element = document.createElement(name);
    element.textContent = text;
    return parent.appendChild(element);
  }

  root.replaceChildren();
  const controls = added("div", root);
  controls.className = "controls";
  const play = added("button", controls, words.play);
  play.type = "button";
  const slider = added("input", controls);
  Object.assign(slider, { type: "range", min: 1, max: last + 1, value: last + 1 });
  slider.setAttribute("aria-label", words.epoch);
  const said = added("output", root);

  const highestLoss = Math.max(...film.loss, ...film.validation_loss, 1e-9);
  root.insertAdjacentHTML(
    "beforeend",
    `<svg viewBox="0 0 100 30" preserveAspectRatio="none" role="img"><polyline class="loss"/>
    <polyline class="validation"/><line class="cursor" y1="0" y2="30"/></svg>`,
  );
  const plot = /** @type {Element} */ (root.lastElementChild);
  const drawnAs = (name) => /** @type {Element} */ (plot.querySelector(`.${name}`));
  plot.setAttribute("aria-label", words.losses);
  const across = (epoch) => (last ? (100 * epoch) / last : 50);
  for (const [name, losses] of [["loss", film.loss], ["validation", film.validation_loss]]) {
    const points = losses.map((loss, i) => [across(i), 30 - (28 * loss) / highestLoss]);
    const written = points.map((point) => point.map((value) => value.toFixed(2)).join(","));
    drawnAs(name).setAttribute("points", written.join(" "));
  }
  const cursor = drawnAs("cursor");

  const cells = film.sentences.map((tokens, sentence) =>
    film.weights[0][sentence].map(() => {
      const line = added("p", root);
      line.dir = "auto";
      return tokens.map((token) => added("span", line, token));
    })
  );

  function draw() {
    const epoch = Number(slider.value) - 1;
    film.weights[epoch].forEach((heads, sentence) => {
      const highest = Math.max(...heads.flat(), 1e-9);
      heads.forEach((weights, row) =>
        weights.forEach((weight, place) => {
          const { style } = cells[sentence][row][place];
          const share = Math.round((film.steps * weight) / highest) / film.steps;
          style.backgroundColor = `rgba(${film.colour}, ${share})`;
          // The text reads on its tint, on light pages and dark ones.
          style.color = share >= film.strong
            ? "#000"
            : share >= film.middle
            ? "light-dark(#000,#fff)"
            : "";
          cells[sentence][row][place].title = weight.toFixed(3);
        })
      );
    });
    cursor.setAttribute("x1", String(across(epoch)));
    cursor.setAttribute("x2", String(across(epoch)));
    const values = {
      epoch: epoch + 1,
      epochs: last + 1,
      loss: film.loss[epoch].toFixed(3),
      validation: film.validation_loss[epoch].toFixed(3),
    };
    said.textContent = words.said.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = words.play;
  }

  play.addEventListener("click", () => {
    if (timer) return stop();
    if (slider.value === slider.max) slider.value = 1;
    draw();
    play.textContent = words.pause;
    timer = setInterval(() => {
      if (slider.value === slider.max) return stop();
      slider.value = Number(slider.value) + 1;
      draw();
    }, PAUSE);
  });
  slider.addEventListener("input", () => {
    stop();
    draw();
  });
  draw();
  return stop;
}
