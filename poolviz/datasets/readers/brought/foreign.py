"""Files that hold no rows that can be read here, known by how they begin."""

from __future__ import annotations

from poolviz.errors import DataError

_DOCUMENTS = {
    b"%PDF": "PDF",
    b"{\\rtf": "RTF",
    b"SQLite format 3\0": "SQLite",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"ARROW1": "Arrow",
    b"\x89HDF": "HDF5",
    b"Obj\x01": "Avro",
}
_PACKED = {
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a": "RAR",
    b"\xfd7zXZ\0": "xz",
    b"BZh91AY&SY": "bzip2",
    b"\x28\xb5\x2f\xfd": "Zstandard",
}
_TAR, _TAR_PLACE = b"ustar", 257
_PAGES = {"<!doctype html": "HTML", "<html": "HTML", "<table": "HTML", "<?xml": "XML"}


def refuse_foreign(name: str, content: bytes) -> None:
    """Refuse a file of another kind by its first bytes.

    Raises
    ------
    DataError : it is of one.
    """
    for mark, kind in _DOCUMENTS.items():
        if content.startswith(mark):
            raise _no_table(name, kind)
    tar = content[_TAR_PLACE : _TAR_PLACE + len(_TAR)] == _TAR
    packed = [kind for mark, kind in _PACKED.items() if content.startswith(mark)]
    if tar or packed:
        raise DataError(
            "{name} is packed as {kind}; unpack it, or pack it as ZIP or .gz.",
            name=name,
            kind="tar" if tar else packed[0],
        )


def refuse_page(name: str, text: str) -> None:
    """Refuse a web page or XML, as some programs write them under a name that ends in .xls.

    Raises
    ------
    DataError : it is one.
    """
    start = text[:100].lstrip().lower()
    for mark, kind in _PAGES.items():
        if start.startswith(mark):
            raise _no_table(name, kind)


def _no_table(name: str, kind: str) -> DataError:
    return DataError(
        "{name} is {kind}, of which no rows can be read; save them as CSV, .xlsx or JSON.",
        name=name,
        kind=kind,
    )
