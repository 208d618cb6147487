"""The image: README's first command, what exports need, a health check; the settings exist."""

import re
import shlex

import pytest
from streamlit import config

from poolviz.trainings.limits import Limits
from tests.house import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
DEPLOYING = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")


def steps(kind):
    return [
        line.removeprefix(f"{kind} ") for line in DOCKERFILE.split("\n") if line.startswith(kind)
    ]


def test_the_image_is_made_by_readmes_first_command():
    first = re.search(r"```sh\n(.+)\n```", (ROOT / "README.md").read_text(encoding="utf-8"))[1]
    *installing, starting = first.split(" && ")
    made = [
        part.replace(" --no-cache-dir", "") for step in steps("RUN") for part in step.split(" && ")
    ]
    assert [part for part in made if part in installing] == installing
    started = [word.strip('",[]') for word in steps("CMD")[0].split()]
    assert started[:3] == shlex.split(starting)


def test_it_has_what_exports_need():
    installed = " ".join(steps("RUN"))
    for package in ("chromium", "fonts-noto-cjk", "fonts-noto-color-emoji", "fonts-dejavu-core"):
        assert package in installed


def test_what_it_copies_is_there_and_what_it_writes_is_a_volume():
    for source in (step.split()[0] for step in steps("COPY")):
        assert (ROOT / source).exists()
    assert steps("VOLUME") == ["/data"] and "POOLVIZ_HOME=/data" in steps("ENV")
    assert "_stcore/health" in steps("HEALTHCHECK")[0] and steps("USER") == ["poolviz"]


@pytest.mark.parametrize("name", sorted(set(re.findall(r"POOLVIZ_\w+", DEPLOYING))))
def test_settings_that_are_named_exist(name):
    source = (ROOT / "poolviz" / "places.py").read_text(encoding="utf-8")
    assert f'"{name}"' in source


def test_limits_that_are_named_exist():
    value = re.search(r'POOLVIZ_TRAIN_LIMITS="([^"]+)"', DEPLOYING)[1]
    assert {word.partition("=")[0] for word in value.split()} == set(vars(Limits()))


def test_the_server_listens_to_its_own_machine_unless_told_otherwise():
    assert config.get_option("server.address") == "localhost"
    assert config.get_option("server.enableXsrfProtection")
    assert not config.get_option("browser.gatherUsageStats")
