"""XML within an archive, read as a stream by expat: it never becomes a tree.

So a workbook costs what its cells are worth; a document type, with which a small file can expand to
a large one, is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.parsers import expat

from poolviz.datasets.readers.containers import Archive, damaged
from poolviz.watch import QUIET, Watch


def parse(
    name: str,
    archive: Archive,
    member: str,
    start: Callable[[str, Mapping[str, str]], None],
    end: Callable[[str], None] = lambda tag: None,
    text: Callable[[str], None] = lambda data: None,
    watch: Watch = QUIET,
) -> None:
    """Go through the XML of one member; names of elements and attributes stand without prefix.

    Raises
    ------
    DataError : it is damaged, has a document type, or is too large.
    Cancelled : it was stopped.
    """

    def local(tag: str) -> str:
        return tag.rpartition(":")[2]

    def refuse(*declaration: object) -> None:
        raise damaged(name)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, values: start(
        local(tag), {local(key): value for key, value in values.items()}
    )
    parser.EndElementHandler = lambda tag: end(local(tag))
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    try:
        for chunk in archive.chunks(member, watch):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise damaged(name) from error
