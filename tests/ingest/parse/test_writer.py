"""Tests of writing a report block by block."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language.rows import split_cells
from ingest.parse.writer import ReportWriter
from ingest.records import BlockKind, LineBox, ParsedReport, Table
from tests.ingest.parse.reading import assert_blocks_hold_the_text, said


def written(rows: list[list[str]], heads: int | None = None, unit: str = "") -> ParsedReport:
    """A report of one table behind a paragraph."""
    writer = ReportWriter()
    writer.add(BlockKind.PARAGRAPH, "What is sold.")
    writer.add_table(rows, 2, heads, unit)
    return writer.report({})


def test_blocks_stand_where_they_say() -> None:
    """Blocks are parted by an empty line, rows by a line break, and keep what is known."""
    writer = ReportWriter()
    assert writer.add(BlockKind.HEADING, " Risks\u200b ", 1, 2)
    assert not writer.add(BlockKind.PARAGRAPH, " \u00ad\n")
    writer.add(BlockKind.TABLE_ROW, "a | b", 3)
    writer.add(BlockKind.TABLE_ROW, "c | d", 3)
    report = writer.report({"title": "Risks"}, 3, "front matter")
    assert_blocks_hold_the_text(report)
    assert report.text == "Risks\n\na | b\nc | d"
    assert [(block.page, block.level) for block in report.blocks] == [(1, 2), (3, None), (3, None)]
    assert (report.stated, report.pages, report.stated_in) == (
        {"title": "Risks"},
        3,
        "front matter",
    )
    assert (writer.count, writer.text_of(2)) == (3, "a | b")


def test_boxes_are_moved_to_their_text() -> None:
    """A box counts from the beginning of its block, and in the report from that of the text."""
    writer = ReportWriter()
    writer.add(BlockKind.PARAGRAPH, "One.")
    writer.add(BlockKind.PARAGRAPH, "Two.", 1, None, [LineBox(1, 1, 0, 120, (0, 10, 20, 30))])
    [box] = writer.report({}).boxes
    assert box == LineBox(7, 1, 0, 120, (0, 10, 20, 30))
    assert writer.report({}).text[box.start :] == "wo."


@pytest.mark.parametrize(
    ("rows", "heads", "unit", "table"),
    [
        (
            [["", "2023", "2024"], ["Memory", "1", "2"]],
            None,
            "",
            Table(2, 3, ("", "2023", "2024")),
        ),
        (
            [["", "2023", "2024"], ["", "", ""], ["Memory", "1", "2"]],
            2,
            "in millions",
            Table(2, 3, ("", "2023", "2024"), "in millions"),
        ),
        (
            [["(in millions)", "2023"], ["Assets:", ""], ["Cash", "1"], ["Loans", "2"]],
            None,
            "",
            Table(2, 5, ("(in millions)", "2023"), "in millions", ("", "", "Assets", "Assets")),
        ),
        (
            [["", "Sales (RMB million)", "Volume"], ["Memory", "1", "2"]],
            None,
            "",
            Table(2, 3, ("", "Sales (RMB million)", "Volume")),
        ),
        ([["Memory", "1"], ["Storage", "2"]], None, "million", Table(2, 3, (), "million")),
        ([["Memory", "1"], ["Storage", "2"]], None, "", None),
        ([["", ""], []], None, "million", None),
        ([], None, "", None),
    ],
)
def test_a_table_is_named(
    rows: list[list[str]], heads: int | None, unit: str, table: Table | None
) -> None:
    """A table with heads, a unit or groups is known by the places of its rows, any other is not."""
    report = written(rows, heads, unit)
    assert_blocks_hold_the_text(report)
    assert report.tables == ((table,) if table else ())


cells = st.text(st.characters(exclude_characters="|"), max_size=8)
tables = st.lists(st.lists(cells, max_size=4), max_size=6)


@given(tables, st.sampled_from([None, 0, 1, 2]))
def test_any_table_keeps_its_cells(rows: list[list[str]], heads: int | None) -> None:
    """Each row that holds something is a block, its cells in the columns they were in."""
    report = written(rows, heads)
    assert_blocks_hold_the_text(report)
    tidy = [[" ".join(cell.split()) for cell in row] for row in rows]
    blocks = [text for kind, text in said(report) if kind == "table_row"]
    assert len(blocks) <= sum(any(row) for row in tidy)
    for table in report.tables:
        assert (table.first, table.last) == (2, len(report.blocks))
        assert len(table.groups) in {0, len(blocks)}
    width = max(map(len, rows), default=0)
    assert all(len(split_cells(text)) <= width for text in blocks)


@given(
    st.lists(st.sampled_from(["a", "1,2", "x | y", "|", " | ", "| |", ""]), min_size=1, max_size=4)
)
def test_a_separator_in_a_cell_parts_no_cells(row: list[str]) -> None:
    """A cell that holds a bar stays one cell, so that none stands under the head of another."""
    for kind, text in said(written([row])):
        if kind == "table_row":
            found = split_cells(text)
            found += [""] * (len(row) - len(found))
            closed = ["".join(cell.split()) for cell in row]
            closed[0] = "¦" if closed[0] == "|" else closed[0]
            assert found == closed
