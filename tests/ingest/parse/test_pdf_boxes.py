"""Tests that the boxes of a PDF's text lie over its letters."""

from __future__ import annotations

import re
from itertools import chain

import pypdfium2  # type: ignore[import-untyped] # it ships no types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.platypus import (  # type: ignore[import-untyped] # has no types
    PageBreak,
    Spacer,
    Table,
)

from ingest.parse.pdf import parse_pdf
from ingest.records import ParsedReport
from tests.ingest.parse.reading import assert_blocks_hold_the_text
from tests.ingest.parse.typesetting import (
    CHINESE,
    TITLE,
    Drawn,
    Piece,
    column_of,
    paragraph,
    pdf_of,
    pdf_of_lines,
    pdf_saying,
    table_row,
)

PROSE = (
    "The supply of memory is tight because three makers share the market and none of them adds "
    "much. Customers pay ahead of time to be served, which they have not done for twenty years."
)


def assert_boxes_lie_over_the_letters(content: bytes, report: ParsedReport) -> None:
    """Each word of each box is what PDFium finds there, and nothing but separators has no box."""
    reached = 0
    with pypdfium2.PdfDocument(content) as document:
        pages = [page.get_textpage() for page in document]
        for box in report.boxes:
            between = report.text[reached : box.start]
            assert not between.strip(" |\n"), f"no box for {between!r}"
            said = report.text[box.start : box.start + len(box.edges) - 1]
            reached = box.start + len(said)
            assert said == said.strip()
            assert len(said) == len(box.edges) - 1
            assert list(box.edges) == sorted(box.edges)
            assert box.bottom < box.top
            for word in re.finditer(r"\S+", said):
                left, right = (box.edges[place] / 10 for place in word.span())
                bounds = left, box.bottom / 10, right, box.top / 10
                found = pages[box.page - 1].get_text_bounded(*bounds)
                # PDFium has a sign of its own for a hyphen at the end of a line; bars close up
                found = found.strip().replace("\x02", "-").replace(" | ", "|")
                assert found == word[0]
    assert not report.text[reached:].strip()


FACTS: list[Piece] = [
    *table_row(730, "", ["Sales of", "Change"], (380, 500)),
    *table_row(716, "", ["memory", "on the year"], (380, 500)),
    *table_row(700, "Northfield", ["$ 1,144.1", "(7)%"], (380, 500)),
    *table_row(684, "Southfield", ["", "3 %"], (380, 500)),
    *table_row(668, "", ["12", "4"], (380, 500)),
    *table_row(652, "Chips | memory", ["12", "4"], (380, 500)),
]


@pytest.mark.parametrize(
    "content",
    [
        pdf_of([paragraph("Memory: why prices rise", TITLE), paragraph(PROSE), paragraph(PROSE)]),
        pdf_of([Spacer(1, 650), paragraph(PROSE * 3), PageBreak(), paragraph("• first risk")]),
        pdf_of_lines(
            [
                (72, 700, "The capa-"),
                (72, 686, "city of all is long, and long-"),
                (72, 672, "standing US-"),
                (72, 658, "China trade goes."),
            ]
        ),
        pdf_of_lines(FACTS),
        pdf_of([Table([["Year", "Sales"], ["2023", "$ 26.97"], ["2024", "$ 60.92"]])]),
        pdf_of([paragraph("我们认为存储芯片供应偏紧，价格有望继续上涨。" * 6, CHINESE)]),
        pdf_of_lines([*column_of(PROSE * 3, 60, 740, 225), *column_of(PROSE * 3, 310, 740, 225)]),
        pdf_saying([(65, "D83DDCC8"), (66, "0042"), (67, "D840DC0B")], "BABBCA"),
    ],
    ids=[
        *("prose", "pages", "hyphens", "table", "grid"),
        *("Chinese", "columns", "beyond the BMP"),
    ],
)
def test_boxes_lie_over_the_letters(content: bytes) -> None:
    """Of every character of the text its box is known, and it is there on the page."""
    report = parse_pdf(content, "a.pdf")
    assert report.boxes
    assert_boxes_lie_over_the_letters(content, report)


def test_a_ligature_that_says_several_letters() -> None:
    """A shape that stands for two letters is over both: the second has no width of its own."""
    report = parse_pdf(pdf_saying([(65, "00660069"), (66, "0042")], "BABB"), "a.pdf")
    [box] = report.boxes
    assert report.text == "BfiBB"
    assert len(box.edges) == 6
    assert box.edges[2] == box.edges[3] or box.edges[1] == box.edges[2]


@pytest.mark.parametrize("half", ["D83D", "DE00"])
def test_half_a_character_is_none(half: str) -> None:
    """Half of a character beyond the BMP is left out, so that the text can be written down."""
    report = parse_pdf(pdf_saying([(65, half), (66, "0042")], "BBABBAABA"), "a.pdf")
    assert report.text.encode().decode().replace(" ", "") == "BBBBB"
    assert sum(len(box.edges) - 1 for box in report.boxes) == len(report.text)


words = st.text("abcdefgh-XYZ(),.%$", min_size=1, max_size=12)
# PDFium takes single letters below each other for text that is set upright
lines = st.lists(words, min_size=1, max_size=8).map(" ".join).filter(lambda line: len(line) > 1)
figures = st.lists(
    st.sampled_from(["1,144.1", "(7)", "$ 5", "12%", "", "-"]), min_size=2, max_size=2
)


@settings(max_examples=60)
@given(st.lists(lines, max_size=6), st.lists(st.tuples(words, figures), max_size=6))
def test_boxes_of_any_lines(prose: list[str], rows: list[tuple[str, list[str]]]) -> None:
    """Whatever lines and rows are set, no letter is without a box and none is over another."""
    set_lines = [Drawn(72, 760 - 14 * place, line) for place, line in enumerate(prose)]
    set_rows = chain.from_iterable(
        table_row(600 - 16 * place, label, cells, (380, 500))
        for place, (label, cells) in enumerate(rows)
    )
    content = pdf_of_lines([*set_lines, *set_rows])
    report = parse_pdf(content, "a.pdf")
    assert_blocks_hold_the_text(report)
    assert_boxes_lie_over_the_letters(content, report)
