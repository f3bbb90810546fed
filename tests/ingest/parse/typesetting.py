"""PDFs for tests, set by ReportLab."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from reportlab.lib.pdfencrypt import StandardEncryption  # type: ignore[import-untyped] # no types
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped] # has no types
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped] # has no types
from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped] # no types
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


def pdf_of(
    flowables: Sequence[Flowable],
    *,
    furnish: Callable[[Canvas, SimpleDocTemplate], None] | None = None,
    password: str = "",
    title: str = "",
    author: str = "",
) -> bytes:
    """A PDF of flowables.

    Args:
        flowables: what stands in it.
        furnish: draws what stands outside the text of each page.
        password: locks it, if not empty.
        title: its title among its properties.
        author: its author among its properties.
    """
    pdfmetrics.registerFont(UnicodeCIDFont(CHINESE_FONT))
    out = io.BytesIO()
    locked = {"encrypt": StandardEncryption(password)} if password else {}
    document = SimpleDocTemplate(out, title=title, author=author, **locked)
    draw = furnish or (lambda _canvas, _document: None)
    document.build(list(flowables), onFirstPage=draw, onLaterPages=draw)
    return out.getvalue()


def pdf_of_lines(lines: Sequence[tuple[float, float, str]]) -> bytes:
    """A PDF of one page with lines of 12 points at places (x, y) in points."""
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setFont("Helvetica", 12)
    for x, y, text in lines:
        canvas.drawString(x, y, text)
    canvas.save()
    return out.getvalue()


def paragraph(text: str, style: ParagraphStyle = BODY) -> Paragraph:
    """A paragraph of body text, or in another style."""
    return Paragraph(text, style)
