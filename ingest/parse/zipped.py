"""The parts of an office document, a zip archive of XML of which nothing is trusted."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from ingest.errors import ParseError
from ingest.language.encodings import encoding_meant
from ingest.language.houses import looks_like_house

if TYPE_CHECKING:
    from collections.abc import Iterator

ZIP = b"PK\x03\x04"
_ENTRY = b"PK\x01\x02"  # stands before every entry of an archive's directory
_MOST_ENTRIES = 10_000
_MOST_BYTES = 250_000_000  # of all parts that are read, unpacked
_MOST_MARKUP = 25_000_000  # of a part that is taken in as a whole; in memory it is far larger
_CHUNK = 1 << 18
_LOCAL_HEADER = 30
_LOCKED = 1  # a flag of an entry
_SQUEEZED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})  # all that office documents use

_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
_ENCODING = re.compile(rb"<\?xml[^>]{1,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
_USUAL = ("utf-8", "utf-16", "utf-32", "cp1252")
_DECLARED_WITHIN = 300  # bytes
_SORTS = {
    "wordprocessingml": (".docx", "a text document (.docx)"),
    "ms-word": (".docx", "a text document (.docx)"),
    "presentationml": (".pptx", "a presentation (.pptx)"),
    "ms-powerpoint": (".pptx", "a presentation (.pptx)"),
    "spreadsheetml": (".xlsx", "a workbook (.xlsx)"),
    "ms-excel": (".xlsx", "a workbook (.xlsx)"),
}
_UNKNOWN = ("", "a zip archive, no office document")
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError),
    *(ValueError, OverflowError),
)


class Relation(NamedTuple):
    """What a part points at.

    Attributes:
        kind: the last word of its kind ("slideLayout", "chart").
        target: the name of the part.
    """

    kind: str
    target: str


class Parts:
    """The parts of one office document, unpacked when they are asked for.

    All of them together may not grow beyond a bound, which is counted while they are unpacked:
    what an archive says of their size may be a lie.
    """

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive = archive
        self._name = name
        self._left = _MOST_BYTES
        self._entries = {entry.filename.lstrip("/"): entry for entry in archive.infolist()}

    def __contains__(self, part: object) -> bool:
        return part in self._entries

    def read(self, part: str) -> bytes:
        """Return a part's bytes.

        Raises:
            ParseError: it is missing, damaged, locked, or too large.
        """
        entry = self._entries.get(part)
        if entry is None:
            raise self.damaged(f"{part} is missing")
        if entry.flag_bits & _LOCKED:
            raise ParseError(f"{self._name} is locked by a password; save it without one")
        if entry.compress_type not in _SQUEEZED:
            raise self.damaged("it is packed in an unusual way")
        chunks: list[bytes] = []
        try:
            with self._archive.open(entry) as unpacked:
                while chunk := unpacked.read(_CHUNK):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise ParseError(
                            f"{self._name} unpacks to more than {_MOST_BYTES // 1_000_000} MB; "
                            "split it"
                        )
                    chunks.append(chunk)
        except _BROKEN as error:
            raise self.damaged(f"{part} cannot be unpacked") from error
        return b"".join(chunks)

    def markup(self, part: str) -> bytes:
        """Return the bytes of a part that is XML, without any declarations of its own.

        Raises:
            ParseError: as `read`, or it declares entities, which can grow without end or fetch
                what lies elsewhere.
        """
        content = self.read(part)
        narrow = content.replace(b"\x00", b"")  # what is written in UTF-16 or UTF-32, as in UTF-8
        named = _ENCODING.search(narrow[:_DECLARED_WITHIN])
        # in UTF-7 and the like a mark can be written so that nobody finds it
        meant = encoding_meant(named[1].decode("ascii")) if named else "utf-8"
        is_odd = meant is None or not meant.startswith(_USUAL)
        if is_odd or any(mark in narrow for mark in _DECLARATIONS):
            raise ParseError(
                f"{self._name} holds declarations that no office program writes ({part}); "
                "save it anew"
            )
        return content

    def tree(self, part: str) -> Any:
        """Return the root element of a part that is XML.

        Raises:
            ParseError: as `markup`, or it is no XML or too large.
        """
        from lxml import etree  # type: ignore[import-untyped] # lxml ships no types

        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
        )
        content = self.markup(part)
        if len(content) > _MOST_MARKUP:
            raise ParseError(
                f"{self._name} holds more than {_MOST_MARKUP // 1_000_000} MB of text in one part; "
                "split it"
            )
        try:
            return etree.fromstring(content, parser)
        except (etree.LxmlError, ValueError) as error:
            raise self.damaged(f"{part} is no XML") from error

    def relations(self, part: str = "") -> dict[str, Relation]:
        """Return what a part points at inside the document, by the names it has for them.

        Args:
            part: the part; none for the document itself.

        Raises:
            ParseError: as `tree`.
        """
        folder, file = posixpath.split(part)
        listing = posixpath.join(folder, "_rels", f"{file}.rels")
        if listing not in self:
            return {}
        found = {}
        for relation in self.tree(listing):
            if relation.get("TargetMode") == "External":
                continue
            target = unquote(relation.get("Target", ""))
            whole = target if target.startswith("/") else posixpath.join(folder, target)
            kind = relation.get("Type", "").rpartition("/")[2]
            found[relation.get("Id", "")] = Relation(kind, posixpath.normpath(whole).lstrip("/"))
        return found

    def related(self, part: str, kind: str) -> Iterator[str]:
        """Yield the names of the parts of a kind that a part points at and that are there."""
        for relation in self.relations(part).values():
            if relation.kind == kind and relation.target in self:
                yield relation.target

    def main(self) -> str:
        """Return the name of the part that the document begins with.

        Raises:
            ParseError: there is none.
        """
        for part in self.related("", "officeDocument"):
            return part
        raise self.damaged("its main part is missing")

    def stated(self) -> dict[str, str]:
        """Return what the properties state: the title, and the author as publisher if a house.

        Raises:
            ParseError: as `tree`.
        """
        for part in self.related("", "core-properties"):
            written = {local(element): (element.text or "").strip() for element in self.tree(part)}
            author = written.get("creator", "")
            publisher = author if looks_like_house(author) else ""
            said = {"title": written.get("title", ""), "publisher": publisher}
            return {key: value for key, value in said.items() if value}
        return {}

    def damaged(self, what: str) -> ParseError:
        """Return the error that says what is wrong with the document."""
        return ParseError(
            f"{self._name} is damaged: {what}; copy it again from where it came, or save it anew"
        )


def open_parts(content: bytes, name: str, suffix: str) -> Parts:
    """Open an office document.

    Args:
        content: its bytes.
        name: its name, for messages.
        suffix: what it should be: ".docx", ".pptx" or ".xlsx".

    Returns:
        Its parts; none is unpacked but those that say what it is.

    Raises:
        ParseError: it is no such document, damaged, locked, or made to harm.
    """
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise ParseError(
            f"{name} is locked by a password, or of an old office format; save it as {suffix} "
            "without a password"
        )
    if not content.startswith(b"PK"):
        raise ParseError(f"{name} is no {suffix} by its content; save it anew")
    parts = _opened(content, name)
    found, what = _sort(parts)
    if found != suffix:
        raise ParseError(f"{name} is {what} by its content, not {suffix}; rename it")
    return parts


def zip_named(content: bytes) -> str:
    """Return what people call a zip archive: an office document, or a mere archive."""
    try:
        return _sort(_opened(content, ""))[1]
    except ParseError:
        return "a zip archive or an office document"


def local(element: Any) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def own(element: Any, key: str) -> str | None:
    """Return an attribute of an element by its name without a namespace; None if it has none."""
    for written, value in element.attrib.items():
        if written.rpartition("}")[2] == key:
            return str(value)
    return None


def number_of(written: str | None, usual: int, most: int) -> int:
    """Return the whole number that an attribute holds, but no more than `most`.

    Args:
        written: the attribute; None where there is none.
        usual: what it is where the attribute holds no such number.
        most: the largest that is believed.
    """
    if written is None or not (written.isascii() and written.isdigit()):
        return usual
    return min(int(written[:9]), most)


def child(element: Any, *path: str) -> Any:
    """Return the first element down a path of names without namespaces; None if there is none."""
    for name in path:
        element = next((each for each in element if local(each) == name), None)
        if element is None:
            return None
    return element


def descendants(element: Any, name: str) -> Iterator[Any]:
    """Return all elements of a name, without its namespace, in and below an element."""
    found: Iterator[Any] = element.iter(f"{{*}}{name}")
    return found


def _opened(content: bytes, name: str) -> Parts:
    """The parts of an archive whose directory is sound."""
    if content.count(_ENTRY) > _MOST_ENTRIES:
        raise ParseError(f"{name} holds more than {_MOST_ENTRIES} parts; save it anew")
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except _BROKEN as error:
        raise ParseError(
            f"{name} is damaged or cut off; copy it again from where it came"
        ) from error
    entries = sorted(archive.infolist(), key=lambda entry: entry.header_offset)
    for entry, following in pairwise(entries):
        end = entry.header_offset + _LOCAL_HEADER + len(entry.filename) + entry.compress_size
        if end > following.header_offset:
            raise ParseError(f"{name} holds parts that lie over one another; save it anew")
    return Parts(archive, name)


def _sort(parts: Parts) -> tuple[str, str]:
    """The suffix of an archive and what people call it."""
    if "[Content_Types].xml" not in parts:
        return _UNKNOWN
    pointed = parts.relations().values()
    main = next((each.target for each in pointed if each.kind == "officeDocument"), None)
    for entry in parts.tree("[Content_Types].xml"):
        if entry.get("PartName", "").lstrip("/") == main:
            written = entry.get("ContentType", "").lower()
            return next((found for word, found in _SORTS.items() if word in written), _UNKNOWN)
    return _UNKNOWN
