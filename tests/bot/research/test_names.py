"""Tests of the names that questions hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.names import NamesAsked, names_asked
from ingest.records import Company, Known

CITIC, SSN, HERON = "CITIC Securities", "Shanghai Securities News", "Heron Research"
VERGE, FORTUNE, AGE, STYLE = "The Verge", "Fortune", "The Age", "The Independent - Style"
SPORTS, CNBC, APPLE, ZHONGXIN = (
    "The Independent - Sports",
    "CNBC | World News",
    "Apple Inc.",
    "中信证券",
)
KNOWN = Known(
    (CITIC, SSN, HERON, VERGE, FORTUNE, AGE, STYLE, SPORTS, CNBC, APPLE, ZHONGXIN),
    (
        ("sora", "Sora shocked to release a new mode of video production"),
        ("copper", "铜价展望：供应紧张"),
        ("cloud", "Cloud spending of Amazon and Microsoft in winter"),
        ("cloud two", "Cloud spending of Amazon and Microsoft in summer"),
    ),
    (
        Company(("Apple Inc.",), ("AAPL",)),
        Company(("NVIDIA CORP", "英伟达"), ("NVDA",)),
        Company(("Target Corporation",), ("TGT",)),
        Company(("The Gap, Inc.",), ("GPS",)),
        Company(("贵州茅台酒股份有限公司",), ("600519.SH",)),
        Company(("Tencent",), ("0700.HK",)),
    ),
)


def asked(text: str) -> NamesAsked:
    """The names of a question."""
    return names_asked(text, KNOWN)


@pytest.mark.parametrize(
    ("text", "publishers"),
    [
        ("What should be watched, according to CITIC?", {CITIC}),
        ("What risks does CITIC Securities list?", {CITIC}),
        ("what does citic recommend", {CITIC}),
        ("What does SSN say about Sora?", {SSN}),
        ("What does the Shanghai Securities News say?", {SSN}),
        ("What does Hron Reserch think of copper?", {HERON}),
        ("What does Heron think of copper?", {HERON}),
        ("In the Verge's article, who is blamed?", {VERGE}),
        ("as reported by The Independent", {STYLE, SPORTS}),
        ("What does Cnbc say about chips?", {CNBC}),
        ("Is Fortune's list of any use?", {FORTUNE}),
        ("中信证券怎么看铜？", {ZHONGXIN}),
        ("中信认为铜价会涨吗？", {ZHONGXIN}),
        ("中信证券看好哪些公司？", {ZHONGXIN}),
        ("Compare how CITIC and Heron see copper.", {CITIC, HERON}),
        # words that are no names
        ("Is copper worth a fortune?", set()),
        ("Fortune favours the bold, does copper?", set()),
        ("Is this the age of copper?", set()),
        ("On the verge of a deficit?", set()),
        # asked about, not asked
        ("What did Apple report?", set()),
        ("What is Apple's forecast for chips?", set()),
        ("According to Apple, what is dear?", {APPLE}),
        ("What is in Apple's Q2 2023 10-Q about debt?", {APPLE}),
    ],
)
def test_publishers_are_matched_as_people_write_them(text: str, publishers: set[str]) -> None:
    """Shortened, by initials, with a slip; everyday words and companies asked about are none."""
    assert asked(text).publishers == publishers


@pytest.mark.parametrize(
    ("text", "limited"),
    [
        ("What should be watched, according to CITIC?", {CITIC}),
        ("What does CITIC Securities say about Sora?", {CITIC}),
        ("What is said in the CITIC report?", {CITIC}),
        ("Which chips are recommended by CITIC?", {CITIC}),
        ("What is CITIC's view of Sora?", {CITIC}),
        ("中信证券怎么看铜？", {ZHONGXIN}),
        ("根据中信证券，铜价会涨吗？", {ZHONGXIN}),
        # named, but not as who is asked
        ("Who leads CITIC Securities?", set()),
        ("Why did CITIC move to Shenzhen?", set()),
        # several sides
        ("What do CITIC and Heron say about copper?", set()),
        ("Does the CITIC report agree with a Bloomberg article?", set()),
        ("Do the Verge article on chips and the Verge article on phones agree?", set()),
    ],
)
def test_one_source_limits_and_several_do_not(text: str, limited: set[str]) -> None:
    """A question is limited to a publisher where it asks what that one says, and no other."""
    assert asked(text).limited == limited


@pytest.mark.parametrize(
    ("text", "strangers"),
    [
        (
            "a Bloomberg article and a Wall Street Journal report",
            ("Bloomberg", "Wall Street Journal"),
        ),
        ("According to IDC, how many PCs were sold?", ("IDC",)),
        ("Who was blamed, as reported by Reuters?", ("Reuters",)),
        ("What does Goldman Sachs say about copper?", ("Goldman Sachs",)),
        ("What does Nvidia say about copper?", ()),
        ("in an article by The Verge and another by Forbes on chips", ("Forbes",)),
        ("as reported by The Independent and Reuters", ("Reuters",)),
        ("据路透社报道，铜价怎么了？", ("路透社",)),
        ("What does the CITIC report say?", ()),
        ("What does the Nvidia report say?", ()),
        ("What does the March report say?", ()),
        ("How is copper reported?", ()),
    ],
)
def test_publishers_that_the_library_does_not_hold_are_told(
    text: str, strangers: tuple[str, ...]
) -> None:
    """Who is named as a source and is none of the library's is given as written."""
    assert asked(text).strangers == strangers


@pytest.mark.parametrize(
    ("text", "reports", "limited"),
    [
        ("In the report 'Sora shocked to release', what is said?", {"sora"}, True),
        ("Is “Sora shocked to release” right?", {"sora"}, False),
        ("《铜价展望》说了什么？", {"copper"}, True),
        ("Sora shocked to release a new mode of video production: who says so?", {"sora"}, False),
        ("In the note on cloud spending of Amazon and Microsoft in winter?", {"cloud"}, False),
        ("What is said of the cloud spending of Amazon?", set(), False),
        ("Who produces video?", set(), False),
        ("In the report 'A new mode', what is said?", set(), False),
    ],
)
def test_reports_are_named_by_their_titles(text: str, reports: set[str], limited: bool) -> None:
    """A title counts that is quoted from its beginning, or nearly all of whose words are there."""
    found = asked(text)
    assert found.reports == reports
    assert found.limited_reports == (reports if limited else set())


@pytest.mark.parametrize(
    ("text", "tickers"),
    [
        ("What does Nvidia sell?", {"NVDA"}),
        ("What does NVDA sell?", {"NVDA"}),
        ("Is $NVDA dear?", {"NVDA"}),
        ("英伟达卖什么？", {"NVDA"}),
        ("NVDA卖什么？", {"NVDA"}),
        ("What is Apple's revenue?", {"AAPL"}),
        ("what is apple's revenue", {"AAPL"}),
        ("600519.SH的股价", {"600519.SH"}),
        ("600519的股价", {"600519.SH"}),
        ("贵州茅台酒的股价", {"600519.SH"}),
        ("Is 0700.HK dear?", {"0700.HK"}),
        ("Does Target sell more than Gap?", {"TGT", "GPS"}),
        ("what is the target price", set()),
        ("Is there a gap in supply?", set()),
        ("Target prices of copper?", set()),
        ("IS THERE A GPS IN IT?", set()),
    ],
)
def test_companies_are_known_by_name_and_ticker(text: str, tickers: set[str]) -> None:
    """Legal forms are not needed; a name that is an everyday word needs its capital."""
    assert {ticker for each in asked(text).companies for ticker in each.tickers} == tickers


def test_a_house_is_known_by_the_names_of_a_company_too() -> None:
    """A publisher that a company's entry names is found by the entry's other names."""
    known = Known((CITIC,), (), (Company((CITIC, "中信证券"), ("600030.SH",)),))
    assert names_asked("根据中信证券，铜价会涨吗？", known).limited == {CITIC}
    assert names_asked("What does CITIC Securities say about copper?", known).limited == {CITIC}


_SAID = """
    CITIC citic Heron The Age the Verge 's report article by according to and 'Sora shocked
    》 《铜价展望 中信证券 怎么看 $NVDA 600519 . , ? Reuters per
"""
WORDS = st.sampled_from(_SAID.split())


@given(text=st.lists(WORDS, max_size=10).map(" ".join) | st.text(max_size=40))
def test_only_names_of_the_library_come_back(text: str) -> None:
    """Whatever is asked, what is named is the library's, and what limits is named."""
    found = asked(text)
    assert found.limited <= found.publishers <= set(KNOWN.publishers)
    assert found.limited_reports <= found.reports <= {report for report, _ in KNOWN.titles}
    assert set(found.companies) <= set(KNOWN.companies)
    assert names_asked(text, Known()).publishers == frozenset()
