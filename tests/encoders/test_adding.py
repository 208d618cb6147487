"""Encoders that are added: what is checked before, what is kept, what is refused."""

import json
import os

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers

from poolviz.encoders.adding import PROBES, add
from poolviz.encoders.encoder import CARD, find, list_encoders, remove
from poolviz.encoders.reader import Reader
from poolviz.errors import CheckpointError, ChoiceError, DataError
from tests.tiny_encoder import INPUTS, LIMIT, VOCABULARY, WIDTH, bert, tokenizer, write_folder

pytestmark = pytest.mark.usefixtures("nobodys_machine")


def test_what_is_kept_is_enough_to_read_with(tmp_path, nobodys_machine):
    steps = []
    encoder = add("tiny", write_folder(tmp_path / "model"), steps.append)
    assert encoder.folder == nobodys_machine / "encoders" / "tiny"
    assert (encoder.width, encoder.limit, encoder.pooling) == (WIDTH, LIMIT, "mean")
    assert (encoder.inputs, encoder.output) == (INPUTS, "last_hidden_state")
    assert list_encoders() == [find("tiny")] == [find()] == [encoder]
    assert len(steps) == 4 and f"reads {LIMIT} tokens at once" in steps
    before = Reader(encoder).read("good food").vectors
    for path in sorted((tmp_path / "model").rglob("*")):
        path.unlink()
    np.testing.assert_array_equal(Reader(encoder).read("good food").vectors, before)


def test_the_graph_may_lie_in_a_folder_of_its_own_under_either_name_of_its_output(tmp_path):
    folder = write_folder(tmp_path, bert("token_embeddings"), "onnx")
    assert add("other", folder).output == "token_embeddings"


def test_files_of_the_model_say_what_it_reads_at_once_and_how_it_was_pooled(tmp_path):
    folder = write_folder(tmp_path)
    (folder / "tokenizer_config.json").write_text('{"model_max_length": 1e30}')
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 16}')
    (folder / "1_Pooling").mkdir()
    modes = {"pooling_mode_mean_tokens": False, "pooling_mode_cls_token": True}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(modes))
    encoder = add("told", folder)
    assert (encoder.limit, encoder.pooling) == (16, "cls")


def test_positions_that_are_counted_from_the_padding_on_are_fewer(tmp_path):
    folder = write_folder(tmp_path)
    config = {"model_type": "roberta", "max_position_embeddings": LIMIT, "pad_token_id": 1}
    (folder / "config.json").write_text(json.dumps(config))
    assert add("counted", folder).limit == LIMIT - 2


def test_the_hash_is_of_all_files_and_a_changed_one_is_damage(tmp_path):
    encoder = add("tiny", write_folder(tmp_path))
    again = add("again", tmp_path)
    assert again.hash == encoder.hash
    assert add("other", write_folder(tmp_path / "b", bert(seed=1))).hash != encoder.hash
    with open(encoder.path("tokenizer.json"), "a") as file:
        file.write(" ")
    again.check()
    with pytest.raises(CheckpointError, match="damaged"):
        encoder.check()
    with pytest.raises(CheckpointError, match="damaged"):
        Reader(encoder)
    again.path("model.onnx").unlink()
    with pytest.raises(CheckpointError, match="damaged"):
        again.check()


def test_an_encoder_of_the_same_name_is_replaced_and_one_can_be_removed(tmp_path):
    add("tiny", write_folder(tmp_path / "a"))
    other = add("tiny", write_folder(tmp_path / "b", bert(seed=1)))
    assert list_encoders() == [other]
    remove(other)
    assert list_encoders() == []
    with pytest.raises(ChoiceError, match="No encoder was added yet"):
        find("tiny")


def test_one_of_several_has_to_be_named(tmp_path):
    folder = write_folder(tmp_path)
    add("a", folder)
    add("b", folder)
    with pytest.raises(ChoiceError, match="a, b"):
        find()
    with pytest.raises(ChoiceError, match="a, b"):
        find("c")


@pytest.mark.parametrize("card", ["", "[]", "{}", '{"schema_version": 1, "hash": 3}'])
def test_a_folder_whose_card_says_nothing_is_no_encoder(tmp_path, card):
    encoder = add("tiny", write_folder(tmp_path))
    encoder.path(CARD).write_text(card)
    assert list_encoders() == []


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "aux", "a" * 101])
def test_a_name_must_be_a_folders(tmp_path, name):
    with pytest.raises(ChoiceError, match="name"):
        add(name, write_folder(tmp_path))


def test_a_failed_one_leaves_nothing(tmp_path):
    with pytest.raises(DataError):
        add("tiny", tmp_path)
    assert list_encoders() == []


class TestRefused:
    def refused(self, folder, message):
        with pytest.raises(DataError, match=message):
            add("tiny", folder)
        assert list_encoders() == []

    @pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json"])
    def test_without_a_file(self, tmp_path, file):
        folder = write_folder(tmp_path)
        (folder / file).unlink()
        self.refused(folder, f"no {file}")

    @pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json"])
    def test_with_a_file_that_is_something_else(self, tmp_path, file):
        folder = write_folder(tmp_path)
        (folder / file).write_text("{}")
        self.refused(folder, f"{file} cannot be used")

    def test_vectors_that_change_beside_padding(self, tmp_path):
        self.refused(write_folder(tmp_path, bert(masked=False)), "beside padding than alone")

    def test_an_output_of_another_name(self, tmp_path):
        self.refused(write_folder(tmp_path, bert("logits")), "gives logits")

    def test_one_vector_a_text(self, tmp_path):
        self.refused(write_folder(tmp_path, _means()), "a vector for each token")

    def test_an_input_that_nobody_can_give(self, tmp_path):
        graph = bert()
        graph.graph.input.append(helper.make_tensor_value_info("pixels", TensorProto.FLOAT, [1]))
        self.refused(write_folder(tmp_path, graph), "reads .*pixels")

    @pytest.mark.parametrize("axis", [0, 1])
    def test_texts_of_one_size_alone(self, tmp_path, axis):
        graph = bert()
        for value in graph.graph.input:
            value.type.tensor_type.shape.dim[axis].dim_value = 12
        self.refused(write_folder(tmp_path, graph), "of one size alone .*12.*dynamic axes")

    def test_more_than_the_machine_has_memory(self, tmp_path, monkeypatch):
        monkeypatch.setattr(os, "sysconf", lambda name: {"SC_PAGE_SIZE": 1}.get(name, 1_000))
        self.refused(write_folder(tmp_path), "0.0 GB of memory that this machine has")

    def test_numbers_that_are_none(self, tmp_path):
        graph = bert()
        table = graph.graph.initializer[0]
        values = numpy_helper.to_array(table).copy()
        values[VOCABULARY["[CLS]"]] = np.nan
        table.CopyFrom(numpy_helper.from_array(values, table.name))
        self.refused(write_folder(tmp_path, graph), "NaN")

    def test_fewer_positions_than_its_files_say(self, tmp_path):
        self.refused(write_folder(tmp_path, bert(positions=LIMIT - 1)), "model.onnx cannot be used")

    def test_room_for_no_text(self, tmp_path):
        folder = write_folder(tmp_path)
        (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 5}')
        self.refused(folder, "5 tokens at once, too few")

    def test_tokens_that_do_not_say_where_they_stand(self, tmp_path):
        folder = write_folder(tmp_path)
        told = Tokenizer(models.WordPiece(VOCABULARY, unk_token="[UNK]"))
        told.normalizer = normalizers.Replace("n", "")
        told.post_processor = tokenizer().post_processor
        told.pre_tokenizer = tokenizer().pre_tokenizer
        told.save(str(folder / "tokenizer.json"))
        self.refused(folder, "does not say where its tokens stand")


def test_the_probes_have_what_cutting_can_stumble_over():
    whole = "".join(PROBES)
    assert any(len(character.encode("utf-16-le")) > 2 for character in whole)
    assert "\N{ZERO WIDTH JOINER}" in whole and "\N{LATIN SMALL LIGATURE FI}" in whole


def _means() -> onnx.ModelProto:
    """A graph that gives the mean of the vectors under the name of the vectors."""
    graph = bert("vectors")
    mean = helper.make_node("ReduceMean", ["vectors", "axis"], ["last_hidden_state"], keepdims=0)
    graph.graph.node.append(mean)
    graph.graph.initializer.append(numpy_helper.from_array(np.array([1]), "axis"))
    del graph.graph.output[:]
    graph.graph.output.append(
        helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", WIDTH])
    )
    return graph
