"""Tests of what the rows of a table are: heads, units, and lines that stand over others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parse.tables import (
    groups_of,
    head_rows,
    heads_of,
    is_body,
    is_span,
    is_unit,
    unit_among,
    unit_in,
)

SALES = ["Memory", "1,144.1", "998.2"]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("(in millions)", "in millions"),
        (
            "Sales by product (in millions, except per share amounts)",
            "in millions, except per share amounts",
        ),
        ("(Dollars in thousands)", "Dollars in thousands"),
        ("(RMB million)", "RMB million"),
        ("Table 3 (US$ billion)", "US$ billion"),
        ("(100 million yuan)", "100 million yuan"),
        ("Unit: billion yuan", "billion yuan"),
        ("表1 收入（单位：亿元）", "亿元"),
        ("单位：万吨", "万吨"),
        ("利润表（百万元）", "百万元"),
        ("In millions", "In millions"),
        ("(in percent)", "in percent"),
        ("Sales of memory", ""),
        ("invested in millions of devices (see Note 4)", ""),
        ("Memory (restated)", ""),
        ("", ""),
    ],
)
def test_the_unit_a_text_names(text: str, unit: str) -> None:
    """A caption, a head or a line of its own names a unit in brackets or behind a colon."""
    assert unit_in(text) == unit


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("(in millions)", True),
        ("In millions", True),
        ("（单位：亿元）", False),
        ("Sales (in millions)", False),
        ("2024", False),
        ("", False),
    ],
)
def test_a_unit_and_nothing_else(text: str, alone: bool) -> None:
    """A text that says what is counted in, and no more, is a unit."""
    assert is_unit(text) == alone


@pytest.mark.parametrize(
    ("heads", "unit"),
    [
        ([["(in millions)", "2024", "2023"]], "in millions"),
        ([["Sales by product (in millions)", "", ""], ["", "2024", "2023"]], "in millions"),
        ([["", "2024", "2023"], ["", "(in millions)", ""]], "in millions"),
        ([["", "RMB million", "RMB million"], ["", "2024", "2023"]], "RMB million"),
        ([["", "Sales (RMB million)", "Volume"]], ""),
        ([["", "Sales", "Volume"], ["", "(in millions)", "(in thousands)"]], ""),
        ([["项目", "收入（亿元）", "每股收益（元）"]], ""),
        ([["", "2024", "2023"]], ""),
        ([], ""),
    ],
)
def test_a_unit_among_heads(heads: list[list[str]], unit: str) -> None:
    """A unit above all columns is the table's, one in the head of some of them is not."""
    assert unit_among(heads) == unit


@pytest.mark.parametrize(
    ("label", "span"),
    [
        ("Three Months Ended June 30,", True),
        ("Year ending December 31", True),
        ("As of March 31, 2024", True),
        ("截至2024年6月30日", True),
        ("Memory", False),
        ("Years of service", False),
    ],
)
def test_stretches_of_time(label: str, span: bool) -> None:
    """A label that says when is told from one that says what."""
    assert is_span(label) == span


@pytest.mark.parametrize(
    ("row", "body"),
    [
        (SALES, True),
        (["", "12", "13"], True),
        (["", "2023", "2024"], False),
        (["Year", "2023", "2024"], False),
        (["Founded", "1998", "2004"], True),
        (["Three Months Ended June 30,", "2024", "2023"], False),
        (["(in millions)", "2024", "2023"], False),
        (["", "March 31, 2024", "Change"], False),
        (["Company", "Rating", "Reason"], False),
        (["Leases", "Level 2", "Note 4"], True),
        (["Item", "Q3 2024", "Q3 2023"], False),
        (["项目", "2024年6月", "2023年6月"], False),
        (["Assets:", "", ""], False),
    ],
)
def test_rows_that_say_something_of_their_label(row: list[str], body: bool) -> None:
    """A row is body that holds figures, years of its own label, or numbers that are no times."""
    assert is_body(row) == body


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([["", "2023", "2024"], SALES], 1),
        ([["", "Sales", "Sales"], ["", "2023", "2024"], SALES], 2),
        ([["Sales by product", "", ""], ["", "2023", "2024"], SALES], 2),
        ([["", "2023", "2024"], ["Assets:", "", ""], SALES], 1),
        ([SALES, SALES], 0),
        ([["a", "b", "c"]] * 9 + [SALES], 0),
        ([["Company", "Rating"], ["North", "Buy"], ["South", "Sell"]], 1),
        ([["Company", "Rating"], ["North", "Buy"]], 0),
        ([["Company", ""], ["North", "Buy"], ["South", "Sell"]], 0),
        ([["x " * 30, "Rating"], ["North", "Buy"], ["South", "Sell"]], 0),
        ([], 0),
    ],
)
def test_how_many_rows_are_heads(rows: list[list[str]], count: int) -> None:
    """Heads are what stands above the first row of figures; none where too much does."""
    assert head_rows(rows) == count


@pytest.mark.parametrize(
    ("rows", "heads"),
    [
        ([["", "2023", "2024"]], ("", "2023", "2024")),
        ([["", "Sales", "Sales"], ["", "2023", "2024"]], ("", "Sales 2023", "Sales 2024")),
        ([["", "Sales", "Cost"], ["", "Sales", "2024"]], ("", "Sales", "Cost 2024")),
        (
            [["Three Months Ended June 30,", "2024", "2023"]],
            ("", "Three Months Ended June 30, 2024", "Three Months Ended June 30, 2023"),
        ),
        ([["", "2023"], ["", "", "2024"]], ("", "2023", "2024")),
        ([], ()),
    ],
)
def test_the_heads_of_columns(rows: list[list[str]], heads: tuple[str, ...]) -> None:
    """The lines of a head are joined from the top, what is said twice said once."""
    assert heads_of(rows) == heads


@pytest.mark.parametrize(
    ("rows", "lefts", "groups"),
    [
        (
            [["Net sales:", ""], ["Memory", "1"], ["Cost", "2"]],
            [72.0, 84.0, 72.0],
            ("", "Net sales", ""),
        ),
        (
            [["Net sales:", ""], ["Asia:", ""], ["Memory", "1"], ["Europe", "2"], ["Cost", "3"]],
            [72.0, 84.0, 96.0, 84.0, 72.0],
            ("", "Net sales", "Net sales: Asia", "Net sales", ""),
        ),
        (
            [["Assets", ""], ["Cash", "1"], ["Total assets", "2"], ["Staff", "3"]],
            (),
            ("", "Assets", "Assets", ""),
        ),
        (
            [["Assets", ""], ["Cash", "1"], ["Debts", ""], ["Loans", "2"]],
            (),
            ("", "Assets", "", "Debts"),
        ),
        (
            [["资产：", ""], ["现金", "1"], ["合计", "2"], ["人员", "3"]],
            (),
            ("", "资产", "资产", ""),
        ),
        ([["Assets", ""], ["Cash", "1"], ["", "2"]], [72.0, 84.0, 400.0], ("", "Assets", "Assets")),
        ([["Cash", "1"], ["Loans", "2"]], (), ()),
        ([], (), ()),
    ],
)
def test_lines_that_stand_over_others(
    rows: list[list[str]], lefts: list[float | None], groups: tuple[str, ...]
) -> None:
    """A label alone stands over what is set further in, or down to the next one or a total."""
    assert groups_of(rows, lefts) == groups


cells = st.text("abc 12,.%()年（）-|", max_size=6)
rows = st.lists(st.lists(cells, min_size=1, max_size=4), max_size=6)


@given(rows, st.lists(st.none() | st.floats(0, 600), max_size=6))
def test_any_rows(rows: list[list[str]], lefts: list[float | None]) -> None:
    """Of any rows at all the heads stand at the top, and each has its group or none has one."""
    count = head_rows(rows)
    assert 0 <= count <= len(rows)
    assert len(heads_of(rows[:count])) == max(map(len, rows[:count]), default=0)
    assert len(groups_of(rows, lefts)) in {0, len(rows)}
