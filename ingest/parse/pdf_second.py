"""Pages that PDFium cannot read, read by pdfminer and, where they are pictures, by OCR."""

from __future__ import annotations

import io
import logging
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from ingest.parse.ocr import is_installed, read_picture, scale_for
from ingest.parse.pdf_lines import Cell, Letter, Line, Piece, joined_lines, lines_of
from ingest.parse.shapes import columns

if TYPE_CHECKING:
    from pdfminer.layout import LTComponent
    from pypdfium2 import PdfPage  # type: ignore[import-untyped] # pypdfium2 ships no types

_UNKNOWN = "(cid:"  # what pdfminer gives for a shape of which it knows no character
_REPLACED = "\ufffd"  # what stands for it here, so that nobody takes the rest for all
_MOST_UNKNOWN = 0.02  # of a page's letters
_PICTURE_SHARE = 0.3  # of a page's area: a picture that may be a scan
_LETTERS = 40  # on a page whose text is a picture, at most: a page number, a stamp


def lines_by_pdfminer(content: bytes, numbers: Collection[int]) -> dict[int, list[Line]]:
    """Read some pages of a PDF with pdfminer, which knows fonts that PDFium does not.

    Args:
        content: the PDF.
        numbers: of the pages, from 1.

    Returns:
        The lines of those pages that it can read, by their numbers.
    """
    from pdfminer.high_level import extract_pages

    # what it complains of is pieces of the file
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)

    read: dict[int, list[Line]] = {}
    order = sorted(numbers)
    try:
        pages = extract_pages(io.BytesIO(content), page_numbers=[number - 1 for number in order])
        for number, page in zip(order, pages, strict=False):
            letters = list(_letters(page))
            unknown = sum(letter.character == _REPLACED for letter in letters)
            if letters and unknown <= _MOST_UNKNOWN * len(letters):
                read[number] = lines_of(letters, number)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 (a damaged font sets off anything)
        return read  # what neither of the two can read is not read
    return read


def is_picture(page: PdfPage, letters: int) -> bool:
    """Tell whether a page's text is a picture.

    Args:
        page: an open page; the caller sees to it that no other thread uses PDFium.
        letters: how many characters were read on it.
    """
    from pypdfium2 import raw

    if letters > _LETTERS:
        return False
    width, height = page.get_size()
    area = 0.0
    for shape in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = shape.get_bounds()
        area += max(right - left, 0.0) * max(top - bottom, 0.0)
    return bool(area > _PICTURE_SHARE * width * height)


def lines_by_ocr(page: PdfPage, number: int, name: str) -> tuple[list[Line], int]:
    """Read a page that is a picture; nothing where OCR is not installed.

    A line of which a figure may have been read wrong is left out: no figure is better than a
    wrong one.

    Args:
        page: an open page; the caller sees to it that no other thread uses PDFium.
        number: the page's number, from 1.
        name: the report's name, for messages.

    Returns:
        The lines, and how many were left out.

    Raises:
        ParseError: its picture cannot be read.
    """
    if not is_installed():
        return [], 0
    scale = scale_for(*page.get_size())
    bitmap = page.render(scale=scale)
    try:
        found = read_picture(bitmap.to_numpy()[:, :, :3], scale, name)
    finally:
        bitmap.close()
    sure = [each for each in found if not each.doubtful]
    lines = joined_lines(
        _line(each.text, each.left, each.right, each.bottom, each.top, number) for each in sure
    )
    return lines, len(found) - len(sure)


def _letters(item: LTComponent) -> Iterator[Letter]:
    """The letters under an item of pdfminer's layout, with a line break behind each line."""
    from pdfminer.layout import LTAnno, LTChar, LTTextLine

    if isinstance(item, LTChar):
        said = item.get_text()
        said = _REPLACED if said.startswith(_UNKNOWN) else said
        for place, character in enumerate(said):  # a ligature may say several: all in the first
            left = item.x1 if place else item.x0
            yield Letter(character, left, item.x1, item.y0, item.y1)
        return
    before: Letter | None = None
    for part in item if hasattr(item, "__iter__") else ():
        if isinstance(part, LTAnno) and before is not None:
            yield Letter(" ", before.right, before.right, before.bottom, before.top)
            continue
        for letter in _letters(part):
            before = letter
            yield letter
    if isinstance(item, LTTextLine) and before is not None:
        yield before._replace(character="\n")


def _line(
    text: str, left: float, right: float, bottom: float, top: float, page: int
) -> Line | None:
    """A line of which only the whole has a place: its letters stand in it by their widths."""
    text = " ".join(text.split())
    if not text:
        return None
    steps = [columns(letter) for letter in text]
    step = (right - left) / max(sum(steps), 1)
    edges = [left]
    for width in steps:
        edges.append(edges[-1] + width * step)
    word = text[:1] if steps[0] == 2 else text.split(maxsplit=1)[0]
    first_word = edges[len(word)] - left
    cell = Cell((Piece(text, tuple(edges), bottom, top),))
    return Line((cell,), page, left, right, bottom, top, first_word)
