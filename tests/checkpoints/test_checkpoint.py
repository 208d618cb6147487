"""Checkpoints on disk: written whole, verified, damage listed with its reason."""

import ast
import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest

from poolviz import places
from poolviz.checkpoints.checkpoint import CARD, FILES, KERAS, ONNX, read, write
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.names import checkpoint_name
from poolviz.errors import CheckpointError, ChoiceError
from poolviz.model.kinds import PAIR
from tests.invented import CARD_FIELDS


def make_files(folder: Path, content: bytes = b"first") -> None:
    for file in FILES:
        (folder / file).write_bytes(content + file.encode())


@pytest.fixture
def written(tmp_path):
    return write(tmp_path / "root", "hotel", "max", CARD_FIELDS, make_files)


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def rewrite_card(folder: Path, **changes) -> None:
    card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    (folder / CARD).write_text(json.dumps(card | changes), encoding="utf-8")


class TestWrite:
    def test_reads_back_what_was_written(self, written, tmp_path):
        assert written.damage is None
        assert written.folder == tmp_path / "root" / "hotel" / "max"
        assert (written.task, written.name) == ("hotel", "max")
        assert (written.head, written.readout) == ("max", "linear")
        assert written.classes == ("负面", "正面")
        assert written.card["note"] == "任何其他内容"
        assert read(written.folder) == written

    def test_card_holds_sizes_and_hashes(self, written):
        for file in FILES:
            content = written.path(file).read_bytes()
            facts = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
            assert written.card["files"][file] == facts
        assert written.onnx_hash == written.card["files"][ONNX]["sha256"]

    def test_leaves_nothing_else_behind(self, written):
        assert set(everything(written.folder.parent)) == {f"max/{f}" for f in (*FILES, CARD)}
        assert os.stat(written.folder).st_mode & 0o777 == 0o755

    def test_replaces_an_older_one(self, written, tmp_path):
        (written.folder / "left over").touch()
        again = write(
            tmp_path / "root", "hotel", "max", CARD_FIELDS, lambda f: make_files(f, b"second")
        )
        assert again.damage is None
        assert again.path(ONNX).read_bytes().startswith(b"second")
        assert set(everything(written.folder.parent)) == {f"max/{f}" for f in (*FILES, CARD)}

    def test_one_that_fails_midway_changes_nothing(self, written, tmp_path):
        before = everything(tmp_path)

        def fail(folder):
            (folder / ONNX).write_bytes(b"half")
            raise OSError("no space left")

        with pytest.raises(OSError, match="no space"):
            write(tmp_path / "root", "hotel", "max", CARD_FIELDS, fail)
        assert everything(tmp_path) == before

    def test_one_without_all_files_changes_nothing(self, written, tmp_path):
        before = everything(tmp_path)
        with pytest.raises(FileNotFoundError):
            write(
                tmp_path / "root",
                "hotel",
                "max",
                CARD_FIELDS,
                lambda folder: (folder / ONNX).write_bytes(b"alone"),
            )
        assert everything(tmp_path) == before

    def test_older_one_comes_back_where_it_cannot_be_replaced(self, written, tmp_path, monkeypatch):
        before, replace = everything(tmp_path), os.replace

        def refuse_the_new_one(source, target):
            if Path(target) == written.folder and Path(source).name != "old":
                raise PermissionError("in use")
            replace(source, target)

        monkeypatch.setattr(os, "replace", refuse_the_new_one)
        with pytest.raises(PermissionError):
            write(
                tmp_path / "root", "hotel", "max", CARD_FIELDS, lambda f: make_files(f, b"second")
            )
        assert everything(tmp_path) == before

    @pytest.mark.parametrize(
        "name",
        ["", ".", "..", "../max", "a/b", "a\\b", "/tmp/max", ".hidden", "max\n", "nul", "a" * 101],
    )
    def test_bad_name_is_refused(self, tmp_path, name):
        for task, checkpoint in (("hotel", name), (name, "max")):
            with pytest.raises(ChoiceError, match="cannot be a name"):
                write(tmp_path / "root", task, checkpoint, CARD_FIELDS, make_files)
        assert everything(tmp_path) == {}


class TestNamesInAnyScript:
    @pytest.mark.parametrize("task", ["酒店评论", "Отзывы", "my reviews 2", "חוות דעת"])
    def test_are_written_and_listed(self, tmp_path, task):
        written = write(tmp_path, task, "最大", CARD_FIELDS, make_files)
        assert (written.damage, written.task, written.name) == (None, task, "最大")
        assert [c.folder for c in list_checkpoints([tmp_path], task)] == [written.folder]
        assert written.card["task"] == task

    def test_a_folder_whose_accents_stand_apart_is_of_the_same_name(self, tmp_path):
        write(tmp_path, "caf\u00e9", "max", CARD_FIELDS, make_files)
        (tmp_path / "caf\u00e9").rename(tmp_path / "cafe\u0301")
        (found,) = list_checkpoints([tmp_path], "caf\u00e9")
        assert found.task == "caf\u00e9" and not found.damage

    @pytest.mark.parametrize("other", ["Reviews", "ＲＥＶＩＥＷＳ", "BBC_news"])
    def test_what_some_systems_take_for_the_same_is_refused(self, tmp_path, other):
        write(tmp_path, "reviews", "max", CARD_FIELDS, make_files)
        with pytest.raises(ChoiceError, match="take .* for the same"):
            write(tmp_path, other, "max", CARD_FIELDS, make_files)

    def test_a_folder_of_a_run_is_no_data_set(self, tmp_path):
        with pytest.raises(ChoiceError, match="folders of runs"):
            write(tmp_path, "run-0123456789ab", "max", CARD_FIELDS, make_files)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("max",), "max"),
        (("max", "linear", 0), "max"),
        (("multi-head", "mlp"), "multi-head-mlp"),
        (("attention", "mlp", 2), "attention-mlp-s2"),
        (("attention", "linear", 12), "attention-s12"),
    ],
)
def test_checkpoint_name(arguments, name):
    assert checkpoint_name(*arguments) == name


def remove(file):
    return lambda folder: (folder / file).unlink()


def lengthen(folder):
    with (folder / ONNX).open("ab") as file:
        file.write(b"!")


def flip_a_byte(folder):
    content = bytearray((folder / ONNX).read_bytes())
    content[0] ^= 1
    (folder / ONNX).write_bytes(content)


def as_card(content: str | bytes):
    raw = content if isinstance(content, bytes) else content.encode()
    return lambda folder: (folder / CARD).write_bytes(raw)


def with_card(**changes):
    return lambda folder: rewrite_card(folder, **changes)


def without(name):
    def drop(folder):
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        del card[name]
        (folder / CARD).write_text(json.dumps(card), encoding="utf-8")

    return drop


def folder_instead_of_a_file(folder):
    (folder / ONNX).unlink()
    (folder / ONNX).mkdir()


READ = (
    *("kind", "head", "readout", "seed", "classes", "unit", "window", "parameters", "fit"),
    *("test", "command", "files"),
)
DAMAGE = {
    "no card": (remove(CARD), "card.json cannot be read"),
    **{f"no {file}": (remove(file), "a file is missing") for file in FILES},
    "longer file": (lengthen, "another size"),
    "flipped byte": (flip_a_byte, "other contents"),
    "a folder for a file": (folder_instead_of_a_file, "a file"),
    "broken JSON": (as_card('{"head": '), "cannot be read"),
    "no UTF-8": (as_card(b'{"head": "\xff"}'), "cannot be read"),
    "empty card": (as_card(""), "cannot be read"),
    "endless nesting": (as_card("[" * 100_000), "cannot be read"),
    "endless number": (as_card('{"schema_version": ' + "1" * 10_000 + "}"), "cannot be read"),
    "a list": (as_card("[]"), "another version"),
    "a string": (as_card('"card"'), "another version"),
    "null": (as_card("null"), "another version"),
    "later version": (with_card(schema_version=2), "another version"),
    "no version": (without("schema_version"), "another version"),
    **{f"no {name}": (without(name), "incomplete") for name in READ},
    "files a list": (with_card(files=[]), "incomplete"),
    "files of null": (with_card(files=dict.fromkeys(FILES)), "incomplete"),
    "files without facts": (with_card(files={file: {} for file in FILES}), "incomplete"),
    "test a number": (with_card(test=0.9), "incomplete"),
    "test without figures": (with_card(test={}), "incomplete"),
    "accuracy without an interval": (
        with_card(test=CARD_FIELDS["test"] | {"accuracy": {"value": 1}}),
        "incomplete",
    ),
    "accuracy in words": (
        with_card(
            test=CARD_FIELDS["test"] | {"accuracy": dict.fromkeys(("value", "low", "high"), "1")}
        ),
        "incomplete",
    ),
    "more classes than were tested": (with_card(classes=["负面", "正面", "中立"]), "incomplete"),
    "confusion of numbers": (
        with_card(test=CARD_FIELDS["test"] | {"confusion": [1, 2]}),
        "incomplete",
    ),
    "classes a string": (with_card(classes="ab"), "incomplete"),
    "one class": (with_card(classes=["only"]), "incomplete"),
    "classes of numbers": (with_card(classes=[0, 1]), "incomplete"),
    "window a number": (with_card(window=3), "incomplete"),
    "window of three": (with_card(window=[1, 1, 1]), "incomplete"),
    "window of strings": (with_card(window=["1", "1"]), "incomplete"),
    "negative window": (with_card(window=[-1, 1]), "incomplete"),
    "endless window": (with_card(window=[1, 10**9]), "incomplete"),
    "head a list": (with_card(head=["max"]), "incomplete"),
    "unknown head": (with_card(head="median"), "not known here"),
    "unknown read-out": (with_card(readout="quadratic"), "not known here"),
    "unknown preparation": (with_card(preparation="letters-9"), "not known here"),
    "preparation a list": (with_card(preparation=["weibo-1"]), "not known here"),
}


class TestDamage:
    @pytest.mark.parametrize("kind", DAMAGE)
    def test_is_listed_with_its_reason_and_the_rest_goes_on(self, written, tmp_path, kind):
        root = tmp_path / "root"
        write(root, "hotel", "average", CARD_FIELDS, make_files)
        write(root, "titles", "max", CARD_FIELDS, make_files)
        damage, reason = DAMAGE[kind]
        damage(written.folder)
        found = {(c.task, c.name): c for c in list_checkpoints([root])}
        assert list(found) == [("hotel", "average"), ("hotel", "max"), ("titles", "max")]
        damaged = found.pop(("hotel", "max"))
        assert isinstance(damaged.damage, CheckpointError)
        assert reason in str(damaged.damage)
        assert "hotel/max is damaged" in str(damaged.damage)
        assert all(checkpoint.damage is None for checkpoint in found.values())

    def test_unreadable_file(self, written, monkeypatch):
        def refuse(path):
            raise PermissionError(path)

        monkeypatch.setattr("poolviz.checkpoints.checkpoint.sha256", refuse)
        assert "a file cannot be read" in str(read(written.folder).damage)

    def test_folder_that_is_not_there(self, tmp_path):
        assert "card.json cannot be read" in str(read(tmp_path / "hotel" / "max").damage)


class TestList:
    def test_later_root_overrides_by_task_and_name(self, tmp_path):
        for root in ("shipped", "own"):
            write(tmp_path / root, "hotel", "max", CARD_FIELDS | {"note": root}, make_files)
        write(tmp_path / "shipped", "hotel", "average", CARD_FIELDS, make_files)
        found = list_checkpoints([tmp_path / "shipped", tmp_path / "own"])
        assert [(c.name, c.folder.parent.parent.name) for c in found] == [
            ("average", "shipped"),
            ("max", "own"),
        ]

    def test_without_roots_the_users_own_override_the_shipped(self, tmp_path, monkeypatch):
        monkeypatch.setattr(places, "SHIPPED_CHECKPOINTS", tmp_path / "shipped")
        monkeypatch.setenv("POOLVIZ_HOME", str(tmp_path / "home"))
        for root in (tmp_path / "shipped", tmp_path / "home" / "checkpoints"):
            write(root, "hotel", "max", CARD_FIELDS, make_files)
        (found,) = list_checkpoints()
        assert found.folder == tmp_path / "home" / "checkpoints" / "hotel" / "max"

    def test_no_folders_at_all(self, tmp_path):
        assert list_checkpoints([tmp_path / "nowhere"]) == []

    def test_stray_files_and_unfinished_folders_are_no_checkpoints(self, written, tmp_path):
        root = tmp_path / "root"
        (root / "README.md").touch()
        (root / "hotel" / "notes.txt").touch()
        (root / "hotel" / ".unfinished").mkdir()
        assert list_checkpoints([root]) == [written]

    def test_copied_under_another_name_it_is_another_checkpoint(self, written):
        shutil.copytree(written.folder, written.folder.with_name("copy"))
        found = list_checkpoints([written.folder.parent.parent])
        assert [(c.name, c.damage) for c in found] == [("copy", None), ("max", None)]


class TestSafety:
    """What a checkpoint holds is data: loading it runs none of it."""

    def test_model_with_a_lambda_layer_is_refused(self, tmp_path):
        import keras

        model = keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda x: x + 1)])

        def make(folder):
            make_files(folder)
            model.save(folder / KERAS)

        checkpoint = write(tmp_path, "hotel", "max", CARD_FIELDS, make)
        assert checkpoint.damage is None
        with pytest.raises(ValueError, match="[Ll]ambda"):
            keras.saving.load_model(checkpoint.path(KERAS), safe_mode=True)

    def test_no_source_unpickles_or_leaves_safe_mode(self):
        package = Path(places.__file__).parent
        # What a worker hands to the process that it has started is nobody else's.
        its_own = package / "training" / "many.py"
        sources = {path: path.read_text(encoding="utf-8") for path in package.rglob("*.py")}
        assert len(sources) > 10
        assert [path for path, source in sources.items() if _unsafe(source)] == [its_own]

    @pytest.mark.parametrize(
        "source",
        [
            "import pickle",
            "from joblib import load",
            "np.load(path, allow_pickle=True)",
            "load_model(path, safe_mode=False)",
            "keras.config.enable_unsafe_deserialization()",
            "keras.layers.Lambda(f)",
        ],
    )
    def test_the_check_above_finds_what_it_looks_for(self, source):
        assert _unsafe(source)


def _unsafe(source: str) -> bool:
    """Whether a source unpickles, has a Lambda layer, or says anything about safe mode."""
    forbidden = {"pickle", "joblib", "dill", "allow_pickle", "safe_mode", "Lambda"}
    forbidden.add("enable_unsafe_deserialization")
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import():
                names = {alias.name for alias in node.names}
            case ast.ImportFrom(module=name) | ast.keyword(arg=name) | ast.Attribute(attr=name):
                names = {name}
            case _:
                continue
        if forbidden & names:
            return True
    return False


class TestMatchers:
    CARD = CARD_FIELDS | {
        "kind": "siamese",
        "readout": "cosine",
        "threshold": 0.5,
        "margin": 0.3,
        "test": {
            "rows": 3,
            **{name: CARD_FIELDS["test"]["accuracy"] for name in ("accuracy", "f1", "roc_auc")},
            "confusion": CARD_FIELDS["test"]["confusion"],
        },
    }

    def write(self, root, **changes):
        def files(folder):
            make_files(folder)
            (folder / PAIR).write_bytes(b"second graph")

        return write(root, "pairs", "siamese-max", self.CARD | changes, files)

    def test_has_a_second_graph_that_is_verified(self, tmp_path):
        written = self.write(tmp_path)
        assert written.damage is None
        assert written.kind == "siamese"
        assert set(written.card["files"]) == {*FILES, PAIR}
        (written.folder / PAIR).write_bytes(b"another graph")
        assert "size" in str(read(written.folder).damage)
        (written.folder / PAIR).unlink()
        assert "missing" in str(read(written.folder).damage)

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"threshold": None}, "incomplete"),
            ({"margin": "0.3"}, "incomplete"),
            ({"test": CARD_FIELDS["test"]}, "incomplete"),
            ({"kind": ["siamese"]}, "incomplete"),
            ({"readout": "linear"}, "not known"),
            ({"head": "additive"}, "not known"),
        ],
    )
    def test_a_card_that_does_not_fit(self, tmp_path, changes, reason):
        written = self.write(tmp_path)
        rewrite_card(written.folder, **changes)
        assert reason in str(read(written.folder).damage)

    def test_label_is_tested_as_a_classifier(self, tmp_path):
        assert self.write(tmp_path, kind="label", test=CARD_FIELDS["test"]).damage is None
        assert "incomplete" in str(self.write(tmp_path, kind="label").damage)

    @pytest.mark.parametrize(
        ("arguments", "name"),
        [
            (("max", "cosine", 0, "siamese"), "siamese-max"),
            (("max", "dense", 0, "siamese"), "siamese-max-dense"),
            (("additive", "cosine", 2, "interactive"), "interactive-additive-s2"),
        ],
    )
    def test_names(self, arguments, name):
        assert checkpoint_name(*arguments) == name
