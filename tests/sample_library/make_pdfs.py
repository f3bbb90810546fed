"""Makes the PDFs of the sample library from the Markdown beside this module.

``python -m tests.sample_library.make_pdfs reports/`` writes one PDF for each
``SHELF/NAME.md`` here to ``reports/SHELF/NAME.pdf``. The same text always gives the same
bytes: nothing of the clock goes in, fonts are those every PDF reader has, and nothing is
compressed, since compressed bytes differ from one zlib to the next. (With SOURCE_DATE_EPOCH
set, ReportLab mixes it into the document's id; the PDFs kept were made without.)
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from xml.sax.saxutils import escape

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin
from reportlab.lib.colors import HexColor  # type: ignore[import-untyped]  # has no types
from reportlab.lib.enums import TA_RIGHT  # type: ignore[import-untyped]  # has no types
from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]  # has no types
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]  # has no types
from reportlab.lib.units import mm  # type: ignore[import-untyped]  # has no types
from reportlab.pdfbase.pdfmetrics import stringWidth  # type: ignore[import-untyped]  # no types
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]  # has no types
from reportlab.platypus import (  # type: ignore[import-untyped]  # has no types
    Flowable,
    HRFlowable,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

TEXTS = Path(__file__).parent

INK = HexColor("#1b2a41")
GREY = HexColor("#5c6b7a")
RULE = HexColor("#b8c2cc")
SHADE = HexColor("#eef2f6")

MARGIN = 26 * mm
WIDTH = A4[0] - 2 * MARGIN
# SimpleDocTemplate sets its text this far inside the margins it is given
FRAME_PADDING = 6

BODY = ParagraphStyle(
    "body",
    fontName="Times-Roman",
    fontSize=12,
    leading=18,
    spaceAfter=9,
    allowWidows=0,
    allowOrphans=0,
)
ITEM = ParagraphStyle("item", BODY, leftIndent=15, bulletIndent=2, spaceAfter=6)
SMALL = ParagraphStyle("small", BODY, fontSize=9.5, leading=13, textColor=GREY, spaceAfter=12)
CAPTION = ParagraphStyle(
    "caption", BODY, fontName="Helvetica", fontSize=10, leading=14, spaceBefore=8, keepWithNext=1
)
HEADING = ParagraphStyle(
    "heading",
    fontName="Helvetica-Bold",
    fontSize=13,
    leading=17,
    textColor=INK,
    spaceBefore=14,
    spaceAfter=6,
    keepWithNext=1,
)
TITLE = ParagraphStyle("title", HEADING, fontSize=21, leading=26, spaceBefore=0, spaceAfter=8)
DATELINE = ParagraphStyle(
    "dateline", fontName="Helvetica", fontSize=10.5, leading=14, textColor=GREY, spaceAfter=10
)
CELL = ParagraphStyle("cell", fontName="Helvetica", fontSize=9.5, leading=12.5)
HEAD_CELL = ParagraphStyle("head cell", CELL, fontName="Helvetica-Bold", textColor=INK)
CELLS = {
    "left": CELL,
    "right": ParagraphStyle("cell right", CELL, alignment=TA_RIGHT),
    "head left": HEAD_CELL,
    "head right": ParagraphStyle("head cell right", HEAD_CELL, alignment=TA_RIGHT),
}
CELL_PADDING = 8
RULED = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.4, RULE),
        ("LINEABOVE", (0, 0), (-1, 0), 1.2, INK),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
        ("LINEBELOW", (0, -1), (-1, -1), 1.2, INK),
        ("BACKGROUND", (0, 0), (-1, 0), SHADE),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), CELL_PADDING),
        ("RIGHTPADDING", (0, 0), (-1, -1), CELL_PADDING),
        ("TOPPADDING", (0, 0), (-1, -1), 4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
    ]
)


@dataclass(frozen=True, slots=True)
class Note:
    """What a note's Markdown file says.

    Attributes:
        title: its title.
        publisher: the invented house that publishes it.
        published: the day it bears.
        tokens: its body, as markdown-it reads it.
    """

    title: str
    publisher: str
    published: date
    tokens: tuple[Token, ...]


def read_note(text: str) -> Note:
    """Reads front matter and body of a note.

    Args:
        text: Markdown with title, publisher and published in its front matter.

    Raises:
        KeyError: the front matter lacks one of the three.
    """
    parser = MarkdownIt("commonmark", {"typographer": True})
    parser.enable(["table", "replacements", "smartquotes"]).use(front_matter_plugin)
    front, *body = parser.parse(text)
    stated = yaml.safe_load(front.content)
    return Note(stated["title"], stated["publisher"], stated["published"], tuple(body))


def markup(inline: Token) -> str:
    """The text of an inline token in ReportLab's paragraph markup."""
    tags = {"strong_open": "<b>", "strong_close": "</b>", "em_open": "<i>", "em_close": "</i>"}
    return "".join(
        " " if child.type == "softbreak" else tags.get(child.type, escape(child.content))
        for child in inline.children or ()
    )


def cell_paragraph(opening: Token, inline: Token) -> Paragraph:
    """A table cell, bold in the head, to the right where its column is marked so."""
    name = "right" if "right" in str(opening.attrGet("style")) else "left"
    style = CELLS[("head " if opening.type == "th_open" else "") + name]
    return Paragraph(markup(inline), style)


def ruled_table(rows: list[list[Paragraph]]) -> Table:
    """A table as wide as the text; its first row is its head.

    Args:
        rows: cells, all rows of one length.
    """
    natural = [
        max(
            stringWidth(cell.getPlainText(), cell.style.fontName, cell.style.fontSize)
            for cell in column
        )
        + 2 * CELL_PADDING
        + 1
        for column in zip(*rows, strict=True)
    ]
    spare = (WIDTH - sum(natural)) / len(natural)
    return Table(
        rows,
        colWidths=[width + spare for width in natural],
        style=RULED,
        spaceAfter=6,
    )


def flowables(note: Note) -> list[Flowable]:
    """The note as ReportLab sets it: title, dateline, then its body in order."""
    story: list[Flowable] = [
        Paragraph(escape(note.title), TITLE),
        Paragraph(escape(f"{note.publisher} | {written(note.published)}"), DATELINE),
        HRFlowable(width="100%", thickness=1.2, color=INK, spaceAfter=4),
    ]
    rows: list[list[Paragraph]] = []
    opening = in_list = None
    for token in note.tokens:
        match token.type:
            case "bullet_list_open" | "bullet_list_close":
                in_list = token.nesting == 1
            case "table_open":
                rows = []
            case "tr_open":
                rows.append([])
            case "heading_open" | "paragraph_open" | "th_open" | "td_open":
                opening = token
            case "inline" if opening is not None and opening.type in ("th_open", "td_open"):
                rows[-1].append(cell_paragraph(opening, token))
            case "inline" if in_list:
                story.append(Paragraph(markup(token), ITEM, bulletText="•"))
            case "inline" if opening is not None:
                story.append(Paragraph(markup(token), style_of(opening, token)))
            case "table_close":
                story.append(ruled_table(rows))
            case "hr":
                story.append(Spacer(1, 6))
                story.append(HRFlowable(width="100%", thickness=0.6, color=RULE, spaceAfter=8))
    return story


def style_of(opening: Token, inline: Token) -> ParagraphStyle:
    """How a heading or paragraph is set; captions and sources are told by their words."""
    if opening.type == "heading_open":
        return HEADING
    if inline.content.startswith("**Table"):
        return CAPTION
    return SMALL if inline.content.startswith("*Source") else BODY


def written(day: date) -> str:
    """A date as the notes print it: 28 November 2023."""
    return f"{day.day} {day:%B %Y}"


def furnish(canvas: Canvas, document: SimpleDocTemplate, *, note: Note) -> None:
    """Draws what stands outside the text of a page: a header from page 2 on, a footer."""
    # the two dates among a PDF's properties are the note's, not the day it was made
    canvas.setDateFormatter(lambda *_: f"D:{note.published:%Y%m%d}000000Z")
    right, top, bottom = A4[0] - MARGIN, A4[1] - 15 * mm, 14 * mm
    canvas.saveState()
    canvas.setFont("Helvetica", 8.5)
    canvas.setFillColor(GREY)
    canvas.setStrokeColor(RULE)
    if document.page > 1:
        canvas.drawString(MARGIN, top, note.publisher)
        canvas.drawRightString(right, top, written(note.published))
        canvas.line(MARGIN, top - 2 * mm, right, top - 2 * mm)
    canvas.line(MARGIN, bottom + 4 * mm, right, bottom + 4 * mm)
    canvas.drawString(MARGIN, bottom, "Sample note. No investment advice.")
    canvas.drawRightString(right, bottom, f"Page {document.page}")
    canvas.restoreState()


def make_pdf(text: str) -> bytes:
    """The PDF of a note, the same bytes for the same text.

    Args:
        text: the note's Markdown with its front matter.
    """
    note = read_note(text)
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN - FRAME_PADDING,
        rightMargin=MARGIN - FRAME_PADDING,
        topMargin=26 * mm,
        bottomMargin=26 * mm,
        title=note.title,
        author=note.publisher,
        subject=f"Research note of {written(note.published)}",
        creator="Footnote sample library",
        lang="en",
        invariant=1,
        pageCompression=0,
    )
    draw = partial(furnish, note=note)
    document.build(flowables(note), onFirstPage=draw, onLaterPages=draw)
    return out.getvalue()


def make_all(texts: Path = TEXTS) -> dict[str, bytes]:
    """Every PDF of the sample library by its path within ``reports/``."""
    return {
        path.relative_to(texts).with_suffix(".pdf").as_posix(): make_pdf(
            path.read_text(encoding="utf-8")
        )
        for path in sorted(texts.glob("*/*.md"))
    }


def main(target: Path) -> None:
    """Writes every PDF under a folder, which is made where it is missing."""
    for name, content in make_all().items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(path)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.sample_library.make_pdfs FOLDER")
    main(Path(sys.argv[1]))
