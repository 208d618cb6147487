"""What is in compressed files: nothing is unpacked to disk, and no size is taken on trust."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath, PureWindowsPath

import regex

from poolviz.datasets.readers.reading import check_size
from poolviz.errors import ChoiceError, DataError
from poolviz.watch import QUIET, Watch

ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")  # the second begins an empty one
GZIP_MARK = b"\x1f\x8b"
MAX_MEMBERS = 1_000
_CHUNK = 1 << 20
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    RuntimeError,  # encrypted, or packed by a method unknown here
    ValueError,
    EOFError,
    OSError,
    OverflowError,
    LookupError,
    AttributeError,
)
_FRAMES = regex.compile(r"[\u2500-\u259f]")  # in a name they are bytes of another encoding
_CENTRAL = b"PK\x01\x02"  # stands before each entry of the list of members
_FORMATS = (
    "csv",
    "tsv",
    "txt",
    "tab",
    "json",
    "jsonl",
    "ndjson",
    "parquet",
    "xlsx",
    "xlsb",
    "xls",
    "ods",
)
_ENDINGS = tuple(f".{ending}{packed}" for packed in ("", ".gz") for ending in _FORMATS)


def gunzipped(name: str, content: bytes, watch: Watch = QUIET) -> bytes:
    """The content of a `.gz` file.

    Raises
    ------
    DataError : it is damaged, or larger than can be read.
    Cancelled : it was stopped.
    """
    found, total = [], 0
    try:
        while content.startswith(GZIP_MARK):
            unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
            while not unpacker.eof:
                watch.check()
                part = unpacker.decompress(content, _CHUNK)
                content = unpacker.unconsumed_tail
                if not (part or content or unpacker.eof):
                    raise EOFError
                found.append(part)
                total += len(part)
                check_size(name, total)
            content = unpacker.unused_data
    except (zlib.error, EOFError) as error:
        raise damaged(name) from error
    return b"".join(found)


class Archive:
    """The files of a ZIP that may hold rows, by their names.

    Raises
    ------
    DataError : it is damaged, holds too many files, or a path that leads outside of it.
    """

    def __init__(self, name: str, content: bytes):
        self.name = name
        if content.count(_CENTRAL) > 2 * MAX_MEMBERS:
            raise self._too_many()
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            members = [m for m in self._archive.infolist() if not m.is_dir()]
        except _DAMAGE as error:
            raise damaged(name) from error
        if len(members) > MAX_MEMBERS:
            raise self._too_many()
        if any(_leads_outside(member.filename) for member in members):
            raise DataError(
                "{name} holds a file with a path outside of the archive; pack it again.",
                name=name,
            )
        self.members = {
            readable_name(member): member for member in members if not _is_system(member.filename)
        }

    def holds(self, path: str) -> bool:
        """Whether there is a file of this path."""
        return path in self.members

    def tables(self) -> tuple[str, ...]:
        """The names of the files that may hold rows."""
        return tuple(name for name in self.members if name.lower().endswith(_ENDINGS))

    def chosen(self, wanted: str | None) -> str:
        """The name of the only file with rows, or of the one that is wanted.

        Raises
        ------
        ChoiceError : no such file.
        DataError : there is none, or there are several and none is wanted.
        """
        names = self.tables()
        if wanted is not None:
            fitting = [n for n in self.members if wanted in (n, PurePosixPath(n).name)]
            if len(fitting) != 1:
                raise ChoiceError(
                    "{name} holds no file {part}; choose one of {known}.",
                    name=self.name,
                    part=wanted,
                    known=", ".join(names[:20]),
                )
            return fitting[0]
        if not names:
            raise DataError(
                "{name} holds no file with rows (CSV, TSV, text, JSON, Excel, Parquet); pack one.",
                name=self.name,
            )
        return names[0]

    def read(self, member: str, watch: Watch = QUIET) -> bytes:
        """The content of one file.

        Raises
        ------
        DataError, Cancelled : see `chunks`.
        """
        return b"".join(self.chunks(member, watch))

    def chunks(self, member: str, watch: Watch = QUIET) -> Iterator[bytes]:
        """The content of one file, part by part.

        Raises
        ------
        DataError : it is not there, damaged, encrypted, or larger than can be read.
        Cancelled : it was stopped.
        """
        total = 0
        try:
            file = self._archive.open(self.members[member])
        except _DAMAGE as error:
            raise damaged(self.name) from error
        with file:
            while True:
                watch.check()
                try:
                    part = file.read(_CHUNK)
                except _DAMAGE as error:
                    raise damaged(self.name) from error
                if not part:
                    return
                total += len(part)
                check_size(self.name, total)  # what the archive says of it is not to be trusted
                yield part

    def _too_many(self) -> DataError:
        return DataError(
            "{name} holds more than {limit:,} files; pack fewer.", name=self.name, limit=MAX_MEMBERS
        )


def readable_name(member: zipfile.ZipInfo) -> str:
    """The name of a file in an archive, also where a Chinese Windows wrote it in its own way."""
    if not _FRAMES.search(member.filename):
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def damaged(name: str) -> DataError:
    """What to say of a file whose container or format is broken."""
    return DataError("{name} is damaged or encrypted; save or pack it again.", name=name)


def _is_system(path: str) -> bool:
    """Whether a file is one that macOS or Windows packs beside those that were meant."""
    parts = PurePosixPath(path).parts
    return "__MACOSX" in parts or parts[-1].startswith(".") or parts[-1] == "Thumbs.db"


def _leads_outside(path: str) -> bool:
    posix, windows = PurePosixPath(path), PureWindowsPath(path)
    return posix.is_absolute() or bool(windows.anchor) or ".." in windows.parts or not posix.parts
