"""The live page that README links: of the models that are shipped, and small enough to send."""

import json
import re

from poolviz import places
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.selection import choose
from poolviz.live.models import schema
from poolviz.model.kinds import USUAL

DOCS = places.SHIPPED_CHECKPOINTS.parent / "docs"
PAGE = DOCS / "live" / "hotel.html"
README = (DOCS.parent / "README.md").read_text(encoding="utf-8")


def test_it_is_of_the_shipped_models():
    """If this fails, CONTRIBUTING has the command that writes it again."""
    [content] = re.findall(
        r'<script type="application/json" id="models">(.*?)</script>',
        PAGE.read_text(encoding="utf-8"),
    )
    header = json.loads(content)
    listed = list_checkpoints([places.SHIPPED_CHECKPOINTS])
    shipped = choose(listed, "chnsenticorp_htl_all", [USUAL], readout="linear")
    assert header["schema"] == schema()
    assert [head["onnx_sha256"] for head in header["heads"]] == [c.onnx_hash for c in shipped]


def test_it_is_small_and_linked():
    assert PAGE.stat().st_size <= 3_100_000
    assert sum(path.stat().st_size for path in DOCS.rglob("*") if path.is_file()) < 10_000_000
    assert "](docs/live/hotel.html)" in README
    assert "--format live" in README
