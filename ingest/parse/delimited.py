"""Tables kept as plain text, a mark between cells (CSV, TSV)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO
from itertools import islice
from pathlib import PurePath

from ingest.errors import ParseError
from ingest.parse.characters import decode
from ingest.parse.grids import write_grid
from ingest.parse.writer import ReportWriter
from ingest.records import ParsedReport

_MARKS = "\t;|,"  # where several would do, the first: figures hold commas, too
_TELLS = re.compile(r"\"?sep=([\t;|,])\"?\n", re.IGNORECASE)  # as sheet programs have it
_OPEN = "close the quotation mark that stands at the beginning of a cell and never ends"
_TRIED = 50  # rows by which the mark is told
_MOST_ROWS = 50_000
_MOST_CELLS = 1_000_000  # the empty ones in short rows included
_END = "\x1b"  # no text holds it any more once it is decoded
_LONGEST = 131_072  # characters of a cell, as the csv module has it


def parse_delimited(content: bytes, name: str) -> ParsedReport:
    """Parse a table in plain text.

    Args:
        content: the file's bytes.
        name: its name, for messages; of one that ends with ".tsv" tabs part the cells, unless
            its first line says what does ("sep=;").

    Returns:
        The report: one table, a row "cell | cell".

    Raises:
        ParseError: the bytes are no text, a quotation mark is never closed, or it holds too many
            rows or cells.
    """
    text = decode(content, name)
    told = _TELLS.match(text)
    if told is not None:
        mark, text = told[1], text[told.end() :]
    else:
        mark = "\t" if PurePath(name).suffix.lower() == ".tsv" else _mark(text)
    rows: list[list[str]] = []
    width = 0
    try:
        for row in _rows(f"{text}\n{_END}", mark):
            if not any(cell.strip() for cell in row):
                continue
            rows.append(row)
            width = max(width, len(row))
            if len(rows) > _MOST_ROWS + 1:
                raise ParseError(f"{name} holds more than {_MOST_ROWS:,} rows; split it")
            if len(rows) * width > _MOST_CELLS:
                raise ParseError(f"{name} holds more than {_MOST_CELLS:,} cells; split it")
    except csv.Error as error:
        raise ParseError(
            f"{name} has a cell of more than {_LONGEST:,} characters; {_OPEN}"
        ) from error
    if rows.pop() != [_END]:
        raise ParseError(f"{name} ends within a quotation; {_OPEN}")
    writer = ReportWriter()
    write_grid(writer, rows)
    return writer.report({})


def _rows(text: str, mark: str) -> Iterator[list[str]]:
    """The rows of a text, read with a mark between cells."""
    return csv.reader(StringIO(text), delimiter=mark, skipinitialspace=True)


def _mark(text: str) -> str:
    """The mark that parts most of the first rows into as many cells; a comma if none does."""
    return max(_MARKS, key=lambda mark: _evenness(text, mark))


def _evenness(text: str, mark: str) -> float:
    """How large a share of the first rows has as many cells as most have, more than one."""
    try:
        widths = [len(row) for row in islice(_rows(text, mark), _TRIED) if row]
    except csv.Error:
        return 0.0
    wide = [width for width in widths if width > 1]
    return max(map(wide.count, wide), default=0) / max(len(widths), 1)
