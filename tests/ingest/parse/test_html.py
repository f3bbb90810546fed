"""Tests of parsing web pages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import ParseError
from ingest.parse.html import parse_html, plain_text_of
from tests.ingest.parse.reading import assert_blocks_hold_the_text, said

PROSE = (
    "The supply of memory is tight because three makers share the market and none of them adds "
    "much. On 3 May 2021 customers paid ahead of time to be served, which is rare."
)
MORE = (
    "Demand comes from a few buyers, whose budgets are public. They have each said that they will "
    "spend more, and they have so far done what they said, quarter after quarter."
)
QUOTED = (
    "Nobody who sells memory is in a hurry to build, and nobody who buys it can wait; that is all "
    "there is to know of prices."
)
PAGE = f"""<!DOCTYPE html><html lang="en-GB"><head><title>Memory | Northfield Research</title>
<meta property="og:site_name" content="Northfield Research">
<meta property="article:published_time" content="2024-03-05T08:00:00Z">
<script>var unread = 1;</script><style>p {{ color: red }}</style></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/all">All reports</a></li></ul></nav>
<article><h1>Memory: why prices rise</h1><p>{PROSE}</p><h2>In figures &amp; words</h2>
<table><tr><th>Year</th><th>Sales</th></tr><tr><td>2023</td><td>27 &lt; 28</td></tr></table>
<ul><li>first, <b>which</b> is long enough to be kept</li><li>second, which is as long as it</li>
</ul><p>{MORE}</p><blockquote><p>{QUOTED}</p></blockquote></article>
<footer>Copyright 2019 Northfield. All rights reserved.</footer></body></html>"""


def test_a_page() -> None:
    """The article is read without navigation, scripts and footer, its metadata are stated."""
    report = parse_html(PAGE.encode(), "a.html")
    assert_blocks_hold_the_text(report)
    assert report.stated == {
        "title": "Memory: why prices rise",
        "publisher": "Northfield Research",
        "published": "2024-03-05",
        "language": "en-GB",
    }
    assert said(report) == [
        ("heading", "Memory: why prices rise"),
        ("paragraph", PROSE),
        ("heading", "In figures & words"),
        ("table_row", "Year | Sales"),
        ("table_row", "2023 | 27 < 28"),
        ("list_item", "first, which is long enough to be kept"),
        ("list_item", "second, which is as long as it"),
        ("paragraph", MORE),
        ("paragraph", QUOTED),
    ]


def test_a_short_page() -> None:
    """A page too short for an article's rules is read whole, but for its navigation."""
    report = parse_html(
        b"<html><body><nav><a href='/'>Home</a></nav><div>Loose <i>text</i><p>Costs<br>fell.</p>"
        b"<ul><li>one<ul><li>two</li></ul></li></ul><table><tr><td><p>a</p><p>b</p></td><td>c</td>"
        b"</tr><tr><td></td></tr></table>tail</div><footer>Imprint</footer></body></html>",
        "a.htm",
    )
    assert said(report) == [
        ("paragraph", "Loose text"),
        ("paragraph", "Costs\nfell."),
        ("list_item", "one"),
        ("list_item", "two"),
        ("table_row", "a b | c"),
        ("paragraph", "tail"),
    ]


def test_a_day_in_the_prose_is_not_stated() -> None:
    """A page without metadata states no day, whatever days its prose and footer name."""
    paragraphs = f"<p>{PROSE}</p>" * 8 + "<p>Copyright 2019-01-02 Northfield</p>"
    report = parse_html(f"<html><body><h1>Memory</h1>{paragraphs}</body></html>".encode(), "a.html")
    assert "published" not in report.stated
    assert "publisher" not in report.stated


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("gbk", "gbk"), ("big5", "big5"), ("utf-8", "utf-8"), ("utf-8", "gbk"), ("nonsense", "utf-8")],
)
def test_the_declared_encoding(charset: str, encoding: str) -> None:
    """A page is read in the encoding it declares, and in its own where it declares wrongly."""
    page = f'<html><head><meta charset="{charset}"></head><body><p>中文市場上升。</p></body></html>'
    page = page if encoding == "big5" else page.replace("市場", "市场")
    assert "中文市" in parse_html(page.encode(encoding), "a.html").text


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2024-03-05T08:00:00+01:00">',
        '<meta name="date" content="2024-03-05">',
        '<meta itemprop="datePublished" content="2024-03-05">',
        '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2024-03-05"}'
        "</script>",
    ],
)
def test_the_day_a_page_states(head: str) -> None:
    """A page's metadata state its day in any of the usual manners."""
    page = f"<html><head><title>A</title>{head}</head><body><p>{PROSE}</p></body></html>"
    assert parse_html(page.encode(), "a.html").stated["published"] == "2024-03-05"


def test_a_record_in_the_body_states_the_day_too() -> None:
    """A JSON-LD record counts wherever it stands."""
    record = '<script type="application/ld+json">{"datePublished":"2024-03-05"}</script>'
    page = f"<html><head><title>A</title></head><body><p>{PROSE}</p>{record}</body></html>"
    assert parse_html(page.encode(), "a.html").stated["published"] == "2024-03-05"


@pytest.mark.parametrize(
    ("body", "published"),
    [
        ('<header><time datetime="2024-03-05">Tuesday</time></header>', "2024-03-05"),
        ('<p><time itemprop="datePublished" datetime="2024-03-05">x</time></p>', "2024-03-05"),
        ('<p>On <time datetime="2021-05-03">3 May</time> prices rose.</p>', None),
        (
            '<header><time datetime="2024-03-05">x</time>'
            '<time datetime="2024-03-07">y</time></header>',
            None,
        ),
    ],
)
def test_the_day_a_page_marks(body: str, published: str | None) -> None:
    """Without metadata the one time in a page's header counts, a time in its prose does not."""
    page = f"<html><head><title>A</title></head><body>{body}<p>{PROSE}</p></body></html>"
    assert parse_html(page.encode(), "a.html").stated.get("published") == published


def test_an_xhtml_page() -> None:
    """A page that begins with an XML declaration is read."""
    page = b'<?xml version="1.0" encoding="utf-8"?><html><body><p>Costs fell.</p></body></html>'
    assert parse_html(page, "a.html").text == "Costs fell."


def test_a_page_laid_out_as_a_table() -> None:
    """A table whose cells hold paragraphs of prose is a layout, not rows."""
    cell = f"<td><p>{PROSE}</p><p>{PROSE}</p></td>"
    report = parse_html(f"<html><body><table><tr>{cell}</tr></table></body></html>".encode(), "a")
    assert said(report)[0] == ("paragraph", PROSE)


def test_nothing_to_read_is_refused() -> None:
    """A page with nothing in it is refused, naming the file."""
    with pytest.raises(ParseError, match=r"^a\.html is no web page"):
        parse_html(b"<!-- nothing -->", "a.html")


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("<p>a</p><p>b</p>", "a\nb"),
        ("<!-- x -->", ""),
        ("", ""),
        ("</div>", ""),
        ("a &lt; b", "a < b"),
    ],
)
def test_plain_text_of_a_fragment(fragment: str, text: str) -> None:
    """A fragment's text has a line for each block."""
    assert plain_text_of(fragment) == text


TAGS = ("p", "div", "ul", "li", "table", "tr", "td", "h2", "b", "script", "nav", "a")
pieces = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
    st.sampled_from(
        ["<br>", "<!--", "-->", "&amp;", "&#0;", "word ", PROSE, "中文。", "<", ">", "\n"]
    ),
)


@given(st.lists(pieces, max_size=40))
@settings(max_examples=60)
def test_any_page_is_covered(chosen: list[str]) -> None:
    """However tags and text are mixed, the blocks hold all of the text in order."""
    page = f"<html><body><p>Beginning.</p>{''.join(chosen)}</body></html>"
    assert_blocks_hold_the_text(parse_html(page.encode(), "a.html"))
