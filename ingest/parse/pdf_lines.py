"""The lines of a PDF's pages, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median_low
from typing import TYPE_CHECKING

from ingest.parse.characters import clean
from ingest.parse.shapes import columns

if TYPE_CHECKING:
    from pypdfium2 import PdfPage  # type: ignore[import-untyped] # pypdfium2 ships no types

_LINE_END_HYPHEN = "\x02"  # what PDFium gives for a hyphen at the end of a line
_CELL_GAP = 0.9  # of a line's height: wider than a space between words, justified or not
_BULLET = re.compile(r"[•●▪◦‣–-]|\(?\w{1,2}[.)]")
_LEANS_RIGHT = re.compile(r"[$€£¥(]|US\$|HK\$|RMB")
_TRAILING_SIGN = re.compile(r"(.*\S) ([$€£¥])")
_LEANS_LEFT = re.compile(r"\)?%|\)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page; lengths and places in points, from the page's lower left corner.

    Attributes:
        cells: its text, in several pieces where wide gaps part it as a table's cells.
        page: its page, from 1.
        left: where it begins.
        right: where it ends.
        bottom: lower edge of most of its letters, room for hanging ones included.
        top: upper edge of most of them.
        first_word: how wide the least is that a line break could not have parted.
        gap: its widest gap, in heights of the line.
        running: it stands at the edge of page after page.
    """

    cells: tuple[str, ...]
    page: int
    left: float
    right: float
    bottom: float
    top: float
    first_word: float
    gap: float = 0.0
    running: bool = False

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
    whole: list[Line] = []
    for letters in _rows(_letters(page)):
        line = _line(letters, number)
        if line is not None and whole and _goes_on(whole[-1], line):
            whole[-1] = _one_line(whole[-1], line)
        elif line is not None:
            whole.append(line)
    return whole


def _letters(page: PdfPage) -> list[_Letter]:
    """All characters of a page, line breaks included."""
    from pypdfium2 import raw

    text = page.get_textpage()
    try:
        box = raw.FS_RECTF()
        letters: list[_Letter] = []
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
    """The line that characters make, None if all of them are white space or unseen."""
    words = [
        list(word)
        for spaces, word in groupby(letters, lambda letter: letter.character.isspace())
        if not spaces
    ]
    written = [clean("".join(letter.character for letter in word)) for word in words]
    if not any(written):
        return None
    shown = [letter for word in words for letter in word]
    bottom = median_low(letter.bottom for letter in shown)
    top = median_low(letter.top for letter in shown)
    gaps = [
        (after[0].left - before[-1].right) / max(top - bottom, 0.1)
        for before, after in pairwise(words)
    ]
    first_word = words[0][:1] if columns(written[0][:1]) == 2 else words[0]
    cells = [written[0]]
    for gap, word in zip(gaps, written[1:], strict=True):
        if gap > _CELL_GAP:
            cells.append(word)
        else:
            cells[-1] += f" {word}"
    return Line(
        cells=_joined(cells),
        page=page,
        left=words[0][0].left,
        right=words[-1][-1].right,
        bottom=bottom,
        top=top,
        first_word=first_word[-1].right - first_word[0].left,
        gap=max(gaps, default=0.0),
    )


def _goes_on(line: Line, piece: Line) -> bool:
    """Whether a piece stands right of a line at its height: PDFium breaks some rows there."""
    level = abs(line.bottom - piece.bottom) < line.height / 4
    return level and piece.left > line.right and abs(line.height - piece.height) < line.height / 4


def _one_line(line: Line, piece: Line) -> Line:
    """A line and the piece right of it as one line."""
    gap = (piece.left - line.right) / line.height
    cells = (*line.cells, *piece.cells)
    if gap <= _CELL_GAP:
        cells = (*line.cells[:-1], f"{line.cells[-1]} {piece.cells[0]}", *piece.cells[1:])
    widest = max(gap, line.gap, piece.gap)
    return replace(line, cells=_joined(cells), right=piece.right, gap=widest)


def _joined(cells: Sequence[str]) -> tuple[str, ...]:
    """Cells with a currency, bullet or percent sign joined to what it belongs to."""
    joined: list[str] = []
    for written in cells:
        cell = written
        trailing = _TRAILING_SIGN.fullmatch(joined[-1]) if joined else None
        if trailing:
            joined[-1], cell = trailing[1], f"{trailing[2]} {cell}"
        leads = joined and _LEANS_RIGHT.fullmatch(joined[-1])
        bullet = len(joined) == 1 and _BULLET.fullmatch(joined[0])
        if joined and (bullet or leads or _LEANS_LEFT.fullmatch(cell)):
            joined[-1] += f" {cell}"
        else:
            joined.append(cell)
    return tuple(joined)
