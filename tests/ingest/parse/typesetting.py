"""PDFs for tests, set by ReportLab; one that ReportLab cannot set is written by hand."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import reportlab  # type: ignore[import-untyped] # has no types
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pdfencrypt import StandardEncryption  # type: ignore[import-untyped] # no types
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped] # has no types
from reportlab.lib.utils import (  # type: ignore[import-untyped] # has no types
    ImageReader,
    simpleSplit,
)
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped] # has no types
from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped] # no types
from reportlab.pdfbase.ttfonts import TTFontFile  # type: ignore[import-untyped] # has no types
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped] # has no types
from reportlab.platypus import (  # type: ignore[import-untyped] # has no types
    Flowable,
    Paragraph,
    SimpleDocTemplate,
)

CHINESE_FONT = "STSong-Light"
BODY = ParagraphStyle("body", fontName="Times-Roman", fontSize=11, leading=14, spaceAfter=8)
TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=20, leading=24, spaceAfter=10)
CHINESE = ParagraphStyle("chinese", BODY, fontName=CHINESE_FONT, leading=16, wordWrap="CJK")
VERA = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
"""A TrueType font that ReportLab brings."""


class Drawn(NamedTuple):
    """A piece of text on a page.

    Attributes:
        x: its left edge, or its right edge or middle as it is aligned, in points.
        y: its base line, in points from the lower edge of the page.
        text: what it says.
        align: "left", "right" or "centre".
        size: of its type, in points.
        font: its name.
    """

    x: float
    y: float
    text: str
    align: str = "left"
    size: float = 12
    font: str = "Helvetica"


class Ruled(NamedTuple):
    """A level rule on a page; places in points."""

    left: float
    right: float
    y: float


class Pictured(NamedTuple):
    """The picture of a text on a page, from its lower left corner; lengths in points."""

    text: str
    width: float = 500
    height: float = 700


Piece = Drawn | Ruled | Pictured | tuple[float, float, str]


def pdf_of(
    flowables: Sequence[Flowable],
    *,
    furnish: Callable[[Canvas, SimpleDocTemplate], None] | None = None,
    password: str = "",
    owner_password: str = "",
    title: str = "",
    author: str = "",
) -> bytes:
    """A PDF of flowables.

    Args:
        flowables: what stands in it.
        furnish: draws what stands outside the text of each page.
        password: locks it, if not empty.
        owner_password: lets everybody read it and only who knows it change it, if not empty.
        title: its title among its properties.
        author: its author among its properties.
    """
    pdfmetrics.registerFont(UnicodeCIDFont(CHINESE_FONT))
    out = io.BytesIO()
    locked = {}
    if password or owner_password:
        locked = {"encrypt": StandardEncryption(password, owner_password or None)}
    document = SimpleDocTemplate(out, title=title, author=author, **locked)
    draw = furnish or (lambda _canvas, _document: None)
    document.build(list(flowables), onFirstPage=draw, onLaterPages=draw)
    return out.getvalue()


def pdf_of_lines(lines: Sequence[Piece]) -> bytes:
    """A PDF of one page with lines of 12 points at places (x, y) in points."""
    return pdf_of_pages([lines])


def pdf_of_pages(pages: Sequence[Sequence[Piece]]) -> bytes:
    """A PDF of pages, on each what is drawn there, in that order."""
    pdfmetrics.registerFont(UnicodeCIDFont(CHINESE_FONT))
    out = io.BytesIO()
    canvas = Canvas(out)
    for page in pages:
        for piece in page:
            _draw(canvas, piece)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def column_of(text: str, x: float, y: float, width: float) -> list[Drawn]:
    """A text of 10 points in a column, its lines 13 points apart.

    Args:
        text: what it says.
        x: left edge of the column in points.
        y: base line of its first line.
        width: of the column.
    """
    lines = simpleSplit(text, "Helvetica", 10, width)
    return [Drawn(x, y - 13 * place, line, size=10) for place, line in enumerate(lines)]


def table_row(
    y: float, label: str, figures: Sequence[str], rights: Sequence[float], *, left: float = 72
) -> list[Piece]:
    """A row of a table: a label, and figures that end at the right edges of their columns.

    Args:
        y: its base line in points.
        label: what stands left; nothing where empty.
        figures: one for each column, an empty one where there is none.
        rights: right edges of the columns in points.
        left: where the label begins.
    """
    drawn: list[Piece] = [Drawn(left, y, label)] if label else []
    ends = zip(figures, rights, strict=True)
    return drawn + [Drawn(right, y, figure, "right") for figure, right in ends if figure]


def pdf_without_characters(lines: Sequence[str], *, named_in_font: bool) -> bytes:
    """A PDF of one page that shows lines by the shapes of its font and names no character.

    Args:
        lines: what it shows, of 12 points, 16 points apart.
        named_in_font: the font within tells which characters its shapes are; else nothing does.
    """
    face = TTFontFile(str(VERA))
    shapes = face.charToGlyph
    widths = {shapes[code]: width for code, width in face.charWidths.items() if code in shapes}
    wide = " ".join(f"{shape}[{width:.0f}]" for shape, width in sorted(widths.items()))
    shown = "".join(
        f"<{''.join(f'{shapes[ord(letter)]:04X}' for letter in line)}> Tj T* " for line in lines
    )
    content = f"BT /F1 12 Tf 72 760 Td 16 TL {shown}ET".encode()
    font = VERA.read_bytes()
    if not named_in_font:
        font = font.replace(b"cmap", b"none", 1)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        _stream(content),
        b"<</Type/Font/Subtype/Type0/BaseFont/Vera/Encoding/Identity-H/DescendantFonts[6 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Vera/CIDToGIDMap/Identity"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 7 0 R"
        + f"/W[{wide}]>>".encode(),
        b"<</Type/FontDescriptor/FontName/Vera/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0"
        b"/Ascent 900/Descent -200/CapHeight 700/StemV 80/FontFile2 8 0 R>>",
        _stream(font),
    ]
    return _file(objects)


def pdf_saying(codes: Sequence[tuple[int, str]], shown: str) -> bytes:
    """A PDF of one line whose font says by itself which characters its codes are.

    Args:
        codes: a code of one byte and the hexadecimal UTF-16 that it stands for.
        shown: the codes of the line, a character each.
    """
    said = "\n".join(f"<{code:02X}> <{utf16}>" for code, utf16 in codes)
    names = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CMapName /Own def /CMapType 2 def\n"
        "1 begincodespacerange <00> <FF> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{said}\nendbfchar\nendcmap end end"
    )
    text = shown.encode("latin-1").hex()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        _stream(f"BT /F1 12 Tf 72 760 Td <{text}> Tj ET".encode()),
        b"<</Type/Font/Subtype/Type1/BaseFont/Courier/ToUnicode 6 0 R>>",
        _stream(names.encode()),
    ]
    return _file(objects)


def paragraph(text: str, style: ParagraphStyle = BODY) -> Paragraph:
    """A paragraph of body text, or in another style."""
    return Paragraph(text, style)


def _draw(canvas: Canvas, piece: Piece) -> None:
    if isinstance(piece, Ruled):
        canvas.line(piece.left, piece.y, piece.right, piece.y)
        return
    if isinstance(piece, Pictured):
        picture = Image.new("L", (int(piece.width), int(piece.height)), 255)
        ImageDraw.Draw(picture).text((40, 40), piece.text, 0, ImageFont.load_default(20))
        canvas.drawImage(ImageReader(picture), 40, 60, piece.width, piece.height)
        return
    drawn = piece if isinstance(piece, Drawn) else Drawn(*piece)
    canvas.setFont(drawn.font, drawn.size)
    draw = {
        "left": canvas.drawString,
        "right": canvas.drawRightString,
        "centre": canvas.drawCentredString,
    }
    draw[drawn.align](drawn.x, drawn.y, drawn.text)


def _stream(content: bytes) -> bytes:
    return b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)


def _file(objects: Sequence[bytes]) -> bytes:
    """The bytes of a PDF of these objects, the first of them its catalog."""
    out = io.BytesIO(b"%PDF-1.5\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, written in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, written))
    begin = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(b"trailer<</Size %d/Root 1 0 R>>\n" % (len(objects) + 1))
    out.write(b"startxref\n%d\n%%%%EOF\n" % begin)
    return out.getvalue()
