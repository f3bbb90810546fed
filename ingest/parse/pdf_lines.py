"""The lines of a PDF's pages, and where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.parse.characters import clean

if TYPE_CHECKING:
    from pypdfium2 import PdfPage  # type: ignore[import-untyped] # pypdfium2 ships no types

_LINE_END_HYPHEN = "\x02"  # what PDFium gives for a hyphen at the end of a line
_CELL_GAP = 0.9  # of a line's height: wider than any space between words, justified or not


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page; lengths and places in points, from the page's lower left corner.

    Attributes:
        cells: its text, in several pieces where wide gaps part it as a table's cells.
        page: its page, from 1.
        left: where it begins.
        right: where it ends.
        bottom: lower edge, below the letters that hang down.
        top: upper edge.
        first_word: how wide its first word is.
    """

    cells: tuple[str, ...]
    page: int
    left: float
    right: float
    bottom: float
    top: float
    first_word: float

    @property
    def text(self) -> str:
        """What it says, gaps made a space."""
        return " ".join(self.cells)

    @property
    def height(self) -> float:
        """From its lower edge to its upper one, somewhat more than its type size."""
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class _Letter:
    """A character and its box."""

    character: str
    left: float
    right: float
    bottom: float
    top: float


def lines_of(page: PdfPage, number: int) -> list[Line]:
    """Return a page's lines in the order in which PDFium reads them.

    Args:
        page: an open page; the caller sees to it that no other thread uses PDFium.
        number: the page's number, from 1.
    """
    lines = [_line(letters, number) for letters in _rows(_letters(page))]
    return [line for line in lines if line is not None]


def _letters(page: PdfPage) -> list[_Letter]:
    """All characters of a page, line breaks included."""
    from pypdfium2 import raw

    text = page.get_textpage()
    try:
        box = raw.FS_RECTF()
        letters = []
        for index in range(text.count_chars()):
            character = chr(raw.FPDFText_GetUnicode(text, index))
            raw.FPDFText_GetLooseCharBox(text, index, box)
            letters.append(_Letter(character, box.left, box.right, box.bottom, box.top))
        return letters
    finally:
        text.close()


def _rows(letters: list[_Letter]) -> Iterator[list[_Letter]]:
    """The characters line by line; a line that ends in a hyphen keeps it."""
    row: list[_Letter] = []
    for letter in letters:
        if letter.character in "\r\n":
            yield row
            row = []
        elif letter.character == _LINE_END_HYPHEN:
            yield [*row, _Letter("-", letter.left, letter.right, letter.bottom, letter.top)]
            row = []
        else:
            row.append(letter)
    yield row


def _line(letters: list[_Letter], page: int) -> Line | None:
    """The line some characters make, None if they are all white space or unseen."""
    shown = [letter for letter in letters if clean(letter.character).strip()]
    if not shown:
        return None
    bottom = min(letter.bottom for letter in shown)
    top = max(letter.top for letter in shown)
    cells, first_word = [""], shown[0].right
    before: _Letter | None = None
    spaced = in_first_word = False
    ...
