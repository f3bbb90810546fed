"""Workbooks: the tables of their sheets, figures as the sheets show them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import Any

from ingest.errors import ParseError
from ingest.language.rows import is_figure
from ingest.parse.grids import Merged, write_grid
from ingest.parse.number_formats import BUILT_IN, GENERAL, shown
from ingest.parse.raised import raised
from ingest.parse.tables import head_rows, unit_in
from ingest.parse.writer import ReportWriter
from ingest.parse.zipped import Parts, child, descendants, local, open_parts, own
from ingest.records import BlockKind, ParsedReport

_MOST_ROWS = 50_000  # that hold something, in a workbook
_MOST_CELLS = 1_000_000  # of its tables, the empty ones between others included
_MOST_MERGED = 20_000  # of a sheet
_MOST_COLUMNS = 18_278  # that three letters can name
_MOST_WIDTHS = 1_000  # stretches of hidden columns in a sheet
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_LETTERS = re.compile(r"[A-Z]{1,3}")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_FRAME = 3  # columns that two tables share before one goes on in the other
_SHEETS = frozenset({"worksheet"})


@dataclass(slots=True)
class _Book:
    """What the sheets of a workbook share.

    Attributes:
        texts: what cells say by number.
        codes: formats of cells by number.
        from_1904: days are counted from 1904.
        uncounted: formulas met so far whose values were never worked out.
        rows: rows read so far.
        cells: cells of tables written so far.
    """

    name: str
    texts: Sequence[str]
    codes: Sequence[str]
    from_1904: bool
    uncounted: int = 0
    rows: int = 0
    cells: int = 0


@dataclass(slots=True)
class _Sheet:
    """A sheet: what its cells show by row and column, from 0, and which of them are one."""

    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    merged: list[Merged] = field(default_factory=list)


def parse_xlsx(content: bytes, name: str) -> ParsedReport:
    """Parse a workbook.

    Hidden sheets, rows and columns are left out, but not those folded away in a group. Formulas
    show the values worked out when the workbook was saved.

    Args:
        content: the workbook's bytes.
        name: its name, for messages.

    Returns:
        The report: a heading with the name of each sheet, then its tables, which empty rows
        part; a row of a table "cell | cell".

    Raises:
        ParseError: it is no workbook, damaged, locked or too large, or holds nothing but
            formulas whose values were never worked out.
    """
    parts = open_parts(content, name, ".xlsx")
    main = parts.main()
    workbook = parts.tree(main)
    book = _book(parts, main, workbook, name)
    relations = parts.relations(main)
    writer = ReportWriter()
    for sheet in descendants(workbook, "sheet"):
        relation = relations.get(own(sheet, "id") or "")
        if sheet.get("state", "visible") != "visible" or relation is None:
            continue
        if relation.kind in _SHEETS:
            read = _read(parts, relation.target, book)
            if read.rows:
                writer.add(BlockKind.HEADING, sheet.get("name", ""), level=1)
                _write(read, writer, book)
    if not writer.count and book.uncounted:
        raise ParseError(
            f"{name} holds formulas without values; open it in a spreadsheet program and save it "
            "there"
        )
    return writer.report(parts.stated())


def _book(parts: Parts, main: str, workbook: Any, name: str) -> _Book:
    """What the sheets of a workbook share."""
    texts: list[str] = []
    codes: list[str] = []
    for part in parts.related(main, "sharedStrings"):
        texts = [_text_of(entry) for entry in parts.tree(part) if local(entry) == "si"]
    for part in parts.related(main, "styles"):
        styles = parts.tree(part)
        named = {
            each.get("numFmtId"): each.get("formatCode", GENERAL)
            for each in descendants(styles, "numFmt")
        }
        formats = child(styles, "cellXfs")
        for each in () if formats is None else formats:
            number = each.get("numFmtId", "0")
            built_in = BUILT_IN.get(int(number), GENERAL) if _is_number(number) else GENERAL
            codes.append(named.get(number, built_in))
    properties = child(workbook, "workbookPr")
    from_1904 = properties is not None and properties.get("date1904") in {"1", "true"}
    return _Book(name, texts, codes, from_1904)


def _is_number(written: str) -> bool:
    """Whether a text is a number without a sign, and not a long one."""
    return written.isascii() and written.isdigit() and len(written) <= 9


def _text_of(entry: Any) -> str:
    """What a text says, without how its signs are read aloud."""
    written = ""
    for text in descendants(entry, "t"):
        holder = text.getparent()
        if local(holder) == "rPh":
            continue
        set_as = child(holder, "rPr", "vertAlign")
        is_raised = set_as is not None and set_as.get("val") == "superscript"
        said = text.text or ""
        written += raised(written, said) if is_raised else said
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), written)


def _read(parts: Parts, part: str, book: _Book) -> _Sheet:
    """What the cells of a sheet show."""
    from lxml import etree  # type: ignore[import-untyped] # lxml ships no types

    sheet = _Sheet()
    hidden: set[int] = set()
    hidden_rows: set[int] = set()
    unseen: dict[tuple[int, int], str] = {}
    widths = 0
    row_at = -1
    tags = ("{*}col", "{*}row", "{*}mergeCell")
    events = etree.iterparse(
        BytesIO(parts.markup(part)), tag=tags, resolve_entities=False, no_network=True
    )
    try:
        for _, element in events:
            kind = local(element)
            if kind == "row":
                row_at = _row_place(element, row_at)
                cells = dict(_cells(element, book))
                if _is_hidden(element):
                    hidden_rows.add(row_at)
                element.clear()  # a sheet is read row by row, for it may be long
                while element.getprevious() is not None:
                    del element.getparent()[0]
                seen = {} if row_at in hidden_rows else cells.keys() - hidden
                if seen:
                    sheet.rows[row_at] = {at: cells[at] for at in cells if at in seen}
                    _count(book)
                if len(unseen) < _MOST_MERGED:
                    unseen |= {(row_at, at): cells[at] for at in cells if at not in seen}
            elif kind == "col" and _is_hidden(element) and widths < _MOST_WIDTHS:
                widths += 1
                first, last = element.get("min", ""), element.get("max", "")
                if _is_number(first) and _is_number(last):
                    hidden.update(range(int(first) - 1, min(int(last), _MOST_COLUMNS)))
            elif kind == "mergeCell" and len(sheet.merged) < _MOST_MERGED:
                sheet.merged.extend(_merged(element.get("ref", "")))
    except etree.LxmlError as error:
        raise parts.damaged(f"{part} is no XML") from error
    return _as_seen(sheet, sorted(hidden_rows), sorted(hidden), unseen)


def _as_seen(
    sheet: _Sheet,
    rows: Sequence[int],
    columns: Sequence[int],
    unseen: Mapping[tuple[int, int], str],
) -> _Sheet:
    """A sheet in which hidden rows and columns take no place.

    Cells that are one say in what is seen of them what the first of them says, hidden or not.
    """

    def down(at: int) -> int:
        return at - bisect_left(rows, at)

    def across(at: int) -> int:
        return at - bisect_left(columns, at)

    seen = _Sheet(
        {
            down(at): {across(column): text for column, text in row.items()}
            for at, row in sheet.rows.items()
        }
    )
    for top, left, bottom, right in sheet.merged:
        merged = Merged(down(top), across(left), down(bottom), across(right))
        if merged.top < merged.bottom and merged.left < merged.right:
            seen.merged.append(merged)
            if text := unseen.get((top, left)):
                seen.rows.setdefault(merged.top, {})[merged.left] = text
    return seen


def _count(book: _Book) -> None:
    """Count a row that holds something."""
    book.rows += 1
    if book.rows > _MOST_ROWS:
        raise ParseError(f"{book.name} holds more than {_MOST_ROWS:,} rows; split it")


def _is_hidden(element: Any) -> bool:
    """Whether a row or column is hidden, and not merely folded away in a group."""
    hidden = element.get("hidden") in {"1", "true"}
    return hidden and element.get("outlineLevel", "0") == "0"


def _row_place(element: Any, before: int) -> int:
    """A row's place, from 0; without one, it follows the one before."""
    written = element.get("r", "")
    return int(written) - 1 if _is_number(written) and written != "0" else before + 1


def _cells(row: Any, book: _Book) -> Iterator[tuple[int, str]]:
    """The columns of a row, from 0, that show something, and what they show."""
    at = -1
    for cell in row:
        reference = cell.get("r")
        letters = reference.rstrip("0123456789") if reference else ""
        at = _column(letters) if _LETTERS.fullmatch(letters) else at + 1
        # most cells of a sheet are there for their looks alone
        text = _shown(cell, book) if len(cell) else ""
        if text.strip():
            yield at, text


@lru_cache(maxsize=1 << 15)
def _column(letters: str) -> int:
    """A column's place, from 0, by its letters."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


def _shown(cell: Any, book: _Book) -> str:
    """What a cell shows."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text_of(cell)
    written = ""
    is_formula = False
    for part in cell:
        if part.tag.endswith("}v"):
            written = part.text or ""
        elif part.tag.endswith("}f"):
            is_formula = True
    if not written:
        book.uncounted += is_formula
        return ""
    if kind == "s":
        place = int(written) if _is_number(written) else len(book.texts)
        return book.texts[place] if place < len(book.texts) else ""
    if kind == "b":
        return "TRUE" if written == "1" else "FALSE"
    if kind == "d":
        return written.removesuffix("T00:00:00")
    if kind != "n":
        return written
    style = cell.get("s", "0")
    place = int(style) if _is_number(style) else 0
    code = book.codes[place] if place < len(book.codes) else GENERAL
    try:
        return shown(written, code, from_1904=book.from_1904)
    except ValueError:
        return ""


def _merged(reference: str) -> Iterator[Merged]:
    """The cells that a reference such as "B2:D2" names."""
    first, _, last = reference.partition(":")
    begin, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last)
    if begin is not None and end is not None:
        yield Merged(int(begin[2]) - 1, _column(begin[1]), int(end[2]), _column(end[1]) + 1)


def _write(sheet: _Sheet, writer: ReportWriter, book: _Book) -> None:
    """Write the tables of a sheet."""
    unit = ""
    for rows in _tables(sheet):
        for columns in _apart(rows):
            grid = [[row.get(at, "") for at in columns] for row in rows.values()]
            book.cells += len(grid) * len(columns)
            if book.cells > _MOST_CELLS:
                raise ParseError(f"{book.name} holds more than {_MOST_CELLS:,} cells; split it")
            said = next(filter(None, (unit_in(cell) for row in grid for cell in row)), "")
            places = list(rows)
            write_grid(writer, grid, _within(sheet, places, columns), unit=unit, level=2)
            # a line between empty rows says what the next table is counted in
            unit = said if len(columns) == 1 else ""


def _tables(sheet: _Sheet) -> Iterator[dict[int, dict[int, str]]]:
    """The rows of a sheet, in groups that empty rows part.

    A group without heads in the very columns of the one above goes on with that one, whose
    heads are its own: sheets part the sections of a table by empty rows.
    """
    groups: list[dict[int, dict[int, str]]] = []
    for at in sorted(sheet.rows):
        if not groups or at - 1 not in groups[-1]:
            groups.append({})
        groups[-1][at] = sheet.rows[at]
    current: dict[int, dict[int, str]] = {}
    frame: list[int] = []
    for group in groups:
        columns = _columns(group)
        if columns == frame and _goes_on(group, columns):
            current.update(group)
            continue
        if current:
            yield current
        current, frame = group, columns
    if current:
        yield current


def _columns(rows: dict[int, dict[int, str]]) -> list[int]:
    """The columns that hold something in some row."""
    return sorted({at for row in rows.values() for at in row})


def _goes_on(rows: dict[int, dict[int, str]], columns: list[int]) -> bool:
    """Whether a group of rows can be a section of the table above it, which has its columns."""
    if len(columns) < _FRAME:
        return False
    grid = [[row.get(at, "") for at in columns] for row in rows.values()]
    return not head_rows(grid) and any(map(is_figure, grid[-1]))


def _apart(rows: dict[int, dict[int, str]]) -> Iterator[list[int]]:
    """The columns of each of the tables that stand side by side, an empty column between them."""
    columns = _columns(rows)
    first = 0
    for place in range(1, len(columns)):
        gap = columns[place] - columns[place - 1] > 1
        if gap and _has_figures(rows, columns[first:place]) and _is_label(rows, columns[place:]):
            yield columns[first:place]
            first = place
    yield columns[first:]


def _has_figures(rows: dict[int, dict[int, str]], columns: list[int]) -> bool:
    """Whether columns are a table: labels, and a figure behind one of them."""
    return any(is_figure(row.get(at, "")) for row in rows.values() for at in columns[1:])


def _is_label(rows: dict[int, dict[int, str]], columns: list[int]) -> bool:
    """Whether the first column holds the labels of a table of its own, no two of them alike."""
    written = [row.get(columns[0], "") for row in rows.values()]
    labels = [text for text in written[1:] if text and not is_figure(text)]
    apart = len(columns) > 1 and columns[1] - columns[0] == 1
    distinct = len(set(labels)) == len(labels)
    return apart and distinct and len(labels) * 2 >= len(written[1:]) > 0


def _within(sheet: _Sheet, places: list[int], columns: list[int]) -> list[Merged]:
    """The merged cells of some rows and columns, by their places among these."""
    row_of = {at: place for place, at in enumerate(places)}
    column_of = {at: place for place, at in enumerate(columns)}
    found = []
    for top, left, bottom, right in sheet.merged:
        if top not in row_of or left not in column_of:
            continue
        below = bisect_left(places, bottom) - row_of[top]
        beside = bisect_left(columns, right) - column_of[left]
        found.append(
            Merged(row_of[top], column_of[left], row_of[top] + below, column_of[left] + beside)
        )
    return found
