"""Tests of parsing text documents."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import ParseError
from ingest.parse.docx import parse_docx
from tests.ingest.parse.office import (
    TABLE,
    assert_only_refused,
    changed,
    fill,
    saved,
    spoiled,
    text_document,
)
from tests.ingest.parse.reading import assert_blocks_hold_the_text, said

SOUND = text_document()
WORDS = st.text(st.sampled_from("abc 1.%é价格,|"), min_size=1, max_size=30).filter(str.strip)


def parsed(document: Any) -> list[tuple[str, str]]:
    """The blocks of a document as kind and text."""
    report = parse_docx(saved(document), "a.docx")
    assert_blocks_hold_the_text(report)
    return said(report)


def of_markup(*blocks: str) -> list[tuple[str, str]]:
    """The blocks of a document with these paragraphs and tables, in the w namespace."""
    document = Document()
    body = document.element.body
    for block in blocks:
        head, _, rest = block.partition(">")
        last = "/" if head.endswith("/") else ""
        body.insert(
            len(body) - 1,
            parse_xml(f"{head.removesuffix('/')} {nsdecls('w', 'wp', 'a')}{last}>{rest}"),
        )
    return parsed(document)


MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("<m:f><m:num>{1}</m:num><m:den>{2}</m:den></m:f>", "2 1/2"),
        ("<m:sSup><m:e>{1}</m:e><m:sup>{2}</m:sup></m:sSup>", "21^2"),
        ("<m:sSub><m:e>{1}</m:e><m:sub>{2}</m:sub></m:sSub>", "21_2"),
    ],
)
def test_formulas(formula: str, text: str) -> None:
    """The parts of a formula do not run into one figure."""
    inside = formula.replace("{1}", "<m:r><m:t>1</m:t></m:r>").replace(
        "{2}", "<m:r><m:t>2</m:t></m:r>"
    )
    block = f"<w:p><w:r><w:t>2</w:t></w:r><m:oMath {MATH}>{inside}</m:oMath></w:p>"
    assert of_markup(block) == [("paragraph", text)]


def test_a_note() -> None:
    """Headings with their levels, paragraphs, entries of lists and rows are read in order."""
    report = parse_docx(SOUND, "a.docx")
    assert said(report) == [
        ("heading", "Memory"),
        ("paragraph", "Prices rose by 3%."),
        ("list_item", "one"),
        ("table_row", "Year | 2022 | 2023"),
        ("table_row", "Revenue | 26,974 | 60,922"),
        ("table_row", "Costs | 4,368 | 29,760"),
    ]
    assert report.blocks[0].level == 1
    assert report.tables[0].heads == ("Year", "2022", "2023")
    assert report.pages is None


@pytest.mark.parametrize(
    ("author", "publisher"), [("Northfield Securities", "Northfield Securities"), ("J. Doe", None)]
)
def test_properties_are_stated(author: str, publisher: str | None) -> None:
    """Stated are the title, and the author only if it is a house; never a day."""
    document = Document()
    document.core_properties.title = "Chips"
    document.core_properties.author = author
    expected = {"title": "Chips"} | ({"publisher": publisher} if publisher else {})
    assert parse_docx(saved(document), "a.docx").stated == expected


@pytest.mark.parametrize("level", range(1, 10))
def test_headings_of_any_language_have_levels(level: int) -> None:
    """A heading is known by its built-in style's name, whatever the style is called in text."""
    document = Document()
    document.add_heading("Markt", level)
    content = saved(document)
    for part in ("word/document.xml", "word/styles.xml"):
        content = changed(
            content, part, lambda written: written.replace(b"Heading", "Überschrift".encode())
        )
    report = parse_docx(content, "a.docx")
    assert [(block.kind.value, block.level) for block in report.blocks] == [("heading", level)]


@pytest.mark.parametrize(
    ("properties", "kind", "level"),
    [
        ('<w:outlineLvl w:val="2"/>', "heading", 3),
        ('<w:outlineLvl w:val="9"/>', "paragraph", None),
        ('<w:pStyle w:val="Title"/>', "heading", 1),
        ('<w:pStyle w:val="Heading2"/><w:outlineLvl w:val="9"/>', "paragraph", None),
        ('<w:numPr><w:numId w:val="1"/></w:numPr>', "list_item", None),
        ('<w:pStyle w:val="ListBullet"/>', "list_item", None),
        (
            '<w:pStyle w:val="ListBullet"/><w:numPr><w:numId w:val="0"/></w:numPr>',
            "paragraph",
            None,
        ),
        ('<w:pStyle w:val="NoSuchStyle"/>', "paragraph", None),
    ],
)
def test_properties_make_a_paragraph_what_it_is(
    properties: str, kind: str, level: int | None
) -> None:
    """A paragraph's own properties come before those of its style."""
    document = Document()
    paragraph = document.add_paragraph("Demand")
    made = parse_xml(f"<w:pPr {nsdecls('w')}>{properties}</w:pPr>")
    paragraph._p.insert(0, made)
    block = parse_docx(saved(document), "a.docx").blocks[0]
    assert (block.kind.value, block.level) == (kind, level)


def test_a_heading_set_by_hand_is_one() -> None:
    """A bold line above a longer paragraph is a heading; a bold sentence is none."""
    document = Document()
    document.add_paragraph().add_run("Demand").bold = True
    document.add_paragraph("Demand for memory grew in every quarter of the year.")
    document.add_paragraph().add_run("It will grow.").bold = True
    assert [kind for kind, _ in parsed(document)] == ["heading", "paragraph", "paragraph"]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<w:ins><w:r><w:t>new</w:t></w:r></w:ins>", "new"),
        ("<w:r><w:t>a</w:t></w:r><w:del><w:r><w:delText>old</w:delText></w:r></w:del>", "a"),
        ("<w:r><w:t>a</w:t></w:r><w:moveFrom><w:r><w:t>old</w:t></w:r></w:moveFrom>", "a"),
        ("<w:moveTo><w:r><w:t>moved</w:t></w:r></w:moveTo>", "moved"),
        ("<w:r><w:t>a</w:t><w:br/><w:t>b</w:t></w:r>", "a\nb"),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r>", "a\tb"),
        ("<w:r><w:t>x</w:t><w:noBreakHyphen/><w:t>y</w:t></w:r>", "x-y"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>unseen</w:t></w:r><w:r><w:t>a</w:t></w:r>", "a"),
        ("<w:r><w:rPr><w:strike/></w:rPr><w:t>4</w:t></w:r><w:r><w:t>5</w:t></w:r>", "5"),
        ("<w:r><w:rPr><w:dstrike/></w:rPr><w:t>4</w:t></w:r><w:r><w:t>5</w:t></w:r>", "5"),
        ("<w:r><w:rPr><w:strike w:val='0'/></w:rPr><w:t>4</w:t></w:r>", "4"),
        ("<w:fldSimple w:instr='X'><w:r><w:t>field</w:t></w:r></w:fldSimple>", "field"),
        ("<w:r><w:instrText>PAGE</w:instrText><w:t>3</w:t></w:r>", "3"),
        ("<w:hyperlink><w:r><w:t>a link</w:t></w:r></w:hyperlink>", "a link"),
        (
            "<w:sdt><w:sdtContent><w:r><w:t>filled in</w:t></w:r></w:sdtContent></w:sdt>",
            "filled in",
        ),
    ],
)
def test_what_a_reader_sees_is_text(markup: str, text: str) -> None:
    """What was inserted is read, what was deleted, hidden or is a code is not."""
    assert of_markup(f"<w:p>{markup}</w:p>") == [("paragraph", text)]


def test_boxes_stand_behind_their_paragraph() -> None:
    """The text of a box is a paragraph of its own, read once."""
    box = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/'
        '2006"><mc:Choice Requires="wps"><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p>'
        "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>In a box</w:t>"
        "</w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent>"
    )
    assert of_markup(f"<w:p><w:r><w:t>Around</w:t></w:r><w:r>{box}</w:r></w:p>") == [
        ("paragraph", "Around"),
        ("paragraph", "In a box"),
    ]


def test_a_table_of_contents_and_headers_are_left_out() -> None:
    """Lines of a table of contents, headers and footers are no text of the report."""
    document = Document()
    document.styles.add_style("toc 1", 1)
    document.add_paragraph("Memory\t3", style="toc 1")
    document.add_paragraph("Prices rose.")
    document.sections[0].header.paragraphs[0].text = "Header"
    document.sections[0].footer.paragraphs[0].text = "Footer"
    assert parsed(document) == [("paragraph", "Prices rose.")]


def test_merged_cells_are_said_of_each_column_among_heads_alone() -> None:
    """What spans columns is said of each among the heads; below, a row says it once."""
    document = Document()
    rows = [
        ["", "Year ended", ""],
        ["", "2022", "2023"],
        ["Asia", "1.0", "2.0"],
        ["", "3.0", "4.0"],
        ["not split", "5.0", ""],
    ]
    table = document.add_table(5, 3)
    fill(table, rows)
    for first, last in (((0, 1), (0, 2)), ((2, 0), (3, 0)), ((4, 1), (4, 2))):
        table.cell(*first).merge(table.cell(*last))
    report = parse_docx(saved(document), "a.docx")
    assert [text for _, text in said(report)] == [
        "| Year ended | Year ended",
        "| 2022 | 2023",
        "Asia | 1.0 | 2.0",
        "Asia | 3.0 | 4.0",
        "not split | 5.0",
    ]
    assert report.tables[0].heads == ("", "Year ended 2022", "Year ended 2023")


def test_a_row_marked_as_heads_is_heads() -> None:
    """Rows that the document repeats on each page are heads, whatever their form."""
    document = Document()
    table = document.add_table(2, 2)
    fill(table, [["1", "2"], ["3", "4"]])
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    assert parse_docx(saved(document), "a.docx").tables[0].heads == ("1", "2")


def test_a_table_of_too_many_cells_is_refused() -> None:
    """A table whose spans come to more cells than anybody wrote is refused."""
    cell = (
        "<w:tc><w:tcPr><w:gridSpan w:val='100'/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>"
    )
    rows = f"<w:tr>{cell * 100}</w:tr>{f'<w:tr>{cell}</w:tr>' * 100}"
    with pytest.raises(ParseError, match=r"^a\.docx is damaged: a table in it is too large"):
        of_markup(f"<w:tbl>{rows}</w:tbl>")


def test_a_deleted_row_is_not_read() -> None:
    """A row that was deleted under revision is left out."""
    document = Document()
    table = document.add_table(3, 3)
    fill(table, TABLE)
    table.rows[1]._tr.get_or_add_trPr().append(parse_xml(f"<w:del {nsdecls('w')}/>"))
    assert "Revenue" not in parse_docx(saved(document), "a.docx").text


def test_a_page_laid_out_as_a_table_is_read_as_blocks() -> None:
    """A table that holds a table lays out the page: what is in it is read cell by cell."""
    document = Document()
    outer = document.add_table(1, 2)
    outer.cell(0, 0).text = "On the left"
    fill(outer.cell(0, 1).add_table(3, 3), TABLE)
    assert parsed(document)[:2] == [
        ("paragraph", "On the left"),
        ("table_row", "Year | 2022 | 2023"),
    ]


def test_a_footnote_stands_behind_its_paragraph() -> None:
    """A note is read behind the paragraph that names it."""
    notes = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/><w:t>Without memory.</w:t></w:r></w:p>'
        "</w:footnote></w:footnotes>"
    )
    document = Document()
    paragraph = document.add_paragraph("Prices rose")
    mark = parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="2"/></w:r>')
    paragraph._p.append(mark)
    document.add_paragraph("Costs fell.")
    relate = b'<Relationship Id="rId99" Type="http://x/footnotes" Target="notes.xml"/></Relations'
    content = changed(
        saved(document),
        "word/_rels/document.xml.rels",
        lambda part: part.replace(b"</Relations", relate),
    )
    assert mark.tag == qn("w:r")
    assert said(parse_docx(with_part(content, "word/notes.xml", notes), "a.docx")) == [
        ("paragraph", "Prices rose"),
        ("paragraph", "Without memory."),
        ("paragraph", "Costs fell."),
    ]


def with_part(content: bytes, name: str, text: str) -> bytes:
    """A document with one more part."""
    file = BytesIO(content)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(name, text)
    return file.getvalue()


@given(st.lists(WORDS, min_size=1, max_size=6))
@settings(max_examples=20, deadline=None)
def test_what_was_written_is_read(texts: list[str]) -> None:
    """Every paragraph of a document is found again, in order."""
    document = Document()
    for text in texts:
        document.add_paragraph(text)
    assert [text for _, text in parsed(document)] == [text.strip() for text in texts]


@given(spoiled(SOUND))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_spoilt_documents_are_read_or_refused(content: bytes) -> None:
    """Whatever happened to its bytes, a document is read or refused with a reason."""
    assert_only_refused(parse_docx, content, "a.docx")
