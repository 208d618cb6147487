"""Where things lie on this machine; the one reader of poolviz' environment variables.

`$POOLVIZ_HOME` holds everything of the user's own: checkpoints, downloads, caches. Without it the
platform's usual folders are taken.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

INSTALLED_CHECKPOINTS = "shipped"  # in the package, where pip has put them
_PACKAGE = Path(__file__).resolve().parent
_installed = _PACKAGE / INSTALLED_CHECKPOINTS
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


def _home() -> Path | None:
    return _from_environment("POOLVIZ_HOME")


def _from_environment(name: str) -> Path | None:
    folder = os.environ.get(name)
    return Path(folder).expanduser() if folder else None
