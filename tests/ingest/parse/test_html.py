"""Tests of parsing web pages."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import ParseError
from ingest.parse.html import parse_html, write_fragment
from ingest.parse.writer import ReportWriter
from ingest.records import ParsedReport, Table
from tests.ingest.parse.damage import assert_read_or_refused, damaged
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
    assert [block.level for block in report.blocks] == [1, None, 2, *[None] * 6]
    assert report.tables == (Table(4, 5, ("Year", "Sales")),)
    assert report.stated_in == "metadata of the page"


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
        '<meta charset="iso-8859-1">',
        '<meta http-equiv=content-type content="text/html; charset=us-ascii">',
        '<?xml version="1.0" encoding="windows-1252"?>',
    ],
)
def test_western_letters(head: str) -> None:
    """A page of Western letters is read as browsers read it, its signs of money as well."""
    page = f"{head}<p>Umsätze – 5 €</p>".encode("cp1252")
    assert parse_html(page, "a.html").text == "Umsätze – 5 €"


def test_chinese_that_says_it_is_western() -> None:
    """Chinese in a page that a program declared to be of Western letters is read as Chinese."""
    page = '<meta charset="iso-8859-1"><p>中文市场上升，价格上涨。</p>'.encode("gbk")
    assert parse_html(page, "a.html").text == "中文市场上升，价格上涨。"


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode_escape", "utf-7", "hex"])
def test_an_encoding_of_no_texts(charset: str) -> None:
    """What is no encoding of texts is not tried, whatever a page declares."""
    page = f'<meta charset="{charset}"><p>\\x41 caf'.encode() + b"\xe9-" * 100_000
    with pytest.raises(ParseError, match=r"^a\.html: its encoding is not known"):
        parse_html(page, "a.html")


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
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<!-- x -->", ""),
        ("", ""),
        ("</div>", ""),
        ("a &lt; b", "a < b"),
    ],
)
def test_a_fragment(fragment: str, text: str) -> None:
    """A fragment of a page is written block by block, nothing of one that says nothing."""
    writer = ReportWriter()
    write_fragment(fragment, writer)
    assert writer.report({}).text == text


def page(body: str, *, long: bool = False, head: str = "") -> ParsedReport:
    """A page with this in it, with so much prose around it that it is an article if it is long."""
    prose = f"<p>{PROSE}</p><p>{MORE}</p>" if long else ""
    text = (
        f'<html><head><title>A</title><meta charset="utf-8">{head}</head><body><article>{prose}'
        f"<h2>Costs</h2><p>{QUOTED}</p>{body}<p>{MORE}</p>{prose}</article></body></html>"
    )
    report = parse_html(text.encode(), "a.html")
    assert_blocks_hold_the_text(report)
    return report


def rows_in(report: ParsedReport) -> list[str]:
    """The rows of a report's tables."""
    return [text for kind, text in said(report) if kind == "table_row"]


SPANS = """<table><thead><tr><th rowspan=2>Item</th><th colspan=2>Year ended</th></tr>
<tr><th>2023</th><th>2024</th></tr></thead>
<tr><td rowspan=2>Sales</td><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr>
<tr><td>Both</td><td colspan=2>5</td></tr></table>"""


@pytest.mark.parametrize("long", [False, True])
def test_spans(*, long: bool) -> None:
    """A head stands in each row and column it spans, a label in each row, a figure in the first."""
    report = page(SPANS, long=long)
    (table,) = report.tables
    assert table.heads == ("Item", "Year ended 2023", "Year ended 2024")
    assert rows_in(report) == [
        "Item | Year ended | Year ended",
        "Item | 2023 | 2024",
        "Sales | 1 | 2",
        "Sales | 3 | 4",
        "Both | 5",
    ]


def test_a_figure_that_spans_rows() -> None:
    """Of a figure over several rows nobody knows how it is shared out: it is said of the first."""
    report = page(
        "<table><tr><th>Item</th><th>2023</th></tr><tr><td>a</td><td rowspan=2>1,234</td></tr>"
        "<tr><td>b</td></tr></table>"
    )
    assert rows_in(report) == ["Item | 2023", "a | 1,234", "b"]


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize("how", ["hidden", "style='color:red;display : NONE'"])
def test_what_a_page_hides(how: str, *, long: bool) -> None:
    """Rows and blocks that a page hides are not read."""
    report = page(
        f"<div {how}>An old draft.</div><table><tr><th>Item</th><th>2023</th></tr>"
        f"<tr {how}><td>Costs</td><td>7</td></tr><tr><td>Costs</td><td>5</td></tr></table>",
        long=long,
    )
    assert rows_in(report) == ["Item | 2023", "Costs | 5"]
    assert "draft" not in report.text


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize(
    "beside",
    [
        "<del>4</del>",
        "<s>4</s>",
        "<script>4</script>",
        "<select><option>4</option></select>",
        "<button>4</button>",
    ],
)
def test_what_is_no_part_of_a_figure(beside: str, *, long: bool) -> None:
    """What is struck out, and what is no text, is no part of the figure beside it."""
    report = page(
        f"<table><tr><th>Item</th><th>2023</th></tr><tr><td>Costs</td><td>5{beside}</td></tr>"
        f"</table><p>Costs were 5{beside} in all.</p>",
        long=long,
    )
    assert rows_in(report) == ["Item | 2023", "Costs | 5"]
    assert "Costs were 5 in all." in report.text


@pytest.mark.parametrize("long", [False, True])
def test_a_page_filed_with_an_office(*, long: bool) -> None:
    """Marks that say what a figure is to an office part no line, and what they hide is not read."""
    report = page(
        "<div><ix:header><ix:hidden><ix:nonNumeric>unseen</ix:nonNumeric></ix:hidden></ix:header>"
        "</div><p>Costs were $<ix:nonFraction>5</ix:nonFraction> million.<o:p></o:p></p>"
        "<table><tr><td>Costs</td><td>(<ix:nonFraction>5</ix:nonFraction></td><td>)</td></tr>"
        "<tr><td>Sales</td><td>7</td><td></td></tr></table>",
        long=long,
    )
    assert "Costs were $5 million." in report.text
    assert "unseen" not in report.text
    assert rows_in(report) == ["Costs | (5)", "Sales | 7"]


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize(
    "figure", ["<nobr>1,<wbr>234</nobr>", "1,<bdo>234</bdo>", "<dfn>1,234</dfn>"]
)
def test_figures_are_not_parted(figure: str, *, long: bool) -> None:
    """Marks that keep letters together, or let them be parted, part neither figure nor line."""
    assert "Costs were 1,234 in all." in page(f"<p>Costs were {figure} in all.</p>", long=long).text


def test_a_page_within_a_form() -> None:
    """A page of which all is in a form, as some servers write them, is read."""
    assert parse_html(b"<form><p>Costs fell.</p></form>", "a.html").text == "Costs fell."


def test_a_page_that_a_script_would_show() -> None:
    """A page that hides most of itself until a script has run is read."""
    assert "Costs" in parse_html(f"<main hidden><p>Costs</p>{PROSE}</main>".encode(), "a.html").text


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize(
    "above",
    [
        "<table><caption>Costs (in millions)</caption>",
        "<p>Costs (in millions)</p><table>",
        "<table><tr><th colspan=2>Costs (in millions)</th></tr>",
    ],
)
def test_captions(above: str, *, long: bool) -> None:
    """What stands over a whole table is a paragraph, and its unit is the table's."""
    body = "<tr><td>Item</td><td>2023</td></tr><tr><td>Chips</td><td>5</td></tr></table>"
    report = page(above + body, long=long)
    (table,) = report.tables
    assert (table.heads, table.unit) == (("Item", "2023"), "in millions")
    assert ("paragraph", "Costs (in millions)") in said(report)
    assert rows_in(report) == ["Item | 2023", "Chips | 5"]


def test_figures_in_several_cells() -> None:
    """A figure whose sign or bracket has a cell of its own is one figure below one head."""
    report = page(
        "<table><tr><td></td><td colspan=3>2023</td><td></td><td colspan=3>2024</td></tr>"
        "<tr><td>Sales</td><td>$</td><td>5,000</td><td></td><td></td><td>$</td><td>6</td><td></td>"
        "</tr><tr><td>Loss</td><td colspan=2>(7</td><td>)</td><td></td><td colspan=2>(8</td>"
        "<td>)</td></tr><tr><td>Share</td><td></td><td>9</td><td>%</td><td></td><td></td><td>10"
        "</td><td>%</td></tr></table>"
    )
    assert rows_in(report)[1:] == ["Sales | $5,000 | $6", "Loss | (7) | (8)", "Share | 9% | 10%"]
    assert report.tables[0].heads == ("", "2023", "2024")


def test_columns_that_only_look_like_one() -> None:
    """Columns with heads of their own stay apart, however few of their cells are filled."""
    report = page(
        "<table><tr><th>Item</th><th>2023</th><th>2024</th></tr><tr><td>a</td><td>1</td><td></td>"
        "</tr><tr><td>b</td><td></td><td>2</td></tr><tr><td>c</td><td>$</td><td></td></tr></table>"
    )
    assert rows_in(report) == ["Item | 2023 | 2024", "a | 1", "b |  | 2", "c | $"]


@pytest.mark.parametrize(
    "body",
    [
        "<table><tr><td><table><tr><td>in</td><td>1</td></tr></table></td><td>out</td></tr></table>",
        "<table role=presentation><tr><td>in</td><td>1</td></tr></table><p>out</p>",
        "<table>out<tr><td>in</td><td>1</td></tr></table>",
        "<table><tr><td>in 1</td></tr><tr><td>out</td></tr></table>",
        "<table><tr><td colspan=99999 rowspan=99999>in</td><td rowspan=0 colspan=-1>1</td></tr>"
        "<tr><td>out</td></tr></table>",
        "<table>" + "<tr><td colspan=100>in 1 out</td></tr>" * 2100 + "</table>",
    ],
)
def test_layouts_and_odd_tables_lose_no_text(body: str) -> None:
    """A table that lays out a page, holds stray text or spans without end is read all the same."""
    text = page(body).text
    assert {"in", "1", "out"} <= set(text.replace("|", " ").split())
    assert "⸨" not in text


@pytest.mark.parametrize(
    "rows",
    [
        "<tr><td colspan=100>a</td><td>1</td></tr>" * 3_000,
        f"<tr>{'<td colspan=100>1</td>' * 2_100}</tr>",
        f"<tr>{'<td rowspan=1000>1</td>' * 210}</tr>{'<tr><td>a</td></tr>' * 1_000}",
    ],
)
def test_spans_that_would_fill_memory(rows: str) -> None:
    """Where spans come to more cells than anybody wrote, a table is read without them."""
    report = page(f"<table><tr><th>Item</th><th>2023</th></tr>{rows}<tr><td>End</td></tr></table>")
    assert report.tables == ()
    assert "End" in report.text


@pytest.mark.parametrize("level", range(1, 7))
def test_levels_of_headings(level: int) -> None:
    """A heading's level is its tag's, also where its text is in another tag."""
    report = page(f"<h{level}><div><b>Why</b> prices rise</div></h{level}>")
    levels = {
        text: block.level for (_, text), block in zip(said(report), report.blocks, strict=True)
    }
    assert levels["Why prices rise"] == level


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel="canonical" href="https://example.org/a">', "https://example.org/a"),
        ('<meta property="og:url" content="http://example.org/b">', "http://example.org/b"),
        ('<link rel="canonical" href="javascript:alert(1)">', None),
        ('<link rel="canonical" href="/a">', None),
        ("<!-- saved from url=(0021)https://example.org/c -->", "https://example.org/c"),
        (
            "<!--\n Page saved with SingleFile \n url: https://example.org/d \n saved date: x\n-->",
            "https://example.org/d",
        ),
    ],
)
def test_the_address_of_a_page(head: str, url: str | None) -> None:
    """A page states its own address on the web, or that a browser saved it from."""
    assert page("", head=head).stated.get("url") == url


def test_tickers_of_a_page() -> None:
    """Codes count where the metadata name them as such, not among its key words."""
    head = '<meta name="keywords" content="AMD"><meta name="tickers" content="NVDA, 0700.HK">'
    assert page("", head=head).stated["tickers"] == "NVDA, 0700.HK"
    assert "tickers" not in page("", head='<meta name="keywords" content="AMD">').stated


def test_entities_of_a_page_are_not_expanded(tmp_path: Path) -> None:
    """Entities that a page declares stay as they are written, be they a word or a file."""
    secret = tmp_path / "secret.txt"
    secret.write_text("what nobody may read")
    content = (
        f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">'
        f'<!ENTITY c SYSTEM "{secret.as_uri()}">]>'
        "<html><body><p>Costs &b; &c; fell.</p></body></html>"
    )
    assert parse_html(content.encode(), "a.html").text == "Costs &b; &c; fell."


@pytest.mark.parametrize("tag", ["div", "b", "table><tr><td", "ul><li", "h1", "section"])
@pytest.mark.parametrize("depth", [250, 100_000])
def test_a_page_nested_without_end(tag: str, depth: int) -> None:
    """However deep its elements are nested, a page's text is read, before, in and behind them."""
    nested = f"<{tag}>" * depth + "within" + f"</{tag.rpartition('<')[2]}>" * depth
    text = f"<html><body><p>Before.</p>{nested}<p>Behind.</p></body></html>"
    report = parse_html(text.encode(), "a.html")
    assert_blocks_hold_the_text(report)
    assert [text for _, text in said(report)] == ["Before.", "within", "Behind."]


@pytest.mark.parametrize("tag", ["script", "style", "title", "!--"])
def test_a_nested_page_of_what_never_ends(tag: str) -> None:
    """Of a page nested without end, scripts and comments that never end cost no more than it."""
    began = process_time()
    report = parse_html(f"<p>Before.</p>{'<div>' * 300}{f'<{tag}>' * 20_000}".encode(), "a.html")
    assert report.text == "Before."
    assert process_time() - began < 5


def test_records_nested_without_end() -> None:
    """Metadata that no program reads do not keep a page from being read."""
    record = "<script type='application/ld+json'>" + "[" * 100_000 + "</script>"
    report = page("", head=record)
    assert report.text.startswith("Costs")
    assert report.stated == {"title": "A"}


words = st.text(st.sampled_from("abcdefgh中文"), min_size=1, max_size=8)


@given(st.lists(st.lists(words, min_size=3, max_size=3), min_size=2, max_size=8), st.booleans())
@settings(max_examples=30)
def test_what_is_written_is_found(rows: list[list[str]], long: bool) -> None:
    """Rows of a table are found in the order they were written in, below their heads."""
    written = "".join(
        "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row) + "</tr>"
        for tag, row in zip(["th", *["td"] * (len(rows) - 1)], rows, strict=True)
    )
    report = page(f"<table>{written}</table>", long=long)
    assert rows_in(report) == [" | ".join(row) for row in rows]
    assert [table.heads for table in report.tables] == [tuple(rows[0])]


@given(damaged(PAGE.encode() + SPANS.encode()))
@settings(max_examples=60)
def test_a_damaged_page_is_read_or_refused(content: bytes) -> None:
    """Whatever befell a page, it is read wholly or refused by name."""
    assert_read_or_refused(content, "a.html")


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
