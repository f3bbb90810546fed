"""Tests of parsing PDFs, set in the tests themselves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped] # has no types
from reportlab.platypus import (  # type: ignore[import-untyped] # has no types
    PageBreak,
    SimpleDocTemplate,
    Spacer,
    Table,
)

from ingest.errors import ParseError
from ingest.parse.pdf import parse_pdf
from tests.ingest.parse.reading import assert_blocks_hold_the_text, said
from tests.ingest.parse.typesetting import CHINESE, TITLE, paragraph, pdf_of, pdf_of_lines

PROSE = (
    "The supply of memory is tight because three makers share the market and none of them adds "
    "much. Customers pay ahead of time to be served, which they have not done for twenty years."
)
OTHER = (
    "Demand comes from a few buyers, whose budgets are public. They have each said that they will "
    "spend more, and they have so far done what they said, quarter after quarter, year by year."
)
ROWS = [["Year", "Sales, bn", "Growth"], ["2023", "$ 26.97", "0%"], ["2024", "$ 60.92", "126%"]]


def running(canvas: Canvas, document: SimpleDocTemplate) -> None:
    """A head and a foot with the page's number."""
    canvas.drawString(72, 810, "Northfield Research")
    canvas.drawRightString(520, 810, "5 March 2024")
    canvas.drawString(72, 30, f"Page {document.page}")


def test_paragraphs_headings_and_tables() -> None:
    """Lines become paragraphs again, large type headings, rows of a table its cells."""
    content = pdf_of(
        [
            paragraph("Memory: why prices rise and go on rising through the next year", TITLE),
            paragraph(PROSE),
            paragraph(OTHER),
            Table(ROWS),
            Spacer(1, 12),
            paragraph("Risks"),
            paragraph(PROSE),
            paragraph("• first risk"),
        ]
    )
    report = parse_pdf(content, "a.pdf")
    assert_blocks_hold_the_text(report)
    assert said(report) == [
        ("heading", "Memory: why prices rise and go on rising through the next year"),
        ("paragraph", PROSE),
        ("paragraph", OTHER),
        ("table_row", "Year | Sales, bn | Growth"),
        ("table_row", "2023 | $ 26.97 | 0%"),
        ("table_row", "2024 | $ 60.92 | 126%"),
        ("heading", "Risks"),
        ("paragraph", PROSE),
        ("list_item", "• first risk"),
    ]
    assert report.pages == 1


def test_pages_are_counted() -> None:
    """Each block knows the page it begins on, counted from 1, empty pages included."""
    content = pdf_of([paragraph(PROSE), PageBreak(), Spacer(1, 1), PageBreak(), paragraph(OTHER)])
    report = parse_pdf(content, "a.pdf")
    assert report.pages == 3
    assert [block.page for block in report.blocks] == [1, 3]


def test_a_paragraph_goes_on_on_the_next_page() -> None:
    """A paragraph broken by a page is one block, which begins on the first of its pages."""
    content = pdf_of([Spacer(1, 670), paragraph(f"{PROSE} {OTHER}")], furnish=running)
    report = parse_pdf(content, "a.pdf")
    assert report.pages == 2
    assert ("paragraph", f"{PROSE} {OTHER}") in said(report)


def test_running_heads_are_read_once() -> None:
    """A head on every page stands in the text once, a page's number not at all."""
    pages = [paragraph(PROSE), PageBreak(), paragraph(OTHER), PageBreak(), paragraph(PROSE)]
    report = parse_pdf(pdf_of(pages, furnish=running), "a.pdf")
    assert said(report) == [
        ("paragraph", "Northfield Research | 5 March 2024"),
        ("paragraph", PROSE),
        ("paragraph", OTHER),
        ("paragraph", PROSE),
    ]


def test_what_is_alike_in_the_text_of_pages_stays() -> None:
    """The same paragraph on every page is no running head."""
    pages = [(paragraph(PROSE), paragraph(OTHER), PageBreak()) for _ in range(4)]
    content = pdf_of([flowable for page in pages for flowable in page])
    assert len(said(parse_pdf(content, "a.pdf"))) == 8


def test_heads_of_columns_broken_into_lines() -> None:
    """Heads of columns that take two lines each make one row."""
    content = pdf_of_lines(
        [
            (300, 714, "March 31,"),
            (300, 700, "2024"),
            (420, 714, "March 31,"),
            (420, 700, "2023"),
            (72, 680, "Sales of memory"),
            (300, 680, "$"),
            (320, 680, "1,144.1"),
            (420, 680, "$"),
            (440, 680, "(7)"),
            (72, 660, "Assets:"),
            (72, 640, "Cash"),
            (320, 640, "12"),
            (440, 640, "-"),
        ]
    )
    assert said(parse_pdf(content, "a.pdf")) == [
        ("table_row", "March 31, 2024 | March 31, 2023"),
        ("table_row", "Sales of memory | $ 1,144.1 | $ (7)"),
        ("table_row", "Assets:"),
        ("table_row", "Cash | 12 | -"),
    ]


def test_hyphens_at_the_end_of_lines() -> None:
    """A hyphen that only parts a line goes, one that belongs to the word stays."""
    lines = [
        "The capa-",
        "city of all is long, and long-",
        "standing US-",
        "China trade goes.",
    ]
    content = pdf_of_lines([(72, 700 - 14 * place, line) for place, line in enumerate(lines)])
    text = " ".join(text for _, text in said(parse_pdf(content, "a.pdf")))
    assert text == "The capacity of all is long, and long-standing US-China trade goes."


def test_chinese() -> None:
    """Chinese lines are joined without a space."""
    prose = "我们认为存储芯片供应偏紧，价格有望继续上涨，但需求集中在少数客户手中。" * 4
    report = parse_pdf(pdf_of([paragraph("摘要", CHINESE), paragraph(prose, CHINESE)]), "a.pdf")
    assert said(report) == [("heading", "摘要"), ("paragraph", prose)]


@pytest.mark.parametrize(
    ("title", "author", "stated"),
    [
        (
            "Memory: a study",
            "Northfield Research",
            {"title": "Memory: a study", "publisher": "Northfield Research"},
        ),
        ("存储芯片价格", "北方证券", {"title": "存储芯片价格", "publisher": "北方证券"}),
        ("Microsoft Word - memory final.docx", "Jane Miller", {}),
        ("memory_final v2.indd", "jmiller", {}),
        ("untitled", "anonymous", {}),
        ("0000320193-22-000070", "", {}),
        ("12 34", "EDGAR Online, a division of something", {}),
        ("", "", {}),
    ],
)
def test_what_its_properties_state(title: str, author: str, stated: dict[str, str]) -> None:
    """A title no program made up and an author named like a house are stated, never a day."""
    report = parse_pdf(pdf_of([paragraph(PROSE)], title=title, author=author), "a.pdf")
    assert report.stated == stated


def test_a_locked_file_is_refused() -> None:
    """A PDF with a password is refused, saying so."""
    with pytest.raises(ParseError, match=r"^a\.pdf is locked by a password"):
        parse_pdf(pdf_of([paragraph(PROSE)], password="secret"), "a.pdf")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_cut_off_is_refused(share: float) -> None:
    """A PDF whose end is missing is refused, however much of it is there."""
    content = pdf_of([paragraph(PROSE) for _ in range(40)])
    with pytest.raises(ParseError, match=r"^a\.pdf is cut off"):
        parse_pdf(content[: int(len(content) * share)], "a.pdf")


def test_a_damaged_file_is_refused() -> None:
    """Bytes that only begin and end as a PDF are refused."""
    with pytest.raises(ParseError, match=r"^a\.pdf is damaged"):
        parse_pdf(b"%PDF-1.7\nnothing of use\n%%EOF\n", "a.pdf")


def test_pages_without_text_have_no_blocks() -> None:
    """A PDF of pictures has pages and no blocks."""
    report = parse_pdf(pdf_of([Spacer(1, 1)]), "a.pdf")
    assert (report.pages, report.blocks) == (1, ())


def test_threads_may_parse_at_once() -> None:
    """Several threads that parse at once each get the whole text."""
    content = pdf_of([paragraph(PROSE if place % 2 else OTHER) for place in range(20)])
    with ThreadPoolExecutor(4) as threads:
        reports = list(threads.map(lambda _: parse_pdf(content, "a.pdf"), range(12)))
    assert len({report.text for report in reports}) == 1
    assert len(reports[0].blocks) == 20
