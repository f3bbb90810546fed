"""The tables of web pages: which of them are tables, their heads, spans and captions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.language.rows import is_figure
from ingest.parse.captions import is_unit_alone
from ingest.parse.html_text import flat_text
from ingest.parse.tables import head_rows

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped] # lxml ships no types

LONGEST_CELL = 300  # characters; a longer "cell" is a page laid out as a table

_MARK = re.compile("⸨⸨([0-9]{1,6})⸩⸩")
_WIDEST_SPAN = 100  # columns; more is no table that anybody reads
_TALLEST_SPAN = 1000
_MOST_CELLS = 200_000  # spans counted; they cost nothing to write and memory to expand
_LAYOUT = frozenset({"presentation", "none"})
_BEFORE_FIGURE = re.compile(r"(?:US|HK|NT|A|C|R)?[$€£¥]\s?\(?|\(|RMB|USD|EUR|GBP")
_BEHIND_FIGURE = re.compile(r"[)\]%]+")


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table of a web page.

    Attributes:
        captions: what stands over it as a whole, a line each.
        rows: n rows of cells, a cell's column being its place; a head stands in each row and
            column it spans, any other cell in the first one.
        heads: how many rows at the top are heads; None where the page does not say.
    """

    captions: tuple[str, ...]
    rows: list[list[str]]
    heads: int | None


@dataclass(frozen=True, slots=True, eq=False)
class _Cell:
    """A cell of a page; one that spans columns or rows is the same cell in each of them."""

    text: str
    is_head: bool


_NOTHING = _Cell("", is_head=False)


def mark_tables(root: HtmlElement) -> dict[str, PageTable]:
    """Read the tables of a page and mark their places in its text.

    What is read of the page later, by whatever hands on its text, finds them by these marks.
    Tables that lay out a page (they hold long cells or other tables, or one column) are left.

    Args:
        root: the page; the first cell of each table is given a mark, and no cell spans columns
            or rows any more, which would cost those that expand it again what it cost here.

    Returns:
        The tables by their marks.
    """
    tables: dict[str, PageTable] = {}
    for element in list(root.iter("table")):
        table = _read(element)
        first = next(element.iter("td", "th"), None)
        if table is not None and first is not None:
            mark = f"⸨⸨{len(tables)}⸩⸩"
            tables[mark] = table
            first.text = mark + (first.text or "")
    for cell in root.iter("td", "th"):
        for attribute in ("colspan", "rowspan"):
            cell.attrib.pop(attribute, None)
    return tables


def mark_in(element: HtmlElement, tables: Mapping[str, PageTable]) -> str | None:
    """Return the mark of the table that an element is, None where it is none that was marked."""
    if element.tag != "table" or element.find(".//table") is not None:
        return None
    marks = (found[0] for text in element.itertext() for found in _MARK.finditer(text))
    return next((mark for mark in marks if mark in tables), None)


def without_marks(text: str) -> str:
    """Return a text without marks of tables."""
    return _MARK.sub("", text)


def _read(element: HtmlElement) -> PageTable | None:
    """The table that an element is, None where it lays out a page."""
    if element.find(".//table") is not None or element.get("role") in _LAYOUT:
        return None
    lines = list(element.iter("tr"))
    grid = _grid(lines)
    width = max(map(len, grid), default=0)
    if width < 2 or any(len(cell.text) > LONGEST_CELL for row in grid for cell in row):
        return None
    captions = [" ".join(flat_text(each).split()) for each in element.iter("caption")]
    if sum(map(_letters, captions)) + _letters_in(lines) < _letters(flat_text(element)):
        return None  # text outside of rows and cells, which would be lost
    above = _rows_across(grid)
    captions += [cell.text for row in grid[:above] for cell in dict.fromkeys(row)]
    grid = [row + [_NOTHING] * (width - len(row)) for row in grid[above:]]
    heads = _declared_heads(lines[above:], grid)
    written = _once(grid, heads or 0)
    known = head_rows(written) if heads is None else heads
    rows = _joined(_once(grid, known), grid, known)
    return PageTable(tuple(filter(None, captions)), rows, heads)


def _letters(text: str) -> int:
    """How many characters of a text are no white space."""
    return len("".join(text.split()))


def _letters_in(lines: Sequence[HtmlElement]) -> int:
    """How many characters the cells of some rows hold."""
    return sum(_letters(cell.text) for line in lines for cell, _, _ in _cells(line))


def _grid(lines: Sequence[HtmlElement]) -> list[list[_Cell]]:
    """The cells of rows by their columns; nothing where spans make too many of them."""
    grid: list[list[_Cell]] = []
    hanging: dict[int, tuple[_Cell, int]] = {}  # by column: from the row above, rows to go
    count = 0
    for line in lines:
        row: list[_Cell] = []
        below: dict[int, tuple[_Cell, int]] = {}
        for cell, wide, tall in (*_cells(line), (None, 0, 0)):
            while len(row) in hanging or (cell is None and hanging):
                spanning, left = hanging.pop(len(row), (_NOTHING, 1))
                if left > 1:
                    below[len(row)] = spanning, left - 1
                row.append(spanning)
            if cell is not None:
                if tall > 1:
                    below |= dict.fromkeys(range(len(row), len(row) + wide), (cell, tall - 1))
                for column in range(len(row), len(row) + wide):
                    hanging.pop(column, None)  # spans that cross: the later cell covers
                row += [cell] * wide
            if count + len(row) > _MOST_CELLS:
                return []
        grid.append(row)
        hanging = below
        count += len(row)
    return grid


def _cells(line: HtmlElement) -> Iterator[tuple[_Cell, int, int]]:
    """The cells of a row, and how many columns and rows each spans."""
    for cell in line:
        if cell.tag in {"td", "th"}:
            text = " ".join(flat_text(cell).split())
            wide, tall = _span(cell, "colspan"), _span(cell, "rowspan")
            yield (
                _Cell(text, is_head=cell.tag == "th"),
                min(wide, _WIDEST_SPAN),
                min(tall, _TALLEST_SPAN),
            )


def _span(cell: HtmlElement, attribute: str) -> int:
    """How many columns or rows a cell spans; 1 where it says nothing that is a number."""
    written = re.fullmatch(r"\s*([1-9][0-9]{0,5})\s*", cell.get(attribute, ""))
    return int(written[1]) if written else 1


def _rows_across(grid: Sequence[Sequence[_Cell]]) -> int:
    """How many rows at the top are captions: a cell across the whole table, or its unit."""
    width = max(map(len, grid), default=0)
    for place, row in enumerate(grid):
        across = len(row) == width and all(cell is row[0] for cell in row) and row[0].text
        # one row down, a cell across is a line over those below it
        if not across and not _is_unit_row(grid, place):
            return place
    return 0


def _is_unit_row(grid: Sequence[Sequence[_Cell]], place: int) -> bool:
    """Whether a row above heads says what the table is counted in, beside its title perhaps."""
    row = grid[place]
    others = [cell.text for cell in dict.fromkeys(row) if cell.text and cell is not row[0]]
    if len(others) != 1 or not is_unit_alone(others[0]):
        return False
    return head_rows([[cell.text for cell in row] for row in grid[place + 1 :]]) > 0


def _declared_heads(lines: Sequence[HtmlElement], grid: Sequence[Sequence[_Cell]]) -> int | None:
    """How many rows at the top the page says are heads, None where it does not say."""
    count = 0
    for line, row in zip(lines, grid, strict=True):
        parent = line.getparent()
        told = parent is not None and parent.tag == "thead"
        if not told and not all(cell.is_head or not cell.text for cell in row):
            break
        count += 1
    said = any(cell.text for row in grid[:count] for cell in row)
    return count if said and count < len(grid) else None


def _once(grid: Sequence[Sequence[_Cell]], heads: int) -> list[list[str]]:
    """What cells say: below the heads only in the first column of those they span.

    Of several rows a label is said in each, a figure in the first alone.
    """
    rows: list[list[str]] = []
    above: set[_Cell] = set()
    for place, row in enumerate(grid):
        texts = []
        here: set[_Cell] = set()
        for cell in row:
            is_said = cell in here or (cell in above and is_figure(cell.text))
            texts.append("" if is_said and place >= heads else cell.text)
            here.add(cell)
        above |= here
        rows.append(texts)
    return rows


def _joined(
    rows: Sequence[Sequence[str]], grid: Sequence[Sequence[_Cell]], heads: int
) -> list[list[str]]:
    """Rows whose figures stand in one column each: "$", "(5" and ")%" are often cells apart."""
    width = len(rows[0]) if rows else 0
    columns = [[row[column] for row in rows] for column in range(width)]
    groups = [[at] for at in range(min(width, 1))]
    so_far = columns[0] if columns else []
    for at in range(1, width):
        under_one = heads > 0 and grid[heads - 1][at] is grid[heads - 1][at - 1]
        if _are_one(so_far, columns[at], heads, under_one=under_one):
            groups[-1].append(at)
            above = [left or right for left, right in zip(so_far, columns[at], strict=True)][:heads]
            body = zip(so_far[heads:], columns[at][heads:], strict=True)
            so_far = above + [left + right for left, right in body]
        else:
            groups.append([at])
            so_far = columns[at]
    return [
        [
            next((row[at] for at in group if row[at]), "")
            if place < heads
            else "".join(row[at] for at in group)
            for group in groups
        ]
        for place, row in enumerate(rows)
    ]


def _are_one(left: Sequence[str], right: Sequence[str], heads: int, *, under_one: bool) -> bool:
    """Whether two columns that stand side by side are one for the reader."""
    above = zip(left[:heads], right[:heads], strict=True)
    if any(one and other and one != other for one, other in above):
        return False
    before = [cell for cell in left[heads:] if cell]
    behind = [cell for cell in right[heads:] if cell]
    if not behind:
        return under_one or not any(right[:heads])
    if before and all(map(_BEFORE_FIGURE.fullmatch, before)):
        return True
    if all(map(_BEHIND_FIGURE.fullmatch, behind)):
        return True
    body = zip(left[heads:], right[heads:], strict=True)
    return under_one and all(
        not one or not other or _BEFORE_FIGURE.fullmatch(one) or _BEHIND_FIGURE.fullmatch(other)
        for one, other in body
    )
