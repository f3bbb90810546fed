"""The lines of a PDF's pages, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median_low
from typing import TYPE_CHECKING, NamedTuple

from ingest.language.rows import BETWEEN_CELLS
from ingest.parse.characters import clean
from ingest.parse.raised import raised
from ingest.parse.shapes import columns

if TYPE_CHECKING:
    from pypdfium2 import PdfPage  # type: ignore[import-untyped] # pypdfium2 ships no types

_HYPHEN_CODE = 0xFFFE  # what it gives for that where it gives all letters at once
_RAISED = 0.2  # of a letter's height, by which a note stands above the line
_LINE_END_HYPHEN = "\x02"  # what PDFium gives for a hyphen at the end of a line
_CELL_GAP = 0.9  # of a line's height: wider than a space between words, justified or not
_PARTED = re.compile(r"\w-$")
_LOOK_AT = 3  # every third letter, so that no figure that is wrong goes by
_MOST_UNKNOWN = 0.02  # of a page's letters; a bullet's shape or two is nothing
_FONT_NAME = 128  # bytes of a font's name that are looked at
_BOLD = re.compile(rb"bold|black|heavy|demi", re.IGNORECASE)
_BOLD_WEIGHT = 600
_THIN = 2.5  # points; what is drawn higher is a box
_TOUCH = 1.5
_SHORTEST = 8.0
_BULLET = re.compile(r"[•●▪◦‣–-]|\(?\w{1,2}[.)]")
_LEANS_RIGHT = re.compile(r"[$€£¥(]|US\$|HK\$|RMB")
_TRAILING_SIGN = re.compile(r"(.*\S) ([$€£¥])")
_LEANS_LEFT = re.compile(r"\)?%|\)")


class Piece(NamedTuple):
    """A stretch of letters on one level.

    Attributes:
        text: what it says, without white space at its ends.
        edges: n + 1 places for its n characters: the left edge of each, the right one of the last.
        bottom: lower edge of the line it stands on.
        top: upper edge of that line.
    """

    text: str
    edges: tuple[float, ...]
    bottom: float
    top: float


class Cell(NamedTuple):
    """What stands between two wide gaps of a line.

    Attributes:
        pieces: what it is made of, a space between two of them but behind a hyphen.
    """

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """What it says."""
        text = self.pieces[0].text
        for piece in self.pieces[1:]:
            text += piece.text if _PARTED.search(text) else f" {piece.text}"
        return text

    @property
    def left(self) -> float:
        """Where it begins."""
        return min(piece.edges[0] for piece in self.pieces)

    @property
    def right(self) -> float:
        """Where it ends."""
        return max(piece.edges[-1] for piece in self.pieces)

    @property
    def middle(self) -> float:
        """Half way between the two."""
        return (self.left + self.right) / 2

    def __add__(self, other: object) -> Cell:
        """This cell and another one behind it, as one."""
        return Cell(self.pieces + other.pieces) if isinstance(other, Cell) else NotImplemented


class Rule(NamedTuple):
    """A drawn line that lies level, or several that touch.

    Attributes:
        left: where it begins.
        right: where it ends.
        height: how high on the page it lies.
    """

    left: float
    right: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page; lengths and places in points, from the page's lower left corner.

    Attributes:
        cells: what it says, in several cells where wide gaps part it.
        page: its page, from 1.
        left: where it begins.
        right: where it ends.
        bottom: lower edge of most of its letters, room for hanging ones included.
        top: upper edge of most of them.
        first_word: how wide the least is that a line break could not have parted.
        gap: its widest gap, in heights of the line.
        running: it stands at the edge of page after page.
        region: tells the columns of a page apart.
        bold: its first letter is set in bold.
    """

    cells: tuple[Cell, ...]
    page: int
    left: float
    right: float
    bottom: float
    top: float
    first_word: float
    gap: float = 0.0
    running: bool = False
    region: int = 0
    bold: bool = False

    @property
    def text(self) -> str:
        """What it says, gaps made a space; those of a running line stay to be seen."""
        return (BETWEEN_CELLS if self.running else " ").join(cell.text for cell in self.cells)

    @property
    def height(self) -> float:
        """From its lower edge to its upper one, somewhat more than its type size."""
        return self.top - self.bottom


class Letter(NamedTuple):
    """A character and its box.

    Attributes:
        character: one, or a line break.
        left: its left edge, in points from the page's lower left corner.
        right: its right edge.
        bottom: its lower edge, room for hanging letters included.
        top: its upper edge, likewise.
        bold: it is set in bold; known of the first letter of a line alone.
    """

    character: str
    left: float
    right: float
    bottom: float
    top: float
    bold: bool = False


def lines_of(letters: Sequence[Letter], number: int) -> list[Line]:
    """Return the lines that the letters of a page make, in their order.

    Args:
        letters: as `letters_of` gives them.
        number: the page's number, from 1.
    """
    return joined_lines(_line(row, number) for row in _rows(letters))


def joined_lines(lines: Iterable[Line | None]) -> list[Line]:
    """Return lines, those that stand right of the one before them at its height as one."""
    whole: list[Line] = []
    for line in lines:
        if line is not None and whole and _is_raised(whole[-1], line):
            whole[-1] = _with_raised(whole[-1], line)
        elif line is not None and whole and _goes_on(whole[-1], line):
            whole[-1] = _one_line(whole[-1], line)
        elif line is not None:
            whole.append(line)
    return whole


def rules_of(page: PdfPage) -> list[Rule]:
    """Return the level rules drawn on a page, those that touch as one.

    Args:
        page: an open page; the caller sees to it that no other thread uses PDFium.
    """
    from ctypes import byref, c_float

    from pypdfium2 import raw

    left, bottom, right, top = (c_float() for _ in range(4))
    bounds = (byref(left), byref(bottom), byref(right), byref(top))
    drawn: list[Rule] = []
    handle = page.raw
    for index in range(raw.FPDFPage_CountObjects(handle)):
        shape = raw.FPDFPage_GetObject(handle, index)
        if raw.FPDFPageObj_GetType(shape) != raw.FPDF_PAGEOBJ_PATH:
            continue
        if raw.FPDFPageObj_GetBounds(shape, *bounds) and top.value - bottom.value < _THIN:
            drawn.append(Rule(left.value, right.value, round(bottom.value)))
    rules: list[Rule] = []
    for rule in sorted(drawn, key=lambda rule: (rule.height, rule.left)):
        before = rules[-1] if rules else None
        if before and before.height == rule.height and rule.left - before.right < _TOUCH:
            rules[-1] = before._replace(right=max(before.right, rule.right))
        else:
            rules.append(rule)
    return [rule for rule in rules if rule.right - rule.left > _SHORTEST]


def letters_of(page: PdfPage) -> tuple[list[Letter], bool]:
    """Return all characters of a page, line breaks included, and whether PDFium can read them.

    It cannot where a font does not say which characters its shapes are: what it gives then is
    wrong, figures too.

    Args:
        page: an open page; the caller sees to it that no other thread uses PDFium.
    """
    from ctypes import byref, c_ushort

    from pypdfium2 import raw

    text = page.get_textpage()
    try:
        # the handle itself: to have it looked up for each letter costs a third
        handle, box = text.raw, raw.FS_RECTF()
        here = byref(box)
        box_at = raw.FPDFText_GetLooseCharBox
        letters: list[Letter] = []
        half = ""
        begins = True  # a line
        count = text.count_chars()
        units = (c_ushort * (count + 1))()
        # all at once, where it gives one for each: ten times as fast
        if raw.FPDFText_GetText(handle, 0, count, units) == count + 1:
            codes = units[:count]
        else:
            codes = [raw.FPDFText_GetUnicode(handle, index) for index in range(count)]
        for index, code in enumerate(codes):
            character = chr(code) if code != _HYPHEN_CODE else _LINE_END_HYPHEN
            if "\ud800" <= character <= "\udbff":
                half = character  # of one that PDFium gives in two halves
                continue
            if "\udc00" <= character <= "\udfff":
                if not half:
                    continue  # half a character is none
                character = (half + character).encode("utf-16", "surrogatepass").decode("utf-16")
            half = ""
            box_at(handle, index, here)
            bold = False
            if begins and not character.isspace():
                bold, begins = _is_bold(handle, index), False
            elif character in "\r\n":
                begins = True
            letters.append(Letter(character, box.left, box.right, box.bottom, box.top, bold))
        looked_at = range(0, count, _LOOK_AT)
        unknown = sum(raw.FPDFText_HasUnicodeMapError(handle, index) == 1 for index in looked_at)
        return letters, unknown <= _MOST_UNKNOWN * len(looked_at)
    finally:
        text.close()


def _is_bold(text: object, index: int) -> bool:
    """Whether a letter of a page's text is set in bold, by the name of its font or its weight."""
    from ctypes import c_int, create_string_buffer

    from pypdfium2 import raw

    name, flags = create_string_buffer(_FONT_NAME), c_int()
    raw.FPDFText_GetFontInfo(text, index, name, _FONT_NAME, flags)
    weight = raw.FPDFText_GetFontWeight(text, index)
    return bool(_BOLD.search(name.value)) or weight >= _BOLD_WEIGHT


def _rows(letters: Sequence[Letter]) -> Iterator[list[Letter]]:
    """The characters line by line; a line that ends in a hyphen keeps it.

    PDFium sees no new line where one begins with a single letter.
    """
    row: list[Letter] = []
    before: Letter | None = None  # the last letter of the row that is seen
    for at, letter in enumerate(letters):
        if letter.character in "\r\n":
            yield row
            row, before = [], None
            continue
        if letter.character == _LINE_END_HYPHEN:
            yield [*row, Letter("-", letter.left, letter.right, letter.bottom, letter.top)]
            row, before = [], None
            continue
        if not letter.character.isspace():
            if before is not None and _is_below(before, letters, at):
                yield row
                row = []
            before = letter
        row.append(letter)
    yield row


def _is_below(before: Letter, letters: Sequence[Letter], at: int) -> bool:
    """Whether a letter stands lower than the one before it and not right of it.

    Signs below the line stand right of it; letters of upright text have no room between them,
    and none on their level behind them.
    """
    letter = letters[at]
    middle, room = (before.bottom + before.top) / 2, (before.top - before.bottom) / 2
    if letter.right < before.left:
        return letter.top < middle
    if letter.left >= before.right or letter.top >= middle:
        return False
    behind = letters[at + 1 : at + 3]
    following = next((each for each in behind if not each.character.isspace()), None)
    beside = (
        following is not None
        and following.left >= letter.right
        and letter.bottom < (following.bottom + following.top) / 2 < letter.top
    )
    return beside or letter.top < before.bottom - room


def _line(letters: list[Letter], page: int) -> Line | None:
    """The line that characters make, None if all of them are white space or unseen."""
    words: list[list[Letter]] = []
    for spaces, run in groupby(letters, lambda letter: letter.character.isspace()):
        if not spaces:
            words.extend(_written(run))
    if not words:
        return None
    shown = [letter for word in words for letter in word]
    bottom = median_low([letter.bottom for letter in shown])
    top = median_low([letter.top for letter in shown])
    height = max(top - bottom, 0.1)
    gaps = [(after[0].left - before[-1].right) / height for before, after in pairwise(words)]
    first = words[0]
    first_word = first[:1] if columns(first[0].character) == 2 else first
    runs = [list(words[0])]
    for gap, word in zip(gaps, words[1:], strict=True):
        if gap > _CELL_GAP:
            runs.append(list(word))
        else:
            before = runs[-1][-1]
            space = Letter(" ", before.right, word[0].left, before.bottom, before.top)
            runs[-1].extend((space, *word))
    cells = [Cell((_piece(run, bottom, top),)) for run in runs]
    return Line(
        cells=_joined(cells),
        page=page,
        left=first[0].left,
        right=words[-1][-1].right,
        bottom=bottom,
        top=top,
        first_word=first_word[-1].right - first_word[0].left,
        gap=max(gaps, default=0.0),
        bold=first[0].bold,
    )


def _written(run: Iterable[Letter]) -> list[list[Letter]]:
    """The letters of a word that are seen, as a word; nothing where none is."""
    word = [letter for letter in run if letter.character.isalnum() or clean(letter.character)]
    return [_with_note(word)] if word else []


def _with_note(word: list[Letter]) -> list[Letter]:
    """A word in which the number of a note is told from the figure that it stands behind."""
    first = word[0]
    height = first.top - first.bottom
    at = len(word)
    while at > 1 and word[at - 1].bottom > first.bottom + _RAISED * height:
        at -= 1
    base, note = word[:at], word[at:]
    said = "".join(letter.character for letter in note)
    written = raised("".join(letter.character for letter in base), said) if note else said
    if written == said:
        return word
    # "(1)" or "^6": what is added stands where the note begins and ends
    opening = note[0]._replace(character=written[0], right=note[0].left)
    closing = note[-1]._replace(character=written[-1], left=note[-1].right)
    return [*base, opening, *note, *([closing] if written[-1] == ")" else [])]


def _piece(letters: Sequence[Letter], bottom: float, top: float) -> Piece:
    edges = (*(letter.left for letter in letters), letters[-1].right)
    return Piece("".join(letter.character for letter in letters), edges, bottom, top)


def _is_raised(line: Line, piece: Line) -> bool:
    """Whether a piece is smaller, set above a line and right behind its last letter."""
    height = line.height
    behind = -_TOUCH < piece.left - line.right < _RAISED * height
    above = line.bottom + _RAISED * height < piece.bottom < line.top
    return behind and above and piece.height < height and len(piece.cells) == 1


def _with_raised(line: Line, piece: Line) -> Line:
    """A line and what is raised behind it: the number of a note is told from a figure."""
    cell = line.cells[-1]
    last, said = cell.pieces[-1], piece.cells[0].pieces[0]
    written = raised(last.text, said.text)
    edges = (*last.edges[:-1], *said.edges)
    if written != said.text:
        closing = (said.edges[-1],) if written[-1] == ")" else ()
        edges = (*last.edges[:-1], said.edges[0], *said.edges, *closing)
    joined = last._replace(text=last.text + written, edges=edges)
    cells = (*line.cells[:-1], Cell((*cell.pieces[:-1], joined)))
    return replace(line, cells=cells, right=piece.right)


def _goes_on(line: Line, piece: Line) -> bool:
    """Whether a piece stands right of a line at its height: PDFium breaks some rows there."""
    level = abs(line.bottom - piece.bottom) < line.height / 4
    return level and piece.left > line.right and abs(line.height - piece.height) < line.height / 4


def _one_line(line: Line, piece: Line) -> Line:
    """A line and the piece right of it as one line."""
    gap = (piece.left - line.right) / max(line.height, 0.1)
    cells = (*line.cells, *piece.cells)
    if gap <= _CELL_GAP:
        cells = (*line.cells[:-1], line.cells[-1] + piece.cells[0], *piece.cells[1:])
    widest = max(gap, line.gap, piece.gap)
    return replace(line, cells=_joined(cells), right=piece.right, gap=widest)


def _joined(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Cells with a currency, bullet or percent sign joined to what it belongs to."""
    joined: list[Cell] = []
    for written in cells:
        cell = written
        if joined and (parted := _without_sign(joined[-1])) is not None:
            joined[-1], sign = parted
            cell = sign + cell
        leads = joined and _LEANS_RIGHT.fullmatch(joined[-1].text)
        bullet = len(joined) == 1 and _BULLET.fullmatch(joined[0].text)
        if joined and (bullet or leads or _LEANS_LEFT.fullmatch(cell.text)):
            joined[-1] += cell
        else:
            joined.append(cell)
    return tuple(joined)


def _without_sign(cell: Cell) -> tuple[Cell, Cell] | None:
    """A cell without the sign of a currency at its end, and that sign; None if there is none."""
    last = cell.pieces[-1]
    if not _TRAILING_SIGN.fullmatch(last.text):
        return None
    rest = last.text[:-1].rstrip()
    before = last._replace(text=rest, edges=last.edges[: len(rest) + 1])
    sign = last._replace(text=last.text[-1], edges=last.edges[-2:])
    return Cell((*cell.pieces[:-1], before)), Cell((sign,))
