"""The film of a training as HTML and as pictures."""

import hashlib
import io
import json
import re
import zipfile
from base64 import b64encode
from xml.etree import ElementTree

import numpy as np

from poolviz.checkpoints.film import Film
from poolviz.export.film.files import film_html, film_zip, frame_svg

EVIL = '</script><img src=x onerror="alert(1)">'
FILM = Film(
    (("好", EVIL), ("a", "b", "c")),
    tuple(
        (np.array([[0.25, w]], np.float32), np.array([[w, 0.5, 0]], np.float32))
        for w in (0.5, 0.75, 1)
    ),
    (0.9, 0.5, 0.25),
    (1.0, 0.75, 0.5),
)


def test_the_page_holds_the_film_and_no_text_of_it_is_markup():
    page = film_html(FILM, EVIL)
    held = re.search(r'id="film">(.*?)</script>', page, re.S).group(1)
    data = json.loads(held)
    assert data["sentences"] == [["好", EVIL], ["a", "b", "c"]]
    assert data["weights"][1] == [[[0.25, 0.75]], [[0.75, 0.5, 0.0]]]
    assert (data["loss"], data["validation_loss"]) == ([0.9, 0.5, 0.25], [1.0, 0.75, 0.5])
    assert "<img" not in page and page.count("</script>") == 3


def test_only_its_own_script_may_run():
    page = film_html(FILM, "x")
    script = re.search(r"<script>(.*?)</script>", page, re.S).group(1)
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'" in page
    assert "http" not in page.replace("http-equiv", "")


def test_a_picture_shows_every_token_and_the_highest_weight_in_full():
    svg = ElementTree.fromstring(frame_svg(FILM, 3))
    space = "{http://www.w3.org/2000/svg}"
    assert [text.text for text in svg.iter(f"{space}text")] == ["好", EVIL, "a", "b", "c"]
    fills = [rect.get("fill") for rect in svg.iter(f"{space}rect")]
    assert fills[1] == fills[2] != fills[0]
    assert fills[4] == "rgb(255,255,255)"
    wide = max(float(r.get("x")) + float(r.get("width")) for r in svg.iter(f"{space}rect"))
    assert wide < float(svg.get("width"))


def test_the_archive_has_a_picture_of_each_epoch():
    archive = zipfile.ZipFile(io.BytesIO(film_zip(FILM, "x")))
    assert archive.namelist() == ["film.html", *(f"epoch-000{n}.svg" for n in (1, 2, 3))]
    assert archive.read("epoch-0002.svg").decode() == frame_svg(FILM, 2)
    assert film_zip(FILM, "x") == film_zip(FILM, "x")
