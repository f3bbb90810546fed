"""Tests of naming a newer report that says otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.answer import conclude
from bot.research.disagreement import newer_otherwise
from bot.research.model import Answer, Evidence, Question
from bot.research.telling import Kind
from bot.research.understand import understand
from ingest.records import Description, Hit, Known, Passage, Period, Report, ReportKind
from tests.bot.research.reading_room import NOON, ReadingRoom
from tests.ingest.library.shelves import described, put, source

JANUARY, FEBRUARY, MARCH = (date(2024, month, 8) for month in (1, 2, 3))
FIRST = Period(date(2023, 1, 1), date(2023, 3, 31), "Q1 2023")
SECOND = Period(date(2023, 4, 1), date(2023, 6, 30), "Q2 2023")


def evidence(
    text: str,
    published: date | None,
    *,
    report: str | None = None,
    told: str = "",
    section: str = "",
    about: Description | None = None,
) -> Evidence:
    """A sentence alone in its passage, of a report of its day."""
    about = replace(about or Description("Metals", "Quill", None, "en", None), published=published)
    name = report or f"of {published}"
    at = datetime(2024, 3, 9, tzinfo=UTC)
    held = Report(name, 1, about, "a.txt", f"file:///{name}", "general", "0" * 64, at)
    passage = Passage(text, name, 0, 0, len(text), None, 1, "Metals", text, section)
    hit = Hit(passage, held, 1.0)
    return Evidence(hit, ((0, len(text)),), 0, 0.9, True, 1.0, True, 1.0, 1.0, told)


def otherwise(older: str, newer: str) -> bool:
    """Whether a sentence of February is named as saying otherwise than one of January."""
    of_january, of_february = evidence(older, JANUARY), evidence(newer, FEBRUARY)
    return newer_otherwise(of_january, [of_january, of_february]) is of_february


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("Copper costs 9 dollars a kilo.", "Copper costs 8 dollars a kilo."),
        (
            "Copper is expected to reach 9,000 dollars a tonne in 2025.",
            "We now expect copper to reach 10,500 dollars a tonne in 2025.",
        ),
        (
            "Heron's sales were 5 billion yuan in 2023.",
            "In 2023, the sales of Heron were 5.6 billion yuan.",
        ),
        ("The market for AI is about 9 billion yuan.", "The market for AI is 6bn yuan."),
        ("Heron's share of copper is 40 percent.", "Heron's share of copper is 35%."),
        ("2025年中国铜市场规模将达到500亿元。", "预计2025年中国铜市场规模将达620亿元。"),
        ("铜价目前为每吨7万元。", "铜价为每吨6万元。"),
    ],
)
def test_another_amount_of_the_same_thing_is_named(older: str, newer: str) -> None:
    """Words that change nothing may differ; what is told of is the same, the amount is not."""
    assert otherwise(older, newer)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        # the same amount, however it is written or rounded
        ("Heron is worth 13 billion dollars.", "Heron is worth US$12,960 million."),
        ("铜市场规模为500亿元。", "铜市场规模为5000000万元。"),
        ("Copper costs about 9 dollars a kilo.", "Copper costs 9.6 dollars a kilo."),
        # another thing
        ("Copper costs 9 dollars a kilo.", "Tin costs 8 dollars a kilo."),
        ("Copper costs 9 dollars a kilo.", "Copper costs 8,000 dollars a tonne."),
        (
            "The gross margin of the copper business of Heron in Peru was 40% in 2023.",
            "The net margin of the copper business of Heron in Peru was 20% in 2023.",
        ),
        ("2025年中国铜市场规模将达到500亿元。", "2025年美国铜市场规模将达到620亿元。"),
        ("GPT-4 costs 9 dollars a month.", "GPT-5 costs 8 dollars a month."),
        # another unit, or the one of no unit
        ("Copper costs 9 dollars a kilo.", "Copper costs 9 euros a kilo."),
        ("Heron's sales of copper rose 5% in 2023.", "Heron's sales of copper rose 5bn in 2023."),
        # another time, or one that only the day of the report tells
        ("Heron sold 5 million phones in 2022.", "Heron sold 6 million phones in 2023."),
        ("Heron sold 5 million phones last year.", "Heron sold 6 million phones last year."),
        ("Heron sold 5 million phones in March.", "Heron sold 6 million phones in March."),
        ("苍鹭去年销售手机500万部。", "苍鹭去年销售手机600万部。"),
        ("Heron's sales grew by 5%.", "Heron's sales grew by 6%."),
        ("铜产量增长5%。", "铜产量增长6%。"),
        ("Heron's copper output is up 5%.", "Heron's copper output is up 6%."),
        ("Heron sold 5 million phones.", "Heron sold 6 million phones."),
        ("北上资金净卖出40亿元。", "北上资金净卖出42亿元。"),
        ("Heron sold 5 million phones YTD 2023.", "Heron sold 6 million phones YTD 2023."),
        # what a rate came to is not by how much it changed
        ("The rate of Heron rose to 5% in 2023.", "The rate of Heron rose 6% in 2023."),
        # a bound is met by what lies beyond it
        ("OpenAI has raised over 13 billion dollars.", "OpenAI has raised 14 billion dollars."),
        ("OpenAI has raised 13 billion dollars.", "OpenAI has raised at least 14 billion dollars."),
        ("铜市场规模超500亿元。", "铜市场规模为600亿元。"),
        # several amounts, or none
        ("Copper costs 9 dollars, tin 5 dollars.", "Copper costs 8 dollars, tin 5 dollars."),
        ("Copper costs 7-9 dollars a kilo.", "Copper costs 5-6 dollars a kilo."),
        ("Copper is red.", "Copper is brown."),
        # only if
        ("Copper costs 9 dollars if it rains.", "Copper costs 8 dollars if it rains."),
        ("Copper will cost 9 dollars a kilo.", "Copper may cost 8 dollars a kilo."),
        # whose or what nobody knows
        ("It costs 9 dollars a kilo.", "It costs 8 dollars a kilo."),
        ("The deal was worth 5bn dollars.", "The deal was worth 6bn dollars."),
        ("项目投资50亿元。", "项目投资60亿元。"),
        ("Net sales were 5 billion yuan in 2023.", "Net sales were 6 billion yuan in 2023."),
        ("The company employs 5 thousand people.", "The company employs 6 thousand people."),
        ("公司2023年营收为50亿元。", "公司2023年营收为60亿元。"),
        ("2023年净利润为50亿元。", "2023年净利润为60亿元。"),
        ("预计将达到50亿元。", "预计将达到60亿元。"),
    ],
)
def test_what_may_be_another_thing_is_not_named(older: str, newer: str) -> None:
    """In doubt no newer report is said to say otherwise."""
    assert not otherwise(older, newer)


COPPER, NEW_COPPER = "Copper costs 9 dollars a kilo.", "Copper costs 8 dollars a kilo."


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (evidence(COPPER, FEBRUARY), evidence(NEW_COPPER, JANUARY)),
        (evidence(COPPER, FEBRUARY), evidence(NEW_COPPER, FEBRUARY, report="other")),
        (evidence(COPPER, None), evidence(NEW_COPPER, FEBRUARY)),
        (evidence(COPPER, JANUARY), evidence(NEW_COPPER, None)),
        (evidence(COPPER, JANUARY, report="one"), evidence(NEW_COPPER, FEBRUARY, report="one")),
    ],
    ids=["older", "of the day", "undated", "by an undated", "of one report"],
)
def test_only_a_newer_report_is_named(older: Evidence, newer: Evidence) -> None:
    """Both are dated, and they are two reports."""
    assert newer_otherwise(older, [older, newer]) is None


def test_the_newest_report_decides() -> None:
    """Of several newer reports the newest is named; where it agrees, none is."""
    older, between = evidence(COPPER, JANUARY), evidence(NEW_COPPER, FEBRUARY)
    newest = evidence("Copper costs 7 dollars a kilo.", MARCH)
    again = evidence(COPPER, MARCH, report="again")
    assert newer_otherwise(older, [between, older, newest]) is newest
    assert newer_otherwise(older, [between, older, again]) is None
    assert newer_otherwise(older, [between, newest, again]) is None


def of(publisher: str, *tickers: str, **known: object) -> Description:
    """A description of a report about companies."""
    about = Description("Metals", publisher, None, "en", None, tickers=tickers)
    return replace(about, **known)  # type: ignore[arg-type]  # each test names fields it knows


@pytest.mark.parametrize(
    ("text", "one", "other", "named"),
    [
        # figures that every company has, of reports about one company or two
        ("Net sales were {} billion yuan in 2023.", of("Quill", "A"), of("Teal", "A"), True),
        ("Net sales were {} billion yuan in 2023.", of("Quill", "A"), of("Quill", "B"), False),
        ("Net sales were {} billion yuan in 2023.", of("Quill", "A"), of("Quill"), False),
        ("Net sales were {} billion yuan in 2023.", of("Q", "A", "B"), of("Q", "A", "C"), False),
        ("The company employs {} thousand people.", of("Quill", "A"), of("Quill", "A"), True),
        ("Expected: {} billion yuan in 2025.", of("Quill", "A"), of("Quill", "A"), False),
        ("Heron employs {} thousand people.", of("Quill", "A"), of("Quill", "B"), False),
        # "we" are the house
        ("We expect copper to reach {} dollars.", of("Quill"), of("Quill"), True),
        ("We expect copper to reach {} dollars.", of("Quill"), of("Teal"), False),
        # without a time of its own it is of the time that its report covers
        ("Heron employs {} thousand people.", of("Q", period=FIRST), of("Q", period=SECOND), False),
        ("Heron employs {} thousand people.", of("Q", period=FIRST), of("Q", period=FIRST), True),
        (
            "Heron sold {} million phones in 2022.",
            of("Q", period=FIRST),
            of("Q", period=SECOND),
            True,
        ),
    ],
)
def test_both_reports_are_of_one_company_and_time(
    text: str, one: Description, other: Description, named: bool
) -> None:
    """What a sentence leaves to its report is the same in both reports."""
    older = evidence(text.format(5), JANUARY, about=one)
    newer = evidence(text.format(6), FEBRUARY, about=other)
    assert newer_otherwise(older, [newer]) is (newer if named else None)


ROW = "Net sales, Three Months Ended July 1, 2023: $ {} (in millions)"


@pytest.mark.parametrize(
    ("section", "other_section", "told", "about", "named"),
    [
        ("Income", "Income", ROW, of("Heron", kind=ReportKind.FILING), True),
        ("Note 9 › Income", "Note 8 › Income", ROW, of("H", kind=ReportKind.FILING), True),
        ("Income", "Segments", ROW, of("Heron", kind=ReportKind.FILING), False),
        ("Income", "Income", ROW.replace("July", "April"), of("H", kind=ReportKind.FILING), False),
        ("Income", "Income", ROW.replace("millions", "thousands"), of("H", "A"), False),
        ("Income", "Income", ROW, of("Heron"), False),
        ("Income", "Income", "", of("Heron", kind=ReportKind.FILING), False),
    ],
)
def test_rows_are_of_one_section_unit_and_company(
    section: str, other_section: str, told: str, about: Description, named: bool
) -> None:
    """A row tells the same as another only in a like table of the same company."""
    older = evidence("Net sales | 9", JANUARY, told=ROW.format("94,836"), section=section)
    older = replace(older, hit=evidence("", JANUARY, section=section, about=about).hit)
    newer = evidence("Net sales | 8", FEBRUARY, told=told.format("94,102"), section=other_section)
    newer = replace(newer, hit=evidence("", FEBRUARY, section=other_section, about=about).hit)
    assert newer_otherwise(older, [newer]) is (newer if named else None)


def answer_of(room: ReadingRoom, question: str, *notes: tuple[str, str, date]) -> Answer:
    """What notes of a publisher and a day say to a question."""
    for number, (text, publisher, published) in enumerate(notes):
        put(room.library, source(f"{number}.txt"), text, described("Note", publisher, published))
    found = room.researcher.ask_now(Question(question, NOON))
    assert isinstance(found, Answer)
    return found


@pytest.mark.parametrize(
    "question",
    ["What does copper cost in dollars a kilo?", "Quill: what does copper cost in dollars a kilo?"],
)
def test_an_answer_names_the_newer_report(own_room: ReadingRoom, question: str) -> None:
    """Beside the older statement stands the footnote of the newer one, which is quoted too."""
    notes = (COPPER, "Quill", JANUARY), (NEW_COPPER, "Quill", FEBRUARY)
    found = answer_of(own_room, question, *notes, ("Tin is cheap.", "Teal", MARCH))
    newer = {statement.text: statement.newer for statement in found.statements}
    cited = {statement.text: statement.citation for statement in found.statements}
    assert newer == {COPPER: cited[NEW_COPPER], NEW_COPPER: None}
    assert set(cited.values()) == set(found.citations)


def test_a_newer_report_far_down_is_quoted_with_it() -> None:
    """It is looked for behind the statements that are shown, and shown as a further one."""
    others = [f"Copper costs 9 dollars a kilo in port {port}." for port in range(9)]
    near = [evidence(text, JANUARY, report=text) for text in (COPPER, *others)]
    far = replace(evidence(NEW_COPPER, FEBRUARY), score=0.5)
    query = understand(Question("What does copper cost in dollars a kilo?", NOON), Known())
    found = conclude(query, [*near, far], [])
    assert isinstance(found, Answer)
    first, *between, last = found.statements
    assert (first.text, last.text) == (COPPER, NEW_COPPER)
    assert first.newer == last.citation
    assert [each.newer for each in (*between, last)] == [None] * 4


def test_a_comparison_names_only_what_it_compares() -> None:
    """What is set side by side gets no further statement; a newer one among it is named."""
    quill, teal = of("Quill"), of("Teal")
    ranked = [evidence(COPPER, JANUARY, about=quill), evidence(NEW_COPPER, FEBRUARY, about=teal)]
    far = evidence("Copper costs 7 dollars a kilo.", MARCH, about=of("Heron"))
    asked = Question("Compare what copper costs a kilo.", NOON)
    query = replace(understand(asked, Known()), kind=Kind.COMPARISON)
    found = conclude(query, [*ranked, replace(far, score=0.5)], [])
    assert isinstance(found, Answer)
    assert [view.statements for view in found.views] == [(0,), (1,)]
    older, newer = found.statements
    assert (older.newer, newer.newer) == (newer.citation, None)


SENTENCES = st.sampled_from(
    [COPPER, NEW_COPPER, "Tin costs 5 dollars.", "铜价为每吨7万元。", "铜价为每吨6万元。", "", "9%"]
)
DAYS = st.sampled_from([JANUARY, FEBRUARY, MARCH, None])


@given(st.lists(st.tuples(SENTENCES, DAYS), min_size=1, max_size=6))
def test_what_is_named_is_newer_and_told_by_no_other_way(
    told: list[tuple[str, date | None]],
) -> None:
    """Whatever is found is newer, and is itself not contradicted by what it contradicts."""
    ranked = [evidence(text, day, report=str(n)) for n, (text, day) in enumerate(told)]
    found = newer_otherwise(ranked[0], ranked)
    if found is not None:
        first, last = ranked[0].hit.report.description, found.hit.report.description
        assert first.published is not None
        assert last.published is not None
        assert first.published < last.published
        assert newer_otherwise(found, [ranked[0]]) is None
