"""Tests of the glossary: which names a text holds, and what else they are called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.glossary_file import load_glossary
from bot.research.glossary import Entry, Glossary
from ingest.records import Company


@pytest.fixture(scope="module")
def shipped() -> Glossary:
    """The glossary that comes with Footnote."""
    return load_glossary(None)


@pytest.mark.parametrize(
    ("question", "name", "other"),
    [
        ("What do the reports say about text-to-video?", "text-to-video", "Wensheng video"),
        ("Will text to video pay?", "text to video", "liberal arts video"),
        ("Who makes Wensheng videos?", "Wensheng videos", "text-to-video"),
        ("Huawei's Ascend 910B", "Ascend 910B", "Shengteng 910B"),
        ("昇腾910B的性能", "昇腾910B", "Shengteng 910B"),
        ("How does SPDB AXA see it?", "SPDB AXA", "AXA Puyin"),
        ("How does AXA Puyin see it?", "AXA Puyin", "SPDB AXA"),
        ("What is popular on Douyin?", "Douyin", "dithering"),
        ("抖音上的短剧", "短剧", "short play"),
        (
            "the SASAC meeting",
            "SASAC",
            "State-owned Assets Supervision and Administration Commission",
        ),
        (
            "State owned Assets Supervision and Administration Commission of the State Council",
            "State owned Assets Supervision and Administration Commission of the State Council",
            "SASAC",
        ),
        ("the US GPU giant's revenue", "US GPU giant", "American GPU chip giant"),
        ("What did NVDA earn?", "NVDA", "Nvidia"),
        ("英伟达的营收", "英伟达", "NVDA"),
        ("600519怎么样", "600519", "贵州茅台"),
        ("600519.SH", "600519.SH", "Kweichow Moutai"),
        ("Which R&D?", "R&D", "research and development"),
        ("R & D", "R & D", "研发"),
        ("gross\nmargins", "gross\nmargins", "毛利率"),
        ("shareholders’ equity", "shareholders’ equity", "股东权益"),
        ("revenue by segment", "revenue", "net sales"),
        ("Net Sales by segment", "Net Sales", "revenue"),
        ("a buyback", "buyback", "share repurchase"),
        ("What about iflytek?", "iflytek", "HKUST Xunfei"),
    ],
)
def test_a_name_has_others(shipped: Glossary, question: str, name: str, other: str) -> None:
    """Each name that a question holds comes as it is written, with the other names."""
    found = dict(shipped.aliases(question))
    assert other in found[name]
    assert name not in found[name]


@pytest.mark.parametrize(
    "text",
    [
        "dithering of images",  # what Douyin is called is an everyday word
        "the dark side of the moon",
        "fast hand",
        "earned 2 dollars a share of profit",
        "he was fed",
        "the arm of the law, a meta study",
        "as it was, aws",
        "预期稳定增长",
        "构建行业生态",
    ],
)
def test_what_only_looks_like_a_name_is_none(shipped: Glossary, text: str) -> None:
    """Everyday words, small letters and parts of words name nothing of the glossary."""
    assert shipped.aliases(text) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("revenue", "net profit"),
        ("revenue", "revenue growth"),
        ("revenue", "cost of revenue"),
        ("revenue", "deferred revenue"),
        ("gross profit", "gross margin"),
        ("gross margin", "operating margin"),
        ("operating income", "operating margin"),
        ("operating income", "operating expenses"),
        ("net income", "profit before tax"),
        ("净利润", "归母净利润"),
        ("归母净利润", "扣非净利润"),
        ("毛利率", "净利率"),
        ("Ascend 910", "Ascend 910B"),
        ("昇腾910B", "昇腾910C"),
        ("昇腾910", "昇腾910X"),
        ("cash and cash equivalents", "operating cash flow"),
        ("free cash flow", "operating cash flow"),
        ("YoY", "QoQ"),
        ("同比", "环比"),
        ("year-to-date", "year-on-year"),
        ("percent", "percentage points"),
        ("CITIC Securities", "中信建投"),
        ("Industrial Securities", "China Merchants Securities"),
        ("Huaxi Securities", "Western Securities"),
        ("China Merchants Bank", "China Merchants Securities"),
        ("Bank of China", "People's Bank of China"),
        ("中国银行", "中国银行业"),
        ("中国石油", "中国石油化工"),
        ("高通", "高通胀"),
        ("证监会", "美国证监会"),
        ("Federal Reserve", "European Central Bank"),
        ("CPI", "PPI"),
        ("RRR cut", "interest rate cut"),
        ("Morgan Stanley", "JPMorgan"),
        ("A shares", "H shares"),
        ("STAR Market", "ChiNext"),
        ("Shanghai Composite", "CSI 300"),
        ("P/E", "P/B"),
        ("ROE", "ROA"),
        ("CPU", "GPU"),
        ("text-to-video", "text-to-image"),
        ("new energy vehicles", "battery electric vehicles"),
        ("backlog", "remaining performance obligations"),
        ("internal controls", "disclosure controls"),
        ("MAU", "DAU"),
        ("Ping An", "平安银行"),
        ("政府的数字人", "数字人民币"),
    ],
)
def test_what_investors_keep_apart_stays_apart(shipped: Glossary, one: str, other: str) -> None:
    """Two things that are told apart share no name, and neither is searched for by the other."""
    assert not shipped.concepts(one) & shipped.concepts(other)
    for asked, apart in ((one, other), (other, one)):
        names = {each.casefold() for _, others in shipped.aliases(asked) for each in others}
        assert apart.casefold() not in names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("net sales grew", "营收增长了; revenue"),
        ("the gross profit margin", "毛利率为"),
        ("income from operations", "operating profit"),
        ("R&D", "研发"),
        ("Nvidia's", "英伟达"),
        ("land stock connect", "北向资金"),
        ("GPUs", "a GPU"),
    ],
)
def test_two_texts_name_the_same(shipped: Glossary, one: str, other: str) -> None:
    """A sentence that names a thing in other words covers the question's."""
    assert shipped.concepts(one) & shipped.concepts(other)


def test_the_longest_name_counts() -> None:
    """Where one name stands in another, only the longer one is meant."""
    glossary = Glossary([Entry(("profit", "利润")), Entry(("profit margin", "利润率"))])
    assert glossary.concepts("the profit margin") == {"profit margin"}
    assert glossary.concepts("利润率") == {"profit margin"}
    assert glossary.concepts("profit; margin") == {"profit"}
    assert glossary.concepts("利润率和利润") == {"profit margin", "profit"}


def test_what_it_is_also_called_is_searched_for_alone() -> None:
    """An everyday word for a thing is told as an alias and names nothing."""
    glossary = Glossary([Entry(("Douyin",), ("dithering",))])
    assert glossary.aliases("Douyin") == (("Douyin", ("dithering",)),)
    assert glossary.aliases("dithering") == ()
    assert glossary.concepts("dithering") == frozenset()


def test_a_name_without_others_is_no_alias() -> None:
    """There is nothing more to search for."""
    assert Glossary([Entry(("Douyin",))]).aliases("Douyin") == ()


def test_companies_come_with_names_and_tickers() -> None:
    """What a company may also be called is none of its names; terms are no companies."""
    glossary = Glossary(
        [
            Entry(("Nvidia", "英伟达"), ("GPU maker",), ("NVDA",), is_company=True),
            Entry(("revenue", "sales")),
        ]
    )
    assert glossary.companies() == (Company(("Nvidia", "英伟达"), ("NVDA",)),)
    assert glossary.concepts("$NVDA") == {"nvidia"}
    assert glossary.concepts("nvda") == frozenset()


def test_the_shipped_glossary_is_of_the_field(shipped: Glossary) -> None:
    """It holds companies with their tickers, each of which belongs to one company."""
    codes = [code for company in shipped.companies() for code in company.tickers]
    assert len(codes) > 100
    assert len(codes) == len(set(codes))


_NAME = st.text(alphabet="abAB910 -&'中文", min_size=2, max_size=8).filter(
    lambda name: any(map(str.isalnum, name)) and name == " ".join(name.split())
)


@given(st.lists(_NAME, min_size=1, max_size=6, unique_by=str.casefold), st.text(max_size=30))
def test_any_text_can_be_looked_at(names: list[str], text: str) -> None:
    """Names are told as the text writes them, whatever it holds, and all that is named is known."""
    glossary = Glossary(Entry((name,), ("another",)) for name in names)
    for written in (text, f"{text} {names[0]} {text}", names[0]):
        assert all(name in written for name, _ in glossary.aliases(written))
        assert glossary.concepts(written) <= {name.casefold() for name in names}
