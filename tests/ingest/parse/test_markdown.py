"""Tests of parsing Markdown."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.parse.markdown import parse_markdown
from ingest.records import Table
from tests.ingest.parse.damage import assert_read_or_refused, damaged
from tests.ingest.parse.reading import assert_blocks_hold_the_text, said


def parsed(text: str) -> list[tuple[str, str]]:
    """The blocks of a Markdown text as kind and text."""
    report = parse_markdown(text.encode(), "a.md")
    assert_blocks_hold_the_text(report)
    return said(report)


def test_a_note() -> None:
    """Headings, paragraphs, list items and rows are what a reader of the page sees."""
    report = parse_markdown(
        b"---\ntitle: A study\npublished: 2024-02-28\n---\n# Memory & chips\n\nIt *rose* by\n"
        b"**3 %**, says [a paper](https://example.org/x).\n\n- one\n  - two\n- three\n\n"
        b"| Year | Sales |\n|---|--:|\n| 2023 | `27` |\n| | |\n\nSetext\n------\n",
        "a.md",
    )
    assert report.stated == {"title": "A study", "published": "2024-02-28"}
    assert said(report) == [
        ("heading", "Memory & chips"),
        ("paragraph", "It rose by 3 %, says a paper."),
        ("list_item", "one"),
        ("list_item", "two"),
        ("list_item", "three"),
        ("table_row", "Year | Sales"),
        ("table_row", "2023 | 27"),
        ("heading", "Setext"),
    ]
    assert [block.level for block in report.blocks] == [1, *[None] * 6, 2]
    assert report.tables == (Table(6, 7, ("Year", "Sales")),)
    assert report.stated_in == "front matter"
    assert report.pages is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("> quoted\n> words", [("paragraph", "quoted words")]),
        ("```\nx = 1\n  y\n```", [("paragraph", "x = 1\n  y")]),
        ("<div>a <b>bold</b> word<br>next</div>", [("paragraph", "a bold word\nnext")]),
        ("<!-- unseen -->", []),
        (
            "a<br>b ~~gone~~ ![a picture](x.png) &amp; \\*",
            [("paragraph", "a\nb a picture & *")],
        ),
        ("5~~4~~ <del>3</del><s>2 **1**</s>6", [("paragraph", "5 6")]),
        ("one  \ntwo", [("paragraph", "one\ntwo")]),
        ("***", []),
        ("- \n- a", [("list_item", "a")]),
        ("<script>alert(1)</script>", []),
        ("价格**上涨**。", [("paragraph", "价格上涨。")]),
    ],
)
def test_marks_are_not_text(text: str, expected: list[tuple[str, str]]) -> None:
    """Marks, tags and comments are not shown; what they mark is."""
    assert parsed(text) == expected


def test_rows_of_a_table_stand_line_by_line() -> None:
    """Rows follow each other without an empty line, other blocks with one."""
    report = parse_markdown(b"a\n\n| b | c |\n|---|---|\n| d | e |\n\nf", "a.md")
    assert report.text == "a\n\nb | c\nd | e\n\nf"


@pytest.mark.parametrize(
    ("above", "unit"),
    [
        ("Sales (in millions)", "in millions"),
        ("## Sales (RMB million)", "RMB million"),
        ("Sales grew.", ""),
        ("Sales (in millions) " + "grew " * 50, ""),
    ],
)
def test_the_unit_above_a_table(above: str, unit: str) -> None:
    """A table counts in the unit that the line right above it names."""
    report = parse_markdown(f"{above}\n\n|  | 2023 |\n|---|---|\n| a | 1 |".encode(), "a.md")
    assert report.tables == (Table(2, 3, ("", "2023"), unit),)


def test_a_table_written_in_html() -> None:
    """A table and a heading written in HTML are what they are on the page."""
    text = (
        "<h3>Sales</h3>\n<table><tr><th>Year</th><th>Sales</th></tr>"
        "<tr><td>a</td><td>1</td></tr></table>"
    )
    report = parse_markdown(text.encode(), "a.md")
    assert said(report) == [
        ("heading", "Sales"),
        ("table_row", "Year | Sales"),
        ("table_row", "a | 1"),
    ]
    assert report.blocks[0].level == 3
    assert report.tables == (Table(2, 3, ("Year", "Sales")),)


words = st.text(st.sampled_from("abcdefgh中文"), min_size=1, max_size=8)


@given(st.lists(st.tuples(words, st.lists(st.tuples(words, words), min_size=1)), min_size=1))
@settings(max_examples=40)
def test_what_is_written_is_found(sections: list[tuple[str, list[tuple[str, str]]]]) -> None:
    """Headings, prose and tables are found in the order they were written in, nothing else."""
    text, expected = "", []
    for heading, rows in sections:
        lines = "".join(f"| {left} | {right} |\n" for left, right in rows[1:])
        text += f"## {heading}\n\n{heading}.\n\n| {rows[0][0]} | {rows[0][1]} |\n|--|--|\n{lines}\n"
        expected += [("heading", heading), ("paragraph", f"{heading}.")]
        expected += [("table_row", f"{left} | {right}") for left, right in rows]
    report = parse_markdown(text.encode(), "a.md")
    assert_blocks_hold_the_text(report)
    assert said(report) == expected
    assert [table.heads for table in report.tables] == [rows[0] for _, rows in sections]


NOTE = """---
title: A: b
tickers: [NVDA, 0700.HK]
标题: 一
---
# Head

A *b* [c](https://example.org) `f`. 中文

- one
  - two

| a | b |
|---|--:|
| c | 1 |

<table><tr><td>x</td><td>1</td></tr></table>

> quote
""".encode()


@given(damaged(NOTE))
@settings(max_examples=150)
def test_a_damaged_note_is_read_or_refused(content: bytes) -> None:
    """Whatever befell a note, it is read wholly or refused by name."""
    assert_read_or_refused(content, "a.md")


@given(st.text(st.sampled_from('ab*_#-|>`<&[]()!~\n 1.:\\"$中。')))
def test_any_markdown_is_covered(text: str) -> None:
    """Whatever the text, its blocks hold all of it in order."""
    assert_blocks_hold_the_text(parse_markdown(text.encode(), "a.md"))
