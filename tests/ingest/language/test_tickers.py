"""Tests of tickers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language.tickers import ticker_of, tickers_in


def codes(text: str) -> list[str]:
    """The tickers of a text."""
    return [each.code for each in tickers_in(text)]


@pytest.mark.parametrize(
    ("text", "code", "company"),
    [
        ("NVIDIA (NASDAQ: NVDA) rose", "NVDA", "NVIDIA"),
        ("NYSE:BRK.B", "BRK.B", None),
        ("NVIDIA Corp. (NVDA US, Buy)", "NVDA", "NVIDIA Corp."),
        ("NVDA US Equity", "NVDA", None),
        ("Apple (AAPL.O) rose", "AAPL", "Apple"),
        ("腾讯控股（0700.HK）", "0700.HK", "腾讯控股"),
        ("Tencent (700 HK)", "0700.HK", "Tencent"),
        ("Tencent (SEHK: 00700)", "0700.HK", "Tencent"),
        ("贵州茅台(600519.SH)上涨", "600519.SH", "贵州茅台"),
        ("我们看好宁德时代（300750.SZ）", "300750.SZ", "宁德时代"),
        ("A股上市公司世茂股份（600823.SH）", "600823.SH", "世茂股份"),
        ("和中芯国际（688981.SH）", "688981.SH", None),
        ("惠伦晶体（300460，SZ）", "300460.SZ", "惠伦晶体"),
        ("中芯国际（688981）", "688981.SH", "中芯国际"),
        ("Kweichow Moutai (600519 CH)", "600519.SH", "Kweichow Moutai"),
        ("TSMC (2330 TT)", "2330.TW", "TSMC"),
        ("Toyota (7203.T)", "7203.T", "Toyota"),
        ("Samsung Electronics (005930.KS)", "005930.KS", "Samsung Electronics"),
        ("they bought $NVDA again", "NVDA", None),
        ("Harbour Light Inc. (HBLT) fell", "HBLT", "Harbour Light Inc."),
        ("We like Tesla (TSLA).", "TSLA", "Tesla"),
        ("Amazon.com, Inc. (AMZN)", "AMZN", "Amazon.com, Inc."),
        ("Ticker: HBLT", "HBLT", None),
        ("Ticker | HBLT", "HBLT", None),
        ("Bloomberg: NVDA US", "NVDA", None),
        ("Reuters: NVDA.O", "NVDA", None),
        ("(Stock Code: 9988)", "9988.HK", None),
        ("证券代码：600519　证券简称：贵州茅台", "600519.SH", None),
        ("股票代码：00700.HK", "0700.HK", None),
    ],
)
def test_tickers(text: str, code: str, company: str | None) -> None:
    """A ticker is told by exchange, label, sign or brackets, and the name in front of it."""
    found = list(tickers_in(text))
    assert [(each.code, each.company) for each in found] == [(code, company)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NVDA and AMD ROSE",
        "BEYOND US, FRIENDS",
        "Central Processing Unit (CPU)",
        "Earnings Per Share (EPS)",
        "High Bandwidth Memory (HBM)",
        "Client Computing Group (CCG)",
        "VLSI Technology LLC (VLSI)",
        "Intel Corporation (UK) Limited",
        "Apple (AAPL)",
        "revenue ($MM) of $M 3",
        "in 2023 (2022)",
        "sales of 600519 units",
        "U.S. and U.K.",
        "Ticker | EPS | P/E",
        "Ticker: N/A",
        "they paid 700 HK dollars",
        "编号（123456）",
    ],
)
def test_other_capitals_and_numbers(text: str) -> None:
    """Abbreviations, amounts and bare capitals are no tickers."""
    assert codes(text) == []


def test_headlines() -> None:
    """At the head of a report on companies brackets behind a name hold its ticker."""
    assert [each.code for each in tickers_in("Apple (AAPL): iron", headline=True)] == ["AAPL"]
    assert not list(tickers_in("Memory Makers (DRAM): why", headline=True))


def test_every_mention_counts() -> None:
    """A ticker is told as often as it is named, in order, with its place."""
    text = "$AMD, then JD.com, Inc. (NASDAQ: JD; HKEX: 9618), then $AMD"
    assert codes(text) == ["AMD", "JD", "9618.HK", "AMD"]
    starts = [each.start for each in tickers_in(text)]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NVDA", "NVDA"),
        ("nvda", "NVDA"),
        ("$NVDA", "NVDA"),
        ("NASDAQ: NVDA", "NVDA"),
        ("NVDA US", "NVDA"),
        ("AAPL.O", "AAPL"),
        ("BRK.B", "BRK.B"),
        ("0700.HK", "0700.HK"),
        (" 700 HK ", "0700.HK"),
        ("600519", "600519.SH"),
        ("000001", "000001.SZ"),
        ("830799", "830799.BJ"),
        ("(688981)", "688981.SH"),
        ("HKEX: 700", "0700.HK"),
        ("", None),
        ("hello world", None),
        ("123", None),
        ("NVDA AMD", None),
        ("999999", None),
    ],
)
def test_one_ticker(text: str, code: str | None) -> None:
    """A ticker alone is read in whatever form people write it; a number needs its exchange."""
    assert ticker_of(text) == code


written = st.text(
    st.one_of(st.sampled_from("AB012.(:：)（）$ ,|\nHKUS证券代码Inc"), st.characters())
)


@given(written)
def test_no_text_breaks_it(text: str) -> None:
    """Whatever a text holds, its tickers are tidy, and a tidy one is read back as itself."""
    for each in tickers_in(text):
        assert 0 <= each.start < len(text)
        assert ticker_of(each.code) == each.code
    code = ticker_of(text)
    assert code is None or ticker_of(code) == code
