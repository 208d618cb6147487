"""Settings of the hotel reviews' models, chosen anew on validation rows alone.

Three steps, each a process of its own (`python docs/choosing/hotel.py STEP FOLDER`):

- `train` fits every head under both read-outs with each of the settings below, and keeps the
  model and its validation figures in FOLDER. What is there already is not trained again.
- `choose` takes for each model the setting with the lowest validation loss, and freezes the choice
  as `choice.json`. It does not choose a second time.
- `test` opens the test rows, measures the chosen models, and writes `chosen.json` beside the
  shipped checkpoints, for the Results page and README. No model is kept there.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np

from poolviz import datasets
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.selection import choose
from poolviz.datasets import Corpus
from poolviz.datasets.samples import Samples, encode_split
from poolviz.engine.bulk import lengths_of, padded
from poolviz.evaluation import predictions
from poolviz.evaluation.metrics import evaluate
from poolviz.evaluation.retraining import chosen
from poolviz.model.heads import HEADS, READOUTS
from poolviz.model.options import ModelOptions, TrainingOptions
from poolviz.places import SHIPPED_CHECKPOINTS
from poolviz.text.vocabulary import Vocabulary
from poolviz.training.epochs import grouped_batches
from poolviz.training.fit import fit
from poolviz.writing import replacing

DATASET = "chnsenticorp_htl_all"
SEED = 100  # of no training whose test figures were ever seen
BUDGET = {"epochs": 16, "patience": 3}  # of each training, about half of what the shipped had
# The same for all heads and read-outs, written down before anything was trained: the defaults, the
# flags of the shipped models, and these with a larger step.
SETTINGS: dict[str, dict[str, Any]] = {
    "defaults": {},
    "shipped": {"min_frequency": 32, "texts_per_batch": 32},
    "shipped, larger steps": {"min_frequency": 32, "texts_per_batch": 32, "learning_rate": 2e-3},
}
MODELS = [(head, readout) for head in HEADS for readout in READOUTS]
CHOICE = "choice.json"


def train(folder: Path) -> None:
    """Fit what is not there yet; validation rows only."""
    folder.mkdir(parents=True, exist_ok=True)
    corpus = datasets.load(DATASET)
    for setting, changes in SETTINGS.items():
        options = TrainingOptions(seed=SEED, **BUDGET, **changes)
        vocabulary = _vocabulary(corpus, setting)
        rows, held_out = (encode_split(corpus, s, vocabulary) for s in ("train", "validation"))
        for head, readout in MODELS:
            place = _place(folder, head, readout, setting)
            if place.with_suffix(".json").exists():
                continue
            classes = len(corpus.dataset.classes)
            found = fit(
                rows, held_out, len(vocabulary), classes, ModelOptions(head, readout), options
            )
            found.model.save(place.with_suffix(".keras"))
            best = dict(found.history[found.best_epoch - 1], seconds=round(found.seconds))
            with replacing(place.with_suffix(".json")) as unfinished:
                unfinished.write_text(json.dumps(best), encoding="utf-8")
            print(place.name, best, flush=True)


def choose_settings(folder: Path) -> None:
    """Freeze for each model the setting with the lowest validation loss."""
    place = folder / CHOICE
    if place.exists():
        raise SystemExit(f"{place} is there: the choice is frozen.")
    choice = {
        _name(*model): min(SETTINGS, key=lambda s: _validated(folder, *model, s)["validation_loss"])
        for model in MODELS
    }
    place.write_text(json.dumps(choice, indent=1) + "\n", encoding="utf-8")
    print(place.read_text(encoding="utf-8"))


def test(folder: Path) -> None:
    """Measure the chosen models on the test rows, beside what the shipped ones do there."""
    choice = json.loads((folder / CHOICE).read_text(encoding="utf-8"))
    corpus = datasets.load(DATASET)
    shipped = list_checkpoints([SHIPPED_CHECKPOINTS])
    samples = {s: encode_split(corpus, "test", _vocabulary(corpus, s)) for s in SETTINGS}
    found = []
    for head, readout in MODELS:
        setting = choice[_name(head, readout)]
        place = _place(folder, head, readout, setting)
        rows = samples[setting]
        predicted = _predicted(keras.models.load_model(place.with_suffix(".keras")), rows)
        beside = choose(shipped, DATASET, ["classification"], [head], readout)[0]
        known = predictions.read(beside)
        assert known is not None and np.array_equal(known["label"], rows.labels)
        right = predicted == rows.labels
        shipped_right = (known["predicted"] == known["label"]).to_numpy()
        found.append(
            {
                "head": head,
                "readout": readout,
                "onnx_sha256": beside.onnx_hash,
                "setting": setting,
                "validation_loss": _validated(folder, head, readout, setting)["validation_loss"],
                "accuracy": evaluate(rows.labels, predicted, corpus.dataset.classes)["accuracy"],
                "only_chosen": int((right & ~shipped_right).sum()),
                "only_shipped": int((shipped_right & ~right).sum()),
            }
        )
    content = {
        "command": "python docs/choosing/hotel.py test FOLDER",
        "settings": list(SETTINGS),
        "seconds": _seconds(folder),
        "models": found,
    }
    print(chosen.write(SHIPPED_CHECKPOINTS / DATASET, content))


def _seconds(folder: Path) -> int:
    """Of all trainings together."""
    return sum(
        _validated(folder, *model, setting)["seconds"] for model in MODELS for setting in SETTINGS
    )


def _vocabulary(corpus: Corpus, setting: str) -> Vocabulary:
    frequency = TrainingOptions(**SETTINGS[setting]).min_frequency
    texts = corpus.split("train")["text"]
    return Vocabulary.build(texts, corpus.dataset.unit, frequency, corpus.dataset.preparation)


def _name(head: str, readout: str) -> str:
    return f"{head}-{readout}"


def _place(folder: Path, head: str, readout: str, setting: str) -> Path:
    return folder / f"{_name(head, readout)}-{setting.replace(', ', '-').replace(' ', '-')}"


def _validated(folder: Path, head: str, readout: str, setting: str) -> dict[str, Any]:
    """Loss (nats) and accuracy on the validation rows, and the seconds of the training."""
    place = _place(folder, head, readout, setting).with_suffix(".json")
    return json.loads(place.read_text(encoding="utf-8"))


def _predicted(model: keras.Model, rows: Samples) -> np.ndarray:
    found = np.empty(len(rows), np.int64)
    for batch in grouped_batches(lengths_of(rows.ids), 256, np.random.default_rng(0)):
        logits = model(padded(rows.ids, batch), training=False)["logits"]
        found[batch] = np.asarray(logits).argmax(axis=-1)
    return found


if __name__ == "__main__":
    STEPS = {"train": train, "choose": choose_settings, "test": test}
    STEPS[sys.argv[1]](Path(sys.argv[2]))
