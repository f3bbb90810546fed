"""Tests of filings."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language.filings import read_filing

COVER = """UNITED STATES
SECURITIES AND EXCHANGE COMMISSION
Washington, D.C. 20549

FORM {form}

{report} REPORT PURSUANT TO SECTION 13 OR 15(d) OF THE SECURITIES EXCHANGE ACT OF 1934

{period}

Commission File Number: 001-54321

{name}

Delaware | 12-3456789

Securities registered pursuant to Section 12(b) of the Act:

Title of each class | Trading Symbol(s) | Name of each exchange on which registered
{symbols}

Indicate by check mark whether the registrant is a shell company. Yes No

As of November 1, 2023, 5 shares of common stock were outstanding.

{text}

SIGNATURES

Pursuant to the requirements of the Securities Exchange Act of 1934, the registrant has duly caused
this report to be signed on its behalf.

{signed}

Exhibit 31.1

CERTIFICATION

Date: January 1, 2024
"""
QUARTER = "For the quarterly period ended September 30, 2023"


def cover(
    form: str = "10-Q",
    period: str = QUARTER,
    name: str = "Harbour Light Inc.\n(Exact name of registrant as specified in its charter)",
    symbols: str = "Common Stock, $0.01 par value | HBLT | The Nasdaq Stock Market LLC",
    text: str = "Sales rose.",
    signed: str = "Date: November 3, 2023",
) -> str:
    """The text of a form, as far as it tells anything."""
    report = "ANNUAL" if form.startswith("10-K") else "QUARTERLY"
    return COVER.format(
        form=form,
        report=report,
        period=period,
        name=name,
        symbols=symbols,
        text=text,
        signed=signed,
    )


def test_a_quarterly_report() -> None:
    """Of a 10-Q form, company, symbol, quarter and the day of its signature are told."""
    filing = read_filing(cover())
    assert filing is not None
    assert (filing.form, filing.company, filing.tickers) == (
        "10-Q",
        "Harbour Light Inc.",
        ("HBLT",),
    )
    assert filing.period is not None
    assert filing.period.name == "Q3 2023"
    assert (filing.published, filing.signed) == (date(2023, 11, 3), "Date: November 3, 2023")
    assert filing.title == "Harbour Light Inc. Form 10-Q, quarter ended September 30, 2023"


def test_an_annual_report() -> None:
    """Of a 10-K the year is told."""
    period = "For the fiscal year ended June 30, 2023"
    filing = read_filing(cover("10-K", period, signed="August 1, 2023"))
    assert filing is not None
    assert filing.period is not None
    assert (filing.period.first, filing.period.name) == (date(2022, 7, 1), "FY 2023")
    assert filing.title == "Harbour Light Inc. Form 10-K, year ended June 30, 2023"


def test_a_current_report() -> None:
    """An 8-K has no period, and its day is that of its signature, not of the event."""
    event = "Date of Report (Date of earliest event reported): November 1, 2023"
    filing = read_filing(cover("8-K/A", event))
    assert filing is not None
    assert (filing.form, filing.period, filing.published) == ("8-K/A", None, date(2023, 11, 3))
    assert filing.title == "Harbour Light Inc. Form 8-K/A, November 3, 2023"


@pytest.mark.parametrize(
    ("name", "text", "company"),
    [
        (
            "HARBOUR LIGHT, INC.\n(Exact name of registrant)",
            "Harbour Light, Inc. did",
            "Harbour Light, Inc.",
        ),
        ("HARBOUR LIGHT, INC.\n(Exact name of registrant)", "It did", "HARBOUR LIGHT, INC."),
        ("Harbour Light plc (Exact Name of Registrant)", "", "Harbour Light plc"),
        ("Harbour Light Corp\n______\n(Exact name of registrant)", "", "Harbour Light Corp"),
        ("HARBOUR LIGHT CORPORATION", "", "HARBOUR LIGHT CORPORATION"),
    ],
)
def test_the_company(name: str, text: str, company: str) -> None:
    """The company is named above "(Exact name of registrant)" or below the file's number."""
    filing = read_filing(cover(name=name, text=text))
    assert filing is not None
    assert filing.company == company


@pytest.mark.parametrize(
    ("symbols", "tickers"),
    [
        ("Common Stock | HBLT | NASDAQ\n3.1% Notes due 2028 | HBLT28 | NASDAQ", ("HBLT",)),
        (
            "Class A Common Stock | HBLA | Nasdaq\nClass C Capital Stock | HBLC | Nasdaq",
            ("HBLA", "HBLC"),
        ),
        ("Common Stock | HBL | NYSE\nSeries A Preferred Stock | HBL.PR | NYSE", ("HBL",)),
        ("Common Stock $0.01 par value HBLT The Nasdaq Stock Market", ("HBLT",)),
        ("None | N/A | None", ()),
    ],
)
def test_the_symbols(symbols: str, tickers: tuple[str, ...]) -> None:
    """The tickers are the trading symbols of shares, not of notes and preferred stock."""
    filing = read_filing(cover(symbols=symbols))
    assert filing is not None
    assert filing.tickers == tickers


@pytest.mark.parametrize(
    ("signed", "published"),
    [
        ("Dated: November 3, 2023 | By: /s/ Jane Miller", date(2023, 11, 3)),
        ("HARBOUR LIGHT INC.\n/s/ Jane Miller\nNovember 3, 2023", date(2023, 11, 3)),
        ("Date: November 3, 2019", None),
        ("/s/ Jane Miller", None),
    ],
)
def test_the_signature(signed: str, published: date | None) -> None:
    """The day stands below the words above the signature and lies behind the period."""
    filing = read_filing(cover(signed=signed))
    assert filing is not None
    assert filing.published == published


def test_a_report_of_the_mainland() -> None:
    """A Chinese company's quarterly report tells company, code, quarter and day."""
    text = (
        "证券代码：600000　证券简称：北方光学\n\n北方光学股份有限公司\n2023年第三季度报告\n\n"
        "本公司董事会保证本报告内容真实。\n\n营业收入12亿元。\n\n北方光学股份有限公司董事会\n\n2023年10月28日"
    )
    filing = read_filing(text)
    assert filing is not None
    assert (filing.company, filing.tickers) == ("北方光学股份有限公司", ("600000.SH",))
    assert filing.period is not None
    assert (filing.period.name, filing.published) == ("Q3 2023", date(2023, 10, 28))


def test_an_announcement_in_hong_kong() -> None:
    """An announcement of results in Hong Kong tells company, code, months and day."""
    text = (
        "Hong Kong Exchanges and Clearing Limited takes no responsibility for what follows.\n\n"
        "HARBOUR LIGHT HOLDINGS LIMITED\n(Incorporated in the Cayman Islands)\n"
        "(Stock Code: 700)\n\n"
        "RESULTS FOR THE SIX MONTHS ENDED 30 JUNE 2023\n\nSales rose.\n\nHong Kong, 15 August 2023"
    )
    filing = read_filing(text)
    assert filing is not None
    assert (filing.company, filing.tickers) == ("HARBOUR LIGHT HOLDINGS LIMITED", ("0700.HK",))
    assert filing.period is not None
    assert (filing.period.name, filing.published) == ("H1 2023", date(2023, 8, 15))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Northfield Securities\n\nThe company filed its Form 10-Q with the Securities and Exchange "
        "Commission on 3 November 2023.",
        "证券研究报告\n\n北方光学股份有限公司2023年年度报告点评\n\n证券代码：600000",
        "北方证券：2023年年度报告发布，营收增长",
    ],
)
def test_reports_on_filings_are_none(text: str) -> None:
    """What only speaks of a filing is none."""
    assert read_filing(text) is None


@given(st.data())
def test_no_text_breaks_it(data: st.DataObject) -> None:
    """Whatever stands on a cover or is cut out of it, reading it raises nothing."""
    text = cover(text=data.draw(st.text()), period=data.draw(st.text()), name=data.draw(st.text()))
    filing = read_filing(text)
    assert filing is not None
    cut = data.draw(st.integers(0, len(text)))
    behind = read_filing(text[cut:])
    assert behind is None or behind.form == "10-Q"
