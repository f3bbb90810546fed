"""Tests of what the line above a table says of its figures, in every format that has one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from docx import Document
from pptx import Presentation

from ingest.parse.captions import unit_of
from ingest.parse.dispatch import parse
from tests.ingest.parse.office import TABLE, fill, saved, workbook

INCH = 914_400


@pytest.mark.parametrize(
    ("caption", "unit"),
    [
        ("Income statement (in millions)", "in millions"),
        ("RMB million", "RMB million"),
        ("(US$ million)", "US$ million"),
        ("单位：亿元", "亿元"),
        ("Income statement", ""),
        ("Total | 5 (in millions)", ""),
        ("Prices rose (in millions). " + "They rose again. " * 20, ""),
        ("", ""),
    ],
)
def test_a_line_above_names_the_unit(caption: str, unit: str) -> None:
    """A short line names a unit, prose and a row of another table do not."""
    assert unit_of(caption) == unit


def _document(caption: str) -> bytes:
    document = Document()
    document.add_paragraph(caption)
    fill(document.add_table(3, 3), TABLE)
    return saved(document)


def _talk(caption: str) -> bytes:
    document = Presentation()
    shapes = document.slides.add_slide(document.slide_layouts[6]).shapes
    shapes.add_textbox(0, INCH, INCH, INCH).text_frame.text = caption
    fill(shapes.add_table(3, 3, 0, 3 * INCH, INCH, INCH).table, TABLE)
    return saved(document)


def _book(caption: str) -> bytes:
    return workbook([[caption], *TABLE])


def _apart(caption: str) -> bytes:
    return workbook([[caption], [], *TABLE])


def _lines(mark: str) -> Callable[[str], bytes]:
    rows = "\n".join(mark.join(row) for row in TABLE)
    return lambda caption: f"{caption}\n\n{rows}".encode()


def _rows(rows: list[list[str]]) -> bytes:
    lines = "".join(f"<tr><td>{'<td>'.join(row)}</tr>" for row in rows)
    return f"<table>{lines}</table>".encode()


def _page(caption: str) -> bytes:
    return f"<p>{caption}</p>".encode() + _rows(TABLE)


@pytest.mark.parametrize("unit", ["单位：亿元", "(亿元)", "Unit: 亿元"])
@pytest.mark.parametrize("title", ["Income", ""])
def test_a_unit_in_the_corner_is_the_whole_tables(title: str, unit: str) -> None:
    """What a table is counted in is no head of the column that it stands above."""
    content = {
        "a.xlsx": workbook([[title, None, unit], *TABLE]),
        "a.csv": "\n".join("\t".join(row) for row in [[title, "", unit], *TABLE]).encode(),
        "a.html": _rows([[title, "", unit], *TABLE]),
    }
    for name, written in content.items():
        (table,) = parse(written, name).tables
        assert (table.heads, table.unit) == (("Year", "2022", "2023"), "亿元")


@pytest.mark.parametrize(
    "row",
    [["", "RMB million", "US$ million"], ["", "", "(in percent)"], ["Item", "RMB million", "x"]],
)
def test_units_of_columns_are_their_heads(row: list[str]) -> None:
    """Units of several columns, and a share, are the heads of theirs alone."""
    book, page = parse(workbook([row, *TABLE]), "a.xlsx"), parse(_rows([row, *TABLE]), "a.html")
    assert book.tables[0].heads[2].startswith(row[2])
    assert page.tables[0].heads == book.tables[0].heads
    assert (book.tables[0].first, page.tables[0].first) == (2, 1)


@pytest.mark.parametrize("caption", ["Sales (RMB million)", "RMB million"])
@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a.docx", _document),
        ("a.pptx", _talk),
        ("a.xlsx", _book),
        ("b.xlsx", _apart),
        ("a.txt", _lines("\t")),
        ("a.html", _page),
    ],
)
def test_every_format_hears_it(name: str, written: Callable[[str], bytes], caption: str) -> None:
    """Whatever the format, a table counts in what the line right above it says."""
    (table,) = parse(written(caption), name).tables
    assert (table.heads, table.unit) == (("Year", "2022", "2023"), "RMB million")
