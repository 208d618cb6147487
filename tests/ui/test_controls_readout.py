"""What the sidebar says of a read-out follows the cards of its heads."""

from dataclasses import replace

from poolviz.ui.sidebar.run_choice import _meaning


def test_a_readout_names_the_heads_that_it_is_not_exact_for(trained):
    checkpoint = trained("max")
    missed = replace(checkpoint, card={**checkpoint.card, "sums": {"exact": False}})
    readout = checkpoint.readout_record
    assert _meaning(readout, [checkpoint]) == "Linear: contributions add up exactly"
    assert _meaning(readout, [missed]) == "Linear: contributions add up exactly, but not of Max"
