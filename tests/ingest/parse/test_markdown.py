"""Tests of parsing Markdown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parse.markdown import parse_markdown
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
            [("paragraph", "a\nb gone a picture & *")],
        ),
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


@given(st.text(st.sampled_from('ab*_#-|>`<&[]()!~\n 1.:\\"$中。')))
def test_any_markdown_is_covered(text: str) -> None:
    """Whatever the text, its blocks hold all of it in order."""
    assert_blocks_hold_the_text(parse_markdown(text.encode(), "a.md"))
