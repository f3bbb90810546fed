"""Tests of opening office documents of which nothing is trusted."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO

import pytest

from ingest.errors import ParseError
from ingest.parse import zipped
from ingest.parse.docx import parse_docx
from ingest.parse.pptx import parse_pptx
from ingest.parse.xlsx import parse_xlsx
from tests.ingest.parse.office import (
    BILLION_LAUGHS,
    FETCHING,
    Parser,
    assert_refused,
    before_root,
    changed,
    presentation,
    text_document,
    workbook,
)
from tests.ingest.parse.reading import said

DOCX, PPTX, XLSX = text_document(), presentation(), workbook()
FORMATS = [
    pytest.param(parse_docx, DOCX, "a.docx", "word/document.xml", id="docx"),
    pytest.param(parse_pptx, PPTX, "a.pptx", "ppt/slides/slide1.xml", id="pptx"),
    pytest.param(parse_xlsx, XLSX, "a.xlsx", "xl/worksheets/sheet1.xml", id="xlsx"),
]
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096)


def archive(parts: dict[str, bytes]) -> bytes:
    """A zip archive of some parts."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in parts.items():
            written.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("parser", "name", "content", "reason"),
    [
        (parse_docx, "a.docx", b"", "is no .docx by its content"),
        (parse_docx, "a.docx", b"%PDF-1.7", "is no .docx by its content"),
        (parse_docx, "a.docx", OLD, "is locked by a password, or of an old office format"),
        (parse_pptx, "a.pptx", OLD, "save it as .pptx"),
        (parse_xlsx, "a.xlsx", OLD, "save it as .xlsx"),
        (parse_xlsx, "a.xlsx", DOCX, "is a text document (.docx) by its content, not .xlsx"),
        (parse_docx, "a.docx", XLSX, "is a workbook (.xlsx) by its content, not .docx"),
        (parse_docx, "a.docx", PPTX, "is a presentation (.pptx) by its content, not .docx"),
        (parse_pptx, "a.pptx", archive({"a.txt": b"a"}), "is a zip archive, no office document"),
        (parse_docx, "a.docx", archive({}), "is a zip archive, no office document"),
        (parse_docx, "a.docx", DOCX[: len(DOCX) // 2], "is damaged or cut off"),
        (parse_pptx, "a.pptx", PPTX[:-30], "is damaged or cut off"),
        (parse_xlsx, "a.xlsx", XLSX[:40], "is damaged or cut off"),
    ],
)
def test_what_is_no_such_document_is_refused(
    parser: Parser, name: str, content: bytes, reason: str
) -> None:
    """What is empty, cut off, locked or of another format is refused with the reason."""
    assert_refused(parser, content, name, reason)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (DOCX, "a text document (.docx)"),
        (PPTX, "a presentation (.pptx)"),
        (XLSX, "a workbook (.xlsx)"),
        (archive({"a": b"a"}), "a zip archive, no office document"),
        (b"PK\x03\x04....", "a zip archive or an office document"),
    ],
)
def test_archives_are_called_by_what_they_are(content: bytes, what: str) -> None:
    """An archive under a wrong name is called by what it is."""
    assert zipped.zip_named(content) == what


@pytest.mark.parametrize(("parser", "content", "name", "part"), FORMATS)
@pytest.mark.parametrize("declaration", [BILLION_LAUGHS, FETCHING])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32"])
def test_entities_are_refused(
    parser: Parser, content: bytes, name: str, part: str, declaration: bytes, encoding: str
) -> None:
    """A part that declares entities is refused before it is read, whatever its encoding."""

    def declared(written: bytes) -> bytes:
        root = written.rpartition(b"?>")[2]
        return (declaration + root).decode().encode(encoding)

    harmful = changed(content, part, declared)
    assert_refused(parser, harmful, name, "holds declarations that no office program writes")


@pytest.mark.parametrize(("parser", "content", "name", "part"), FORMATS)
def test_entities_are_not_hidden_in_an_encoding(
    parser: Parser, content: bytes, name: str, part: str
) -> None:
    """A part in an encoding in which nobody finds a declaration is refused."""

    def hidden(written: bytes) -> bytes:
        root = written.rpartition(b"?>")[2]
        declared = (
            b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a [+ADwAIQ-ENTITY b "ha">]>'
        )
        return declared + root.decode().encode("utf-7")

    assert_refused(parser, changed(content, part, hidden), name, "holds declarations")


@pytest.mark.parametrize(("parser", "content", "name", "part"), FORMATS)
def test_a_missing_part_is_told(parser: Parser, content: bytes, name: str, part: str) -> None:
    """A document without its text is damaged, and the part that is missing is named."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for entry in old.infolist():
            if entry.filename != part:
                new.writestr(entry, old.read(entry))
    assert_refused(parser, file.getvalue(), name, "is missing")


def test_a_bomb_is_refused() -> None:
    """A small file that unpacks to a great deal is refused before it is unpacked wholly."""
    space = b" " * (zipped._MOST_BYTES + 1_000)
    bomb = changed(XLSX, "xl/worksheets/sheet1.xml", lambda _: space)
    assert len(bomb) < 3_000_000
    assert_refused(parse_xlsx, bomb, "a.xlsx", "unpacks to more than 250 MB; split it")


def test_a_part_that_memory_would_not_hold_is_refused() -> None:
    """A part that is taken in as a whole has a narrower bound: in memory it grows."""
    space = b" " * (zipped._MOST_MARKUP + 1_000)
    large = changed(DOCX, "word/document.xml", before_root(space))
    assert_refused(parse_docx, large, "a.docx", "more than 25 MB of text in one part; split it")


def test_what_an_archive_says_of_its_size_is_not_believed() -> None:
    """A part that says it is small is not unpacked beyond what it says, and is damaged."""
    part = b"<a>" + b"x" * 50_000_000 + b"</a>"
    with zipfile.ZipFile(BytesIO(DOCX)) as sound:
        parts = {name: sound.read(name) for name in sound.namelist()}
    lying = bytearray(archive(parts | {"word/document.xml": part}))
    size = struct.pack("<L", len(part))
    assert lying.count(size) == 2
    assert_refused(
        parse_docx,
        bytes(lying).replace(size, struct.pack("<L", 1_000)),
        "a.docx",
        "word/document.xml cannot be unpacked",
    )


def test_many_entries_are_refused() -> None:
    """An archive with more entries than a document has is refused before they are listed."""
    many = archive({f"{at}": b"" for at in range(zipped._MOST_ENTRIES + 1)})
    assert_refused(parse_docx, many, "a.docx", "holds more than 10000 parts")


def test_parts_that_lie_over_one_another_are_refused() -> None:
    """An archive whose entries share their bytes, as bombs do, is refused."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    squeezed = packed.compress(b"a" * 1000) + packed.flush()
    crc = zlib.crc32(b"a" * 1000)
    sizes = struct.pack("<3L2H", crc, len(squeezed), 1000, 1, 0)
    local_entry = b"PK\x03\x04" + struct.pack("<5H", 20, 0, 8, 0, 33) + sizes + b"a" + squeezed
    entry = b"PK\x01\x02" + struct.pack("<6H", 20, 20, 0, 8, 0, 33) + sizes
    entries = b"".join(entry + struct.pack("<3H2L", 0, 0, 0, 0, 0) + each for each in (b"a", b"b"))
    end = struct.pack("<4H2LH", 0, 0, 2, 2, len(entries), len(local_entry), 0)
    assert_refused(
        parse_docx, local_entry + entries + b"PK\x05\x06" + end, "a.docx", "lie over one another"
    )


@pytest.mark.parametrize(
    "target", ["../../../etc/hostname", "/etc/hostname", "file:///etc/hostname"]
)
def test_nothing_outside_the_archive_is_read(target: str) -> None:
    """A part that points outside the archive points at nothing, and the document is damaged."""
    away = changed(
        DOCX, "_rels/.rels", lambda part: part.replace(b"word/document.xml", target.encode())
    )
    with pytest.raises(ParseError):
        parse_docx(away, "a.docx")


def test_what_is_said_to_lie_outside_is_not_read() -> None:
    """A part that is said to lie outside of the document is not looked for inside of it."""
    outside = b'TargetMode="External" Target="word/document.xml"'
    away = changed(
        DOCX, "_rels/.rels", lambda part: part.replace(b'Target="word/document.xml"', outside)
    )
    with pytest.raises(ParseError):
        parse_docx(away, "a.docx")


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_unusual_packing_is_refused(packing: int) -> None:
    """What no office program packs so, and unpacks at once to whatever size, is not unpacked."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(DOCX)) as old, zipfile.ZipFile(file, "w") as new:
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry), packing)
    assert_refused(parse_docx, file.getvalue(), "a.docx", "packed in an unusual way")


def test_names_that_climb_out_of_the_archive_do_no_harm() -> None:
    """Entries whose names lead elsewhere are left alone, for nothing is unpacked to disk."""
    file = BytesIO(DOCX)
    with zipfile.ZipFile(file, "a") as written:
        written.writestr("../../../tmp/escaped", b"a")
        written.writestr("/tmp/escaped", b"a")  # noqa: S108 # nothing is written there
    assert said(parse_docx(file.getvalue(), "a.docx")) == said(parse_docx(DOCX, "a.docx"))


def test_a_locked_entry_is_told() -> None:
    """An archive with a password on its parts is locked."""
    locked = bytearray(DOCX)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.find(mark)
        while at >= 0:
            locked[at + place] |= 1
            at = locked.find(mark, at + 4)
    assert_refused(parse_docx, bytes(locked), "a.docx", "is locked by a password")
