"""Pages set in columns: read down one column, then down the next.

PDFium reads such a page as its file was written, often line by line across all columns. A
page counts as set in columns where a gap runs down it between lines of prose on both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from ingest.language.rows import is_figure
from ingest.parse.pdf_lines import Cell, Line
from ingest.parse.shapes import columns

_PROSE_COLUMNS = 24  # of type; a shorter stretch says nothing of how a page is set
_PROSE_LINES = 6  # on either side of a gap, at least
_FULL = 0.75  # of a column's width: a line of prose that fills it
_FULL_SHARE = 0.6  # of the lines in a column are as full, at least
_CROSSING_SHARE = 0.25  # of a page's lines may cross the gap: titles, tables, pictures' captions
_NARROWEST = 0.2  # of the width of the text; less is no column


def in_columns(lines: Sequence[Line]) -> list[Line]:
    """Return a page's lines in the order in which its columns are read.

    Args:
        lines: of one page, as PDFium reads them.

    Returns:
        The same where the page has one column; else lines that go across all columns part it,
        and between two of them each column is read from the top down. Lines of another column
        are in another region.
    """
    gap = _gap(lines)
    if gap is None:
        return list(lines)
    ordered: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []
    region = 1

    def end_band() -> None:
        nonlocal region
        for side in (left, right):
            region += 1
            ordered.extend(replace(line, region=region) for line in in_columns(side))
            side.clear()
        region += 1

    pieces = [piece for line in lines for piece in _split(line, gap)]
    for piece in sorted(pieces, key=lambda line: -line.bottom):
        if piece.right <= gap:
            left.append(piece)
        elif piece.left >= gap:
            right.append(piece)
        else:
            end_band()
            ordered.append(replace(piece, region=region))
    end_band()
    return ordered


def _gap(lines: Sequence[Line]) -> float | None:
    """The middle of the gap that parts a page's columns; None where there is none."""
    return _gap_among([cell for line in lines for cell in line.cells if _is_prose(cell)])


def _gap_among(prose: Sequence[Cell]) -> float | None:
    """The middle of the first gap between stretches of prose; None where they are one column."""
    if len(prose) < 2 * _PROSE_LINES:
        return None
    begin, end = min(cell.left for cell in prose), max(cell.right for cell in prose)
    narrowest = _NARROWEST * (end - begin)
    for start in sorted({round(cell.left) for cell in prose}):
        if not begin + narrowest <= start <= end - narrowest:
            continue
        left = [cell for cell in prose if cell.right < start]
        right = [cell for cell in prose if cell.left >= start - 1]
        crossing = len(prose) - len(left) - len(right)
        if crossing <= _CROSSING_SHARE * len(prose) and _are_columns(left, right):
            return (max(cell.right for cell in left) + start) / 2
    return None


def _are_columns(left: Sequence[Cell], right: Sequence[Cell]) -> bool:
    """Whether what stands on the two sides of a gap is a column, or on one side several."""
    if _is_column(left):
        return _is_column(right) or _gap_among(right) is not None
    return _is_column(right) and _gap_among(left) is not None


def _is_column(cells: Sequence[Cell]) -> bool:
    """Whether stretches of prose fill a column: most begin at its edge and go to its end."""
    if len(cells) < _PROSE_LINES:
        return False
    edge = median(cell.left for cell in cells)
    width = max(cell.right for cell in cells) - edge
    full = [
        cell
        for cell in cells
        if cell.left - edge < width / 8 and cell.right - cell.left > _FULL * width
    ]
    return len(full) >= _FULL_SHARE * len(cells)


def _split(line: Line, gap: float) -> list[Line]:
    """A line's parts left and right of a gap, where it is parted there."""
    left = tuple(cell for cell in line.cells if cell.right <= gap)
    right = tuple(cell for cell in line.cells if cell.left >= gap)
    parted = left and right and len(left) + len(right) == len(line.cells)
    if not parted or _is_row(left, right):
        return [line]
    return [_part(line, left), _part(line, right)]


def _is_row(left: Sequence[Cell], right: Sequence[Cell]) -> bool:
    """Whether cells on the two sides of a gap are a row of one table: figures of one label."""
    labelled = is_figure(left[-1].text) or not any(map(_is_prose, left))
    return labelled and all(is_figure(cell.text) for cell in right)


def _is_prose(cell: Cell) -> bool:
    """Whether a cell is long enough to tell how a page is set."""
    return columns(cell.text) > _PROSE_COLUMNS


def _part(line: Line, cells: tuple[Cell, ...]) -> Line:
    """A part of a line as a line."""
    gaps = [after.left - before.right for before, after in pairwise(cells)]
    first = cells[0].pieces[0]
    word = first.text.split(maxsplit=1)[0]
    taken = 1 if columns(word[:1]) == 2 else len(word)
    return replace(
        line,
        cells=cells,
        left=cells[0].left,
        right=cells[-1].right,
        first_word=first.edges[taken] - first.edges[0],
        gap=max(gaps, default=0.0) / max(line.height, 0.1),
    )
