"""Makes office documents for tests, and spoils them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from hypothesis import strategies as st
from openpyxl import Workbook
from pptx import Presentation

from ingest.errors import ParseError
from ingest.records import ParsedReport
from tests.ingest.parse.reading import assert_blocks_hold_the_text

TABLE = [["Year", "2022", "2023"], ["Revenue", "26,974", "60,922"], ["Costs", "4,368", "29,760"]]
BILLION_LAUGHS = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
FETCHING = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>'

Parser = Callable[[bytes, str], ParsedReport]


def saved(document: Any) -> bytes:
    """The bytes of a document, workbook or presentation."""
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def text_document(alone: str = "") -> bytes:
    """A text document with a heading, a paragraph, a list and a table; or with one text alone."""
    document = Document()
    if alone:
        document.add_paragraph(alone)
        return saved(document)
    document.add_heading("Memory", 1)
    document.add_paragraph("Prices rose by 3%.")
    document.add_paragraph("one", style="List Bullet")
    fill(document.add_table(3, 3), TABLE)
    return saved(document)


def presentation(alone: str = "") -> bytes:
    """A presentation of one slide: a title, two points and a table; or one title alone."""
    document = Presentation()
    slide = document.slides.add_slide(document.slide_layouts[1])
    if alone:
        slide.shapes.title.text = alone
        return saved(document)
    slide.shapes.title.text = "Memory"
    slide.placeholders[1].text = "Prices rose by 3%.\nCosts fell."
    fill(slide.shapes.add_table(3, 3, 0, 5_000_000, 900_000, 900_000).table, TABLE)
    return saved(document)


def workbook(rows: Sequence[list[Any]] = TABLE) -> bytes:
    """A workbook of one sheet."""
    document = Workbook()
    for row in rows:
        document.worksheets[0].append(row)
    return saved(document)


def fill(table: Any, rows: Sequence[Sequence[str]]) -> None:
    """Write rows into a table."""
    for at, row in enumerate(rows):
        for place, text in enumerate(row):
            table.cell(at, place).text = text


def changed(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A document with one part changed."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for entry in old.infolist():
            written = old.read(entry)
            written = change(written) if entry.filename == part else written
            new.writestr(entry.filename, written, zipfile.ZIP_DEFLATED, 1)
    return file.getvalue()


def with_macros(content: bytes) -> bytes:
    """A document declared as one with macros; what would be its program is no program."""
    kinds = {
        b"wordprocessingml.document": b"ms-word.document",
        b"presentationml.presentation": b"ms-powerpoint.presentation",
        b"spreadsheetml.sheet": b"ms-excel.sheet",
    }

    def declared(listing: bytes) -> bytes:
        for plain, kind in kinds.items():
            plain = b"openxmlformats-officedocument." + plain + b".main"
            listing = listing.replace(plain, kind + b".macroEnabled.main")
        return listing

    file = BytesIO(changed(content, "[Content_Types].xml", declared))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"no program")
    return file.getvalue()


def before_root(declaration: bytes) -> Callable[[bytes], bytes]:
    """A change of a part that puts something before its root element."""

    def change(part: bytes) -> bytes:
        head, mark, root = part.rpartition(b"?>")
        return head + mark + declaration + root

    return change


def spoiled(content: bytes) -> st.SearchStrategy[bytes]:
    """Documents of which some bytes are flipped, cut out, or said twice.

    Half of them are spoilt inside of a part, so that the archive around it is sound.
    """
    parts = {
        name: part
        for name, part in _parts(content).items()
        if name.endswith((".xml", ".rels")) and len(part) < 200_000
    }
    inner = st.sampled_from(sorted(parts)).flatmap(
        lambda name: _spoilt(parts[name]).map(lambda part: changed(content, name, lambda _: part))
    )
    return st.one_of(_spoilt(content), inner)


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@st.composite
def _spoilt(draw: st.DrawFn, content: bytes) -> bytes:
    spoilt = bytearray(content)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(spoilt) - 1)))
        length = draw(st.integers(1, 40))
        how = draw(st.sampled_from(["flip", "cut", "twice", "end"]))
        if how == "flip" and spoilt:
            spoilt[at] ^= draw(st.integers(1, 255))
        elif how == "cut":
            del spoilt[at : at + length]
        elif how == "twice":
            spoilt[at:at] = spoilt[at : at + length]
        elif draw(st.integers(0, 9)) == 0:
            del spoilt[at:]
    return bytes(spoilt)


def assert_only_refused(parser: Parser, content: bytes, name: str) -> None:
    """Whatever the bytes, a parser reads them or raises a ParseError that names the file."""
    try:
        report = parser(content, name)
    except ParseError as error:
        refused = error
    else:
        assert_blocks_hold_the_text(report)
        return
    assert name in str(refused)


def assert_refused(parser: Parser, content: bytes, name: str, reason: str) -> None:
    """A parser refuses bytes with a message that names the file, the reason and a remedy."""
    with pytest.raises(ParseError) as refused:
        parser(content, name)
    assert str(refused.value).startswith(name)
    assert reason in str(refused.value)
    assert "; " in str(refused.value)
