"""A ZIP with checkpoints is taken in whole and verified, or not at all."""

import hashlib
import io
import json
import stat
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from unicodedata import normalize

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper

from poolviz import places
from poolviz.checkpoints import film
from poolviz.checkpoints.checkpoint import CARD, KERAS, ONNX, VOCABULARY
from poolviz.checkpoints.film import Film
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.packing import README, pack
from poolviz.engine import unpacking
from poolviz.engine.texts import Explainer
from poolviz.engine.unpacking import unpack
from poolviz.errors import ChoiceError, DataError
from poolviz.watch import Cancelled, Watch
from tests.copies import copied

TASK, NAME = "bbc_news", "max"
SOURCE = next(c for c in list_checkpoints([places.SHIPPED_CHECKPOINTS], TASK) if c.name == NAME)
PACKED = pack([SOURCE])
INSIDE = f"{TASK}/{NAME}"
NAMES = st.characters(codec="utf-8", exclude_characters="\0")


def members(content: bytes = PACKED) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {name: archive.read(name) for name in archive.namelist()}


def zipped(files) -> bytes:
    """A ZIP with these members, pairs of a name, or a `ZipInfo`, and a content."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files:
            target.writestr(name, content)
    return archive.getvalue()


def changed(**files: bytes | None) -> bytes:
    """The archive with other contents; None leaves a file out. The card says what it said."""
    found = {f"{INSIDE}/{name.replace('__', '.')}": content for name, content in files.items()}
    merged = {**members(), **found}
    return zipped((name, content) for name, content in merged.items() if content is not None)


def with_model(content: bytes, file: str = ONNX, **card) -> bytes:
    """The archive with another file, whose hash the card has; nothing measured is beside it."""
    found = {n: c for n, c in members().items() if n.rpartition("/")[2] in (CARD, KERAS, ONNX)}
    found[f"{INSIDE}/{VOCABULARY}"] = members()[f"{INSIDE}/{VOCABULARY}"]
    found[f"{INSIDE}/{file}"] = content
    said = json.loads(found[f"{INSIDE}/{CARD}"]) | card
    said["files"][file] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    found[f"{INSIDE}/{CARD}"] = json.dumps(said).encode()
    return zipped(found.items())


def graph(nodes, initializers=(), **rest) -> bytes:
    ids = helper.make_tensor_value_info("ids", TensorProto.INT32, [None, None])
    out = helper.make_tensor_value_info("probabilities", TensorProto.INT32, None)
    made = helper.make_graph(nodes, "g", [ids], [out], list(initializers))
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("own", 1)]
    return helper.make_model(made, opset_imports=opsets, **rest).SerializeToString()


def everything(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def refused(content: bytes, root: Path, match: str, error=DataError) -> None:
    with pytest.raises(error, match=match):
        unpack("a.zip", content, root)
    assert everything(root) == set()


class TestTakingIn:
    def test_a_model_explains_as_where_it_came_from(self, tmp_path):
        (found,) = unpack("a.zip", PACKED, tmp_path)
        assert (found.task, found.name, found.damage) == (TASK, NAME, None)
        text = "the striker scored twice"
        given, own = (Explainer(checkpoint).explain(text) for checkpoint in (found, SOURCE))
        assert given.predicted == own.predicted
        assert np.array_equal(given.weights, own.weights)
        for file in ("trust.json", "predictions.parquet"):
            assert found.path(file).read_bytes() == SOURCE.path(file).read_bytes()
        assert list_checkpoints([tmp_path]) == [found]

    def test_its_film_comes_with_it_where_it_was_packed(self, tmp_path):
        filmed = copied(SOURCE, tmp_path / "filmed")
        shown = Film((("a",),), ((np.array([[1]], np.float32),),), (0.5,), (0.5,))
        film.write(filmed, shown)
        (found,) = unpack("a.zip", pack([filmed], films=True), tmp_path / "root")
        assert film.read(found).sentences == (("a",),)
        (found,) = unpack("a.zip", pack([filmed]), tmp_path / "other")
        assert film.read(found) is None

    def test_its_data_set_can_be_called_otherwise(self, tmp_path):
        (found,) = unpack("a.zip", PACKED, tmp_path, "of_a_colleague")
        assert (found.task, found.card["task"]) == ("of_a_colleague", "of_a_colleague")
        assert found.damage is None

    @pytest.mark.parametrize("task", ["酒店评论", "my reviews 2", "caf\u00e9"])
    def test_names_of_any_script_come_back_from_a_zip(self, tmp_path, task):
        (given,) = unpack("a.zip", PACKED, tmp_path / "one", task)
        apart = normalize("NFD", f"{task}/")  # as macOS packs it again
        found = ((n.replace(f"{task}/", apart), c) for n, c in members(pack([given])).items())
        (back,) = unpack("a.zip", zipped(found), tmp_path / "two")
        assert (back.task, back.damage, back.run.id) == (task, None, given.run.id)

    def test_a_name_that_some_systems_take_for_another_is_refused(self, tmp_path):
        unpack("a.zip", PACKED, tmp_path, "caf\u00e9")
        with pytest.raises(ChoiceError, match="take CAF\u00c9 for the same"):
            unpack("a.zip", PACKED, tmp_path, "CAF\u00c9")

    @pytest.mark.parametrize("name", ["../x", "a/b", "", ".x", "/tmp/x"])
    def test_but_not_by_what_is_no_name(self, tmp_path, name):
        with pytest.raises(ChoiceError, match="cannot be a name"):
            unpack("a.zip", PACKED, tmp_path, name)
        assert everything(tmp_path) == set()

    def test_what_is_there_is_never_replaced(self, tmp_path):
        (found,) = unpack("a.zip", PACKED, tmp_path)
        before = {path: path.stat().st_mtime_ns for path in found.folder.iterdir()}
        with pytest.raises(ChoiceError, match="already"):
            unpack("a.zip", PACKED, tmp_path)
        assert {path: path.stat().st_mtime_ns for path in found.folder.iterdir()} == before

    def test_it_can_be_stopped(self, tmp_path):
        with pytest.raises(Cancelled):
            unpack("a.zip", PACKED, tmp_path, watch=Watch(cancelled=lambda: True))
        assert everything(tmp_path) == set()

    def test_all_of_them_or_none(self, tmp_path, monkeypatch):
        both = pack([c for c in list_checkpoints(task=TASK) if c.name in ("average", "max")])
        write = unpacking.write

        def full(root, task, name, *rest):
            if name == "max":
                raise OSError(28, "No space left on device")
            return write(root, task, name, *rest)

        monkeypatch.setattr(unpacking, "write", full)
        with pytest.raises(OSError, match="space"):
            unpack("a.zip", both, tmp_path)
        assert list_checkpoints([tmp_path]) == []


class TestHostile:
    @pytest.mark.parametrize(
        "name",
        [
            "../max/card.json",
            "/etc/max/card.json",
            "bbc_news/../card.json",
            "C:\\max\\card.json",
            "..\\..\\card.json",
            "bbc_news/max/../../card.json",
            "bbc_news/max/deep/card.json",
            "card.json",
            "bbc_news/card.json",
            "bbc_news/max/model.pkl",
            "bbc_news/max/__init__.py",
            "bbc_news/ma  x/card.json",
            "bbc_news//card.json",
            "bbc_news/max/card.json\n",
        ],
    )
    def test_a_member_with_another_path_is_refused(self, tmp_path, name):
        match = "path outside|belongs to no checkpoint"
        refused(zipped([*members().items(), (name, b"{}")]), tmp_path, match)

    def test_a_link_is_taken_for_its_content(self, tmp_path):
        link = zipfile.ZipInfo(f"{INSIDE}/{VOCABULARY}")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        others = [(n, c) for n, c in members().items() if not n.endswith(VOCABULARY)]
        refused(zipped([*others, (link, b"/etc/passwd")]), tmp_path, "is damaged")

    def test_a_bomb_is_not_unpacked(self, tmp_path, monkeypatch):
        monkeypatch.setattr(unpacking, "MAX_UNPACKED", 3_000_000)
        refused(changed(model__keras=b"\0" * 4_000_000), tmp_path, "holds more than 3 MB")

    def test_nor_one_member_of_a_great_size(self, tmp_path):
        refused(changed(model__keras=b"\0" * 60_000_000), tmp_path, "holds more than 50 MB")

    def test_a_large_file_is_not_looked_at(self, tmp_path, monkeypatch):
        monkeypatch.setattr(unpacking, "MAX_BYTES", 1_000)
        refused(PACKED, tmp_path, "holds more than")

    def test_too_many_members(self, tmp_path):
        many = [(f"t/n{number}/{CARD}", b"{}") for number in range(unpacking.MAX_MEMBERS + 1)]
        refused(zipped(many), tmp_path, "belongs to no checkpoint")

    @pytest.mark.parametrize("content", [b"", b"PK", b"text", PACKED[:5_000], PACKED[::-1]])
    def test_what_is_no_zip(self, tmp_path, content):
        refused(content, tmp_path, "damaged")

    def test_a_zip_without_models(self, tmp_path):
        refused(zipped([(README, b"hello")]), tmp_path, "holds no checkpoint")

    @pytest.mark.parametrize("file", [CARD, KERAS, ONNX, VOCABULARY])
    def test_a_file_that_is_missing_or_another(self, tmp_path, file):
        for content in (None, b"", b"other", b"\x80\x04\x95pickle"):
            refused(changed(**{file.replace(".", "__"): content}), tmp_path, "is damaged")

    @pytest.mark.parametrize(
        "card", [b"[]", b"{", b"[" * 100_000, b'{"schema_version": 1}', b"\xff\xfe", b"null"]
    )
    def test_a_card_that_is_none(self, tmp_path, card):
        refused(changed(card__json=card), tmp_path, "is damaged")

    def test_a_card_of_a_great_size(self, tmp_path):
        refused(changed(card__json=b" " * 3_000_000), tmp_path, "holds more than 2 MB")

    @pytest.mark.parametrize(
        "file", ["trust.json", "trust.parquet", "predictions.parquet", film.NAME]
    )
    @pytest.mark.parametrize("content", [b"", b"{}", b'{"onnx_sha256": "0"}', b"[" * 100_000])
    def test_measurements_of_another_model(self, tmp_path, file, content):
        refused(changed(**{file.replace(".", "__"): content}), tmp_path, "was not measured with")

    def test_a_keras_file_is_never_opened(self, tmp_path, monkeypatch):
        (found,) = unpack("a.zip", with_model(b"anything", KERAS), tmp_path)
        assert found.damage is None and found.path(KERAS).read_bytes() == b"anything"


class TestForeignGraphs:
    """The card has the right hashes, and the graph is not one that poolviz writes."""

    def test_no_graph(self, tmp_path):
        refused(with_model(b"no graph"), tmp_path, "graph is none|is damaged")

    def test_one_that_reads_a_file(self, tmp_path):
        tensor = TensorProto(name="x", dims=[1], data_type=1, data_location=TensorProto.EXTERNAL)
        tensor.external_data.add(key="location", value="/etc/passwd")
        add = helper.make_node("Add", ["ids", "x"], ["probabilities"])
        refused(with_model(graph([add], [tensor])), tmp_path, "graph is none")
        constant = helper.make_node("Constant", [], ["probabilities"], value=tensor)
        refused(with_model(graph([constant])), tmp_path, "graph is none")

    def test_one_with_operations_of_its_own(self, tmp_path):
        node = helper.make_node("Evil", ["ids"], ["probabilities"], domain="own")
        refused(with_model(graph([node])), tmp_path, "graph is none")

    def test_one_that_holds_a_loop(self, tmp_path):
        body = onnx.load_from_string(graph([helper.make_node("Identity", ["ids"], ["b"])])).graph
        node = helper.make_node("Loop", ["", "", "ids"], ["probabilities"], body=body)
        refused(with_model(graph([node])), tmp_path, "graph is none")

    def test_one_that_gives_something_else(self, tmp_path):
        node = helper.make_node("Identity", ["ids"], ["probabilities"])
        refused(with_model(graph([node])), tmp_path, "is damaged")

    def test_a_vocabulary_that_is_none(self, tmp_path):
        for content in (b"[]", b"{}", b'{"tokens": 3}', b"\x80\x04"):
            refused(with_model(content, VOCABULARY), tmp_path, "is damaged")


@given(st.integers(0, len(PACKED) - 1), st.integers(1, 255), st.integers(0, len(PACKED)))
def test_any_damage_is_one_sentence_or_none(place, difference, end):
    """Whatever byte is another, and wherever the file ends."""
    spoiled = bytearray(PACKED)
    spoiled[place] ^= difference
    for content in (bytes(spoiled), PACKED[:end]):
        with TemporaryDirectory() as root:
            try:
                (found,) = unpack("a.zip", content, Path(root))
            except DataError as error:
                assert str(error).endswith(".")
                assert everything(Path(root)) == set()
            else:
                assert found.damage is None


@given(st.dictionaries(st.text(NAMES, min_size=1, max_size=30), st.binary(max_size=50), max_size=5))
def test_any_members_are_one_sentence(files):
    with TemporaryDirectory() as root, pytest.raises(DataError):
        unpack("a.zip", zipped(files.items()), Path(root))
