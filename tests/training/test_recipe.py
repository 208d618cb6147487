"""From a corpus to a finished checkpoint and its card."""

import json
import shlex
from dataclasses import replace
from importlib.metadata import version

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

import poolviz
from poolviz.checkpoints.checkpoint import FILES, read
from poolviz.checkpoints.identity import DIGITS, run_entry
from poolviz.cli.arguments import parser
from poolviz.cli.flags.options import options_of
from poolviz.datasets import Corpus
from poolviz.engine.texts import Explainer
from poolviz.errors import ChoiceError, TrainingError
from poolviz.evaluation import metrics
from poolviz.evaluation.retraining import kept
from poolviz.model.options import ModelOptions, TrainingOptions
from poolviz.training import recipe
from poolviz.training.kinds import recipes
from poolviz.watch import Cancelled, Watch
from tests import invented
from tests.copies import copied

MODEL = ModelOptions("attention", **invented.MODEL)
SHORT = replace(invented.TRAINING, epochs=2)


def contents(folder) -> list[str]:
    """All that is in a folder, but for the locks under which names are given."""
    found = (path for path in folder.rglob("*") if path.suffix != ".lock")
    return sorted(str(path.relative_to(folder)) for path in found)


@pytest.fixture(scope="module")
def two_seeds(prepared, tmp_path_factory):
    return recipe.train_checkpoint(prepared, MODEL, SHORT, tmp_path_factory.mktemp("two"), seeds=2)


class TestPrepare:
    def test_vocabulary_is_built_on_the_training_rows_alone(self, corpus):
        only_in_test = corpus.rows.copy()
        here = only_in_test["split"] == "test"
        only_in_test.loc[here, "text"] = only_in_test.loc[here, "text"] + "鳄"
        found = recipes.prepare(replace(corpus, rows=only_in_test), "classification", 1)
        assert (
            found.vocabulary.entries
            == recipes.prepare(corpus, "classification", 1).vocabulary.entries
        )
        assert "鳄" not in found.vocabulary.entries

    def test_splits_in_ids(self, corpus, prepared):
        for name in ("train", "validation", "test"):
            rows, samples = corpus.split(name), getattr(prepared, name)
            assert samples.labels.tolist() == rows["label"].tolist()
            assert [len(ids) for ids in samples.ids] == [len(text) for text in rows["text"]]

    def test_minimum_frequency(self, corpus, prepared):
        assert len(recipes.prepare(corpus, "classification", 100).vocabulary) < len(
            prepared.vocabulary
        )

    def test_pairs_are_refused(self, corpus):
        pairs = replace(corpus, dataset=invented.dataset(kind="matching"))
        with pytest.raises(ChoiceError, match="holds sentence pairs"):
            recipes.prepare(pairs, "classification", 1)

    def test_no_test_rows(self, corpus):
        rows = corpus.rows[corpus.rows["split"] != "test"]
        with pytest.raises(TrainingError, match="no rows to test"):
            recipes.prepare(replace(corpus, rows=rows), "classification", 1)


def test_a_tiny_checkpoint_is_trained_once_however_it_is_asked_for(trained):
    assert trained("max") is trained("max", "linear") is trained("max", readout="linear")


class TestCard:
    """Each field of the card, against what was really done."""

    @pytest.fixture(scope="class")
    def card(self, trained):
        checkpoint = trained("multi-head", "mlp")
        assert checkpoint.damage is None
        return json.loads((checkpoint.folder / "card.json").read_text(encoding="utf-8"))

    def test_what_it_is(self, card):
        assert (card["kind"], card["task"]) == ("classification", "invented")
        assert (card["head"], card["readout"]) == ("multi-head", "mlp")
        assert (card["name"], card["seed"]) == ("multi-head-mlp", 0)
        assert card["classes"] == list(invented.CLASSES)
        assert (card["unit"], card["window"]) == ("character", [1, 1])

    def test_data(self, card, corpus):
        data = card["data"]
        (file,) = data["files"]
        assert file["name"] == "invented.txt"
        assert len(file["sha256"]) == 64
        assert file["bytes"] > 0
        assert file["published"] is None
        assert data["report"] == corpus.report
        assert sum(data["report"]["rows_per_split"].values()) == len(corpus.rows)
        assert data["report"]["split_rule"] == "hash"
        assert data["origin"] == "Invented for the tests."
        assert data["terms"] == "None."

    def test_no_path_of_this_machine(self, trained, corpus):
        text = (trained("multi-head", "mlp").folder / "card.json").read_text(encoding="utf-8")
        folder = corpus.files[0]["path"].rpartition("/")[0]
        assert folder and folder not in text

    def test_no_text_of_the_corpus(self, trained, corpus):
        card = (trained("multi-head", "mlp").folder / "card.json").read_text(encoding="utf-8")
        assert not any(text in card for text in corpus.rows["text"] if len(text) > 4)

    def test_model_and_training(self, card, prepared):
        model = ModelOptions("multi-head", "mlp", **invented.MODEL)
        assert ModelOptions(**card["model"]) == model
        assert TrainingOptions(**card["training"]) == invented.TRAINING
        size = len(prepared.vocabulary)
        assert card["vocabulary"] == {"size": size, "min_frequency": 1}
        # embedding + convolution + (projection, scores) + (4 heads into 128 units, into 3 classes)
        counts = [size * 8, 3 * 8 * 16 + 16, 16 * 16 + 16 * 4, 64 * 128 + 128, 128 * 3 + 3]
        assert card["parameters"] == sum(counts)

    def test_fit(self, card):
        fit = card["fit"]
        assert fit["epochs"] == len(fit["history"]) == invented.TRAINING.epochs
        losses = [epoch["validation_loss"] for epoch in fit["history"]]
        assert fit["best_epoch"] == np.argmin(losses) + 1
        assert set(fit["history"][0]) == {"loss", "validation_loss", "validation_accuracy"}
        assert fit["seconds"] > 0
        assert fit["samples_per_second"] > 0

    def test_versions(self, card):
        assert card["versions"]["poolviz"] == poolviz.__version__
        assert card["versions"]["python"].startswith("3.")
        for library in ("tensorflow", "keras", "onnx", "onnxruntime", "numpy"):
            assert card["versions"][library] == version(library)

    def test_test_figures_equal_one_prediction_per_text(self, card, trained, corpus):
        explainer = Explainer(trained("multi-head", "mlp"))
        rows = corpus.split("test")
        predicted = [explainer.explain(text).predicted_index for text in rows["text"]]
        truth = rows["label"].to_numpy(np.int32)
        wanted = metrics.evaluate(truth, np.array(predicted), invented.CLASSES)
        assert card["test"] == json.loads(json.dumps(wanted))

    def test_one_seed_says_nothing_of_a_spread(self, card):
        assert "seeds" not in card

    def test_command_rebuilds_the_same_options(self, card):
        words = shlex.split(card["command"])
        assert words[:3] == ["python", "-m", "poolviz"]
        arguments = parser().parse_args(words[3:])
        assert arguments.dataset == "invented"
        assert options_of(ModelOptions, arguments, head="multi-head") == ModelOptions(
            **card["model"]
        )
        assert options_of(TrainingOptions, arguments) == TrainingOptions(**card["training"])
        assert arguments.seeds == 1


class TestSeeds:
    def test_only_the_first_seeds_files_are_kept(self, two_seeds):
        folder, root = two_seeds.folder, two_seeds.folder.parents[2]
        assert contents(root) == [
            "invented",
            f"invented/{folder.parent.name}",
            f"invented/{folder.parent.name}/attention",
            *(
                str((folder / name).relative_to(root))
                for name in sorted([*FILES, "card.json", "own_rows.json", kept.FILE])
            ),
        ]
        assert two_seeds.card["seed"] == 0
        assert two_seeds.card["command"].endswith("--seeds 2")

    def test_spread_equals_training_each_seed_alone(self, two_seeds, prepared, corpus, tmp_path):
        second = recipe.train_checkpoint(prepared, MODEL, replace(SHORT, seed=1), tmp_path)
        assert second.name == "attention-s1"
        spread, cards = two_seeds.card["seeds"], [two_seeds.card, second.card]
        assert spread["seeds"] == [0, 1]
        for name in ("accuracy", "macro_f1"):
            assert spread[name] == [card["test"][name]["value"] for card in cards]
        assert spread["mean_accuracy"] == pytest.approx(np.mean(spread["accuracy"]))
        explainers = [Explainer(two_seeds), Explainer(second)]
        distances = []
        for text in corpus.split("test")["text"]:
            p, q = (explainer.explain(text).weights.mean(axis=0) for explainer in explainers)
            distances.append(jensenshannon(p, q) ** 2)
        assert spread["weight_distance"] == pytest.approx(np.mean(distances), rel=1e-3)
        assert spread["weight_distance"] > 0
        weights = kept.read(two_seeds)
        keys = {int(key[:16], 16): row for row, key in enumerate(corpus.split("test")["key"])}
        texts = corpus.split("test")["text"]
        for key, *by_seed in zip(weights.keys, *weights.by_seed, strict=True):
            for explainer, row in zip(explainers, by_seed, strict=True):
                own = explainer.explain(texts[keys[int(key)]]).weights.mean(axis=0)
                assert row == pytest.approx(own, abs=1e-5)

    @pytest.mark.parametrize("seeds", [0, -1])
    def test_at_least_one(self, prepared, tmp_path, seeds):
        with pytest.raises(TrainingError, match="at least 1"):
            recipe.train_checkpoint(prepared, MODEL, SHORT, tmp_path, seeds=seeds)


class TestTrainCheckpoint:
    def test_replaces_the_same_training_and_what_is_damaged_and_no_other(
        self, two_seeds, prepared, tmp_path
    ):
        damaged = tmp_path / "invented" / "attention"
        damaged.mkdir(parents=True)
        (damaged / "card.json").write_text("older")
        place = two_seeds.folder.parent.name
        again = copied(two_seeds, tmp_path)
        other = copied(two_seeds, tmp_path, name="attention.2", model={"embedding": 4})
        (again.folder / "left over").write_text("older")
        checkpoint = recipe.train_checkpoint(prepared, MODEL, SHORT, tmp_path)
        assert checkpoint.damage is None
        assert checkpoint.folder == tmp_path / "invented" / place / "attention" == again.folder
        assert not (checkpoint.folder / "left over").exists()
        assert not damaged.exists()
        assert read(other.folder) == other

    def test_the_card_tells_the_run_and_when_it_was_trained(self, two_seeds, corpus):
        assert two_seeds.card["run"] == run_entry(corpus)
        assert two_seeds.run.id == run_entry(corpus)["identity"][:DIGITS]
        assert two_seeds.trained.isoformat() == two_seeds.card["trained"]

    @pytest.mark.parametrize("in_seed", [0, 1])
    def test_cancelled_writes_nothing(self, prepared, tmp_path, in_seed):
        first_batches = []

        def on_progress(progress):
            if (progress.epoch, progress.batch) == (1, 1):
                first_batches.append(progress)

        watch = Watch(on_progress, lambda: len(first_batches) > in_seed)
        options = replace(SHORT, epochs=1)
        with pytest.raises(Cancelled):
            recipe.train_checkpoint(prepared, MODEL, options, tmp_path, seeds=2, watch=watch)
        assert len(first_batches) == in_seed + 1
        assert contents(tmp_path) == []

    def test_card_speaks_of_the_vocabulary_that_was_used(self, corpus, tmp_path):
        prepared = recipes.prepare(corpus, "classification", 50)
        options = replace(SHORT, epochs=1, min_frequency=4)
        card = recipe.train_checkpoint(prepared, MODEL, options, tmp_path).card
        assert card["vocabulary"]["min_frequency"] == card["training"]["min_frequency"] == 50
        assert "--min-frequency 50" in card["command"]

    def test_corpus_without_a_second_class(self, corpus, tmp_path):
        rows = corpus.rows[corpus.rows["label"] == 0]
        one_class = Corpus(corpus.dataset, rows, corpus.report, corpus.files)
        with pytest.raises(TrainingError, match="same label"):
            recipe.train_checkpoint(
                recipes.prepare(one_class, "classification", 1), MODEL, SHORT, tmp_path
            )
        assert contents(tmp_path) == []
