"""Tests of parsing plain text."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.parse.text import parse_text
from ingest.records import Table
from tests.ingest.parse.damage import assert_read_or_refused, damaged
from tests.ingest.parse.reading import assert_blocks_hold_the_text, said

PROSE = (
    "The supply of memory is tight because three makers share the market and none of them adds "
    "much. Customers pay ahead of time to be served, which they have not done for twenty years. "
    "We expect that prices go on rising through the first half of next year, and then rest; "
    "nobody who sells memory is in a hurry to build, and nobody who buys it can wait."
)
OTHER = (
    "Demand comes from a few buyers, whose budgets are public. They have each said that they "
    "will spend more, and they have so far done what they said. Should one of them stop, the "
    "others would be glad to take its share, at least for as long as their own customers ask."
)


def parsed(text: str) -> list[tuple[str, str]]:
    """The blocks of a text as kind and text."""
    report = parse_text(text.encode(), "a.txt")
    assert_blocks_hold_the_text(report)
    return said(report)


def test_one_paragraph_a_line() -> None:
    """Of long lines each is a paragraph, and a short one above them is a heading."""
    text = f"Memory: why prices rise\n{PROSE}\n{OTHER}\nRisks:\n{OTHER}"
    assert parsed(text) == [
        ("heading", "Memory: why prices rise"),
        ("paragraph", PROSE),
        ("paragraph", OTHER),
        ("heading", "Risks:"),
        ("paragraph", OTHER),
    ]


def test_paragraphs_between_empty_lines() -> None:
    """Empty lines part paragraphs, white space in them or not."""
    text = f"Memory: why prices rise\n\n{PROSE}\n \u00a0\n{OTHER}  \n\n"
    assert [kind for kind, _ in parsed(text)] == ["heading", "paragraph", "paragraph"]


@pytest.mark.parametrize("width", [64, 72, 80, 100])
def test_lines_broken_at_a_width_are_one_paragraph(width: int) -> None:
    """Hard-wrapped paragraphs are a block each, their line breaks inside."""
    wrapped = [textwrap.fill(paragraph, width) for paragraph in (PROSE, OTHER, PROSE)]
    text = "Memory: why prices rise\n\n" + "\n\n".join(wrapped)
    assert parsed(text) == [
        ("heading", "Memory: why prices rise"),
        *(("paragraph", paragraph) for paragraph in wrapped),
    ]


def test_hard_wrapped_chinese() -> None:
    """Chinese lines broken at a width, which have no spaces, are one paragraph."""
    line = "我们认为存储芯片供应偏紧而三家厂商分享市场价格有望在明年上半年继续"
    text = f"{line}\n{line}\n{line}\n{line}\n上涨。"
    assert parsed(text) == [("paragraph", text)]


def test_short_lines_are_not_joined() -> None:
    """Short lines of any length, as of an address, stay lines."""
    text = "Northfield\n3 Harbour Street, second floor\nOslo\nMonday to Friday\nby letter"
    assert [text for _, text in parsed(text)] == text.split("\n")


def test_lists_and_tables() -> None:
    """Bullets and numbers begin list items, wide gaps make rows; a numbered heading stays one."""
    items = "- supply\n- demand, which is a matter of a few\n2) law"
    text = f"Risks\n{items}\n\nYear   Sales   Growth\n2023\t27\t0\n\n2. Outlook\n{PROSE}"
    assert [kind for kind, _ in parsed(text)] == [
        "heading",
        "list_item",
        "list_item",
        "list_item",
        "table_row",
        "table_row",
        "heading",
        "paragraph",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "It ends here.",
        "它在这里结束。",
        "(Editor: somebody)",
        "13:09, 28 February 2024   Source: a paper",
        "x" * 140,
        "***",
    ],
)
def test_what_is_no_heading(line: str) -> None:
    """A closed line, one in brackets, a dateline, a long one and mere marks head nothing."""
    assert parsed(f"{line}\n\n{PROSE}")[0] == ("paragraph", line)


def test_headings_above_headings_and_datelines() -> None:
    """A title above a heading or a dateline is a heading too; the last line never is."""
    text = f"A study\nThe first part\n{PROSE}\n\nAnother\n3 March 2024\n{OTHER}\nThe end"
    assert [kind for kind, _ in parsed(text)] == [
        "heading",
        "heading",
        "paragraph",
        "heading",
        "paragraph",
        "paragraph",
        "paragraph",
    ]


def test_front_matter_is_stated() -> None:
    """A front matter at the top is stated and no part of the text."""
    report = parse_text(f"---\ntitle: A study\n---\n\n{PROSE}".encode(), "a.txt")
    assert report.stated == {"title": "A study"}
    assert report.stated_in == "front matter"
    assert said(report) == [("paragraph", PROSE)]
    assert report.pages is None
    assert report.blocks[0].page is None


@pytest.mark.parametrize(
    "rows",
    [
        "Year   Sales   Growth\n2023   27   1\n2024      30   2",
        "Year\tSales\tGrowth\n2023\t27\t1\n2024\t30\t2",
        "Year | Sales | Growth\n2023 | 27 | 1\n2024 | 30 | 2",
        "| Year | Sales | Growth |\n| 2023 | 27 | 1 |\n| 2024 | 30 | 2 |",
    ],
)
def test_the_heads_of_a_table(rows: str) -> None:
    """Whatever parts the cells of plain columns, bars do, and the heads above them are known."""
    report = parse_text(f"Sales (in millions)\n\n{rows}\n\nThe end.".encode(), "a.txt")
    assert_blocks_hold_the_text(report)
    assert report.text == (
        "Sales (in millions)\n\nYear | Sales | Growth\n2023 | 27 | 1\n2024 | 30 | 2\n\nThe end."
    )
    assert report.tables == (Table(2, 4, ("Year", "Sales", "Growth"), "in millions"),)


@pytest.mark.parametrize(
    ("rows", "heads"),
    [
        (
            "        2023   2024   2025\nSales   5   6   7\nCosts   7   8   9",
            ("", "2023", "2024", "2025"),
        ),
        ("Year | 2023 | 2024\nSales | 5 | 6\nCosts |  | 7", ("Year", "2023", "2024")),
        ("Year\t2023\t2024\t2025\nSales\t\t5\t6", ("Year", "2023", "2024", "2025")),
    ],
)
def test_empty_cells(rows: str, heads: tuple[str, ...]) -> None:
    """An empty cell keeps those behind it below their heads."""
    report = parse_text(rows.encode(), "a.txt")
    assert_blocks_hold_the_text(report)
    assert [table.heads for table in report.tables] == [heads]


@pytest.mark.parametrize(
    "rows",
    [
        "Year   2023   2024   2025\nSales   5   6\nCosts   7   8   9",
        "Year   2023   2024",
        "Year   2023   2024\n\nSales   5   6",
        "Year\t2023\ta | b\nSales\t5\t6",
    ],
)
def test_columns_that_are_not_plain(rows: str) -> None:
    """Where columns cannot be told the text stays the file's own, without heads."""
    report = parse_text(rows.encode(), "a.txt")
    assert report.text == rows
    assert report.tables == ()


NOTE = f"""---
标题：一
---
Sales (in millions)

Year   Sales   Growth
2023   27   1

a | b | c
1 | 2 | 3

x\ty\tz
1\t2\t3

- item
{PROSE}
价格上涨。
""".encode()


@given(damaged(NOTE))
@settings(max_examples=150)
def test_a_damaged_text_is_read_or_refused(content: bytes) -> None:
    """Whatever befell a text, it is read wholly or refused by name."""
    assert_read_or_refused(content, "a.txt")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_any_text_is_covered(text: str) -> None:
    """Whatever the text, its blocks hold all of it in order."""
    assert_blocks_hold_the_text(parse_text(f"A {text}".encode(), "a.txt"))


lines = st.sampled_from(
    [
        "",
        " ",
        "Head",
        PROSE,
        PROSE[:70],
        OTHER[:72],
        "- item",
        "a\tb\tc",
        "d\t1\t2",
        "e | f | g",
        "| | |",
        "价格。",
    ]
)


@given(st.lists(lines))
def test_any_arrangement_of_lines_is_covered(chosen: list[str]) -> None:
    """However lines are arranged, blocks hold all of them in order."""
    assert_blocks_hold_the_text(parse_text("\n".join(chosen).encode(), "a.txt"))
