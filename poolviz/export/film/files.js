// The film of a training: what is drawn follows the slider. Texts become text nodes alone.
const film = JSON.parse(document.getElementById("film").textContent);
const slider = /** @type {HTMLInputElement} */ (document.getElementById("epoch"));
const said = document.getElementById("said");
const play = document.getElementById("play");
const rows = document.getElementById("rows");
const cells = film.sentences.map((tokens, sentence) =>
  film.weights[0][sentence].map(() => {
    const line = rows.appendChild(document.createElement("p"));
    return tokens.map((token) => {
      const cell = line.appendChild(document.createElement("span"));
      cell.textContent = token;
      return cell;
    });
  })
);
const cursor = document.getElementById("cursor");
let timer = null;

function draw() {
  const epoch = Number(slider.value) - 1;
  film.weights[epoch].forEach((heads, sentence) => {
    const highest = Math.max(...heads.flat(), 1e-9);
    heads.forEach((weights, row) =>
      weights.forEach((weight, place) => {
        const cell = cells[sentence][row][place];
        cell.style.backgroundColor = `rgba(${film.colour}, ${
          ((0.85 * weight) / highest).toFixed(3)
        })`;
        cell.title = weight.toFixed(3);
      })
    );
  });
  const last = film.weights.length - 1;
  cursor.setAttribute("x1", String(last ? (100 * epoch) / last : 50));
  cursor.setAttribute("x2", String(last ? (100 * epoch) / last : 50));
  said.textContent = `epoch ${epoch + 1} of ${last + 1} · loss ${film.loss[epoch].toFixed(3)}` +
    ` · validation loss ${film.validation_loss[epoch].toFixed(3)}`;
}

function stop() {
  clearInterval(timer);
  timer = null;
  play.textContent = "Play";
}

play.addEventListener("click", () => {
  if (timer) return stop();
  if (slider.value === slider.max) slider.value = "1";
  play.textContent = "Pause";
  timer = setInterval(() => {
    if (slider.value === slider.max) return stop();
    slider.value = String(Number(slider.value) + 1);
    draw();
  }, 400);
});
slider.addEventListener("input", () => {
  stop();
  draw();
});
draw();
