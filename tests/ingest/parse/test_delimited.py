"""Tests of parsing tables kept as plain text."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.language.rows import join_cells
from ingest.parse.delimited import parse_delimited
from tests.ingest.parse.office import assert_only_refused, assert_refused
from tests.ingest.parse.reading import assert_blocks_hold_the_text, said

CELL = st.text(st.sampled_from('abc1.5%é价格,;\t|"\n '), max_size=10)


def rows_of(text: str, name: str = "a.csv") -> list[str]:
    """The rows that are read of a text."""
    report = parse_delimited(text.encode(), name)
    assert_blocks_hold_the_text(report)
    return [block for _, block in said(report)]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_table(mark: str, encoding: str) -> None:
    """Whatever parts its cells and however it is written, a table has rows and heads."""
    text = "\r\n".join(
        mark.join(row) for row in (["年份", "收入", "成本"], ["2022", "5.5", "3"]) * 1
    )
    report = parse_delimited(text.encode(encoding), "a.csv")
    assert said(report) == [("table_row", "年份 | 收入 | 成本"), ("table_row", "2022 | 5.5 | 3")]
    assert report.tables[0].heads == ("年份", "收入", "成本")
    assert report.pages is None


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b,c\n1;2,3,4", ["a | b | c", "1;2 | 3 | 4"]),
        ("Jahr;Umsatz\n2022;1,5\n2023;2,5", ["Jahr | Umsatz", "2022 | 1,5", "2023 | 2,5"]),
        ('a,"b, c",d\n"said ""so""",2,3', ["a | b, c | d", 'said "so" | 2 | 3']),
        ('a,"b\nc",d', ["a | b c | d"]),
        ("a, b\n\n,,\nc,d", ["a | b", "c | d"]),
        ("a,b,c\n1", ["a | b | c", "1"]),
        ("sep=;\na,b;c\n1,5;2", ["a,b | c", "1,5 | 2"]),
        ('"sep=|"\na,b|c', ["a,b | c"]),
        ('5" pipe,2\n6" pipe,3', ['5" pipe | 2', '6" pipe | 3']),
    ],
)
def test_cells_are_told_apart(text: str, rows: list[str]) -> None:
    """The mark is the one that parts most rows alike; quoted cells may hold it."""
    assert rows_of(text) == rows


def test_a_tsv_is_parted_by_tabs() -> None:
    """In a .tsv file nothing but tabs parts cells."""
    assert rows_of("a,b\tc,d\n1,2\t3,4", "a.TSV") == ["a,b | c,d", "1,2 | 3,4"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'a,b\n"1,2\n3,4\n', "ends within a quotation; close the quotation mark"),
        (b'a,b\n"' + b"x" * 200_000, "has a cell of more than 131,072 characters; close"),
        (b"\x7fELF\x02\x01\x01\x02\x03\x04\x05", "holds bytes that are no text"),
        (b"a,b\n" * 50_001, "holds more than 50,000 rows; split it"),
        (b"a,b\n" * 1_000 + b"," * 1_000 + b"end", "holds more than 1,000,000 cells; split it"),
    ],
)
def test_what_cannot_be_read_is_refused(content: bytes, reason: str) -> None:
    """What is no table, or too large a one, is refused with the reason."""
    assert_refused(parse_delimited, content, "a.csv", reason)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6))
@settings(deadline=None)
def test_what_was_written_is_read(rows: list[list[str]]) -> None:
    """Every cell of a .tsv file is found again, in its row and its column."""
    file = StringIO()
    written = [["first", "second", "third"], *rows]
    csv.writer(file, delimiter="\t").writerows(written)
    tidy = [[" ".join(cell.split()) for cell in row] for row in written]
    assert rows_of(file.getvalue(), "a.tsv") == [join_cells(row) for row in tidy if any(row)]


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Whatever the bytes, they are read or refused with a reason."""
    assert_only_refused(parse_delimited, content, "a.csv")
