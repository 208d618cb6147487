"""Which token each channel of max pooling takes, for the Heads page."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.figures.texts.channels import channels_html
from poolviz.trust.text.channels import channels
from poolviz.ui.frame import explained, loaders
from poolviz.views.panel import Panel

HEAD = "max"


def has_channels(checkpoints: Sequence[Checkpoint]) -> bool:
    """Whether one of the heads takes maxima of vectors that it makes itself."""
    return any(checkpoint.head == HEAD and not checkpoint.on_encoder for checkpoint in checkpoints)


def draw_channels(checkpoints: Sequence[Checkpoint], panel: Panel) -> None:
    """The diagram of the text of the view, for the class that max pooling predicts."""
    checkpoint = next(each for each in checkpoints if each.head == HEAD)
    network = loaders.trust_model(checkpoint).network
    explanation = next(
        row.explanation for row in panel.summaries if row.explanation.checkpoint == checkpoint.name
    )
    vocabulary = loaders.explainer(checkpoint).vocabulary
    assert network is not None, "max pooling has a NumPy form"
    found = channels(network, explained.encoded(vocabulary, explanation.text).ids)
    st.html(channels_html(explanation, found, explanation.predicted_index))
