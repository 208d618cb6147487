"""Where things lie on this machine; the one reader of poolviz' environment variables.

`$POOLVIZ_HOME` holds everything of the user's own: checkpoints, downloads, caches. Without it the
platform's usual folders are taken.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from poolviz.errors import ChoiceError

INSTALLED_CHECKPOINTS = "shipped"  # in the package, where pip has put them
_PACKAGE = Path(__file__).resolve().parent
_installed = _PACKAGE / INSTALLED_CHECKPOINTS
OFF = ("off", "0", "no", "false")  # what a setting says that is not to be
SHIPPED_CHECKPOINTS = _installed if _installed.is_dir() else _PACKAGE.parent / "checkpoints"


def user_checkpoints() -> Path:
    """Folder of the user's own checkpoints; it may not exist yet."""
    return (_home() or platformdirs.user_data_path("poolviz")) / "checkpoints"


def checkpoints_of(owner: str) -> Path:
    """Folder of a visitor's checkpoints, which nobody else sees; it may not exist yet.

    Parameters
    ----------
    owner : hash of the visitor's key; "" for the folder of the user.
    """
    if not owner:
        return user_checkpoints()
    return visitors() / owner / "checkpoints"


def visitors() -> Path:
    """Folder of what visitors have, a folder each; it may not exist yet."""
    return (_home() or platformdirs.user_data_path("poolviz")) / "visitors"


def encoders() -> Path:
    """Folder of the pretrained encoders that were added, a folder each; it may not exist yet."""
    return (_home() or platformdirs.user_data_path("poolviz")) / "encoders"


def hub() -> str:
    """Address of the hub of models, `$HF_ENDPOINT` or the usual one, without a slash behind it."""
    return (os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/")


def vectors() -> Path:
    """Folder of the token vectors that were kept, a folder an encoder; it may not exist yet."""
    return cache() / "vectors"


def vectors_limit() -> str:
    """`$POOLVIZ_VECTORS_GB`: how much of them is kept at most; empty where it is not set."""
    return os.environ.get("POOLVIZ_VECTORS_GB", "").strip()


def cache() -> Path:
    """Folder for what can be made or fetched again; it may not exist yet."""
    home = _home()
    return home / "cache" if home else platformdirs.user_cache_path("poolviz")


def downloads() -> Path:
    """Folder of downloaded data sets, a folder each; it may not exist yet."""
    return (_home() or platformdirs.user_cache_path("poolviz")) / "datasets"


def data_folder() -> Path | None:
    """`$POOLVIZ_DATA`, a folder that holds one folder a data set; None where it is not set."""
    return _from_environment("POOLVIZ_DATA")


def plugins() -> list[Path]:
    """`$POOLVIZ_PLUGINS`: files and folders of one's own heads and data sets, for commands only."""
    names = os.environ.get("POOLVIZ_PLUGINS", "").split(os.pathsep)
    return [Path(name).expanduser() for name in names if name]


def rows_hidden() -> bool:
    """Whether `$POOLVIZ_HIDE_ROWS` is set: a public server that must not show data sets' rows."""
    return bool(os.environ.get("POOLVIZ_HIDE_ROWS"))


def files_taken() -> bool:
    """Whether pages take files of a visitor's own: not where `$POOLVIZ_UPLOADS` is off."""
    return os.environ.get("POOLVIZ_UPLOADS", "").strip().lower() not in OFF


def most_characters() -> int | None:
    """`$POOLVIZ_MAX_TEXT`: characters of a text that pages explain; None where it is not set.

    Raises
    ------
    ChoiceError : it is no whole number from 1 on.
    """
    return _number("POOLVIZ_MAX_TEXT")


def most_rows() -> int | None:
    """`$POOLVIZ_MAX_ROWS`: rows of a file that pages read; None where it is not set.

    Raises
    ------
    ChoiceError : it is no whole number from 1 on.
    """
    return _number("POOLVIZ_MAX_ROWS")


def trainings() -> Path:
    """Folder of work in processes of its own, a folder each; it may not exist yet."""
    return (_home() or platformdirs.user_data_path("poolviz")) / "trainings"


def for_children() -> dict[str, str]:
    """The environment of processes that run `python -m poolviz` as this one does."""
    root = str(_PACKAGE.parent)
    before = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([root, before] if before else [root])}


def trained_by() -> str:
    """`$POOLVIZ_TRAIN`: who trains on the Train page, in lower case; empty where it is not set."""
    return os.environ.get("POOLVIZ_TRAIN", "").strip().lower()


def training_limits() -> str:
    """`$POOLVIZ_TRAIN_LIMITS`, see `poolviz.trainings.limits`; empty where it is not set."""
    return os.environ.get("POOLVIZ_TRAIN_LIMITS", "")


def _number(name: str) -> int | None:
    said = os.environ.get(name, "").strip()
    if not said:
        return None
    if not said.isdecimal() or int(said) < 1:
        raise ChoiceError(
            "The setting {name} is {said}; it takes a whole number from 1 on.",
            name=name,
            said=repr(said[:40]),
        )
    return int(said)


def _home() -> Path | None:
    return _from_environment("POOLVIZ_HOME")


def _from_environment(name: str) -> Path | None:
    folder = os.environ.get(name)
    return Path(folder).expanduser() if folder else None
