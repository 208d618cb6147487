"""Makes golden_poolings.json: what sentence-transformers' module Pooling gives for some vectors.

    python -m venv /tmp/golden
    /tmp/golden/bin/pip install sentence-transformers==6.2.0
    /tmp/golden/bin/python tests/engine/golden_poolings.py

poolviz itself needs neither sentence-transformers nor torch; nothing imports this file.
"""

import json
from importlib.metadata import version
from pathlib import Path

import torch
from sentence_transformers import util
from sentence_transformers.models import Pooling

POOLINGS = ("cls", "mean", "max", "mean_sqrt_len", "weightedmean", "lasttoken")
LENGTHS = (5, 7, 1, 12)
WIDTH = 6

generator = torch.Generator().manual_seed(17)
texts = [torch.randn(length, WIDTH, generator=generator) for length in LENGTHS]
padded = torch.nn.utils.rnn.pad_sequence(texts, batch_first=True)
mask = torch.tensor([[1] * length + [0] * (max(LENGTHS) - length) for length in LENGTHS])


def pooled(pooling):
    features = {"token_embeddings": padded.clone(), "attention_mask": mask}
    mode = {"mean_sqrt_len": "mean_sqrt_len_tokens"}.get(pooling, pooling)
    return Pooling(WIDTH, pooling_mode=mode)(features)["sentence_embedding"]


found = {pooling: pooled(pooling) for pooling in POOLINGS}
content = {
    "made_with": f"sentence-transformers {version('sentence-transformers')}",
    "cases": [
        {
            "vectors": text.tolist(),
            "pooled": {pooling: found[pooling][number].tolist() for pooling in POOLINGS},
        }
        for number, text in enumerate(texts)
    ],
    "cosines": {
        pooling: float(util.cos_sim(found[pooling][0], found[pooling][1])) for pooling in POOLINGS
    },
}
Path(__file__).with_suffix(".json").write_text(json.dumps(content, indent=1) + "\n")
