"""Tests of pages set in columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, zip_longest

import pytest

from ingest.parse.pdf import parse_pdf
from tests.ingest.parse.reading import assert_blocks_hold_the_text, said
from tests.ingest.parse.typesetting import (
    Drawn,
    column_of,
    pdf_of_lines,
    pdf_of_pages,
    table_row,
)

TIGHT = (
    "The supply of memory is tight because three makers share the market and none of them adds "
    "much of it. Customers pay ahead of time to be served, which they have not done for twenty "
    "years. The makers say that they will not add lines before the end of the year, and nobody "
    "who has seen their plants doubts that they mean it, since it takes years to build one."
)
WANTED = (
    "Demand comes from a few buyers, whose budgets are public. They have each said that they will "
    "spend more, and they have so far done what they said, quarter after quarter. What they buy "
    "is spoken for before it leaves the plant, and prices are agreed for a whole year, so that "
    "the next one is known already to those who ask them, and to those who read it here."
)
PRICED = (
    "Prices follow from both. A contract that was signed in spring for a dollar is signed in "
    "autumn for a dollar and a fifth, and the buyers sign all the same. Only where a phone must "
    "be cheap do they turn away, and there they turn to older chips, of which there are enough "
    "for now, since the old plants are paid for and run day and night whatever is asked of them."
)
TITLE = Drawn(60, 780, "Memory: why prices rise and go on rising through the next year", size=16)
LAST = Drawn(60, 480, "All of it is told in the annex, across both of the columns of this page.")


def in_turn(*columns: Sequence[Drawn]) -> list[Drawn]:
    """The lines of several columns, line by line across all of them."""
    return [piece for row in zip_longest(*columns) for piece in row if piece is not None]


@pytest.mark.parametrize("across", [False, True], ids=["column by column", "line by line"])
def test_two_columns(across: bool) -> None:
    """A column is read down before the next, however its file goes, between what is across both."""
    columns = column_of(TIGHT, 60, 740, 225), column_of(WANTED, 310, 740, 225)
    lines = in_turn(*columns) if across else list(chain(*columns))
    report = parse_pdf(pdf_of_lines([TITLE, *lines, LAST]), "a.pdf")
    assert_blocks_hold_the_text(report)
    assert said(report) == [
        ("heading", TITLE.text),
        ("paragraph", TIGHT),
        ("paragraph", WANTED),
        ("paragraph", LAST.text),
    ]


@pytest.mark.parametrize("across", [False, True], ids=["column by column", "line by line"])
def test_three_columns(across: bool) -> None:
    """Three columns are read one after the other."""
    columns = [
        column_of(text, 40 + 180 * place, 740, 160)
        for place, text in enumerate((TIGHT, WANTED, PRICED))
    ]
    lines = in_turn(*columns) if across else list(chain(*columns))
    report = parse_pdf(pdf_of_lines(lines), "a.pdf")
    assert [text for _, text in said(report)] == [TIGHT, WANTED, PRICED]


@pytest.mark.parametrize("across", [False, True], ids=["column by column", "line by line"])
def test_a_paragraph_goes_on_in_the_next_column(across: bool) -> None:
    """A paragraph that breaks off at the foot of a column is one block with what goes on."""
    whole = column_of(f"{TIGHT} {WANTED}", 60, 740, 225)
    half = len(whole) // 2
    height = 13 * half
    left = whole[:half]
    right = [Drawn(310, piece.y + height, piece.text, size=10) for piece in whole[half:]]
    lines = in_turn(left, right) if across else [*left, *right]
    report = parse_pdf(pdf_of_lines(lines), "a.pdf")
    assert said(report) == [("paragraph", f"{TIGHT} {WANTED}")]


def test_paragraphs_beside_each_other_stay_apart() -> None:
    """What ends in one column does not go on in the next, nor on the next page."""
    left, right = column_of(TIGHT, 60, 740, 225), column_of(WANTED, 310, 740, 225)
    content = pdf_of_pages([in_turn(left, right), in_turn(left, right)])
    report = parse_pdf(content, "a.pdf")
    assert [text for _, text in said(report)] == [TIGHT, WANTED] * 2
    assert [block.page for block in report.blocks] == [1, 1, 2, 2]


def test_a_table_of_labels_and_prose_is_read_row_by_row() -> None:
    """Labels beside what is said of each, as on the cover of a filing, make no columns."""
    rows = [
        ("Commission file number", "001-36743, as it was given to the registrant in that year"),
        ("State of incorporation", "California, where its books and its officers are as well"),
        ("Identification number", "94-2404110, by which the revenue service knows the company"),
        ("Address of its offices", "One Memory Way, Northfield, to which all mail may be sent"),
        ("Telephone, with its area", "(408) 996-1010, which is answered on all days of the week"),
        ("Securities registered", "Common stock of a par value of a hundredth of a dollar each"),
        ("Exchange on which listed", "The market of Northfield, on which it has been for years"),
        ("Shares outstanding", "15,552,752,000 of them were held by others at that day's end"),
    ]
    lines = [
        Drawn(x, 720 - 18 * place, text, size=10)
        for place, row in enumerate(rows)
        for x, text in zip((60, 260), row, strict=True)
    ]
    report = parse_pdf(pdf_of_lines(lines), "a.pdf")
    for label, text in rows:
        assert f"{label} | {text}" in report.text or f"{label} {text}" in report.text


def test_a_table_below_columns_stays_whole() -> None:
    """A table across the page below two columns is read row by row, with all its cells."""
    columns = in_turn(column_of(TIGHT, 60, 740, 225), column_of(WANTED, 310, 740, 225))
    rights = (250, 350, 450)
    table = [
        *table_row(540, "", ["2022", "2023", "2024"], rights),
        *table_row(524, "Memory", ["1.5", "2.5", "3.5"], rights),
        *table_row(508, "Storage", ["4.5", "5.5", "6.5"], rights),
    ]
    report = parse_pdf(pdf_of_lines([*columns, *table]), "a.pdf")
    assert [text for _, text in said(report)] == [
        TIGHT,
        WANTED,
        "2022 | 2023 | 2024",
        "Memory | 1.5 | 2.5 | 3.5",
        "Storage | 4.5 | 5.5 | 6.5",
    ]
