"""Token vectors on disk: found by what was read, limited, cleared."""

import numpy as np
import pytest

from poolviz import places
from poolviz.encoders import store
from poolviz.encoders.encoder import find
from poolviz.encoders.store import Store
from poolviz.errors import ChoiceError, DataError
from tests.tiny_encoder import WIDTH, added


@pytest.fixture
def encoder(nobodys_machine):
    """The tiny encoder, added on this machine."""
    return added(nobodys_machine)


@pytest.fixture
def texts():
    random = np.random.default_rng(0)
    return [random.integers(2, 20, size).astype(np.int32) for size in (3, 1, 7, 2)]


def vectors_of(texts):
    """Invented ones, in another order than the texts."""
    random = np.random.default_rng(1)
    found = [random.normal(size=(len(ids), WIDTH)).astype(np.float16) for ids in texts]
    return [(number, found[number]) for number in (2, 0, 3, 1)]


def test_a_text_has_the_vectors_that_were_kept(encoder, texts):
    kept = Store(encoder)
    assert kept.find(texts[0]) is None
    expected = vectors_of(texts)
    kept.keep(texts, expected)
    for each in (kept, Store(encoder)):
        for number, vectors in expected:
            np.testing.assert_array_equal(each.find(texts[number]), vectors)
        assert each.find(texts[0][::-1].copy()) is None


def test_what_others_add_is_seen(encoder, texts):
    here, elsewhere = Store(encoder), Store(encoder)
    here.keep(texts[:1], [(0, np.ones((3, WIDTH), np.float16))])
    assert elsewhere.find(texts[0]) is not None
    here.keep(texts[1:2], [(0, np.ones((1, WIDTH), np.float16))])
    assert elsewhere.find(texts[1]) is not None and elsewhere.find(texts[0]) is not None


def test_a_part_that_is_not_whole_is_none(encoder, texts):
    kept = Store(encoder)

    def stopped():
        yield 0, np.ones((3, WIDTH), np.float16)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept.keep(texts, stopped())
    assert kept.find(texts[0]) is None and store.kept_of(encoder) == 0


def test_a_damaged_part_is_read_again(encoder, texts):
    Store(encoder).keep(texts, vectors_of(texts))
    [folder] = [path for path in (places.vectors() / encoder.hash[:12]).iterdir() if path.is_dir()]
    (folder / "vectors.npy").write_bytes(b"\x93NUMPY")
    assert Store(encoder).find(texts[0]) is None


def test_cleared_is_gone_and_counted(encoder, texts):
    kept = Store(encoder)
    kept.keep(texts, vectors_of(texts))
    size = store.kept_of(encoder)
    assert size > store.size_of(texts, encoder) == 13 * WIDTH * 2
    assert store.clear(find("tiny")) == size and store.kept_of(encoder) == 0
    assert kept.find(texts[0]) is None


class TestLimit:
    def test_more_than_it_is_a_sentence_that_says_what_to_do(self, encoder, monkeypatch):
        monkeypatch.setenv("POOLVIZ_VECTORS_GB", "0.5")
        store.check_room(int(0.4e9))
        with pytest.raises(DataError, match=r"0\.60 GB.*POOLVIZ_VECTORS_GB.*encoder clear"):
            store.check_room(int(0.6e9))

    def test_what_is_kept_counts(self, encoder, texts, monkeypatch):
        Store(encoder).keep(texts, vectors_of(texts))
        monkeypatch.setenv("POOLVIZ_VECTORS_GB", str(store.kept_of(encoder) / 1e9))
        store.check_room(0)
        with pytest.raises(DataError):
            store.check_room(1_000)

    @pytest.mark.parametrize("said", ["much", "-1", "nan", "inf"])
    def test_what_is_no_number_is_refused(self, monkeypatch, said):
        monkeypatch.setenv("POOLVIZ_VECTORS_GB", said)
        with pytest.raises(ChoiceError, match="POOLVIZ_VECTORS_GB"):
            store.limit()
