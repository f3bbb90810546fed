"""Tests of what is known of a report."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.describe import describe
from ingest.parse.dispatch import parse
from ingest.parse.html import parse_html
from ingest.parse.markdown import parse_markdown
from ingest.parse.text import parse_text
from ingest.records import Block, BlockKind, Description, ParsedReport, ReportKind, Told
from tests.ingest.description_cases import FILINGS, SEEDS, FilingCase, SeedCase
from tests.ingest.filings import EVAL_DIR, filing

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


def stating(stated: Mapping[str, str], where: str, *lines: str) -> ParsedReport:
    """A report that states something of itself above some lines, a paragraph each."""
    parsed = parse_text("\n\n".join([*lines, PROSE]).encode(), "a.txt")
    return ParsedReport(parsed.text, parsed.blocks, stated, stated_in=where)


SIDECAR = Told("note.txt.toml", {"title": "Told", "publisher": "Quill", "published": "2024-01-01"})
LIST = Told("sources.toml", {"title": "Listed", "published": "2024-01-02", "language": "de"})
FEED = Told(
    "the feed of Quill",
    {"title": "Fed", "published": "2024-01-03", "publisher": "Quill", "tickers": "QLL"},
    first=False,
)
LINES = ("Memory", "Northfield Research | 5 March 2024")


@pytest.mark.parametrize(
    ("told", "stated", "where", "title", "publisher", "published"),
    [
        ((), {}, "front matter", "Memory", "Northfield Research", DAY),
        ((SIDECAR,), {}, "front matter", "Told", "Quill", date(2024, 1, 1)),
        ((SIDECAR, LIST), {}, "front matter", "Told", "Quill", date(2024, 1, 1)),
        ((LIST, SIDECAR), {}, "front matter", "Listed", "Quill", date(2024, 1, 2)),
        ((LIST,), {"title": "Own"}, "front matter", "Listed", "Northfield Research", None),
        ((FEED,), {}, "front matter", "Memory", "Northfield Research", DAY),
        ((), {"published": "2024-01-04"}, "front matter", "Memory", None, date(2024, 1, 4)),
        ((), {"published": "2024-01-04"}, "metadata of the page", "Memory", None, DAY),
        ((), {"title": "Own", "publisher": "Me"}, "properties of the document", "Own", "Me", DAY),
    ],
)
def test_the_order_of_trust(
    told: tuple[Told, ...],
    stated: dict[str, str],
    where: str,
    title: str,
    publisher: str | None,
    published: date | None,
) -> None:
    """What is told goes before front matter, that before properties, the text and feeds.

    For the day, what is printed goes before properties and metadata.
    """
    known = describe(stating(stated, where, *LINES), "a.txt", told)
    assert known.title == title
    assert publisher is None or known.publisher == publisher
    assert published is None or known.published == published


def test_a_feed_is_believed_last() -> None:
    """What a feed tells counts where the document says nothing, before the file's name."""
    known = describe(ParsedReport("", ()), "a.txt", [FEED])
    assert (known.title, known.publisher, known.tickers) == ("Fed", "Quill", ("QLL",))
    assert known.published == date(2024, 1, 3)
    assert known.known_from["title"] == "told by the feed of Quill"


def test_metadata_count_where_nothing_is_printed() -> None:
    """The day of a page's metadata counts where the page prints none."""
    parsed = stating({"published": "2024-01-04"}, "metadata of the page", "Memory")
    known = describe(parsed, "a.html")
    assert known.published == date(2024, 1, 4)
    assert known.known_from["published"] == "metadata of the page"


def test_where_things_are_said() -> None:
    """Every field that is known says where from, a printed line with its words."""
    parsed = stating({"currency": "RMB"}, "front matter", *LINES)
    known = describe(parsed, "a.txt", [Told("note.toml", {"period": "Q3 2023"})])
    assert known.known_from == {
        "title": "the top of the text",
        "publisher": "printed: Northfield Research | 5 March 2024",
        "published": "printed: Northfield Research | 5 March 2024",
        "language": "the text",
        "period": "told by note.toml",
        "currency": "front matter",
    }
    long = described("Memory", f"Published by Harbour Light, {'a house of the north, ' * 4}Oslo")
    assert len(long.known_from["publisher"]) <= len("printed: ") + 60


@pytest.mark.parametrize("day", [date(1989, 12, 31), datetime.now(UTC).date() + timedelta(days=9)])
def test_days_that_cannot_be(day: date) -> None:
    """A day before 1990 or in the future is no day of publication, whoever says it."""
    told = [Told("note.toml", {"published": day.isoformat()})]
    assert described("Memory", f"Published: {day}").published is None
    assert (
        describe(stating({"published": str(day)}, "front matter"), "a.txt", told).published is None
    )


def test_a_note_of_a_house() -> None:
    """A broker's note tells house, day, kind, ticker, company and currency."""
    known = described(
        "Northfield Securities",
        "Harbour Light (HBLT): a bright year",
        "5 March 2024",
        "Rating: Buy | Price target: $30",
        "Sales of $3.2 billion, costs of $2.1 billion and cash of $0.4 billion.",
    )
    assert (known.title, known.publisher) == (
        "Harbour Light (HBLT): a bright year",
        "Northfield Securities",
    )
    assert (known.published, known.kind, known.currency) == (DAY, ReportKind.BROKER, "USD")
    assert (known.tickers, known.companies) == (("HBLT",), ("Harbour Light",))


def test_a_chinese_note_of_a_house() -> None:
    """A Chinese broker's note tells them too."""
    known = described(
        "证券研究报告",
        "北方光学（600000.SH）：光的一年",
        "北方证券研究所　2024年3月5日",
        "投资评级：买入（维持）",
        "营收3.2亿元，成本2.1亿元，现金0.4亿元，目标价12.5元。",
    )
    assert (known.title, known.publisher) == ("北方光学（600000.SH）：光的一年", "北方证券研究所")
    assert (known.published, known.kind, known.currency) == (DAY, ReportKind.BROKER, "CNY")
    assert (known.tickers, known.companies) == (("600000.SH",), ("北方光学",))


def test_news() -> None:
    """A paper's article is news, and is about the companies it names most often."""
    known = described(
        "Prices of memory rise",
        "5 March 2024   Source: Harbour Evening News",
        f"Micron (NASDAQ: MU) rose, and so did SK Hynix (000660.KS). {PROSE} And $MU is dear.",
    )
    assert (known.kind, known.publisher) == (ReportKind.NEWS, "Harbour Evening News")
    assert (known.tickers, known.companies) == (("MU", "000660.KS"), ("Micron", "SK Hynix"))
    assert known.known_from["tickers"] == "the text"
    assert known.period is None


FILING_PAGE = """<html><head><title>hblt-20230930</title></head><body>
<p>UNITED STATES</p><p>SECURITIES AND EXCHANGE COMMISSION</p><p>FORM 10-Q</p>
<p>QUARTERLY REPORT PURSUANT TO SECTION 13 OR 15(d) OF THE SECURITIES EXCHANGE ACT OF 1934</p>
<p>For the quarterly period ended September 30, 2023</p><p>Commission file number 001-54321</p>
<p>HARBOUR LIGHT, INC.</p><p>(Exact name of registrant as specified in its charter)</p>
<table><tr><th>Title of each class</th><th>Trading Symbol(s)</th><th>Name of each exchange</th></tr>
<tr><td>Common Stock</td><td>HBLT</td><td>The Nasdaq Stock Market LLC</td></tr></table>
<p>Sales of Harbour Light, Inc. were $3.2 million in the quarter, and they had been $2.9 million in
the same quarter of the year before, which is a rise of $0.3 million.</p>
<p>SIGNATURES</p><p>Pursuant to the requirements of the Securities Exchange Act of 1934, the
registrant has duly caused this report to be signed on its behalf.</p>
<p>Date: November 3, 2023</p><p>By: /s/ Jane Miller</p></body></html>"""


def test_a_filing_as_a_web_page() -> None:
    """A filing saved as a page tells company, symbol, quarter, day and a title made of these."""
    known = describe(parse_html(FILING_PAGE.encode(), "a.html"), "a.html")
    assert known.title == "Harbour Light, Inc. Form 10-Q, quarter ended September 30, 2023"
    assert (known.publisher, known.tickers) == ("Harbour Light, Inc.", ("HBLT",))
    assert (known.kind, known.companies) == (ReportKind.FILING, ("Harbour Light, Inc.",))
    assert (known.published, known.currency) == (date(2023, 11, 3), "USD")
    assert known.period is not None
    assert (known.period.first, known.period.name) == (date(2023, 7, 1), "Q3 2023")
    assert known.known_from["published"] == "printed: Date: November 3, 2023"


@pytest.mark.parametrize(
    ("title", "counts"), [("10-Q of Harbour Light", True), ("09.30.2023 10Q Document", False)]
)
def test_titles_among_the_properties_of_filings(title: str, counts: bool) -> None:
    """A filing's title among its properties counts where it names the company."""
    parsed = parse_html(FILING_PAGE.encode(), "a.html")
    stated = {"title": title, "publisher": "Northfield Filing Agency"}
    known = describe(ParsedReport(parsed.text, parsed.blocks, stated), "a.pdf")
    assert (known.title == title) is counts
    assert known.publisher == "Harbour Light, Inc."


texts = st.text(
    st.one_of(
        st.sampled_from("AB 5 March 2024,.|:\nSource(NVDA)$证券代码：600519元"), st.characters()
    )
)


@given(
    st.lists(st.tuples(st.sampled_from(BlockKind), texts.filter(bool)), max_size=12),
    st.dictionaries(
        st.sampled_from(["title", "publisher", "published", "tickers", "period", "x"]), texts
    ),
    st.sampled_from(["front matter", "properties of the document"]),
    st.booleans(),
)
def test_no_report_breaks_it(
    pieces: list[tuple[BlockKind, str]], stated: dict[str, str], where: str, first: bool
) -> None:
    """Whatever a report holds and is said of it, describing it raises nothing."""
    text, blocks = "", []
    for paragraph, (kind, piece) in enumerate(pieces, 1):
        blocks.append(Block(kind, len(text), len(text) + len(piece), None, paragraph))
        text += f"{piece}\n\n"
    parsed = ParsedReport(text, tuple(blocks), stated, stated_in=where)
    known = describe(parsed, "a.txt", [Told("somewhere", stated, first)])
    fields = (field for field in Description.__dataclass_fields__ if field != "known_from")
    said = {field for field in fields if getattr(known, field) not in (None, ())}
    assert set(known.known_from) == said


@pytest.mark.skipif(EVAL_DIR is None, reason="EVAL_DIR is not set")
@pytest.mark.parametrize("case", FILINGS, ids=lambda case: case.file)
def test_the_filings(case: FilingCase) -> None:
    """Real quarterly reports are described as their covers and signatures say."""
    known = describe(filing(case.file), "report.pdf")
    assert (known.publisher, known.tickers) == (case.publisher, (case.ticker,))
    assert (known.published, known.companies) == (case.published, (case.publisher,))
    assert known.period is not None
    assert (known.period.first, known.period.last) == (case.first, case.last)
    assert known.period.name == case.quarter
    assert (known.kind, known.language, known.currency) == (ReportKind.FILING, "en", "USD")
    assert case.publisher.split()[0].strip(",.").split(".")[0] in known.title


@pytest.mark.skipif(SEED_REPORTS_DIR is None, reason="SEED_REPORTS_DIR is not set")
@pytest.mark.parametrize("case", SEEDS, ids=lambda case: case.beginning)
def test_the_seed_reports(case: SeedCase) -> None:
    """The two reports the project began with are described as they describe themselves."""
    (path,) = Path(SEED_REPORTS_DIR or "").glob(f"{case.beginning}*.txt")
    known = describe(parse(path.read_bytes(), "report.txt"), "report.txt")
    assert known.title.startswith(case.title)
    assert (known.publisher, known.published) == (case.publisher, case.published)
    assert (known.language, known.pages) == ("en", None)
    assert (known.tickers, known.period) == ((), None)
