"""A BERT of random numbers, small enough for any test: its graph, its tokenizer, its folder."""

from __future__ import annotations

import json
from pathlib import Path
from unittest.mock import patch

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from poolviz import places
from poolviz.encoders.adding import add
from poolviz.encoders.encoder import Encoder

WIDTH, HEADS, LAYERS, LIMIT = 8, 2, 2, 24
WORDS = (
    *(
        "the",
        "room",
        "was",
        "clean",
        "food",
        "good",
        "bad",
        "play",
        "##ing",
        "##ed",
        "un",
        "##known",
    ),
    *("cafe", ".", ",", "'", "t", "wasn", "房", "间", "干", "净", "很"),
)
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
VOCABULARY = {token: number for number, token in enumerate((*SPECIAL, *WORDS))}
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def write_folder(folder: Path, graph: onnx.ModelProto | None = None, onnx_folder: str = "") -> Path:
    """A folder as model repositories ship it.

    Parameters
    ----------
    graph : instead of the usual one.
    onnx_folder : the folder in it that the graph lies in.
    """
    (folder / onnx_folder).mkdir(parents=True, exist_ok=True)
    onnx.save(graph or bert(), str(folder / onnx_folder / "model.onnx"))
    tokenizer().save(str(folder / "tokenizer.json"))
    config = {"model_type": "bert", "max_position_embeddings": LIMIT, "pad_token_id": 0}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


def tokenizer() -> Tokenizer:
    """That of an uncased BERT; its file asks for cutting off and padding, as some do."""
    found = Tokenizer(models.WordPiece(VOCABULARY, unk_token="[UNK]"))
    found.normalizer = normalizers.BertNormalizer(lowercase=True)
    found.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    found.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[(name, VOCABULARY[name]) for name in ("[CLS]", "[SEP]")],
    )
    found.enable_truncation(6)
    found.enable_padding(length=12)
    return found


def bert(
    output: str = "last_hidden_state", masked: bool = True, seed: int = 0, positions: int = LIMIT
) -> onnx.ModelProto:
    """The graph: embeddings, layers of attention and a feed-forward net, as Devlin et al. 2019.

    Parameters
    ----------
    output : what its vectors are called.
    masked : False for one that reads padding as it reads tokens.
    positions : rows of its table of positions.
    """
    made = _Graph(np.random.default_rng(seed))
    embedded = made.embeddings(positions)
    bias = made.mask_bias() if masked else None
    for _layer in range(LAYERS):
        embedded = made.layer(embedded, bias)
    made.node("Identity", [embedded], output)
    shape = ["batch", "tokens"]
    return helper.make_model(
        helper.make_graph(
            made.nodes,
            "bert",
            [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in INPUTS],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, [*shape, WIDTH])],
            made.constants,
        ),
        opset_imports=[helper.make_opsetid("", 20)],
        ir_version=9,
    )


class _Graph:
    def __init__(self, random: np.random.Generator):
        self.random = random
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def embeddings(self, positions: int) -> str:
        word = self.node("Gather", [self.drawn(len(VOCABULARY), WIDTH), "input_ids"])
        kind = self.node("Gather", [self.drawn(2, WIDTH), "token_type_ids"])
        shape = self.node("Shape", ["input_ids"])
        count = self.node("Gather", [shape, self.constant(np.array(1))])
        zero, one = (self.constant(np.array(number)) for number in (0, 1))
        places = self.node("Range", [zero, count, one])
        place = self.node("Gather", [self.drawn(positions, WIDTH), places])
        return self.normed(self.node("Add", [self.node("Add", [word, kind]), place]))

    def mask_bias(self) -> str:
        real = self.node("Cast", ["attention_mask"], to=TensorProto.FLOAT)
        hidden = self.node("Sub", [self.constant(np.float32(1)), real])
        wide = self.node("Unsqueeze", [hidden, self.constant(np.array([1, 2]))])
        return self.node("Mul", [wide, self.constant(np.float32(-1e9))])

    def layer(self, x: str, bias: str | None) -> str:
        query, key, value = (self.by_head(self.dense(x, WIDTH, WIDTH)) for _each in range(3))
        turned = self.node("Transpose", [key], perm=[0, 1, 3, 2])
        scores = self.node("MatMul", [query, turned])
        scores = self.node("Div", [scores, self.constant(np.float32((WIDTH / HEADS) ** 0.5))])
        if bias:
            scores = self.node("Add", [scores, bias])
        read = self.node("MatMul", [self.node("Softmax", [scores], axis=-1), value])
        read = self.node("Transpose", [read], perm=[0, 2, 1, 3])
        read = self.node("Reshape", [read, self.constant(np.array([0, 0, WIDTH]))])
        x = self.normed(self.node("Add", [x, self.dense(read, WIDTH, WIDTH)]))
        inner = self.node("Gelu", [self.dense(x, WIDTH, 2 * WIDTH)])
        return self.normed(self.node("Add", [x, self.dense(inner, 2 * WIDTH, WIDTH)]))

    def by_head(self, x: str) -> str:
        shape = self.constant(np.array([0, 0, HEADS, WIDTH // HEADS]))
        return self.node("Transpose", [self.node("Reshape", [x, shape])], perm=[0, 2, 1, 3])

    def dense(self, x: str, width: int, units: int) -> str:
        return self.node(
            "Add", [self.node("MatMul", [x, self.drawn(width, units)]), self.drawn(units)]
        )

    def normed(self, x: str) -> str:
        scale = self.constant(np.ones(WIDTH, np.float32))
        return self.node("LayerNormalization", [x, scale, self.drawn(WIDTH)], axis=-1)

    def drawn(self, *shape: int) -> str:
        return self.constant(self.random.normal(0, 0.5, shape).astype(np.float32))

    def constant(self, values: np.ndarray) -> str:
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(values), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str | None = None, **attributes) -> str:
        output = output or f"value_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output


def added(folder: Path) -> Encoder:
    """The tiny encoder as it was added on a machine whose encoders lie here."""
    with patch.object(places, "encoders", lambda: folder / "encoders"):
        return add("tiny", write_folder(folder / "brought"))
