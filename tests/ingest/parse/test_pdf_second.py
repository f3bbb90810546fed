"""Tests of pages that PDFium cannot read: fonts that name no character, and pictures."""

from __future__ import annotations

import sys

import pypdfium2  # type: ignore[import-untyped] # it ships no types
import pytest

from ingest.errors import ParseError
from ingest.parse import ocr
from ingest.parse.pdf import parse_pdf
from ingest.parse.pdf_second import lines_by_pdfminer
from tests.ingest.parse.reading import assert_blocks_hold_the_text, said
from tests.ingest.parse.typesetting import (
    Pictured,
    Piece,
    pdf_of_lines,
    pdf_of_pages,
    pdf_without_characters,
)

LINES = ["Memory prices rose by a fifth in 2024, and", "margins follow, at 1,144.1 billion yuan."]
LINE = "The supply of memory is tight, since three makers share the market."


@pytest.fixture
def nothing_reads_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """What reads pictures is not installed."""
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    assert not ocr.is_installed()


def raw_text(content: bytes) -> str:
    """What PDFium alone reads on the first page."""
    with pypdfium2.PdfDocument(content) as document:
        return str(document[0].get_textpage().get_text_range())


def test_a_font_that_names_its_characters_within() -> None:
    """Where the font alone knows which characters its shapes are, the text is true all the same."""
    content = pdf_without_characters(LINES, named_in_font=True)
    assert "Memory" not in raw_text(content)
    report = parse_pdf(content, "a.pdf")
    assert_blocks_hold_the_text(report)
    assert said(report) == [("paragraph", " ".join(LINES))]
    assert report.remark == ""


def test_its_letters_have_boxes() -> None:
    """Letters read by the second reader stand where they are shown."""
    report = parse_pdf(pdf_without_characters(LINES, named_in_font=True), "a.pdf")
    first, second = report.boxes
    for box, line, base in ((first, LINES[0], 7600), (second, LINES[1], 7440)):
        assert report.text[box.start : box.start + len(box.edges) - 1] == line
        assert list(box.edges) == sorted(box.edges)
        assert box.edges[0] == 720
        assert box.page == 1
        assert box.bottom < base < box.top
    # three letters as wide as the font says, in tenths of a point
    assert [
        after - before for before, after in zip(first.edges, first.edges[1:4], strict=False)
    ] == pytest.approx([0.863 * 120, 0.615 * 120, 0.974 * 120], abs=1)


def test_a_font_that_names_no_character() -> None:
    """What neither reader can tell is not read at all, rather than wrongly."""
    content = pdf_without_characters(LINES, named_in_font=False)
    assert raw_text(content).strip()
    assert lines_by_pdfminer(content, [1]) == {}


@pytest.mark.usefixtures("nothing_reads_pictures")
def test_a_page_that_nothing_can_read_is_refused() -> None:
    """Such a page counts as a picture, and none of its wrong letters is in a report."""
    content = pdf_without_characters(LINES, named_in_font=False)
    with pytest.raises(ParseError, match=r"^a\.pdf holds pictures of pages and no text") as raised:
        parse_pdf(content, "a.pdf")
    assert ocr.INSTALL in str(raised.value)


@pytest.mark.usefixtures("nothing_reads_pictures")
@pytest.mark.parametrize("pages", [1, 3])
def test_pictures_alone_are_refused(pages: int) -> None:
    """A file of pictures alone is refused, naming what to install to have them read."""
    with pytest.raises(ParseError, match=r"^a\.pdf holds pictures of pages and no text") as raised:
        parse_pdf(pdf_of_pages([[Pictured(LINE)]] * pages), "a.pdf")
    assert ocr.INSTALL in str(raised.value)


@pytest.mark.usefixtures("nothing_reads_pictures")
@pytest.mark.parametrize(
    ("pictures", "remark"),
    [
        ([2], f"page 2 not read: it is a picture; {ocr.INSTALL}"),
        ([1, 3], f"pages 1, 3 not read: they are pictures; {ocr.INSTALL}"),
        ([2, 3, 4, 6], f"pages 2-4, 6 not read: they are pictures; {ocr.INSTALL}"),
        ([], ""),
    ],
)
def test_the_remark_names_pages_that_are_pictures(pictures: list[int], remark: str) -> None:
    """A file of text and pictures is read, and said of it is which pages are not."""
    text: list[Piece] = [(72, 700, LINE)]
    picture: list[Piece] = [Pictured("unread"), (300, 30, "7")]
    pages = [picture if number in pictures else text for number in range(1, 8)]
    report = parse_pdf(pdf_of_pages(pages), "a.pdf")
    assert report.remark == remark
    assert report.pages == 7
    assert [text for _, text in said(report)].count(LINE) == 7 - len(pictures)


@pytest.mark.usefixtures("nothing_reads_pictures")
@pytest.mark.parametrize(
    "pieces",
    [
        [Pictured("a chart", 200, 100), (72, 700, "7")],
        [Pictured("a chart"), (72, 780, LINE)],
        [(72, 700, "7")],
    ],
    ids=["small picture", "picture and text", "little text"],
)
def test_a_page_that_says_something_is_no_picture(pieces: list[Piece]) -> None:
    """A small picture, or one beside text, does not make a page a picture."""
    report = parse_pdf(pdf_of_pages([pieces, [(72, 700, LINE)]]), "a.pdf")
    assert report.remark == ""


@pytest.mark.skipif(not ocr.is_installed(), reason=f"nothing reads pictures: {ocr.INSTALL}")
@pytest.mark.parametrize(
    "content",
    [
        pdf_without_characters([LINE], named_in_font=False),
        pdf_of_pages([[Pictured("Memory prices rose by a fifth")]]),
    ],
    ids=["letters of no name", "picture"],
)
def test_a_page_is_read_as_a_picture(content: bytes) -> None:
    """Where pictures can be read such a page is, its letters have boxes, and the remark says so."""
    report = parse_pdf(content, "a.pdf")
    assert report.text in {LINE, "Memory prices rose by a fifth"}
    assert report.remark == "page 1 read from pictures; compare figures with the page"
    [box] = report.boxes
    assert len(box.edges) == len(report.text) + 1
    assert (box.page, list(box.edges)) == (1, sorted(box.edges))


def test_pdfminer_reads_the_pages_asked_for() -> None:
    """Lines come by the numbers of their pages, those that are asked for alone."""
    content = pdf_of_pages(
        [[(72, 700, f"Page of number {word}")] for word in ("one", "two", "six")]
    )
    read = lines_by_pdfminer(content, [3, 1])
    assert {number: [line.text for line in lines] for number, lines in read.items()} == {
        1: ["Page of number one"],
        3: ["Page of number six"],
    }


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7\n%%EOF\n", pdf_of_lines([(72, 700, "x")])[:300]]
)
def test_what_pdfminer_cannot_read_is_not_read(content: bytes) -> None:
    """Whatever is wrong with a file, the second reader gives nothing for it."""
    assert lines_by_pdfminer(content, [1]) == {}
