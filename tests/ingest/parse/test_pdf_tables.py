"""Tests of how the tables of PDFs are told: each figure with its label, its heads and its unit."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.language.rows import Cell, cells_of
from ingest.parse.pdf import parse_pdf
from ingest.records import BlockKind, ParsedReport
from tests.ingest.parse.reading import assert_blocks_hold_the_text
from tests.ingest.parse.typesetting import (
    CHINESE_FONT,
    Drawn,
    Piece,
    Ruled,
    pdf_of_lines,
    pdf_of_pages,
    table_row,
)

TWO, FOUR = (380, 500), (290, 370, 450, 530)


def cells_in(report: ParsedReport) -> list[Cell]:
    """The cells behind the labels of a report's tables, in reading order."""
    tables = {row: table for table in report.tables for row in range(table.first, table.last + 1)}
    cells: list[Cell] = []
    for block in report.blocks:
        if block.kind is not BlockKind.TABLE_ROW:
            continue
        row = report.text[block.start : block.end]
        table = tables.get(block.paragraph)
        if table is None:
            cells.extend(cells_of(row))
            continue
        group = table.groups[block.paragraph - table.first] if table.groups else ""
        cells.extend(cells_of(row, table.heads, table.unit, group))
    return cells


def figures_of(report: ParsedReport) -> list[str]:
    """What is told of each figure in the tables of a report, in reading order."""
    assert_blocks_hold_the_text(report)
    return list(map(str, cells_in(report)))


def told_of(*pieces: Sequence[Piece]) -> list[str]:
    """What is told of each figure on a page of these pieces, which holds a table."""
    return figures_of(parse_pdf(pdf_of_lines(list(chain(*pieces))), "a.pdf"))


def body(
    y: float, rows: Sequence[tuple[str, Sequence[str]]], rights: Sequence[float]
) -> list[Piece]:
    """Rows of a table from a height downwards."""
    return [
        piece
        for place, (label, figures) in enumerate(rows)
        for piece in table_row(y - 16 * place, label, figures, rights)
    ]


SALES = [("Memory", ["1,144.1", "998.2"]), ("Storage", ["12.0", "13.5"])]
FOUR_SALES = [("Memory", ["1,144", "998", "3,100", "2,900"]), ("Storage", ["12", "13", "40", "41"])]


def test_heads_over_one_column_each() -> None:
    """A figure is told with its label and with what stands above it."""
    told = told_of(table_row(720, "", ["2023", "2024"], TWO), body(704, SALES, TWO))
    assert told[-4:] == [
        "Memory, 2023: 1,144.1",
        "Memory, 2024: 998.2",
        "Storage, 2023: 12.0",
        "Storage, 2024: 13.5",
    ]


@pytest.mark.parametrize(
    "above",
    [
        [
            Drawn(320, 736, "Three Months Ended", "centre"),
            Drawn(480, 736, "Nine Months Ended", "centre"),
        ],
        [
            Drawn(370, 736, "Three Months Ended", "right"),
            Drawn(530, 736, "Nine Months Ended", "right"),
        ],
        [
            Drawn(250, 736, "Three Months Ended"),
            Drawn(420, 736, "Nine Months Ended"),
            Ruled(250, 370, 733),
            Ruled(420, 530, 733),
        ],
    ],
    ids=["centred", "right-aligned", "ruled"],
)
def test_heads_over_several_columns(above: list[Piece]) -> None:
    """A head over two columns is told of the figures in both, and of no other."""
    years = table_row(720, "", ["2024", "2023", "2024", "2023"], FOUR)
    told = told_of(above, years, body(704, FOUR_SALES, FOUR))
    assert told[-8:] == [
        "Memory, Three Months Ended 2024: 1,144",
        "Memory, Three Months Ended 2023: 998",
        "Memory, Nine Months Ended 2024: 3,100",
        "Memory, Nine Months Ended 2023: 2,900",
        "Storage, Three Months Ended 2024: 12",
        "Storage, Three Months Ended 2023: 13",
        "Storage, Nine Months Ended 2024: 40",
        "Storage, Nine Months Ended 2023: 41",
    ]


def test_a_head_over_two_columns_between_heads_over_one() -> None:
    """A head does not stand over a column that has one of its own on the same line."""
    rights = (290, 350, 410, 470)
    above: list[Piece] = [
        Drawn(275, 736, "Beta", "centre"),
        Drawn(365, 736, "Gamma Delta Eps.", "centre"),
        Drawn(455, 736, "Eta", "centre"),
    ]
    years = table_row(720, "", ["2021", "2022", "2023", "2024"], rights)
    rows = [("Memory", ["1,144", "2,998", "3,100", "4,900"]), ("Storage", ["12", "13", "40", "41"])]
    assert told_of(above, years, body(704, rows, rights))[-4:] == [
        "Storage, Beta 2021: 12",
        "Storage, Gamma Delta Eps. 2022: 13",
        "Storage, Gamma Delta Eps. 2023: 40",
        "Storage, Eta 2024: 41",
    ]


def test_heads_that_end_where_the_last_of_their_columns_does() -> None:
    """Heads set to the right stand over as many columns each as end with them."""
    above: list[Piece] = [
        Drawn(370, 736, "Three Months", "right"),
        Drawn(530, 736, "Twelve Months", "right"),
    ]
    years: list[Piece] = [
        Drawn(right - 15, 720, year, "centre")
        for right, year in zip(FOUR, ("FY2024E", "FY2023A", "FY2024E", "FY2023A"), strict=True)
    ]
    assert told_of(above, years, body(704, FOUR_SALES, FOUR))[-4:] == [
        "Storage, Three Months FY2024E: 12",
        "Storage, Three Months FY2023A: 13",
        "Storage, Twelve Months FY2024E: 40",
        "Storage, Twelve Months FY2023A: 41",
    ]


def test_a_stretch_of_time_over_one_year_is_said_of_the_other() -> None:
    """A stretch of time printed over one of two years beside each other is told of both."""
    above: list[Piece] = [Drawn(366, 739, "Quarter ended", "centre"), Ruled(340, 392, 735)]
    years = table_row(720, "", ["2024", "2023"], TWO)
    assert told_of(above, years, body(704, SALES, TWO))[-2:] == [
        "Storage, Quarter ended 2024: 12.0",
        "Storage, Quarter ended 2023: 13.5",
    ]


def test_heads_in_lines_written_column_by_column() -> None:
    """A head of several lines is one, whether its file goes down each head or across them."""
    heads = [(("Sales", "of memory", "chips"), 380), (("Change", "on the", "year"), 500)]
    down: list[Piece] = [
        Drawn(right, 750 - 14 * place, line, "right")
        for lines, right in heads
        for place, line in enumerate(lines)
    ]
    across = sorted(down, key=lambda piece: -piece[1])
    rows = body(704, [("Northfield", ["1,144.1", "(7)"]), ("Southfield", ["12.0", "3"])], TWO)
    expected = [
        "Northfield, Sales of memory chips: 1,144.1",
        "Northfield, Change on the year: (7)",
        "Southfield, Sales of memory chips: 12.0",
        "Southfield, Change on the year: 3",
    ]
    for above in (down, across):
        assert told_of(above, rows)[-4:] == expected


def test_a_stretch_of_time_in_the_column_of_labels() -> None:
    """A stretch of time above the labels is told of every column."""
    heads = table_row(720, "Three Months Ended June 30,", ["2024", "2023"], TWO)
    told = told_of(heads, body(704, SALES, TWO))
    assert told[-4] == "Memory, Three Months Ended June 30, 2024: 1,144.1"
    assert told[-1] == "Storage, Three Months Ended June 30, 2023: 13.5"


@pytest.mark.parametrize(
    ("unit", "told"),
    [
        ([Drawn(72, 745, "Sales by product (in millions)")], "Memory, 2023: 1,144.1 (in millions)"),
        ([Drawn(72, 720, "(in millions)")], "Memory, 2023: 1,144.1 (in millions)"),
        ([Drawn(72, 745, "Table 1. Unit: billion yuan")], "Memory, 2023: 1,144.1 billion yuan"),
        ([Drawn(72, 745, "Sales of the makers, 2024")], "Memory, 2023: 1,144.1"),
    ],
    ids=["caption", "column of labels", "named", "none"],
)
def test_a_unit_printed_above(unit: list[Piece], told: str) -> None:
    """What a caption or the head of the labels counts in stands behind each figure."""
    heads = table_row(720, "", ["2023", "2024"], TWO)
    assert told_of(unit, heads, body(704, SALES, TWO))[-4] == told


def test_a_unit_in_a_head_or_label_goes_before_that_of_the_table() -> None:
    """A figure is counted in what its own head or label says, whatever the table is in."""
    heads = [
        Drawn(72, 745, "Sales by product (in millions)"),
        *table_row(720, "", ["Sales (RMB million)", "Growth"], TWO),
    ]
    rows = [("Memory", ["1,144.1", "12%"]), ("Price (yuan)", ["12.0", "3%"])]
    assert told_of(heads, body(704, rows, TWO))[-4:] == [
        "Memory, Sales: 1,144.1 RMB million",
        "Memory, Growth: 12%",
        "Price, Sales: 12.0 yuan",
        "Price, Growth: 3%",
    ]


def test_a_unit_in_the_head_of_one_column_is_that_of_no_other() -> None:
    """What one column is counted in is not said of the others, nor a row's of the next table."""
    told = told_of(
        table_row(740, "", ["Sales (RMB million)", "Volume"], TWO),
        body(724, [("Memory", ["1,144.1", "12"]), ("Price (yuan)", ["12.0", "3"])], TWO),
        table_row(692, "", ["2023", "2024"], TWO),
        body(676, SALES, TWO),
    )
    assert told[-9:-5] == [
        "Memory, Sales: 1,144.1 RMB million",
        "Memory, Volume: 12",
        "Price, Sales: 12.0 yuan",
        "Price, Volume: 3 yuan",
    ]
    assert told[-4] == "Memory, 2023: 1,144.1"


def test_years_are_heads_or_figures() -> None:
    """A row of years is heads; years in a row with a label of its own are its figures."""
    heads = table_row(720, "", ["Begun", "Sales"], TWO)
    rows = [("Northfield", ["1998", "12.5"]), ("Southfield", ["2004", "7.1"])]
    assert told_of(heads, body(704, rows, TWO))[-4:] == [
        "Northfield, Begun: 1998",
        "Northfield, Sales: 12.5",
        "Southfield, Begun: 2004",
        "Southfield, Sales: 7.1",
    ]


def test_a_table_goes_on_on_the_next_page() -> None:
    """Rows on the next page without heads are told with those where the table began."""
    first = [*table_row(100, "", ["2023", "2024"], TWO), *body(84, SALES, TWO)]
    second = body(780, [("Logic", ["5.1", "6.2"]), ("Other", ["0.3", "0.4"])], TWO)
    unit = Drawn(72, 125, "Sales by product (in millions)")
    report = parse_pdf(pdf_of_pages([[unit, *first], second]), "a.pdf")
    assert figures_of(report)[-4:] == [
        "Logic, 2023: 5.1 (in millions)",
        "Logic, 2024: 6.2 (in millions)",
        "Other, 2023: 0.3 (in millions)",
        "Other, 2024: 0.4 (in millions)",
    ]


def test_another_table_on_the_next_page_has_its_own_heads() -> None:
    """Rows in other columns than the table before them get none of its heads."""
    first = [*table_row(100, "", ["2023", "2024"], TWO), *body(84, SALES, TWO)]
    second = body(780, [("Logic", ["5.1", "6.2", "7", "8"]), ("Other", ["1", "2", "3", "4"])], FOUR)
    report = parse_pdf(pdf_of_pages([first, second]), "a.pdf")
    assert figures_of(report)[-8:-4] == ["Logic: 5.1", "Logic: 6.2", "Logic: 7", "Logic: 8"]


def test_two_tables_below_each_other() -> None:
    """Where other heads begin another table begins, and each figure has the heads of its own."""
    told = told_of(
        table_row(720, "", ["2023", "2024"], TWO),
        body(704, SALES, TWO),
        table_row(672, "", ["Price", "Cost"], TWO),
        body(656, [("Memory", ["7.1", "5.0"]), ("Storage", ["3.2", "2.9"])], TWO),
    )
    assert "Storage, 2024: 13.5" in told
    assert told[-4:] == [
        "Memory, Price: 7.1",
        "Memory, Cost: 5.0",
        "Storage, Price: 3.2",
        "Storage, Cost: 2.9",
    ]


def test_a_label_broken_in_two() -> None:
    """A label that goes on on the next line is one, wherever its figures stand."""
    heads = table_row(720, "", ["2023", "2024"], TWO)
    figures_below = [
        Drawn(72, 704, "Sales of memory and of"),
        *body(688, [("storage", ["1", "2"])], TWO),
    ]
    figures_above = [
        *body(672, [("Cost of sales before", ["3", "4"])], TWO),
        Drawn(72, 656, "depreciation"),
    ]
    told = told_of(heads, figures_below, figures_above, body(640, SALES, TWO))
    assert told[-8:-4] == [
        "Sales of memory and of storage, 2023: 1",
        "Sales of memory and of storage, 2024: 2",
        "Cost of sales before depreciation, 2023: 3",
        "Cost of sales before depreciation, 2024: 4",
    ]


def test_subheadings_over_rows_set_further_in() -> None:
    """A label alone is told of the rows below it that are set further in, and of those alone."""
    told = told_of(
        table_row(720, "", ["2023", "2024"], TWO),
        [Drawn(72, 704, "Net sales:")],
        table_row(688, "Memory", ["1", "2"], TWO, left=84),
        table_row(672, "Storage", ["3", "4"], TWO, left=84),
        table_row(656, "Cost of sales", ["5", "6"], TWO),
    )
    assert told[-6:] == [
        "Net sales: Memory, 2023: 1",
        "Net sales: Memory, 2024: 2",
        "Net sales: Storage, 2023: 3",
        "Net sales: Storage, 2024: 4",
        "Cost of sales, 2023: 5",
        "Cost of sales, 2024: 6",
    ]


def test_subheadings_without_indents() -> None:
    """A label alone is told down to the next or to a total, where nothing is set further in."""
    told = told_of(
        table_row(720, "", ["2023", "2024"], TWO),
        [Drawn(72, 704, "Assets")],
        body(688, [("Cash", ["1", "2"]), ("Total assets", ["3", "4"]), ("Staff", ["5", "6"])], TWO),
        [Drawn(72, 640, "Liabilities")],
        body(624, [("Loans", ["7", "8"]), ("Taxes", ["9", "10"])], TWO),
    )
    assert told[-10::2] == [
        "Assets: Cash, 2023: 1",
        "Assets: Total assets, 2023: 3",
        "Staff, 2023: 5",
        "Liabilities: Loans, 2023: 7",
        "Liabilities: Taxes, 2023: 9",
    ]


def test_missing_cells_and_rows_without_a_label() -> None:
    """A figure is told with the head of the column it stands in, whatever is missing before it."""
    told = told_of(
        table_row(720, "", ["2021", "2022", "2023", "2024"], FOUR),
        body(
            704,
            [
                ("Memory", ["1", "2", "3", "4"]),
                ("Storage", ["", "5", "", "6"]),
                ("Logic", ["", "", "(7)", "-"]),
                ("", ["8", "", "", "9"]),
            ],
            FOUR,
        ),
    )
    assert told[-6:] == [
        "Storage, 2022: 5",
        "Storage, 2024: 6",
        "Logic, 2023: (7)",
        "Logic, 2024: -",
        "2021: 8",
        "2024: 9",
    ]


def test_percent_is_never_counted_in_millions() -> None:
    """A figure with a percent sign, a currency or a bracket keeps it, and no unit but its own."""
    told = told_of(
        [Drawn(72, 745, "Sales by product (in millions)")],
        table_row(720, "", ["2023", "2024", "Change"], FOUR[:3]),
        body(
            704,
            [
                ("Memory", ["$ 1,144", "$ (998)", "(13)%"]),
                ("Storage", ["12", "13", "8 %"]),
            ],
            FOUR[:3],
        ),
    )
    assert told[-6:] == [
        "Memory, 2023: $ 1,144 (in millions)",
        "Memory, 2024: $ (998) (in millions)",
        "Memory, Change: (13)%",
        "Storage, 2023: 12 (in millions)",
        "Storage, 2024: 13 (in millions)",
        "Storage, Change: 8 %",
    ]


def test_a_table_of_words() -> None:
    """A table without figures is told by its heads where its columns are plain."""
    lefts = (72, 250, 420)
    rows = [
        ("Company", "Rating", "Reason"),
        ("Northfield", "Buy", "prices rise"),
        ("Southfield", "Hold", "costs rise"),
        ("Eastfield", "Sell", "sales fall"),
    ]
    told = told_of(
        [
            Drawn(left, 720 - 16 * place, cell)
            for place, row in enumerate(rows)
            for left, cell in zip(lefts, row, strict=True)
        ]
    )
    assert told[-2:] == ["Eastfield, Rating: Sell", "Eastfield, Reason: sales fall"]


def test_chinese_tables() -> None:
    """Heads, labels and units in Chinese are told as English ones are."""

    def row(y: float, cells: Sequence[str]) -> list[Piece]:
        places = zip((72, 380, 500), ("left", "right", "right"), cells, strict=True)
        return [Drawn(x, y, cell, align, 12, CHINESE_FONT) for x, align, cell in places if cell]

    told = told_of(
        row(745, ["表1 分产品收入（单位：亿元）", "", ""]),
        row(720, ["项目", "2023.12.31", "2024年E"]),
        row(704, ["存储芯片", "1,144.1", "998.2"]),
        row(688, ["逻辑芯片", "12.0", "13.5"]),
    )
    assert told[-4] == "存储芯片, 2023.12.31: 1,144.1 亿元"
    assert told[-1] == "逻辑芯片, 2024年E: 13.5 亿元"


def test_bars_part_no_cells() -> None:
    """A bar within a label, or drawn between columns, moves no figure under another's head."""
    bars: list[Piece] = [Drawn(60, 704 - 16 * place, "|") for place in range(2)]
    told = told_of(
        table_row(736, "", ["2023", "2024"], TWO),
        table_row(720, "Chips | memory", ["1", "2"], TWO),
        [*bars, *body(704, SALES, TWO)],
    )
    assert told[-6:-4] == ["Chips|memory, 2023: 1", "Chips|memory, 2024: 2"]
    assert [cell.rpartition(", ")[2] for cell in told[-4:]] == [
        *("2023: 1,144.1", "2024: 998.2", "2023: 12.0", "2024: 13.5")
    ]


def test_heads_that_cannot_be_told_are_none() -> None:
    """Heads that stand over no column are no figure's: none at all is better than a wrong one."""
    told = told_of(
        [Drawn(330, 720, "2023", "centre"), Drawn(490, 720, "2024"), Drawn(540, 720, "2025")],
        body(704, [("Memory", ["1,144", "998"]), ("Storage", ["12", "13"])], (290, 450)),
    )
    assert told[-4:] == ["Memory: 1,144", "Memory: 998", "Storage: 12", "Storage: 13"]


@st.composite
def headed_tables(draw: st.DrawFn) -> tuple[list[Piece], dict[str, tuple[str, set[str]]]]:
    """A table with heads over one column and over several, and what belongs to each figure."""
    groups = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    count, step = sum(groups), draw(st.sampled_from([48, 56]))
    rights = [200 + step * place for place in range(count)]
    ruled = draw(st.booleans())
    pieces: list[Piece] = []
    above: list[str] = []
    for wide, name in zip(groups, ("Alpha", "Beta", "Gamma Delta", "Eta"), strict=False):
        left, right = rights[len(above)] - 28, rights[len(above) + wide - 1]
        shown = name if wide > 1 else name.split()[0]
        pieces.append(Drawn((left + right) / 2, 715, shown, "centre", 9))
        if ruled:
            pieces.append(Ruled(left, right, 712))
        above.extend([shown] * wide)
    pieces.extend(
        Drawn(right, 700, str(2020 + place), "right", 9) for place, right in enumerate(rights)
    )
    belongs: dict[str, tuple[str, set[str]]] = {}
    for number, label in enumerate(("Memory", "Storage", "Net sales", "Staff")):
        pieces.append(Drawn(72, 684 - 15 * number, label, size=9))
        for place, right in enumerate(rights):
            # the first row is full, as one is in every table, and no row is empty
            figure = draw(st.integers(10, 99)) * 1000 + 10 * place + number
            if number == 0 or place == number % count or draw(st.integers(0, 4)):
                pieces.append(Drawn(right, 684 - 15 * number, f"{figure:,}", "right", 9))
                heads = {*above[place].split(), str(2020 + place)}
                belongs[f"{figure:,}"] = (label, heads)
    return pieces, belongs


@settings(max_examples=60)
@given(headed_tables())
def test_no_figure_is_told_with_the_head_of_another(
    table: tuple[list[Piece], dict[str, tuple[str, set[str]]]],
) -> None:
    """A figure is told with its own label and year, and with no head that is not its own."""
    pieces, belongs = table
    report = parse_pdf(pdf_of_lines(pieces), "a.pdf")
    cells = {cell.value: cell for cell in cells_in(report)}
    assert belongs.keys() <= cells.keys()
    for figure, (label, heads) in belongs.items():
        told = set(cells[figure].head.split())
        assert cells[figure].label == label
        assert told <= heads
