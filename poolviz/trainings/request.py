"""What is to be done in a process of its own: a training, or a survey of models that are there."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import PurePath
from typing import Any

from poolviz.datasets.readers.reading import AS_FOUND, Wanted
from poolviz.errors import ChoiceError, PoolvizError, TrainingError, check_choice
from poolviz.json_types import is_list, is_object
from poolviz.language import N_
from poolviz.model.kinds import CLASSIFIER, KINDS, USUAL
from poolviz.model.options import OPTIONS, MatcherOptions, ModelOptions, TrainingOptions
from poolviz.text.encoding import check_text
from poolviz.text.names import can_be_name, check_name
from poolviz.text.tokens import UNITS

TRAIN, EVALUATE, TRUST = WORK = ("train", "evaluate", "trust")
MAX_PINNED = 20
MAX_SEEDS = 100
MAX_EPOCHS = 10_000

_OWNER = re.compile("[0-9a-f]{0,64}")  # it names a folder


@dataclass(frozen=True)
class OwnFile:
    """A file of somebody's own, and how it is read.

    Parameters
    ----------
    name : of the file, without folders.
    unit : what a token of its texts is, one of `poolviz.text.tokens.UNITS`; None finds it out.
    wanted : what was said of the file.
    tests : name of a second file that is tested on; None where there is none.
    """

    name: str
    unit: str | None = None
    wanted: Wanted = AS_FOUND
    tests: str | None = None

    def __post_init__(self):
        for name in (self.name, *([] if self.tests is None else [self.tests])):
            if name != PurePath(name).name or "\\" in name or not name:
                raise ChoiceError("{name} is no name of a file.", name=repr(name))
        if self.unit is not None:
            check_choice(N_("token unit"), self.unit, UNITS)


@dataclass(frozen=True)
class Request:
    """What somebody asks for; it is checked when it is made.

    Parameters
    ----------
    work : one of `WORK`: train models, evaluate those that are there, or survey their trust.
    dataset : key of the catalogue; with `file` a name that its models are listed under.
    heads : keys of the pooling heads, at least one.
    kind : key of `poolviz.model.kinds.KINDS`.
    file : a file of somebody's own instead of the catalogue's.
    model : fields of the kind's model options, but for kind and head; what is not there is usual.
    fit : fields of its training options, likewise.
    seeds : with how many seeds each head is trained, from `fit["seed"]` on.
    sample : how many test rows a survey of trust draws.
    names : of the models that are surveyed; none where each head has just one.
    pinned : sentences whose weights are kept at every epoch, up to `MAX_PINNED`.
    plugins : whole paths of files and folders of heads and data sets of one's own, whose code the
        process runs that does the work. Whoever else reads this knows no such head.
    owner : hash of the key of whom it belongs to; "" where it is everybody's.

    Raises
    ------
    ChoiceError, TrainingError, TextError : something in it cannot be.
    """

    work: str
    dataset: str
    heads: tuple[str, ...]
    kind: str = USUAL
    file: OwnFile | None = None
    model: Mapping[str, Any] = field(default_factory=dict)
    fit: Mapping[str, Any] = field(default_factory=dict)
    seeds: int = 1
    sample: int = 1_000
    names: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    owner: str = ""

    def __post_init__(self):
        check_choice(N_("work"), self.work, WORK)
        check_choice(N_("kind"), self.kind, KINDS)
        check_name(self.dataset)
        if not _OWNER.fullmatch(self.owner):
            raise ChoiceError("{name} cannot be {value}.", name="owner", value=repr(self.owner))
        if self.work != TRAIN and KINDS[self.kind].family is not CLASSIFIER:
            raise ChoiceError("Surveys are made of classifiers; matchers have none.")
        if not self.heads:
            raise TrainingError("Choose at least one head.")
        _check_count("seeds", self.seeds, MAX_SEEDS)
        _check_count("sample", self.sample, 1_000_000)
        _check_count("epochs", self.options.epochs, MAX_EPOCHS)
        self._check_models()
        if len(self.pinned) > MAX_PINNED:
            raise TrainingError("Up to {limit} sentences can be pinned.", limit=MAX_PINNED)
        for text in self.pinned:
            check_text(text)

    def models(self) -> list[ModelOptions | MatcherOptions]:
        """Options of each model to train, in the order of the table of heads.

        Raises
        ------
        ChoiceError, TrainingError : see the options' own classes.
        """
        return self._models(self.heads)

    def _models(self, wanted: Collection[str]) -> list[ModelOptions | MatcherOptions]:
        kind = KINDS[self.kind]
        for head in wanted:
            check_choice(N_("pooling head"), head, kind.heads)
        of_model, _of_fit = OPTIONS[kind.family]
        own = {"kind": self.kind} if "kind" in _names(of_model) else {}
        _check_fields(of_model, self.model)
        heads = [head for head in kind.heads if head in wanted]
        return [of_model(head=head, **own, **self.model) for head in heads]

    def _check_models(self) -> None:
        """Check all models; of a head that plug-ins may have, what any head could have."""
        known = KINDS[self.kind].heads
        foreign = [head for head in self.heads if head not in known] if self.plugins else []
        for head in foreign:
            if not can_be_name(head):
                raise ChoiceError("{name} cannot be {value}.", name="head", value=repr(head))
        own = [head for head in self.heads if head not in foreign]
        self._models(own or [next(iter(known))])

    @property
    def options(self) -> TrainingOptions:
        """Options of the fits.

        Raises
        ------
        ChoiceError, TrainingError : see `TrainingOptions`.
        """
        _of_model, of_fit = OPTIONS[KINDS[self.kind].family]
        _check_fields(of_fit, self.fit)
        return of_fit(**self.fit)

    def as_json(self) -> dict[str, Any]:
        """All of it, for `read`."""
        return asdict(self)

    @classmethod
    def read(cls, data: object) -> Request:
        """What `as_json` gave.

        Raises
        ------
        ValueError : it is nothing of the kind.
        """
        if not is_object(data):
            raise ValueError("request")
        try:
            own = data.get("file")
            return cls(
                work=_text(data, "work"),
                dataset=_text(data, "dataset"),
                heads=_texts(data, "heads"),
                kind=_text(data, "kind"),
                file=None if own is None else _own_file(own),
                model=_object(data, "model"),
                fit=_object(data, "fit"),
                seeds=_count(data, "seeds"),
                sample=_count(data, "sample"),
                names=_texts(data, "names") if "names" in data else (),
                pinned=_texts(data, "pinned"),
                plugins=_texts(data, "plugins") if "plugins" in data else (),
                owner=_text(data, "owner"),
            )
        except (PoolvizError, KeyError, TypeError) as error:
            raise ValueError(str(error)) from error


def _own_file(data: object) -> OwnFile:
    if not is_object(data):
        raise ValueError("file")
    said = _object(data, "wanted")
    _check_fields(Wanted, said)
    tests = _text_or_none(data, "tests") if "tests" in data else None
    return OwnFile(_text(data, "name"), _text_or_none(data, "unit"), Wanted(**said), tests)


def _names(options: type) -> list[str]:
    return [option.name for option in fields(options)]


def _check_fields(options: type, given: Mapping[str, Any]) -> None:
    """Check that options have these names, and take values of such types.

    Raises
    ------
    ChoiceError : they do not.
    """
    known = {option.name: option.default for option in fields(options)}
    for name, value in given.items():
        check_choice(N_("option"), name, known)
        if not _is_like(value, known[name]):
            raise ChoiceError("{name} cannot be {value}.", name=name, value=repr(value))


def _is_like(value: object, default: object) -> bool:
    """Whether a value is of the type of a default; an integer is a number, too."""
    if default is None:
        return value is None or isinstance(value, str)
    if isinstance(default, float):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is type(default)


def _check_count(name: str, value: int, limit: int) -> None:
    if not 1 <= value <= limit:
        raise TrainingError("{name} must be from {low} to {high:,}.", name=name, low=1, high=limit)


def _text(data: Mapping[str, Any], name: str) -> str:
    if not isinstance(data[name], str):
        raise ValueError(name)
    return data[name]


def _text_or_none(data: Mapping[str, Any], name: str) -> str | None:
    return None if data[name] is None else _text(data, name)


def _texts(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = data[name]
    if not is_list(values) or not all(isinstance(value, str) for value in values):
        raise ValueError(name)
    return tuple(values)


def _count(data: Mapping[str, Any], name: str) -> int:
    if type(data[name]) is not int:
        raise ValueError(name)
    return data[name]


def _object(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    if not is_object(data[name]):
        raise ValueError(name)
    return data[name]
