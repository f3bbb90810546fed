"""The columns of a PDF's tables: which cells stand in one, and what stands above them.

A column is told by its figures, which overlap from row to row. Where a row of heads has fewer
cells than there are columns, each stands over the columns it is centred on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby, pairwise
from math import inf
from typing import NamedTuple

from ingest.language.rows import is_figure, is_year
from ingest.parse.pdf_lines import Cell, Line, Piece, Rule
from ingest.parse.tables import head_rows, heads_of, is_body, is_span, is_unit

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MOST_COLUMNS = 40
_HEAD_LINES = 24  # at most; a head of six lines above each of four columns
_HEAD_PITCH = 1.7  # heights from a line of a head to the next one, at most
_EDGE = 6.0  # points; a bracket or a sign behind a figure juts out so far
_OFF = 0.6  # of the width of the columns that a head stands above, how far off it may be


class Column(NamedTuple):
    """A column.

    Attributes:
        left: its left edge, in points.
        right: its right edge.
    """

    left: float
    right: float

    @property
    def middle(self) -> float:
        """Half way between the two."""
        return (self.left + self.right) / 2


class Arranged(NamedTuple):
    """The rows of a table in columns.

    Attributes:
        rows: of each line the cell in each column, None where there is none; of lines of heads
            the cells as they come.
        heads: as `ingest.records.Table.heads`.
        above: how many of the lines are heads.
        columns: the columns, none where they cannot be told.
        unit: as `ingest.records.Table.unit`, where it is known.
    """

    rows: list[tuple[Cell | None, ...]]
    heads: tuple[str, ...] = ()
    above: int = 0
    columns: tuple[Column, ...] = ()
    unit: str = ""


def tables_in(lines: Sequence[Line]) -> list[list[Line]]:
    """Part rows that follow each other where other heads begin, or other columns on a new page.

    Args:
        lines: rows of tables, from the top down.
    """
    tables: list[list[Line]] = []
    for _, on_page in groupby(lines, lambda line: line.page):
        first, *others = _parted_by_heads(list(on_page))
        if tables and _goes_on(tables[-1], first):
            tables[-1].extend(first)
        else:
            tables.append(first)
        tables.extend(others)
    return tables


def columns_fit(columns: Sequence[Column], others: Sequence[Column]) -> bool:
    """Tell whether each of some columns stands where one of the others does, in their order."""
    over = [
        [at for at, other in enumerate(others) if _overlap(column, other) > 0] for column in columns
    ]
    return all(len(found) == 1 for found in over) and all(a < b for a, b in pairwise(over))


def _goes_on(table: Sequence[Line], lines: Sequence[Line]) -> bool:
    """Whether rows on the next page, without heads of their own, stand in a table's columns."""
    if not any(is_body(_said(line)) for line in table):
        return True  # heads, and what they head is on the next page
    columns = _columns(lines)
    rows = [_in_columns(line.cells, columns) for line in lines] if columns else []
    return not _count_heads(rows) and columns_fit(columns, _columns(table))


def _count_heads(rows: Sequence[Sequence[Cell | None]]) -> int:
    """How many rows at the top of a table are heads."""
    return head_rows([[cell.text if cell else "" for cell in row] for row in rows], _HEAD_LINES)


def _parted_by_heads(lines: Sequence[Line]) -> list[list[Line]]:
    """The tables that rows on one page make, each where other heads begin."""
    tables: list[list[Line]] = [[]]
    left = inf  # of the figures of the table so far
    for line in lines:
        table = tables[-1]
        # what begins at half way to the figures is no label
        beginning = min((other.left for other in table), default=inf)
        if left < inf and _is_heads(line, (beginning + left) / 2):
            # a line that stands above these heads alone belongs to them
            begins = len(table)
            while begins and len(table[begins - 1].cells) == 1 and table[begins - 1].left >= left:
                begins -= 1
            tables[-1:] = [table[:begins], [*table[begins:], line]]
            left = inf
            continue
        table.append(line)
        figures = [cell.left for cell in line.cells[1:] if is_figure(cell.text)]
        if figures and is_body(_said(line)):
            left = min(left, *figures)
    return [table for table in tables if table]


def _is_heads(line: Line, left: float) -> bool:
    """Whether a line below figures has the form of heads: no label, and nothing said of one."""
    first = line.cells[0]
    row = _said(line)
    if first.left >= left:
        return not is_body(["", *row])
    return len(row) > 1 and is_span(first.text) and not is_body(row)


def arrange(lines: Sequence[Line], rules: Sequence[Rule] = ()) -> Arranged:
    """Put the cells of lines that are one table into columns.

    Args:
        lines: its lines from the top down.
        rules: drawn on its page; a head stands over the columns that its rule does.

    Returns:
        The rows; as they are, without heads, where no columns can be told.
    """
    columns = _columns(lines)
    if not 1 < len(columns) <= _MOST_COLUMNS:
        return Arranged([line.cells for line in lines])
    rows = [_in_columns(line.cells, columns) for line in lines]
    above = _count_heads(rows)
    ruled = [rule for rule in rules if rule.left > columns[0].left + _EDGE]
    levels = _levels(lines[:above], rules)
    spread = [_spread(heads, columns, ruled, _closed(heads, levels, columns)) for heads in levels]
    # no head at all is better than one above another's figures
    known = [line for line in spread if line is not None]
    heads = _told_apart(_spans_widened(known)) if len(known) == len(spread) else ()
    return Arranged(
        [*(line.cells for line in lines[:above]), *rows[above:]], heads, above, tuple(columns)
    )


def _columns(lines: Sequence[Line]) -> list[Column]:
    """The columns of a table: of its labels, and of its figures."""
    body = [line for line in lines if len(line.cells) > 1 and is_body(_said(line))]
    figures = [[cell for cell in line.cells[1:] if is_figure(cell.text)] for line in body]
    columns = _seeded(figures)
    if not columns:
        return _plain_columns(lines)
    # words that stand in a column of their own, before, between or behind the figures
    texts = _merged(
        sorted(
            (cell.left, cell.right)
            for line, found in zip(body, figures, strict=True)
            if len(found) > 1
            for cell in line.cells[1:]
            if cell not in found and not any(_overlap(cell, column) > 0 for column in columns)
        )
    )
    columns = sorted([*columns, *texts])
    first = columns[0].left
    labels = [line.cells[0] for line in body if line.cells[0].middle < first]
    if labels:
        left, right = min(cell.left for cell in labels), max(cell.right for cell in labels)
        columns.insert(0, Column(left, min(right, first)))
    elif min(line.left for line in lines) < first:
        columns.insert(0, Column(min(line.left for line in lines), first))
    return columns


def _seeded(rows: Sequence[Sequence[Cell]]) -> list[Column]:
    """The columns of figures: those of the row that has most, and what the others add to them.

    A figure so wide that it touches two columns tells nothing of either.
    """
    most = max(rows, key=len, default=())
    columns = [Column(cell.left, cell.right) for cell in most]
    for row in rows:
        for cell in row:
            touched = [at for at, column in enumerate(columns) if _overlap(cell, column) > 0]
            if len(touched) == 1:
                column = columns[touched[0]]
                columns[touched[0]] = Column(
                    min(column.left, cell.left), max(column.right, cell.right)
                )
            elif not touched:
                columns = sorted([*columns, Column(cell.left, cell.right)])
    return columns


def _said(line: Line) -> list[str]:
    return [cell.text for cell in line.cells]


def _plain_columns(lines: Sequence[Line]) -> list[Column]:
    """The columns of a table without figures, where every line of most cells agrees on them."""
    most = max(len(line.cells) for line in lines)
    columns = _merged(
        sorted(
            (cell.left, cell.right) for line in lines if len(line.cells) > 1 for cell in line.cells
        )
    )
    return columns if len(columns) == most else []


def _merged(spans: Sequence[tuple[float, float]]) -> list[Column]:
    """Spans that overlap, as one; in order."""
    columns: list[Column] = []
    for left, right in spans:
        if columns and left < columns[-1].right:
            columns[-1] = Column(columns[-1].left, max(columns[-1].right, right))
        else:
            columns.append(Column(left, right))
    return columns


def _in_columns(cells: Sequence[Cell], columns: Sequence[Column]) -> tuple[Cell | None, ...]:
    """The cell in each column; what falls into one together is one cell."""
    row: list[Cell | None] = [None] * len(columns)
    for cell in cells:
        place = max(
            range(len(columns)),
            key=lambda at: (_overlap(cell, columns[at]), -_distance(cell, columns[at])),
        )
        before = row[place]
        row[place] = cell if before is None else before + cell
    return tuple(row)


def _levels(lines: Sequence[Line], rules: Sequence[Rule]) -> list[list[Cell]]:
    """The heads in some lines, level by level from the top, those of several lines put together.

    A line goes on with a head right above it where it is the only one below it and that one the
    only one above it, and no rule parts them. What the figures are counted in heads no column.
    """
    pieces = sorted(
        (piece for line in lines for cell in line.cells for piece in cell.pieces),
        key=lambda piece: (-piece.bottom, piece.edges[0]),
    )
    heads: list[Cell] = []
    for piece in pieces:
        beside = [other for other in pieces if _level(other, piece)]
        over = [head for head in heads if _close(head, piece)]
        alone = len(over) == 1 and sum(_close(over[0], other) for other in beside) == 1
        if alone and not _parted(over[0], piece, rules) and _of_one(over[0], piece):
            heads[heads.index(over[0])] = over[0] + Cell((piece,))
        else:
            heads.append(Cell((piece,)))
    levels: list[list[Cell]] = []
    for head in sorted(heads, key=lambda head: -head.pieces[-1].bottom):
        if is_unit(head.text):
            continue
        if levels and _is_level_with(levels[-1], head):
            levels[-1].append(head)
        else:
            levels.append([head])
    return [sorted(level, key=lambda head: head.left) for level in levels]


def _is_level_with(level: Sequence[Cell], head: Cell) -> bool:
    """Whether a head belongs to a level: it ends less than a line below, and stands below none."""
    last = head.pieces[-1]
    step = level[0].pieces[-1].bottom - last.bottom
    below = any(head.left < other.right and head.right > other.left for other in level)
    return step < last.top - last.bottom and not below


def _of_one(head: Cell, piece: Piece) -> bool:
    """Whether a unit below a head is counted in below this one alone: it stands in its middle."""
    middle = (piece.edges[0] + piece.edges[-1]) / 2
    return not is_unit(piece.text) or abs(middle - head.middle) < _EDGE


def _parted(head: Cell, piece: Piece, rules: Sequence[Rule]) -> bool:
    """Whether a rule lies between a head and a piece below it."""
    middle = (piece.edges[0] + piece.edges[-1]) / 2
    return any(
        piece.bottom + (piece.top - piece.bottom) / 2 < rule.height < head.pieces[-1].bottom + 2
        and rule.left < middle < rule.right
        for rule in rules
    )


def _under(head: Cell, rules: Sequence[Rule]) -> Rule | None:
    """The rule right below a head; None if there is none."""
    last = head.pieces[-1]
    reach = (last.top - last.bottom) * 0.6
    below = [
        rule
        for rule in rules
        if last.bottom - reach < rule.height <= last.bottom + 2
        and rule.left - _EDGE < head.left
        and head.right < rule.right + _EDGE
    ]
    return max(below, key=lambda rule: rule.height, default=None)


def _level(one: Piece, other: Piece) -> bool:
    """Whether two pieces stand on one level."""
    return abs(one.bottom - other.bottom) < (other.top - other.bottom) / 2


def _close(head: Cell, piece: Piece) -> bool:
    """Whether a piece stands right below a head."""
    step = head.pieces[-1].bottom - piece.bottom
    height = piece.top - piece.bottom
    below = height / 2 <= step <= _HEAD_PITCH * height
    return below and piece.edges[0] < head.right and piece.edges[-1] > head.left


def _closed(
    heads: Sequence[Cell], levels: Sequence[Sequence[Cell]], columns: Sequence[Column]
) -> set[int]:
    """The columns that none of a line of heads stands above, though it may be wide enough.

    Each has a head of its own that begins on that very line.
    """
    closed: set[int] = set()
    for level in levels:
        own = [head for head in level if not is_label(head, columns)]
        if level is not heads and len(own) == len(columns) - 1:
            closed.update(
                place
                for place, head in enumerate(own, 1)
                if any(_level(piece, heads[0].pieces[-1]) for piece in head.pieces)
            )
    return closed


def is_label(head: Cell, columns: Sequence[Column]) -> bool:
    """Tell whether a head stands above the labels."""
    return head.middle < columns[1].left and head.left < columns[0].right


def _spread(
    cells: Sequence[Cell], columns: Sequence[Column], rules: Sequence[Rule], closed: set[int]
) -> list[str] | None:
    """What a line of heads says above each column; None where that cannot be told."""
    above = [""] * len(columns)
    heads = list(cells)
    while heads and is_label(heads[0], columns):
        above[0] = f"{above[0]} {heads.pop(0).text}".strip()
    figures = range(1, len(columns))
    if len(heads) == len(figures):
        for place, head in zip(figures, heads, strict=True):
            above[place] = head.text
        return above
    share = 0 if closed else _shares(heads, columns[1:])
    taken = 0
    for number, head in enumerate(heads):
        rest = len(heads) - number - 1  # each of these needs a column too
        free = [at for at in range(taken + 1, len(columns) - rest) if at not in closed]
        rule = _under(head, rules)
        if rule and any(rule.left < each.middle < rule.right for each in heads if each != head):
            rule = None  # it lies under all of the level, and says nothing of this one
        ruled = _columns_over(rule, columns, free)
        if ruled:
            begin, end = ruled[0], ruled[-1]
            share = 0  # where rules tell, edges that agree do so by chance
        elif share > 1:
            begin, end = 1 + number * share, (number + 1) * share
        else:
            runs = [
                (begin, end)
                for begin in free
                for end in free
                if begin <= end and closed.isdisjoint(range(begin, end))
            ]
            begin, end = min(
                runs,
                key=lambda run: (
                    _off(head, columns[run[0] : run[1] + 1]) + _covered(head, columns, *run),
                    run[1] - run[0],
                ),
                default=(0, 0),
            )
            width = max(columns[end].right - columns[begin].left, head.right - head.left)
            if not begin or _off(head, columns[begin : end + 1]) > _OFF * width:
                return None
        above[begin : end + 1] = [head.text] * (end + 1 - begin)
        taken = end
    return above


def _spans_widened(lines: Sequence[list[str]]) -> list[list[str]]:
    """Lines of heads, a stretch of time said of each of the years below and beside it.

    "Three Months Ended June 30," stands over one year or the other as a document is set. What
    stands over several columns already stands over no others.
    """
    for number, line in enumerate(lines):
        once = {span for span in line if span and line.count(span) == 1}
        for step in (-1, 1):
            order = range(len(line))[::step]
            for before, place in pairwise(order):
                span = line[before]
                below = [later[place] for later in lines[number + 1 :] if later[place]]
                named = span in once and is_span(span) and not _YEAR.search(span)
                if named and not line[place] and below and is_year(below[0]):
                    line[place] = span
    return list(lines)


def _told_apart(lines: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """What lines of heads say of each column, nothing where two would be told the same.

    A head that stands over one column too many gives it a neighbour's name. What is printed so in
    one line, such as "Change", stays.
    """
    heads = heads_of(lines)
    several = [sum(bool(line[at]) for line in lines) > 1 for at in range(len(heads))]
    return tuple(
        "" if above and heads.count(head) > 1 else head
        for head, above in zip(heads, several, strict=True)
    )


def _columns_over(rule: Rule | None, columns: Sequence[Column], free: Sequence[int]) -> list[int]:
    """The columns whose figures mostly lie below a rule that lies over several of them."""
    if rule is None:
        return []
    found = [at for at in free if rule.left - _EDGE < columns[at].middle < rule.right + _EDGE]
    return found if len(found) > 1 else []


def _shares(heads: Sequence[Cell], columns: Sequence[Column]) -> int:
    """Over how many columns each head stands that ends where the last of them does; 0 if not so."""
    share, rest = divmod(len(columns), len(heads)) if len(heads) > 1 else (0, 1)
    if rest:
        return 0
    ends = [columns[(number + 1) * share - 1].right for number in range(len(heads))]
    even = all(abs(head.right - end) < _EDGE for head, end in zip(heads, ends, strict=True))
    return share if even else 0


def _off(head: Cell, columns: Sequence[Column]) -> float:
    """How far a head is from standing over columns that lie side by side, in points.

    Over several its middle is in theirs; over one it may also begin or end where that does.
    """
    left, right = columns[0].left, columns[-1].right
    off = abs(head.middle - (left + right) / 2)
    if len(columns) == 1:
        return round(min(off, abs(head.left - left), abs(head.right - right)), 1)
    return round(off + max(left - head.left, 0.0) + max(head.right - right, 0.0), 1)


def _covered(head: Cell, columns: Sequence[Column], begin: int, end: int) -> float:
    """How much of the other columns of figures a head covers that stands above some, in points."""
    others = [*columns[1:begin], *columns[end + 1 :]]
    return sum(max(_overlap(head, column), 0.0) for column in others)


def _overlap(cell: Cell | Column, column: Column) -> float:
    return min(cell.right, column.right) - max(cell.left, column.left)


def _distance(cell: Cell, column: Column) -> float:
    return abs(cell.middle - column.middle)
