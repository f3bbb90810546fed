"""Tests of what is known of a report."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.describe import describe
from ingest.parse.markdown import parse_markdown
from ingest.parse.text import parse_text
from ingest.records import Description, ParsedReport

SEED_REPORTS_DIR = os.environ.get("SEED_REPORTS_DIR")

PROSE = (
    "The supply of memory is tight because three makers share the market and none of them adds "
    "much. On 3 May 2021 customers paid ahead of time to be served, which they had not done for "
    "twenty years, and the price of what they bought has risen in each of the quarters since."
)
DAY = date(2024, 3, 5)


def described(*lines: str) -> Description:
    """What is known of a plain text of some lines, a paragraph each, prose under them."""
    text = "\n\n".join([*lines, PROSE, PROSE])
    return describe(parse_text(text.encode(), "folder/a.txt"), "folder/a.txt")


def test_what_is_stated_wins() -> None:
    """Front matter goes before what the text says, whatever form its values have."""
    text = (
        "---\ntitle: A study\npublisher: Northfield\npublished: March 5, 2024\n"
        "language: zh-CN\n---\n"
        f"# Another title\n\n7 March 2024   Source: A Paper\n\n{PROSE}"
    )
    known = describe(parse_markdown(text.encode(), "a.md"), "a.md")
    assert known == Description("A study", "Northfield", DAY, "zh", None)


def test_what_is_stated_badly_is_looked_for() -> None:
    """A stated month is no day and a stated language nobody knows none; the text is asked."""
    front_matter = "---\npublished: March 2024\nlanguage: unheard of\n---\n"
    text = f"{front_matter}# A study\n\n5 March 2024\n\n{PROSE}"
    known = describe(parse_markdown(text.encode(), "a.md"), "a.md")
    assert (known.published, known.language) == (DAY, "en")


def test_pages_are_told() -> None:
    """The number of pages is the parser's."""
    assert describe(ParsedReport("", (), {}, 7), "a.pdf").pages == 7


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (("Memory: why prices rise",), "Memory: why prices rise"),
        (("Why do prices rise?", "5 March 2024"), "Why do prices rise?"),
        (
            ("Memory:  why\u00a0prices rise", "A subtitle", "5 March 2024"),
            "Memory: why prices rise",
        ),
        (("Northfield Research", "Memory", "5 March 2024"), "Memory"),
        (("Title: Memory and prices", "Author: Jane Miller"), "Memory and prices"),
        (("5 March 2024", "Northfield Research"), "a.txt"),
        (("Home page > Markets > Text", "Memory", "5 March 2024   Source: A Paper"), "Memory"),
        (("Home | Log in | Subscribe to our newsletter", "Memory", "By Jane Miller"), "Memory"),
        (("The mobile app that took over search",), "The mobile app that took over search"),
        (("Summary",), "a.txt"),
        (("(a remark)", "It ends here."), "a.txt"),
        (("Northfield Research",), "Northfield Research"),
        ((), "a.txt"),
        (("存储芯片为何上涨", "2024年3月5日　来源：北方证券报"), "存储芯片为何上涨"),
    ],
)
def test_titles(lines: tuple[str, ...], title: str) -> None:
    """The title is the first line at the top that reads like one, else the file's name."""
    assert described(*lines).title == title


@pytest.mark.parametrize(
    ("lines", "published"),
    [
        (("Memory", "13:09, March 5, 2024    Source: Harbour News  "), DAY),
        (("Memory", "Northfield Research", "5 March 2024"), DAY),
        (("Memory", "Published: 2024-03-05"), DAY),
        (("存储芯片", "发布时间：2024年3月5日 13:09"), DAY),
        (("Memory",), None),
        (("Memory", "March 2024"), None),
        (("Memory", "Prices as of 5 March 2024"), None),
        (("The day that changed memory: 5 March 2024",), None),
        (("Memory", PROSE, "5 March 2024", PROSE), None),
    ],
)
def test_days(lines: tuple[str, ...], published: date | None) -> None:
    """The day is that of a dateline at the top; a day in title or prose is none."""
    assert described(*lines).published == published


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("Published: 5 March 2024", DAY),
        ("5 March 2024", DAY),
        ("2024年3月5日", DAY),
        ("Jane Miller, Oslo, 5 March 2024", None),
        ("Next report: 5 March 2024", None),
    ],
)
def test_days_at_the_bottom(line: str, published: date | None) -> None:
    """At the bottom a day counts where it is labelled or stands alone."""
    text = "\n\n".join(["Memory", *[PROSE] * 8, line])
    assert describe(parse_text(text.encode(), "a.txt"), "a.txt").published == published


@pytest.mark.parametrize(
    ("lines", "publisher"),
    [
        (("Memory", "13:09, March 5, 2024    Source: Harbour News  "), "Harbour News"),
        (("Memory", "5 March 2024", "Source: Harbour News"), "Harbour News"),
        (("Memory", "Published by Harbour Light on 5 March 2024"), "Harbour Light"),
        (("Memory", "Publisher: Harbour Light"), "Harbour Light"),
        (("存储芯片", "发布机构：北方证券"), "北方证券"),
        (("Memory", "Northfield Research | 5 March 2024"), "Northfield Research"),
        (("Memory", "Northfield Research", "5 March 2024"), "Northfield Research"),
        (("Northfield Research", "Memory"), "Northfield Research"),
        (("Northfield Securities: why memory rises",), "Northfield Securities"),
        (("北方证券：存储芯片为何上涨",), "北方证券"),
        (("Memory: why prices rise",), None),
        (("Equity Research: memory",), None),
        (("Memory", "Jane Miller", "5 March 2024"), None),
        (("Memory", "A chart of prices", "Source: Harbour News"), None),
        ((), None),
    ],
)
def test_publishers(lines: tuple[str, ...], publisher: str | None) -> None:
    """The publisher is labelled, on the dateline, a line of its own or before the title's colon."""
    assert described(*lines).publisher == publisher


@pytest.mark.parametrize(
    ("stated", "language"),
    [
        ("en", "en"),
        ("EN-us", "en"),
        ("zh_Hant", "zh"),
        ("Chinese", "zh"),
        ("中文", "zh"),
        ("de", "de"),
    ],
)
def test_stated_languages(stated: str, language: str) -> None:
    """A stated language is told by its two letters."""
    assert describe(ParsedReport("", (), {"language": stated}), "a").language == language


def test_nothing_is_invented() -> None:
    """Of a report that says nothing of itself, everything but its file's name is unknown."""
    assert describe(ParsedReport("", ()), "folder/a.txt") == Description(
        "a.txt", None, None, None, None
    )


@given(st.text(st.sampled_from("AB 5 March 2024,.|:\nSource: 北方证券Published by\u3000()>")))
def test_whatever_is_described_stands_in_the_text(text: str) -> None:
    """Title and publisher are taken from the text, but for white space."""
    parsed = parse_text(f"A{text}".encode(), "a.txt")
    known = describe(parsed, "a.txt")
    words = "".join(parsed.text.split())
    assert known.title == "a.txt" or "".join(known.title.split()) in words
    assert known.publisher is None or "".join(known.publisher.split()) in words


@pytest.mark.skipif(SEED_REPORTS_DIR is None, reason="SEED_REPORTS_DIR is not set")
@pytest.mark.parametrize(
    ("beginning", "title", "publisher", "published"),
    [
        ("000", "CITIC Securities: Why is Sora", "CITIC Securities", None),
        ("004", "Sora shocked to release", "Shanghai Securities News", date(2024, 2, 28)),
    ],
)
def test_the_seed_reports(
    beginning: str, title: str, publisher: str, published: date | None
) -> None:
    """The two reports the project began with are described as they describe themselves."""
    (path,) = Path(SEED_REPORTS_DIR or "").glob(f"{beginning}*.txt")
    known = describe(parse_text(path.read_bytes(), path.name), path.name)
    assert known.title.startswith(title)
    assert (known.publisher, known.published) == (publisher, published)
    assert (known.language, known.pages) == ("en", None)
