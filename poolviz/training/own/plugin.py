"""People's own files: heads and data sets of their own. Loading one runs the file's code.

Only commands and trainings do that, and only with files that somebody named; what pages need of a
head stands in the card and the graph of each model.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable
from dataclasses import replace
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

from poolviz.datasets import CATALOGUE, Dataset
from poolviz.errors import ChoiceError
from poolviz.text.names import check_distinct, check_name, normal


def locate(name: str) -> tuple[Path, str]:
    """File and class of FILE:CLASS; FILE may have colons of its own, as C:\\heads.py has.

    >>> import tempfile, os
    >>> with tempfile.NamedTemporaryFile(suffix=".py") as file:
    ...     locate(f"{file.name}:TopKMean")[1]
    'TopKMean'

    Raises
    ------
    ChoiceError : no class is named, or there is no such file.
    """
    path, _, class_name = name.rpartition(":")
    if not path or not class_name.isidentifier():
        raise ChoiceError(
            "{name} names no class of a file; write FILE:CLASS, as in my_head.py:TopKMean.",
            name=name,
        )
    if not Path(path).is_file():
        raise ChoiceError("There is no file {path}; look at its name and folder.", path=path)
    return Path(path), class_name


def load_class(file: Path, name: str) -> Any:
    """What the file calls `name`: a class, unless the file means something else by it.

    Raises
    ------
    ChoiceError : the file cannot be loaded, or has nothing of this name.
    """
    module = _load(file)
    if hasattr(module, name):
        return getattr(module, name)
    own = [
        key
        for key, value in vars(module).items()
        if isinstance(value, type) and value.__module__ == module.__name__
    ]
    raise ChoiceError(
        "{file} has no class {name}; its classes are: {known}.",
        file=file,
        name=name,
        known=", ".join(own) or "-",
    )


def load(names: Iterable[Path]) -> list[ModuleType]:
    """Files, and all files `*.py` of folders, as modules; their data sets enter the catalogue.

    Raises
    ------
    ChoiceError : one is not there or cannot be loaded, or a data set's key is another one's.
    """
    modules = [_load(file) for file in _files(names)]
    for module in modules:
        for dataset in vars(module).values():
            if isinstance(dataset, Dataset):
                _enter(dataset, Path(module.__file__ or ""))
    return modules


def _files(names: Iterable[Path]) -> list[Path]:
    """Each file once; a folder's are those of its own whose name begins with no underscore."""
    found: dict[Path, Path] = {}
    for name in names:
        inside = sorted(name.glob("[!_]*.py")) if name.is_dir() else [name]
        if not inside or not all(file.is_file() for file in inside):
            raise ChoiceError("There is no plug-in {path}; look at its name.", path=name)
        found |= {file.resolve(): file for file in inside}
    return list(found)


def _enter(dataset: Dataset, file: Path) -> None:
    """Put a data set into the catalogue of this process."""
    key = normal(dataset.key)
    known = CATALOGUE.get(key)
    own = replace(dataset, key=key, flags=f"--plugin {shlex.quote(file.name)}")
    if known is not None and known.flags != own.flags:
        raise ChoiceError(
            "{file} has a data set {key}, which there is already; give it another key.",
            file=file.name,
            key=key,
        )
    check_name(key)
    check_distinct(key, CATALOGUE)
    CATALOGUE[key] = own


def _load(file: Path) -> ModuleType:
    """The file as a module; beside it, as for a script, it finds what it imports."""
    loader = SourceFileLoader(f"poolviz_plugin_{file.stem}", str(file.resolve()))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    sys.modules[loader.name] = module
    sys.path.insert(0, str(file.resolve().parent))
    try:
        loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[loader.name]
        raise ChoiceError(
            "{file} cannot be loaded ({reason}); repair the file.",
            file=file,
            reason=" ".join(f"{type(error).__name__}: {error}".split()),
        ) from error
    finally:
        sys.path.remove(str(file.resolve().parent))
    return module
