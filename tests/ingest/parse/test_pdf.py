"""Tests of parsing PDFs, set in the tests themselves."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped] # has no types
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped] # has no types
from reportlab.platypus import (  # type: ignore[import-untyped] # has no types
    PageBreak,
    SimpleDocTemplate,
    Spacer,
    Table,
)

from ingest.errors import ParseError
from ingest.parse.pdf import parse_pdf
from ingest.records import BlockKind
from tests.ingest.parse.damage import assert_read_or_refused, damaged
from tests.ingest.parse.reading import assert_blocks_hold_the_text, said
from tests.ingest.parse.typesetting import (
    BODY,
    CHINESE,
    TITLE,
    Drawn,
    paragraph,
    pdf_of,
    pdf_of_lines,
    pdf_saying,
    pdf_without_characters,
    table_row,
)

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


def test_rows_that_begin_with_a_single_letter() -> None:
    """A row is a row of its own though nothing but a letter, which PDFium overlooks, begins it."""
    rows = [("A", ["1,144.1", "998.2"]), ("B", ["(7)", "13.5"]), ("C", ["12.0", "4"])]
    drawn = [table_row(700 - 16 * place, *row, (380, 500)) for place, row in enumerate(rows)]
    report = parse_pdf(pdf_of_lines([piece for row in drawn for piece in row]), "a.pdf")
    assert said(report) == [
        ("table_row", "A | 1,144.1 | 998.2"),
        ("table_row", "B | (7) | 13.5"),
        ("table_row", "C | 12.0 | 4"),
    ]


def test_levels_of_headings() -> None:
    """A heading set larger stands above one set smaller; text has no level."""
    content = pdf_of_lines(
        [
            Drawn(72, 760, "Memory", size=24),
            Drawn(72, 720, "Risks", size=16),
            *[Drawn(72, 690 - 14 * place, line) for place, line in enumerate(PROSE.split(". "))],
            Drawn(72, 620, "Prices", size=16),
            Drawn(72, 600, "They rise.", size=12),
        ]
    )
    report = parse_pdf(content, "a.pdf")
    levels = {
        text: block.level for block, (_, text) in zip(report.blocks, said(report), strict=True)
    }
    upper, lower = levels["Memory"], levels["Risks"]
    assert upper is not None
    assert lower is not None
    assert upper < lower == levels["Prices"]
    assert levels["They rise."] is None


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


def test_a_file_that_only_may_not_be_changed_is_read() -> None:
    """A PDF that asks for a password to be changed, and none to be read, is read."""
    content = pdf_of([paragraph(PROSE)], owner_password="secret")
    assert b"/Encrypt" in content
    assert said(parse_pdf(content, "a.pdf")) == [("paragraph", PROSE)]


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


@contextmanager
def without_ocr() -> Iterator[None]:
    """Where nothing reads pictures, which takes seconds a page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "rapidocr", None)
        yield


_FILES = (
    pdf_of([paragraph("Memory", TITLE), paragraph(PROSE), Table(ROWS)], title="Memory: a study"),
    pdf_of_lines(table_row(700, "Sales", ["12", "13"], (380, 500))),
    pdf_saying([(65, "D83DDE00"), (66, "0042")], "BABBA"),
)


@settings(max_examples=80)
@given(st.sampled_from(_FILES).flatmap(damaged))
def test_a_damaged_pdf_is_read_or_refused(content: bytes) -> None:
    """Whatever bytes of it are lost, doubled or wrong, a PDF is read or refused by name."""
    # a file that is cut off is refused before it is looked at
    with without_ocr():
        assert_read_or_refused(content + b"\n%%EOF\n", "a.pdf")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"glyf", b"gly\x00"),
        (b"loca", b"cmap"),
        (b"cmap", b"loca"),
        (b"/W[", b"/W(["),
        (b"/Length", b"/Lenght"),
        (b"/Identity-H", b"/Identity-Z"),
        (b"/FontFile2 8 0 R", b"/FontFile2 4 0 R"),
        (b"/DescendantFonts[6 0 R]", b"/DescendantFonts[5 0 R]"),
        (b"/Kids[3 0 R]", b"/Kids[2 0 R]"),
        (b"trailer", b"trailer\x8c"),
    ],
)
def test_a_damaged_font_costs_its_letters_alone(before: bytes, after: bytes) -> None:
    """A font that neither reader can use is no error but that of the file it stands in."""
    content = pdf_without_characters(["Prices rise."], named_in_font=True)
    assert before in content
    with without_ocr():
        assert_read_or_refused(content.replace(before, after), "a.pdf")


def test_the_number_of_a_note_is_no_part_of_a_figure() -> None:
    """A raised note behind a figure or a year stands in brackets, a power behind its mark."""
    rows = [
        ["", paragraph("2023<super>1</super>"), "2024"],
        ["Sales of memory", paragraph("1,234<super>1</super>"), "1,511"],
        ["Chips made", paragraph("3.1 × 10<super>6</super>"), "4,000"],
    ]
    report = parse_pdf(pdf_of([Table(rows), paragraph("The 4<super>th</super> quarter.")]), "a.pdf")
    text = report.text
    assert "Sales of memory | 1,234(1) | 1,511" in text
    assert "3.1 × 10^6" in text
    assert "The 4th quarter." in text
    assert report.tables[0].heads == ("", "2023(1)", "2024")


def test_a_line_in_bold_is_a_heading() -> None:
    """A short line set in bold, as large as the text, heads what stands below it."""
    bold = ParagraphStyle("bold", BODY, fontName="Times-Bold")
    flowables = [paragraph("Memory prices", TITLE), paragraph(PROSE)]
    flowables += [paragraph("Term Debt", bold), paragraph("Rates rose."), paragraph(PROSE)]
    report = parse_pdf(pdf_of(flowables), "a.pdf")
    levels = {
        report.text[block.start : block.end]: block.level
        for block in report.blocks
        if block.kind is BlockKind.HEADING
    }
    assert levels == {"Memory prices": 1, "Term Debt": 2}


def test_rows_that_begin_with_a_single_letter_are_rows() -> None:
    """A label of one letter closely below another begins a row of its own."""
    lines = [(72.0, 700.0, "X"), (72.0, 684.0, "X"), (380.0, 684.0, "1,144.1"), (480.0, 684.0, "7")]
    report = parse_pdf(pdf_of_lines(lines), "a.pdf")
    assert [text for _, text in said(report)] == ["X", "X | 1,144.1 | 7"]
