"""Tests of what is set above the line: notes and powers behind figures, in every format."""

from __future__ import annotations

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from pptx import Presentation

from ingest.language.rows import is_figure
from ingest.parse.dispatch import parse
from ingest.parse.raised import raised
from tests.ingest.parse.office import saved, workbook


@pytest.mark.parametrize(
    ("before", "text", "written"),
    [
        ("1,234", "1", "(1)"),
        ("1,234 ", "1", "(1)"),
        ("5%", "2", "(2)"),
        ("(5)", "a", "(a)"),
        ("2023", "1, 2", "(1, 2)"),
        ("10", "6", "(6)"),
        ("3 × 10", "6", "^6"),
        ("3x10", "-9", "^-9"),
        ("the 4", "th", "th"),
        ("5", "(1)", "(1)"),
        ("5", "[1]", "[1]"),
        ("5", "*", "*"),
        ("5", " ", " "),
        ("m", "2", "2"),
        ("", "1", "1"),
    ],
)
def test_behind_a_figure(before: str, text: str, written: str) -> None:
    """A note behind a figure goes in brackets, a power has its mark, what is plain stays."""
    assert raised(before, text) == written


@given(st.decimals(0, 10**9, places=2), st.integers(1, 99))
def test_no_figure_becomes_another(figure: object, note: int) -> None:
    """Behind any figure its note leaves it a figure, with none of the note's digits in it."""
    written = f"{figure:,}"
    marked = written + raised(written, str(note))
    assert marked.partition("(")[0] == written
    assert is_figure(marked)


def _page() -> bytes:
    return b"<p>Sales were 1,234<a href='#n'><sup>1</sup></a> and 5<sup><b>2</b></sup>.</p>"


def _styled_page() -> bytes:
    raised_span = '<span style="vertical-align: super">{}</span>'.format
    return f"<p>Sales were 1,234{raised_span(1)} and 5{raised_span(2)}.</p>".encode()


def _note() -> bytes:
    return b"Sales were 1,234<sup>1</sup> and 5<SUP>2</SUP>."


def _document() -> bytes:
    document = Document()
    paragraph = document.add_paragraph("Sales were 1,234")
    paragraph.add_run("1").font.superscript = True
    paragraph.add_run(" and 5")
    paragraph.add_run("2").font.superscript = True
    paragraph.add_run(".")
    return saved(document)


def _talk() -> bytes:
    document = Presentation()
    slide = document.slides.add_slide(document.slide_layouts[6])
    paragraph = slide.shapes.add_textbox(0, 0, 9, 9).text_frame.paragraphs[0]
    for text, shift in (("Sales were 1,234", 0), ("1", 30_000), (" and 5", 0), ("2", 30_000)):
        run = paragraph.add_run()
        run.text = text
        run.font._element.set("baseline", str(shift))
    paragraph.add_run().text = "."
    return saved(document)


def _book() -> bytes:
    above = InlineFont(vertAlign="superscript")
    text = CellRichText(
        "Sales were 1,234", TextBlock(above, "1"), " and 5", TextBlock(above, "2"), "."
    )
    return workbook([[text]])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", _page()),
        ("b.html", _styled_page()),
        ("a.md", _note()),
        ("a.docx", _document()),
        ("a.pptx", _talk()),
        ("a.xlsx", _book()),
    ],
)
def test_every_format_tells_notes_from_figures(name: str, content: bytes) -> None:
    """Whatever the format, a raised number behind a figure is no part of it."""
    assert parse(content, name).text.endswith("Sales were 1,234(1) and 5(2).")


@pytest.mark.parametrize(
    "cells",
    ["<td>5</td><td><sup>6</sup></td>", "<td>5<br><sup>6</sup></td><td></td>"],
)
def test_what_is_set_apart_is_no_note(cells: str) -> None:
    """A raised number in a cell or on a line of its own stands behind no figure."""
    page = f"<table><tr><td>Sales</td>{cells}</tr><tr><td>a</td><td>b</td><td>c</td></tr></table>"
    assert "(" not in parse(page.encode(), "a.html").text
