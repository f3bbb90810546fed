"""Tables of office documents: cells that span others, captions above, what is no table at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ingest.language.rows import is_figure
from ingest.parse.captions import is_unit_alone, unit_above, unit_of
from ingest.parse.shapes import kind_of
from ingest.parse.tables import head_rows
from ingest.parse.writer import ReportWriter
from ingest.records import BlockKind


class Merged(NamedTuple):
    """Cells that are one, by their rows and columns, from 0; the last ones are left out."""

    top: int
    left: int
    bottom: int
    right: int


def write_grid(
    writer: ReportWriter,
    rows: Sequence[Sequence[str]],
    merged: Sequence[Merged] = (),
    page: int | None = None,
    heads: int | None = None,
    unit: str = "",
    level: int | None = None,
) -> None:
    """Write a table: its caption as a block of its own, then its rows.

    What spans several cells is said in each of them among the heads. Below, a label that spans
    several rows is said in each of them, and nothing twice in a row. A table of one column is
    no table: its rows are paragraphs.

    Args:
        writer: what it is written with.
        rows: n rows of cells; of those that are one, the upper left one alone holds something.
        merged: the cells that are one.
        page: the page it begins on, from 1; None where there are no pages.
        heads: how many rows at the top are heads; None to tell that by their form.
        unit: what its figures are counted in, where that is printed outside of it; none to take
            what the block right above it says.
        level: of a caption that is a heading, how deep it stands.
    """
    width = max((len(row) for row in rows), default=0)
    grid = [[*row, *[""] * (width - len(row))] for row in rows]
    used = [at for at in range(width) if any(row[at].strip() for row in grid)]
    if len(used) <= 1:
        write_lines(writer, [row[used[0]] for row in grid if used], page, level)
        return
    unit = unit or unit_above(writer)
    captions = 0 if heads else _captions(grid)
    for at in range(captions):
        following = next((row[0] for row in grid[at + 1 : captions] if row[0].strip()), None)
        text, beside = grid[at][0].strip(), " ".join(filter(str.strip, grid[at][1:])).strip()
        counted = unit_of(text)
        unit = unit_of(beside) or counted or unit
        if not text:
            writer.add(BlockKind.PARAGRAPH, beside, page)
            continue
        kind = BlockKind.PARAGRAPH
        if not counted and text[0] not in "(（" and _is_short(text):
            kind = kind_of(text, following, BlockKind.TABLE_ROW)
        is_heading = kind is BlockKind.HEADING
        writer.add(kind, text, page, level if is_heading else None)
        writer.add(BlockKind.PARAGRAPH, beside, page)
    above, body = grid[captions:], _spread(grid, merged, down_only=True)[captions:]
    spread = _spread(grid, merged, down_only=False)[captions:]
    if heads is None:
        heads = head_rows(spread) or head_rows(above)
    table = [[row[at] for at in used] for row in (*spread[:heads], *body[heads:])]
    writer.add_table(table, page, heads, unit)


def write_lines(
    writer: ReportWriter, lines: Sequence[str], page: int | None, level: int | None = None
) -> None:
    """Write lines that are no table, as what they are by their form.

    Args:
        writer: what they are written with.
        lines: what they say.
        page: the page they stand on, from 1; None where there are no pages.
        level: how deep those stand that are headings.
    """
    written = [line.strip() for line in lines if line.strip()]
    kinds: list[BlockKind] = []
    kind: BlockKind | None = None
    following: str | None = None
    for line in reversed(written):
        kind = kind_of(line, following, kind)
        following = line
        kinds.append(kind)
    for line, each in zip(written, reversed(kinds), strict=True):
        writer.add(each, line, page, level if each is BlockKind.HEADING else None)


def _captions(grid: Sequence[Sequence[str]]) -> int:
    """How many rows at the top stand above the heads and hold a first cell, a unit perhaps."""
    above = 0
    for row in grid:
        others = [cell for cell in row[1:] if cell.strip()]
        if len(others) > 1 or not all(map(is_unit_alone, others)):
            break
        above += 1
    # without heads below, such a row is a label of the rows under it
    return above if head_rows(grid[above:]) else 0


def _is_short(text: str) -> bool:
    """Whether a text can be read at a glance."""
    return "\n" not in text and any(map(str.isalpha, text))


def _spread(
    grid: Sequence[Sequence[str]], merged: Sequence[Merged], *, down_only: bool
) -> list[list[str]]:
    """A table in which cells that are one all say what it says."""
    spread = [list(row) for row in grid]
    left_over = len(grid) * len(grid[0]) if grid else 0  # they do not lie over one another
    for top, left, bottom, right in merged:
        if not (0 <= top < len(spread) and 0 <= left < len(spread[top])):
            continue
        text = spread[top][left]
        if down_only and (is_figure(text) or not text.strip()):
            continue
        last = min(left + 1 if down_only else right, len(spread[top]))
        left_over -= (min(bottom, len(spread)) - top) * (last - left)
        if left_over < 0:
            break
        for row in spread[top:bottom]:
            for column in range(left, last):
                row[column] = row[column] or text
    return spread
