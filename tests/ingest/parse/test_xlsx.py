"""Tests of parsing workbooks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from time import process_time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from ingest.parse.xlsx import parse_xlsx
from ingest.records import ParsedReport
from tests.ingest.parse.office import (
    TABLE,
    assert_only_refused,
    assert_refused,
    changed,
    saved,
    spoiled,
    workbook,
)
from tests.ingest.parse.reading import assert_blocks_hold_the_text, said

SOUND = workbook([*TABLE, [1.5, 0.25, date(2024, 2, 28)]])
SHEET = "xl/worksheets/sheet1.xml"


def book_of(rows: Sequence[Sequence[Any]]) -> Workbook:
    """A workbook with these rows."""
    book, sheet = new()
    for row in rows:
        sheet.append(list(row))
    return book


def new() -> tuple[Workbook, Worksheet]:
    """A workbook and its only sheet, "Model"."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Model"
    return book, sheet


def read(book: Workbook) -> ParsedReport:
    """A workbook as a report."""
    report = parse_xlsx(saved(book), "a.xlsx")
    assert_blocks_hold_the_text(report)
    return report


def rows_of(rows: Sequence[Sequence[Any]]) -> list[str]:
    """The rows that are read of a sheet with these."""
    return [text for kind, text in said(read(book_of(rows))) if kind == "table_row"]


def test_a_model() -> None:
    """Sheets are headings, what stands above a table is no row of it, heads and unit are told."""
    book, sheet = new()
    book.properties.title = "Chips"
    book.properties.creator = "Northfield Securities"
    for row in (
        ["Income statement"],
        ["(in millions)"],
        [None, "Year ended"],
        [None, "2022", "2023"],
        ["Revenue", 26974, 60922.4],
        ["Margin", 0.569, 0.30000000000000004],
    ):
        sheet.append(row)
    sheet.merge_cells("B3:C3")
    for cell in sheet["5:5"]:
        cell.number_format = "#,##0"
    for cell in sheet["6:6"]:
        cell.number_format = "0.0%"
    report = read(book)
    assert said(report) == [
        ("heading", "Model"),
        ("heading", "Income statement"),
        ("paragraph", "(in millions)"),
        ("table_row", "| Year ended | Year ended"),
        ("table_row", "| 2022 | 2023"),
        ("table_row", "Revenue | 26,974 | 60,922"),
        ("table_row", "Margin | 56.9% | 30.0%"),
    ]
    assert [block.level for block in report.blocks[:2]] == [1, 2]
    assert report.tables[0].heads == ("", "Year ended 2022", "Year ended 2023")
    assert report.tables[0].unit == "in millions"
    assert report.pages is None
    assert report.stated == {"title": "Chips", "publisher": "Northfield Securities"}


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (0.1 + 0.2, "General", "0.3"),
        (1234.5, "#,##0.00", "1,234.50"),
        (-1234.5, "#,##0;(#,##0)", "(1,235)"),
        (0.1234, "0.0%", "12.3%"),
        (date(2024, 2, 28), "yyyy-mm-dd", "2024-02-28"),
        (date(2024, 2, 28), "mm-dd-yy", "2024-02-28"),
        (date(2024, 2, 28), "mmm-yy", "Feb-24"),
        (True, "General", "TRUE"),
        ("2024E", "0.0", "2024E"),
        ("a\nb", "General", "a b"),
        ("#N/A", "General", "#N/A"),
    ],
)
def test_cells_are_read_as_shown(value: Any, code: str, expected: str) -> None:
    """A figure is read as the sheet shows it, never with the noise of its machine form."""
    book, sheet = new()
    sheet.append(["label", value])
    sheet["B1"].number_format = code
    assert said(read(book))[1] == ("table_row", f"label | {expected}")


def test_a_book_that_counts_from_1904_shows_the_same_days() -> None:
    """Days are counted from where the workbook says."""
    book, sheet = new()
    book.epoch = CALENDAR_MAC_1904
    sheet.append(["day", date(2024, 2, 28)])
    assert said(read(book))[1] == ("table_row", "day | 2024-02-28")


def test_empty_rows_part_tables() -> None:
    """A table below an empty row with heads of its own is another table."""
    book = book_of([*TABLE, [], ["Region", "Q1", "Q2"], ["Asia", 1, 2], ["Europe", 3, 4]])
    tables = read(book).tables
    assert [table.heads for table in tables] == [("Year", "2022", "2023"), ("Region", "Q1", "Q2")]


def test_a_section_below_an_empty_row_has_the_heads_above_it() -> None:
    """Rows without heads in the very columns of the table above go on with it."""
    book = book_of([*TABLE, [], ["Assets"], ["Cash", 1, 2], ["Debt", 3, 4]])
    (table,) = read(book).tables
    assert (table.first, table.last) == (2, 7)
    assert table.groups[-2:] == ("Assets", "Assets")


def test_rows_in_other_columns_do_not_take_heads_that_are_not_theirs() -> None:
    """A figure below a table in fewer columns is not said to be under its heads."""
    book = book_of([*TABLE, [], ["Shares", 2466]])
    report = read(book)
    assert [table.last for table in report.tables] == [4]
    assert said(report)[-1] == ("table_row", "Shares | 2466")


def test_tables_side_by_side_are_two() -> None:
    """A table beside another, behind an empty column, is read by itself."""
    assert rows_of([["A", 1, None, "C", 3], ["B", 2, None, "D", 4], ["E", 5, None, "F", 6]]) == [
        "A | 1",
        "B | 2",
        "E | 5",
        "C | 3",
        "D | 4",
        "F | 6",
    ]


def test_empty_columns_between_figures_part_nothing() -> None:
    """Columns left empty for the looks of it stand for nothing."""
    rows: list[list[Any]] = [
        ["", "2022", None, "2023"],
        ["Sales", 1, None, 2],
        ["Costs", 3, None, 4],
    ]
    assert rows_of(rows) == ["| 2022 | 2023", "Sales | 1 | 2", "Costs | 3 | 4"]


@pytest.mark.parametrize(
    ("code", "ratings"), [((5, 6), ("Buy", "Buy")), (("N", "Q"), ("Buy", "Hold"))]
)
def test_a_column_of_words_behind_an_empty_one_is_no_table(
    code: tuple[Any, Any], ratings: tuple[str, str]
) -> None:
    """A rating behind an empty column stays in its company's row."""
    rows: list[list[Any]] = [["Company", "Code", None, "Rating", "Upside"]]
    rows += [["Northfield", code[0], None, ratings[0], 7]]
    rows += [["Quillmoor", code[1], None, ratings[1], 8]]
    assert ("table_row", f"Northfield | {code[0]} | Buy | 7") in said(read(book_of(rows)))


def test_hidden_rows_and_columns_part_nothing() -> None:
    """What is hidden between heads and figures parts no table and moves no figure."""
    book = book_of(
        [
            ["Item", "Code", "Rating", "2022", "2023"],
            ["x", "x", "x", 1, 2],
            ["Chips", "c", "Buy", 3, 4],
            ["Disks", "d", "Hold", 5, 6],
        ]
    )
    sheet = book.worksheets[0]
    sheet.row_dimensions[2].hidden = sheet.column_dimensions["B"].hidden = True
    report = read(book)
    assert said(report)[1:] == [
        ("table_row", "Item | Rating | 2022 | 2023"),
        ("table_row", "Chips | Buy | 3 | 4"),
        ("table_row", "Disks | Hold | 5 | 6"),
    ]
    assert report.tables[0].heads == ("Item", "Rating", "2022", "2023")


def test_merged_cells_are_said_where_they_are_seen() -> None:
    """Merged cells of which the first is hidden say in the others what they say."""
    book = book_of(
        [
            ["Region", "Year", "Sales", None],
            ["Asia", 2021, 1, 2],
            [None, 2022, 3, 4],
            [None, 2023, 5, 6],
        ]
    )
    sheet = book.worksheets[0]
    sheet.merge_cells("A2:A4")
    sheet.merge_cells("C1:D1")
    sheet.row_dimensions[2].hidden = sheet.column_dimensions["C"].hidden = True
    assert [text for _, text in said(read(book))[1:]] == [
        "Region | Year | Sales",
        "Asia | 2022 | 4",
        "Asia | 2023 | 6",
    ]


def test_what_nobody_sees_is_left_out() -> None:
    """Hidden sheets, rows and columns are not read; what is folded away in a group is."""
    book, sheet = new()
    for row in (["a", 1, 2, 3, 4], ["b", 5, 6, 7, 8], ["c", 9, 10, 11, 12], ["d", 13, 14, 15, 16]):
        sheet.append(row)
    sheet.row_dimensions[2].hidden = True
    sheet.row_dimensions.group(3, 3, hidden=True)
    sheet.column_dimensions["B"].hidden = True
    sheet.column_dimensions.group("D", "D", hidden=True)
    for state in ("hidden", "veryHidden"):
        secret = book.create_sheet(state)
        secret.append(["secret"])
        secret.sheet_state = state
    assert said(read(book)) == [
        ("heading", "Model"),
        ("table_row", "a | 2 | 3 | 4"),
        ("table_row", "c | 10 | 11 | 12"),
        ("table_row", "d | 14 | 15 | 16"),
    ]


def test_formulas_show_their_values() -> None:
    """A formula is read by the value worked out for it, and is empty without one."""
    book, sheet = new()
    sheet.append(["Sales", "=1+1", "=2+2", "x"])
    content = changed(
        saved(book),
        SHEET,
        lambda part: part.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>").replace(
            b"<f>1+1</f><v/>", b"<f>1+1</f><v>2</v>"
        ),
    )
    assert said(parse_xlsx(content, "a.xlsx"))[1] == ("table_row", "Sales | 2 | x")


def test_nothing_but_formulas_without_values_is_refused() -> None:
    """A workbook whose formulas were never worked out is refused with what to do."""
    book, sheet = new()
    sheet.append(["=1+1"])
    assert_refused(parse_xlsx, saved(book), "a.xlsx", "formulas without values; open it")


def test_too_many_rows_are_refused() -> None:
    """More rows than a report has are refused, not read in part."""
    row = b"<row><c><v>1</v></c></row>"
    content = changed(
        SOUND,
        SHEET,
        lambda part: part.replace(b"</sheetData>", row * 50_000 + b"</sheetData>"),
    )
    assert_refused(parse_xlsx, content, "a.xlsx", "holds more than 50,000 rows; split it")


def test_merged_cells_over_one_another_cost_little() -> None:
    """Cells that are merged again and again are read as merged once."""
    rows: list[list[Any]] = [
        ["Item", *["a"] * 99],
        *([[None, *["b"] * 99]] * 298),
        ["End", *["c"] * 99],
    ]
    merged = b"<mergeCells>%s</mergeCells>" % (b'<mergeCell ref="A1:CV299"/>' * 20_000)
    content = changed(
        workbook(rows), SHEET, lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + merged)
    )
    began = process_time()
    assert "End" in parse_xlsx(content, "a.xlsx").text
    assert process_time() - began < 5


def test_a_table_of_too_many_cells_is_refused() -> None:
    """Cells far apart make a table too large to lay out, which is refused."""
    rows = b"".join(
        f'<row r="{at}"><c r="{letters}{at}"><v>1</v></c></row>'.encode()
        for at, letters in enumerate(
            (
                f"{a}{b}{c}"
                for a in "AB"
                for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            ),
            10,
        )
    )
    content = changed(
        SOUND, SHEET, lambda part: part.replace(b"</sheetData>", rows + b"</sheetData>")
    )
    assert_refused(parse_xlsx, content, "a.xlsx", "holds more than 1,000,000 cells; split it")


@given(
    st.lists(
        st.lists(
            st.text(st.sampled_from("abc 1.%é价格,"), min_size=1, max_size=12).filter(str.strip),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=25, deadline=None)
def test_what_was_written_is_read(rows: list[list[str]]) -> None:
    """Every cell of a sheet is found again, in its row."""
    assert rows_of(rows) == [" | ".join(" ".join(cell.split()) for cell in row) for row in rows]


@given(st.lists(st.floats(-1e9, 1e9, width=32), min_size=2, max_size=8))
@settings(max_examples=25, deadline=None)
def test_figures_are_never_wrong(figures: list[float]) -> None:
    """A figure without a format is read as itself, to nine digits."""
    (row,) = rows_of([["label", *figures]])
    assert [float(cell) for cell in row.split(" | ")[1:]] == pytest.approx(
        figures, rel=1e-5, abs=1e-9
    )


@given(spoiled(SOUND))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_spoilt_workbooks_are_read_or_refused(content: bytes) -> None:
    """Whatever happened to its bytes, a workbook is read or refused with a reason."""
    assert_only_refused(parse_xlsx, content, "a.xlsx")
