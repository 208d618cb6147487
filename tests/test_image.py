"""The image's steps, run by a shell in an empty prefix: the server starts, and is healthy.

What only another system can do is left out: its packages and its users. Packages of Python are
those that run the tests, and pip says whether they are what `requirements.txt` wants.
"""

import json
import os
import re
import shlex
import socket
import stat
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest

from tests.house import ROOT

INSTRUCTIONS = re.findall(
    r"^([A-Z]+) (.+)$",
    (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " "),
    re.MULTILINE,
)
PATIENCE = 120.0  # seconds until the server must have answered
# A venv without packages of its own, whose Python finds those that are here.
VENV = f"""
[ "$1 $2" = "-m venv" ] || exit 1
{shlex.quote(sys.executable)} -m venv --without-pip "$3"
echo {shlex.quote(sysconfig.get_paths()["purelib"])} > "$3"/lib/python3.11/site-packages/here.pth
for name in pip streamlit; do
    echo '#!/bin/sh\nexec "$(dirname "$0")"/python -m '$name' "$@"' > "$3"/bin/$name
    chmod +x "$3"/bin/$name
done
"""


@pytest.fixture
def prefix(tmp_path):
    """An empty folder, and programs that stand for those of the image's system."""
    (tmp_path / "programs").mkdir()
    for name, script in {
        "apt-get": 'echo "$@" >> "$PREFIX"/packages',
        "useradd": "",
        "chown": "",
        "python3.11": VENV,
    }.items():
        path = tmp_path / "programs" / name
        path.write_text(f"#!/bin/sh -e\n{script}\n", encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "prefix").mkdir()
    return tmp_path / "prefix"


def inside(prefix, words):
    """Words with every path of the image's in the prefix."""
    return re.sub(r"(?<![\w.:/*-])/(?=\w)", f"{prefix}/", words)


def script(prefix):
    """All steps that make the image, as lines of a shell script."""
    lines = []
    for name, words in INSTRUCTIONS:
        if name == "WORKDIR":
            place = inside(prefix, words)
            lines += [f"mkdir -p {place}", f"cd {place}"]
        elif name == "COPY" and words == ". .":
            ignored = f"--exclude-from={ROOT / '.dockerignore'}"
            lines.append(f"tar -C {ROOT} {ignored} -cf - . | tar -xf -")
        elif name == "COPY":
            lines.append(f"cp {ROOT}/{words}")
        elif name == "RUN":
            lines.append(inside(prefix, words))
    return "\n".join(lines)


def environment(prefix):
    set_by_image = dict(words.split("=", 1) for name, words in INSTRUCTIONS if name == "ENV")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("POOLVIZ_")},
        "PATH": f"{prefix.parent / 'programs'}{os.pathsep}{os.environ['PATH']}",
        "PREFIX": str(prefix),
        "PIP_NO_INDEX": "1",
        **{name: inside(prefix, value) for name, value in set_by_image.items()},
    }


def command(kind, port):
    """The words of a command of the image, for another port of this machine alone."""
    [words] = [words for name, words in INSTRUCTIONS if name == kind]
    found = json.loads(words[words.index("[") :])
    return [word.replace("8501", str(port)).replace("0.0.0.0", "127.0.0.1") for word in found]


def test_its_steps_make_a_server_that_is_healthy(prefix):
    steps = script(prefix)
    known = steps.replace(str(ROOT), "source").replace(str(prefix), "prefix")
    assert not re.search(r"(?:^|\s)/", known)  # nothing outside of the prefix
    settings = environment(prefix)
    made = subprocess.run(
        ["sh", "-e"], input=steps, env=settings, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    assert "already satisfied: streamlit" in made.stdout
    assert "fonts-noto-cjk" in (prefix / "packages").read_text(encoding="utf-8")
    home = prefix / "poolviz"
    assert (home / "checkpoints").is_dir() and not (home / "tests").exists()
    assert Path(settings["POOLVIZ_HOME"]) == prefix / "data" and (prefix / "data").is_dir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [*command("CMD", port), "--server.port", str(port)]
    with subprocess.Popen(words, cwd=home, env=settings, stdout=subprocess.DEVNULL) as server:
        try:
            until = time.monotonic() + PATIENCE
            while not is_healthy(home, settings, port):
                assert server.poll() is None and time.monotonic() < until
                time.sleep(0.2)
        finally:
            server.terminate()


def is_healthy(home, settings, port):
    found = subprocess.run(
        command("HEALTHCHECK", port), cwd=home, env=settings, capture_output=True, check=False
    )
    return found.returncode == 0
