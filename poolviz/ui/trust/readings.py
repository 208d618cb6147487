"""What was measured of a text, remembered between reruns and shared by all visitors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.selection import with_head
from poolviz.language import _
from poolviz.memory import Memory
from poolviz.text.encoding import Encoded, check_text
from poolviz.text.tokens import TOKEN_BYTES
from poolviz.trust.ablation.model import Model
from poolviz.trust.tables import CONTROL
from poolviz.trust.text.reading import Reading, encoder_cost, read, read_all
from poolviz.ui.frame import explained, jobs, loaders
from poolviz.watch import Watch

JOB = "trust_text"
SHORT = 500  # characters of a text that is measured at once, before whoever waits for long work
PATIENCE = 1.2  # seconds after which a bar is drawn
ENTRIES = 256
BYTES = 64 * 1024 * 1024


def readings(checkpoints: Sequence[Checkpoint], text: str, how: str) -> list[Reading] | None:
    """What was measured of the text under these heads; None while it is not there yet.

    A long text is measured beside the page: if that takes longer than a moment there is a bar, and
    it can be cancelled. Before a pretrained encoder every text is, once its cost was read.

    Raises
    ------
    TextError : there is nothing to measure in the text.
    """
    models = [loaders.trust_model(checkpoint) for checkpoint in checkpoints]
    check_text(text)
    subject = (text, how, [checkpoint.onnx_hash for checkpoint in checkpoints])
    work = partial(read_all, models, text, how, reader=partial(_recalled, _memory()))
    cost = _cost_sentence(models, text)
    if len(text) <= SHORT and not cost:
        jobs.forget(JOB)
        return work()
    if not cost:
        jobs.start_once(JOB, work, subject, PATIENCE)
    finished = jobs.draw(JOB, _("Erasing tokens …"), subject)
    if finished:
        return finished.result
    if not jobs.job(JOB, subject):
        if cost:
            st.info(cost)
        label = _("Measure this text")
        if st.button(
            label,
            icon=":material/play_arrow:",
            key="measure_text",
            help=_("Reads the text again and again with tokens erased; it can be cancelled."),
        ):
            jobs.start(JOB, work, subject, PATIENCE)
            st.rerun()
    return None


def _cost_sentence(models: Sequence[Model], text: str) -> str:
    """What erasing costs where an encoder has to read each text again; else empty."""
    if not models[0].checkpoint.on_encoder:
        return ""
    tokens = len(explained.encoded(models[0].explainer.vocabulary, text).tokens)
    cost = encoder_cost(models[0].checkpoint, [tokens], len(models))
    assert cost is not None, "it is one on an encoder"
    return _(
        "With tokens erased, the encoder has to read this text again: up to {passes:,} times for "
        "all heads, which takes about {seconds:,.0f} seconds."
    ).format(passes=cost.passes, seconds=max(cost.seconds, 1))


def with_control(chosen: Sequence[Checkpoint]) -> list[Checkpoint]:
    """The chosen heads, and average pooling beside them even where it was not chosen."""
    if any(checkpoint.head == CONTROL for checkpoint in chosen):
        return list(chosen)
    return with_head(loaders.all_checkpoints(), chosen, CONTROL)


@st.cache_resource(show_spinner=False)
def _memory() -> Memory:
    return Memory(ENTRIES, BYTES)


def _recalled(memory: Memory, model: Model, text: Encoded, how: str, watch: Watch) -> Reading:
    checkpoint = model.checkpoint
    key = (checkpoint.name, str(checkpoint.folder), checkpoint.onnx_hash, text.text, how)
    return memory.recall(key, lambda: read(model, text, how, watch), _size)


def _size(reading: Reading) -> int:
    """Bytes, but for the smaller arrays."""
    explanation = reading.explanation
    curves = sum(found.erased.nbytes + found.kept.nbytes for found in reading.trust.curves.values())
    own = explanation.contributions.nbytes + explanation.weights.nbytes
    return curves + own + 4 * len(explanation.text) + TOKEN_BYTES * len(explanation.tokens)
