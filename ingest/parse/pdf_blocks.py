"""Blocks out of the lines of a PDF: paragraphs put together again, tables row by row."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise, takewhile

from ingest.language.rows import BETWEEN_CELLS, is_figure
from ingest.parse.pdf_lines import Cell, Line, Piece, Rule
from ingest.parse.pdf_tables import Arranged, arrange, columns_fit, is_label, tables_in
from ingest.parse.shapes import columns, is_closed, is_list_item, kind_of
from ingest.parse.tables import groups_of, unit_among, unit_in
from ingest.parse.writer import ReportWriter
from ingest.records import BlockKind, LineBox

_ALIKE = 0.07  # share by which the heights of lines in one type may differ
_LARGER = 1.07  # times the height of most lines: the type of a heading
_LOOSER = 1.25  # times the usual distance of lines: the space between paragraphs
_UNKNOWN_PITCH = 1.4  # heights from line to line in a type of which there is little
_WIDE_GAP = 3.0  # heights; nothing but columns is so far apart
_FIGURE = re.compile(r"\W{0,3}\d.{0,20}|n/?a|[-–—]", re.IGNORECASE)
_TENTHS = 10  # of a point, which boxes are counted in
_ABOVE = 3  # blocks above a table that may say what its figures are counted in
_OPEN_END = re.compile(r"(?:[&,/]|\b(?:and|or|of|for|to|in|on|by|from|with|the|a))$")
_NEAR_ALIKE = 0.4  # share by which the type of a line in a table may differ from that of others
_LOOKED_AT = 12  # rows of a table below a line that may head it
_HEAD_GAP = 1.5  # heights of white between a line of heads and what it stands above, at most
_ENDS_SENTENCE = re.compile(r"(?<!\b[A-Z])[.。!！?？;；…]$")
_SUBHEAD_COLUMNS = 110
_SUBHEADS = 3
_HEADING_COLUMNS = 200
_WORD = re.compile(r"[a-z]+")
_PARTED_END = re.compile(r"\S+-$")
_PARTED_WORD = re.compile(r"([a-z]+)- ([a-z]+)\W*")


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines that are one block."""

    lines: list[Line]
    is_row: bool


class _Text:
    """A text that knows where its characters stand."""

    def __init__(self) -> None:
        self.text = ""
        self.boxes: list[LineBox] = []

    def add(self, piece: Piece, page: int, lead: str) -> None:
        """Append a piece on a page, with what parts it from what stands before it."""
        self.text += lead
        self.boxes.append(
            LineBox(
                len(self.text),
                page,
                round(piece.bottom * _TENTHS),
                round(piece.top * _TENTHS),
                tuple([round(edge * _TENTHS) for edge in piece.edges]),
            )
        )
        self.text += piece.text

    def drop_hyphen(self) -> None:
        """Take off the last character."""
        self.text = self.text[:-1]
        last = self.boxes[-1]
        self.boxes[-1] = replace(last, edges=last.edges[:-1])


class _Type:
    """How a document is set: its usual type, how far apart lines stand, where columns end."""

    def __init__(self, lines: Sequence[Line]) -> None:
        heights: Counter[float] = Counter()
        pitches: defaultdict[int, Counter[float]] = defaultdict(Counter)
        self._columns: defaultdict[tuple[int, int, int], list[Line]] = defaultdict(list)
        for line in lines:
            heights[_rounded(line.height)] += len(line.text)
            if len(line.cells) == 1:
                self._columns[_place(line)].append(line)
        for above, line in pairwise(lines):
            if _alike(above, line) and above.page == line.page and above.bottom > line.bottom:
                pitches[round(line.height)][_rounded(above.bottom - line.bottom)] += 1
        self._heights = sorted({round(line.height) for line in lines}, reverse=True)
        self.height = heights.most_common(1)[0][0] if heights else 0.0
        self._bold_level = 1 + sum(each > self.height * _LARGER for each in self._heights)
        self._pitches = {
            height: min(pitch for pitch, count in counts.items() if count == max(counts.values()))
            for height, counts in pitches.items()
        }

    def is_heading(self, line: Line) -> bool:
        """Whether a line is set larger than the text."""
        return line.height > self.height * _LARGER

    def level(self, line: Line) -> int | None:
        """How deep a heading stands that is set larger or in bold; None of another one."""
        if self.is_heading(line):
            return 1 + self._heights.index(round(line.height))
        # what is set in bold stands below all that is set larger
        return self._bold_level if line.bold else None

    def is_close(self, above: Line, line: Line) -> bool:
        """Whether two lines stand no farther apart than those of one paragraph."""
        pitch = self._pitches.get(round(line.height), line.height * _UNKNOWN_PITCH)
        beside = line.left > above.right or line.right < above.left
        return not beside and 0 < above.bottom - line.bottom <= pitch * _LOOSER

    def is_full(self, line: Line, following: Line) -> bool:
        """Whether the next line's first word would not have fitted on a line."""
        edge = max(
            other.right
            for other in [line, *self._columns[_place(line)]]
            if abs(other.left - line.left) <= 3 * line.height
        )
        return line.right + line.height / 4 + following.first_word > edge - 1


def write_blocks(
    lines: Sequence[Line], rules: Mapping[int, Sequence[Rule]], writer: ReportWriter
) -> None:
    """Write the blocks of a document.

    Lines make a paragraph where the first word of one would not have fitted on the one
    before and they stand as close as lines do; a paragraph may go on on the next page. A row
    of a table is its cells, "cell | cell", an empty one where a column has none.

    Args:
        lines: the lines of all its pages in reading order.
        rules: the level rules of its pages, by their numbers.
        writer: where the blocks go.
    """
    setting = _Type(lines)
    whole = (_PARTED_END.sub("", line.text.lower()) for line in lines)
    words = {word for text in whole for word in _WORD.findall(text)}
    blocks: list[_Block] = []
    open_block: _Block | None = None  # a running line does not end a paragraph
    for line, is_row in zip(lines, _rows(lines), strict=True):
        if open_block and not is_row and _continues(open_block.lines[-1], line, setting):
            open_block.lines.append(line)
            continue
        blocks.append(_Block([line], is_row))
        if not line.running:
            open_block = None if is_row else blocks[-1]
    texts = [_written(block, words) for block in blocks]
    kinds = _kinds(blocks, [text.text for text in texts], setting)
    before: Arranged | None = None
    last_page = 0
    for is_row, group in groupby(
        zip(blocks, texts, kinds, strict=True), lambda each: each[0].is_row
    ):
        some = list(group)
        if is_row:
            for table in tables_in([block.lines[0] for block, _, _ in some]):
                before = before if table[0].page <= last_page + 1 else None
                before = _write_table(table, rules.get(table[0].page, ()), before, writer)
                last_page = table[-1].page
            continue
        for block, text, kind in some:
            level = setting.level(block.lines[0]) if kind is BlockKind.HEADING else None
            writer.add(kind, text.text, block.lines[0].page, level, text.boxes)


def _kinds(blocks: Sequence[_Block], texts: Sequence[str], setting: _Type) -> list[BlockKind]:
    """What each block is, told from the last one up: a heading stands above something."""
    kinds: list[BlockKind] = []
    following: str | None = None
    kind: BlockKind | None = None
    for block, text in zip(reversed(blocks), reversed(texts), strict=True):
        if block.lines[0].running:
            kinds.append(BlockKind.PARAGRAPH)
            continue
        if block.is_row:
            kind = BlockKind.TABLE_ROW
        elif _is_short(text) and (
            setting.is_heading(block.lines[0]) or _is_bold_heading(block, text, following)
        ):
            kind = BlockKind.HEADING
        else:
            kind = kind_of(text, following, kind)
        following = text
        kinds.append(kind)
    return kinds[::-1]


def _write_table(
    lines: Sequence[Line], rules: Sequence[Rule], before: Arranged | None, writer: ReportWriter
) -> Arranged:
    """Write the rows of a table, each where it stands; what its columns are.

    A table that goes on on the next page has its heads there alone where it began.

    Args:
        lines: its lines.
        rules: those of its page.
        before: the table before it on this page or the last one; None where there is none.
        writer: where the rows go.
    """
    lines = _whole_labels(lines)
    table = arrange(lines, rules)
    first = writer.count + 1
    said = [writer.text_of(place) for place in range(first - 1, max(first - _ABOVE, 1) - 1, -1)]
    # what stands above another table's rows is said of that one
    said = list(takewhile(lambda text: BETWEEN_CELLS not in text, said))
    for line, row in zip(lines, table.rows, strict=True):
        text = _row(row, line.page)
        writer.add(BlockKind.TABLE_ROW, text.text, line.page, None, text.boxes)
    heads, above = table.heads, table.above
    unit = next(filter(None, map(unit_in, said)), "")
    unit = unit or _unit_among_heads(lines[:above], table)
    if (
        before is not None
        and not above
        and len(before.columns) == len(table.columns)
        and columns_fit(table.columns, before.columns)
    ):
        heads, unit = before.heads, unit or before.unit
    body = table.rows[above:]
    groups = groups_of(
        [[cell.text if cell else "" for cell in row] for row in body],
        [line.left for line in lines[above:]],
    )
    writer.name_columns(first, heads, unit, [""] * above + list(groups) if groups else ())
    return table._replace(heads=heads, unit=unit)


def _unit_among_heads(lines: Sequence[Line], table: Arranged) -> str:
    """The unit of a table that its heads name; a line that is one cell stands over all of it."""
    rows = []
    for line in lines:
        cells = [cell.text for cell in line.cells]
        labelled = len(cells) == 1 or is_label(line.cells[0], table.columns)
        rows.append(cells if labelled else ["", *cells])
    return unit_among(rows)


def _whole_labels(lines: Sequence[Line]) -> list[Line]:
    """The lines of a table, those put together whose labels are one label broken in two.

    What goes on begins with a small letter.
    """
    whole: list[Line] = []
    for line in lines:
        above = whole[-1] if whole else None
        if above is not None and _goes_on(above, line):
            label = above.cells[0] + line.cells[0]
            rest = line.cells[1:] or above.cells[1:]
            whole[-1] = replace(
                line if len(line.cells) > 1 else above,
                cells=(label, *rest),
                left=above.left,
                bottom=line.bottom,
                top=above.top,
            )
        else:
            whole.append(line)
    return whole


def _goes_on(above: Line, line: Line) -> bool:
    """Whether the label of a line begins on the line above; one of the two has no figures."""
    if min(len(above.cells), len(line.cells)) > 1 or above.page != line.page:
        return False
    begun, label = above.cells[0].text, line.cells[0].text
    open_ended = begun.count("(") > begun.count(")") or _OPEN_END.search(begun) is not None
    goes_on = label[0].islower() or open_ended
    ended = begun.endswith((":", "："))
    return goes_on and not ended and above.cells[0].left < line.cells[0].right


def _row(cells: Sequence[Cell | None], page: int) -> _Text:
    """A row of a table, no empty cells behind its last one."""
    text = _Text()
    between = ""
    for cell in cells:
        for number, piece in enumerate(cell.pieces if cell else ()):
            # as `ingest.language.rows.join_cells` joins them
            closed = _closed_up(piece, first=not text.text and not between)
            bar = number and (text.text.endswith("|") or closed.text.startswith("|"))
            lead = "" if bar else between
            text.add(closed, page, lead if text.text else lead.lstrip(" "))
            between = " "
        between = (between if cell is None else "") + BETWEEN_CELLS
    return text


def _closed_up(piece: Piece, *, first: bool) -> Piece:
    """A piece of a cell whose bars do not look like its end, nor at the first like an empty one."""
    text = piece.text
    if first and text == "|":
        return piece._replace(text="¦")
    kept = [
        at
        for at, letter in enumerate(text)
        if letter != " " or "|" not in text[at - 1] + text[at + 1]
    ]
    edges = (*(piece.edges[at] for at in kept), piece.edges[-1])
    return piece._replace(text="".join(text[at] for at in kept), edges=edges)


def _rows(lines: Sequence[Line]) -> list[bool]:
    """Which lines are rows of a table.

    Rows have cells; between two of them, one or two short lines are rows as well: what heads
    those below, or the beginning of a long label.
    """
    rows = [
        not line.running
        and (
            len(line.cells) > 2
            or (len(line.cells) == 2 and (line.gap > _WIDE_GAP or _is_figure(line.cells[1].text)))
        )
        for line in lines
    ]
    places = [place for place, is_row in enumerate(rows) if is_row]
    for first, last in pairwise(places):
        between = lines[first + 1 : last]
        if len(between) <= _SUBHEADS and all(_may_be_row(line, lines[last]) for line in between):
            rows[first:last] = [True] * (last - first)
    for place, is_row in enumerate(rows):
        if is_row and (place == 0 or not rows[place - 1]):
            begins = _begin_of_heads(lines, rows, place)
            rows[begins:place] = [True] * (place - begins)
    return rows


def _begin_of_heads(lines: Sequence[Line], rows: Sequence[bool], first: int) -> int:
    """Where the heads begin that stand above the first row of a table; its place if there are none.

    They stand close above it and over its figures; what stands over all of it is its caption.
    """
    below = lines[first]
    ahead = range(first, min(first + _LOOKED_AT, len(lines)))
    table = [lines[at] for at in takewhile(lambda at: rows[at], ahead)]
    table = [line for line in table if line.page == below.page]
    figures = [cell.left for line in table for cell in line.cells[1:] if is_figure(cell.text)]
    if not figures:
        return first
    figures_left = min(figures) - 2 * below.height
    left, right = min(line.left for line in table), max(line.right for line in table)
    floor, ceiling = below.bottom - below.height / 2, _ceiling(below)
    begins = at = first
    while at and not rows[at - 1]:
        line = lines[at - 1]
        alike = abs(line.height - below.height) <= _NEAR_ALIKE * below.height
        fits = line.page == below.page and not line.running and alike
        short = columns(line.text) <= _SUBHEAD_COLUMNS and not _ENDS_SENTENCE.search(line.text)
        close = floor < line.bottom < ceiling + _HEAD_GAP * line.height
        beside = any(abs(other.bottom - line.bottom) < line.height / 2 for other in lines[at:first])
        centred = abs(line.left + line.right - left - right) / 2 < line.height and not beside
        over_figures = line.left >= figures_left and not (centred and left < figures_left)
        if not (fits and short and close and (over_figures or line.right < figures_left)):
            break
        ceiling = max(ceiling, _ceiling(line))
        at -= 1
        # what stands over labels alone is passed over, and belongs if heads follow
        begins = at if over_figures else begins
    return begins


def _ceiling(line: Line) -> float:
    """The upper edge of the highest piece of a line."""
    return max(piece.top for cell in line.cells for piece in cell.pieces)


def _is_figure(cell: str) -> bool:
    """Whether a cell is a number, with its unit perhaps, or the mark for none."""
    return _FIGURE.fullmatch(cell) is not None


def _may_be_row(line: Line, row: Line) -> bool:
    """Whether a line has the form of a label that belongs to a table with the given row."""
    short = columns(line.text) <= _SUBHEAD_COLUMNS and not _ENDS_SENTENCE.search(line.text)
    # what is set larger is a heading between two tables
    alike = -_NEAR_ALIKE * row.height <= line.height - row.height <= _ALIKE * row.height
    return short and line.page == row.page and alike and not line.running


def _continues(above: Line, line: Line, setting: _Type) -> bool:
    """Whether a line goes on with the paragraph of the line before it."""
    if line.running or not _alike(above, line) or is_list_item(line.text):
        return False
    if (above.page, above.region) != (line.page, line.region):
        open_ended = not is_closed(above.text) and not line.text[0].isupper()
        return open_ended and not setting.is_heading(line) and setting.is_full(above, line)
    if not setting.is_close(above, line):
        return False
    unfinished = above.text.endswith("-") or setting.is_heading(line)
    return unfinished or setting.is_full(above, line)


def _written(block: _Block, words: set[str]) -> _Text:
    """What a block says; words of the document tell which hyphens only part a line."""
    text = _Text()
    for line in block.lines:
        lead = ""
        if text.text:
            said = line.text
            parted = _PARTED_WORD.fullmatch(f"{text.text.rsplit(maxsplit=1)[-1]} {said.split()[0]}")
            if parted and (parted[1] + parted[2] in words or parted[1] not in words):
                text.drop_hyphen()
            elif not text.text.endswith("-") and columns(text.text[-1] + said[0]) != 4:
                lead = " "
        between = BETWEEN_CELLS if line.running else " "
        for cell in line.cells:
            for piece in cell.pieces:
                text.add(piece, line.page, lead)
                lead = " "
            lead = between
    return text


def _is_bold_heading(block: _Block, text: str, following: str | None) -> bool:
    """Whether a line in bold is a heading: one of few words, with something below it."""
    alone = len(block.lines) == 1 and following is not None and not is_list_item(text)
    return alone and block.lines[0].bold and any(map(str.isalpha, text))


def _is_short(text: str) -> bool:
    """Whether a text in large type is a heading and not a sentence set large."""
    return columns(text) <= _HEADING_COLUMNS and not is_closed(text)


def _place(line: Line) -> tuple[int, int, int]:
    """What lines have in common that end at one edge: page, column, size of type."""
    return line.page, line.region, round(line.height)


def _alike(one: Line, other: Line) -> bool:
    """Whether two lines are set in one size of type."""
    return abs(one.height - other.height) <= _ALIKE * one.height


def _rounded(points: float) -> float:
    """A length to half a point."""
    return round(points * 2) / 2
