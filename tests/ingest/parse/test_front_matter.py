"""Tests of front matters."""

from __future__ import annotations

import contextlib
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import ParseError
from ingest.parse.front_matter import split_front_matter

KEYS = {"title", "publisher", "published", "language", "tickers", "companies", "kind", "period"} | {
    "currency"
}


def test_what_it_states() -> None:
    """Known keys are stated as written, others are left, the text begins behind it."""
    text = (
        "---\ntitle: 'Chips: a study'\nHouse: Northfield\ndate: 2024-02-28\nlang: en\n"
        "tags: [a, b]\nsource: Another\n---\nBody.\n"
    )
    stated, rest = split_front_matter(text, "a.md")
    assert stated == {
        "title": "Chips: a study",
        "publisher": "Northfield",
        "published": "2024-02-28",
        "language": "en",
    }
    assert rest.strip() == "Body."


@pytest.mark.parametrize(
    ("line", "stated"),
    [
        ("title: Northfield: why prices rose", {"title": "Northfield: why prices rose"}),
        ("published: 2024-02-30", {"published": "2024-02-30"}),
        ("published: February 2024", {"published": "February 2024"}),
        ("Publication date: 2024-02-28T13:09:00", {"published": "2024-02-28T13:09:00"}),
        ("title:", {}),
        ("title: ''", {}),
        ("title: 2024", {"title": "2024"}),
        ("title: null", {}),
        ("title: ~", {}),
        ("tags: [a]", {}),
        ("ticker: 0700", {"tickers": "0700"}),
        ("Stock code: 600519", {"tickers": "600519"}),
        ("symbols: [NVDA, 0700.HK]", {"tickers": "NVDA, 0700.HK"}),
        ("tickers:\n  - NVDA\n  - [nested]\n  -", {"tickers": "NVDA"}),
        ("companies: [Northfield, 'Harbour, Inc.']", {"companies": "Northfield, Harbour, Inc."}),
        ("issuer: Northfield", {"companies": "Northfield"}),
        ("type: filing", {"kind": "filing"}),
        ("category: news", {"kind": "news"}),
        ("quarter: Q3 2023", {"period": "Q3 2023"}),
        ("currency: CNY", {"currency": "CNY"}),
        ("标题: 存储芯片", {"title": "存储芯片"}),
        (
            "标题：存储：芯片\n发布日期：2024年2月28日",
            {"title": "存储：芯片", "published": "2024年2月28日"},
        ),
        ("来源: 北方证券\n代码: [600519]", {"publisher": "北方证券", "tickers": "600519"}),
        ("发布机构: 北方证券\n来源: 别家", {"publisher": "北方证券"}),
        (
            "公司：北方\n语言：中文\n货币：人民币",
            {"companies": "北方", "language": "中文", "currency": "人民币"},
        ),
        ("报告期: 2023年三季度\n类型: 公告", {"period": "2023年三季度", "kind": "公告"}),
    ],
)
def test_values(line: str, stated: dict[str, str]) -> None:
    """Text and days are stated, colons in titles and days that are none too; no value is none."""
    assert split_front_matter(f"---\n{line}\n---\nBody.", "a.md") == (stated, "\nBody.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Body.",
        "---\nBody.",
        "---\nBody.\n---\nMore.",
        "---\n- one\n- two\n---\nMore.",
        "----\ntitle: a\n----\nBody.",
        "Body.\n---\ntitle: a\n---\n",
    ],
)
def test_rules_are_no_front_matter(text: str) -> None:
    """Lines of dashes around anything but entries, or further down, stay text."""
    assert split_front_matter(text, "a.md") == ({}, text)


@pytest.mark.parametrize(
    "inside", ["title: [a\nbroken", "a: &a [*a\n  ]: {\nx", "[" * 5000, "title: 'open\nmore"]
)
def test_what_nobody_can_read_is_refused(inside: str) -> None:
    """A front matter that is neither YAML nor plain entries is refused, naming the file."""
    with pytest.raises(ParseError, match=r"^a\.md: its front matter"):
        split_front_matter(f"---\n{inside}\n---\nBody.", "a.md")


@pytest.mark.parametrize(
    "inside", ["[" * 19_000, "a: " + "[{" * 9_000, f"a{' ' * 19_000}x", f"a：x{' ' * 19_000}x"]
)
def test_what_takes_long_to_read_is_not_read(inside: str) -> None:
    """A front matter of lists in lists, or of gaps, costs no seconds."""
    began = process_time()
    with contextlib.suppress(ParseError):
        split_front_matter(f"---\n{inside}\n---\nBody.", "a.md")
    assert process_time() - began < 0.3


def test_entries_that_multiply_are_not_written_out() -> None:
    """Entries that stand for lists of each other cost nothing, whatever they would come to."""
    levels = [
        f"{chr(98 + at)}: &{chr(98 + at)} [{', '.join([f'*{chr(97 + at)}'] * 9)}]"
        for at in range(20)
    ]
    text = "---\na: &a [x, x]\n" + "\n".join(levels) + "\ntickers: *u\ntitle: A\n---\nBody."
    assert split_front_matter(text, "a.md") == ({"title": "A"}, "\nBody.")


@given(st.text(st.sampled_from("-:ab'\"[]{}&*!|>\n 1#%@`?,")))
def test_no_front_matter_breaks_it(inside: str) -> None:
    """Whatever stands between the rules, it is read, kept as text, or refused."""
    try:
        stated, rest = split_front_matter(f"---\n{inside}\n---\nBody.", "a.md")
    except ParseError:
        return
    assert rest.endswith("Body.")
    assert set(stated) <= KEYS
