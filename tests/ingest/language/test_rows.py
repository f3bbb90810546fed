"""Tests of rows of tables as words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language.rows import (
    Cell,
    cells_of,
    is_figure,
    is_year,
    join_cells,
    split_cells,
    tell,
)


@pytest.mark.parametrize(
    ("row", "heads", "unit", "group", "told"),
    [
        (
            "AIGC market size (billion yuan) | 1144.1",
            ("", "2030"),
            "",
            "",
            "AIGC market size, 2030: 1144.1 billion yuan",
        ),
        (
            "存储芯片收入（亿元） | 1,144.1",
            ("", "2030年"),
            "",
            "",
            "存储芯片收入, 2030年: 1,144.1 亿元",
        ),
        (
            "收入 | 12 | 13",
            ("", "2023年", "2024年E"),
            "亿元",
            "",
            "收入, 2023年: 12 亿元; 收入, 2024年E: 13 亿元",
        ),
        ("Sales | 12", ("", "Amount (RMB million)"), "", "", "Sales, Amount: 12 RMB million"),
        (
            "Sales | 12 | 3%",
            ("", "2024", "Growth"),
            "million",
            "",
            "Sales, 2024: 12 million; Sales, Growth: 3%",
        ),
        ("Sales | 12", ("", "2024"), "in millions", "", "Sales, 2024: 12 (in millions)"),
        ("Price (yuan) | 12", ("", "2024"), "million", "", "Price, 2024: 12 yuan"),
        ("Memory | 12", ("", "2024"), "", "Net sales: Asia", "Net sales: Asia: Memory, 2024: 12"),
        ("Memory |  | 12", ("", "2023", "2024"), "", "", "Memory, 2024: 12"),
        ("| 8 | 9", ("", "2023", "2024"), "", "", "2023: 8; 2024: 9"),
        ("Memory | 12 | 13", ("", "2023"), "", "", "Memory, 2023: 12; Memory: 13"),
        ("Memory | 12 | 13", (), "", "", "Memory: 12; Memory: 13"),
        ("Northfield | Buy", ("", "Rating"), "in millions", "", "Northfield, Rating: Buy"),
        ("Sales (restated) | 12", ("", "2024"), "", "", "Sales (restated), 2024: 12"),
        ("A label alone", ("", "2024"), "", "Net sales", "A label alone"),
        ("| 2023 | 2024", ("", "2023", "2024"), "", "", "| 2023 | 2024"),
    ],
)
def test_a_row_in_words(row: str, heads: tuple[str, ...], unit: str, group: str, told: str) -> None:
    """Each figure is told with its label, its head and the unit nearest to it."""
    assert tell(row, heads, unit, group) == told


@pytest.mark.parametrize(
    ("row", "heads", "unit", "cell"),
    [
        ("Sales | $ 12", ("", "2024"), "in millions", Cell("Sales", "2024", "$ 12", "in millions")),
        ("Margin | 12.5%", ("", "2024"), "in millions", Cell("Margin", "2024", "12.5%", "")),
        ("Margin | 120 bps", ("", "2024"), "in millions", Cell("Margin", "2024", "120 bps", "")),
        ("Multiple | 12.5x", ("", "2024"), "million", Cell("Multiple", "2024", "12.5x", "")),
        ("市盈率 | 12倍", ("", "2024"), "亿元", Cell("市盈率", "2024", "12倍", "")),
        ("Loss | (7)", ("", "2024"), "million", Cell("Loss", "2024", "(7)", "million")),
        ("Sales | 12", ("", "2024 (million)"), "", Cell("Sales", "2024", "12", "million")),
        ("销量 | 12", ("", "2024（万吨）"), "", Cell("销量", "2024", "12", "万吨")),
    ],
)
def test_the_cells_of_a_row(row: str, heads: tuple[str, ...], unit: str, cell: Cell) -> None:
    """A figure that says what it is counted in keeps that, any other has the unit of its table."""
    assert cells_of(row, heads, unit) == [cell]


@pytest.mark.parametrize(
    "cell",
    [
        *("12", "1,144.1", "(7)", "(7)%", "(13.5%)", "-3.2", "−3", "$ 1,144", "$ (998)", "US$5"),
        *("12%", "8 %", "120bps", "12.5x", "3.2bn", "12亿", "1.2万亿", "6倍", "（7）", "2024E"),
        *("-", "—", "–", "n/a", "N.A.", "NM", "$ -", "***", "~12", "<1", "12(a)", "1'144.1"),
    ],
)
def test_figures(cell: str) -> None:
    """A number with a sign or short unit is a figure, and so is the mark for none."""
    assert is_figure(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "Memory",
        "Note 4",
        "2023 and 2024",
        "Q3",
        "12 months",
        "March 31, 2024",
        "2024.06.30",
        "存储",
    ],
)
def test_no_figures(cell: str) -> None:
    """Words are no figure, whatever numbers are among them."""
    assert not is_figure(cell)


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        *(("2023", True), ("FY2024E", True), ("FY 2023", True), ("2024年", True), (" 1998 ", True)),
        *(("2023A", True), ("12", False), ("3023", False), ("1,998", False), ("2023.5", False)),
        *(("in 2023", False), ("20234", False), ("", False)),
    ],
)
def test_years(cell: str, year: bool) -> None:
    """A year is a year of this century or the last, with what marks a business year or estimate."""
    assert is_year(cell) == year


cells = st.lists(
    st.text(st.characters(exclude_characters="|"), max_size=8).map(lambda text: text.strip())
)


@given(cells)
def test_cells_come_back_from_a_row(written: list[str]) -> None:
    """A row gives back the cells it was made of, but for empty ones at its end."""
    while written and not written[-1]:
        written.pop()
    assert split_cells(join_cells(written)) == (written or [""])


@given(cells, cells, st.sampled_from(["", "in millions", "亿元"]))
def test_no_figure_is_lost_in_words(written: list[str], heads: list[str], unit: str) -> None:
    """Of each cell that holds something, what it says stands in the words, as printed."""
    row = join_cells(written)
    told = tell(row, heads, unit)
    assert all(cell in told for cell in written[1:])
    assert [cell.value for cell in cells_of(row, heads, unit)] == list(filter(None, written[1:]))
