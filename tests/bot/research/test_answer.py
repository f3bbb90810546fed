"""Tests of what is answered, and of what is said not to be known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.research.answer import conclude
from bot.research.model import (
    Answer,
    Candidate,
    Evidence,
    Limit,
    LimitKind,
    NotFound,
    Question,
    Reason,
    Statement,
)
from bot.research.understand import understand
from ingest.language.sentences import sentences
from ingest.records import Description, Hit, Passage, Report
from tests.bot.research.reading_room import NOON, ReadingRoom

QUESTION = Question("What does copper cost?", NOON)


def passage(text: str, report: str = "r", start: int = 0) -> Hit:
    """A passage of a report, beginning at an offset of its text."""
    about = Description("Metals", "Quill", date(2024, 2, 8), "en", None)
    at = datetime(2024, 2, 8, tzinfo=UTC)
    end = start + len(text)
    return Hit(
        Passage(f"{report}-{start}", report, 0, start, end, None, 1, "Metals", text),
        Report(report, 1, about, "metals.txt", f"file:///{report}", "general", "0" * 64, at),
        score=0.5,
    )


def evidence(hit: Hit, place: int = 0, score: float = 1.0) -> Evidence:
    """A sentence of a passage that answers as well as any can."""
    spans = tuple(sentences(hit.passage.text))
    return Evidence(hit, spans, place, 0.9, named=True, coverage=1.0, fits=True, score=score)


def concluded(*ranked: Evidence, question: Question = QUESTION) -> Answer | NotFound:
    """What is made of evidence that retrieval found in the same order."""
    found = [Candidate(e.hit, 1 / (61 + n)) for n, e in enumerate(ranked)]
    return conclude(understand(question), ranked, found)


def stated(*ranked: Evidence) -> tuple[Statement, ...]:
    """The statements of what must be an answer."""
    found = concluded(*ranked)
    assert isinstance(found, Answer)
    return found.statements


def shown(statement: Statement) -> list[str]:
    """The sentences that a statement shows, lead included, however their lines are broken."""
    return [
        " ".join(text[start:end].split())
        for text in (statement.lead, statement.text)
        for start, end in sentences(text)
    ]


def test_the_best_comes_first_and_four_are_enough() -> None:
    """Statements keep the order of the evidence; a fifth is not shown."""
    ranked = [evidence(passage(f"Copper costs {n} dollars.", f"r{n}"), 0, 1.0) for n in range(5)]
    assert [s.text for s in stated(*ranked)] == [f"Copper costs {n} dollars." for n in range(4)]


@pytest.mark.parametrize(("behind", "kept"), [(0.0, 2), (0.11, 2), (0.13, 1)])
def test_what_is_far_behind_the_best_is_left_out(behind: float, kept: int) -> None:
    """A further statement scores at most 0.12 less than the best one."""
    best = evidence(passage("Copper costs 9 dollars.", "r1"))
    other = evidence(passage("Copper costs 8 dollars.", "r2"), score=1.0 - behind)
    assert len(stated(best, other)) == kept


def test_footnotes_are_numbered_as_they_come_and_shared_within_a_passage() -> None:
    """A passage has one footnote, and the numbers rise with the statements."""
    one = passage("Copper costs 9 dollars. Tin costs 5 dollars.", "r1")
    other = passage("Copper costs 8 dollars.", "r2")
    found = concluded(evidence(one), evidence(other), evidence(one, 1))
    assert isinstance(found, Answer)
    assert [s.citation.number for s in found.statements] == [1, 2, 1]
    assert [c.number for c in found.citations] == [1, 2]
    assert [c.report.id for c in found.citations] == ["r1", "r2"]


@pytest.mark.parametrize(
    "other",
    [
        passage("Copper costs 9 dollars.", "r2"),
        passage("Copper costs\n9 dollars.", "r2"),
        passage("Copper costs 9 dollars.", "r1", start=500),
    ],
)
def test_a_sentence_printed_twice_is_quoted_once(other: Hit) -> None:
    """The same words in another report, or again in the same one, say nothing new."""
    assert len(stated(evidence(passage("Copper costs 9 dollars.", "r1")), evidence(other))) == 1


GOES_ON = "According to Heron, copper costs 9 dollars. It is expected to cost 10 dollars in May."


def test_a_sentence_that_goes_on_is_shown_with_the_one_before() -> None:
    """The lead holds the speaker; the offsets begin with it."""
    [statement] = stated(evidence(passage(GOES_ON, start=100), 1))
    assert statement.lead == "According to Heron, copper costs 9 dollars."
    assert statement.text == "It is expected to cost 10 dollars in May."
    assert (statement.start, statement.end) == (100, 100 + len(GOES_ON))
    assert statement.speaker == "Heron"


def test_a_lead_is_not_quoted_again() -> None:
    """What is shown as another statement's lead is no statement of its own."""
    hit = passage(GOES_ON)
    assert [s.text for s in stated(evidence(hit, 1), evidence(hit, 0))] == [
        "It is expected to cost 10 dollars in May."
    ]


def test_a_statement_is_not_shown_again_as_a_lead() -> None:
    """Where the sentence before is quoted already, the speaker alone is kept."""
    hit = passage(GOES_ON)
    first, second = stated(evidence(hit, 0), evidence(hit, 1))
    assert (first.lead, second.lead) == ("", "")
    assert second.text == "It is expected to cost 10 dollars in May."
    assert second.start == GOES_ON.index("It is")
    assert second.speaker == "Heron"


def test_a_row_is_told_and_stays_verbatim() -> None:
    """A statement of a row has what is told of it, and the row's own words at their offsets."""
    hit = passage("2023 | 2022\nCopper | 9 | 8", start=100)
    spans = ((0, 11), (12, 26))
    told = "Copper, 2023: 9 dollars"
    [statement] = stated(replace(evidence(hit), sentences=spans, place=1, told=told))
    assert (statement.told, statement.text) == (told, "Copper | 9 | 8")
    assert (statement.start, statement.end) == (112, 126)
    assert (statement.lead, statement.speaker) == ("", None)


@pytest.mark.parametrize(
    ("asked", "as_of", "years"),
    [
        (date(2024, 2, 9), None, 0),
        (date(2025, 2, 7), None, 0),
        (date(2025, 2, 8), None, 1),
        (date(2027, 1, 1), None, 2),
        # whoever asks as of a day wants to know how old it was then
        (date(2027, 1, 1), date(2024, 3, 1), 0),
    ],
)
def test_a_statement_is_so_old(asked: date, as_of: date | None, years: int) -> None:
    """Age is counted in whole years from the report to the day of asking."""
    question = Question(
        "What does copper cost?", datetime(asked.year, asked.month, asked.day, 12, tzinfo=UTC)
    )
    limits = (Limit(LimitKind.AS_OF, until=as_of),) if as_of else ()
    query = replace(understand(question), limits=limits)
    found = conclude(query, [evidence(passage("Copper costs 9 dollars."))], [])
    assert isinstance(found, Answer)
    assert [statement.years for statement in found.statements] == [years]


def test_a_forecast_is_marked() -> None:
    """Only the statement whose own words look ahead is a forecast."""
    now = evidence(passage("Copper costs 9 dollars.", "a"))
    later = evidence(passage("Copper is expected to cost 10 dollars.", "b"))
    assert [statement.forecast for statement in stated(now, later)] == [False, True]


@pytest.mark.parametrize(
    ("text", "place", "told", "figure"),
    [
        ("Copper costs 9 dollars.", 0, "", "9 dollars"),
        ("Tin is cheap. Copper costs 9 dollars.", 1, "", "9 dollars"),
        ("Copper | 9", 0, "copper, 2023: 9 dollars", "9 dollars"),
        ("Copper costs 9 dollars or 8 dollars.", 0, "", None),
    ],
)
def test_the_figure_asked_for_is_marked(
    text: str, place: int, told: str, figure: str | None
) -> None:
    """The span of the figure is of what is shown: of the told row, else of the sentence."""
    [statement] = stated(replace(evidence(passage(text), place), told=told))
    shown_text = statement.told or statement.text
    marked = [shown_text[start:end] for start, end in statement.figures]
    assert marked == ([figure] if figure else [])


def test_not_knowing_shows_the_three_nearest_in_order() -> None:
    """What retrieval put first is shown as the nearest, numbered, and no more than three."""
    found = conclude(
        understand(QUESTION),
        [],
        [Candidate(passage("Copper is red.", f"r{n}"), 1 / (61 + n)) for n in range(5)],
        Reason.NOTHING,
    )
    assert isinstance(found, NotFound)
    assert found.question is QUESTION
    assert found.reason is Reason.NOTHING
    assert [(c.number, c.report.id) for c in found.nearest] == [(1, "r0"), (2, "r1"), (3, "r2")]


@pytest.mark.parametrize(
    ("question", "text", "answered"),
    [
        ("How much does the B100 cost?", "The cost of the B100 is high this year.", False),
        ("How much does the B100 cost?", "The cost of the B100 is 40,000 dollars.", True),
        ("How much does the B100 cost?", "The cost of the H200 is 40,000 dollars.", False),
        ("How much copper does Chile sell?", "Chile does sell copper to the whole world.", False),
        ("How much copper does Chile sell?", "Chile does sell copper, 5 million tonnes.", True),
        ("When did the port of Lima open?", "The port of Lima did open to all ships.", False),
        ("When did the port of Lima open?", "The port of Lima did open in May 2021.", True),
        ("How many ships does Chile own?", "Chile does own 40 mines and ports.", False),
        ("How many ships does Chile own?", "Chile does own 40 ships and ports.", True),
        ("How many dollars does a ship cost?", "The cost of a ship is $5 million.", True),
        ("2023年铜价是多少？", "2023年铜价是每吨6万元。", True),
        ("2023年铜价是多少？", "2023年铜价是很高的。", False),
        ("法国总统是谁？", "铜价上涨了百分之五。", False),
        ("What does copper cost?", "Copper prices", False),
    ],
)
def test_an_answer_holds_what_was_asked_for(
    room: ReadingRoom, question: str, text: str, answered: bool
) -> None:
    """A price, a figure, a time, the very product, the very thing counted; else not known."""
    found = room.ask(question, text)
    assert isinstance(found, Answer) is answered
    if isinstance(found, NotFound):
        assert [citation.passage.text for citation in found.nearest] == [text]


ANSWERS = [f"Copper costs {n} dollars a kilo." for n in range(7, 11)]
AROUND = [
    *("According to Heron Research, copper is scarce.", "It is expected to cost more.", "Risks"),
    *(
        "Tin\nis mined in Peru.",
        "“Copper costs much.",
        "Nobody knows why.” ",
        "铜价上涨了百分之五。",
    ),
    *('Ada Quill said: "Rain falls.', 'It falls on Chile."', "The U.S. buys 3.5 million tonnes."),
]
PARAGRAPH = st.lists(st.sampled_from(ANSWERS + AROUND), min_size=1, max_size=6).map(" ".join)
REPORTS = st.tuples(
    st.lists(PARAGRAPH, max_size=3), st.sampled_from(ANSWERS), st.lists(PARAGRAPH, max_size=3)
).map(lambda parts: "\n".join([*parts[0], parts[1], *parts[2]]))


@settings(max_examples=30)
@given(texts=st.lists(REPORTS, min_size=1, max_size=2))
def test_every_statement_stands_in_its_report(room: ReadingRoom, texts: list[str]) -> None:
    """Whatever the reports, an answer is verbatim, footnoted in order, and repeats nothing."""
    found = room.ask("What does copper cost?", *texts)
    assert isinstance(found, Answer)
    assert 1 <= len(found.statements) <= 4
    quoted: set[str] = set()
    for statement in found.statements:
        citation = statement.citation
        text = room.library.text_of(citation.report)
        verbatim = text[statement.start : statement.end]
        assert verbatim.startswith(statement.lead)
        assert verbatim.endswith(statement.text)
        between = verbatim[len(statement.lead) : len(verbatim) - len(statement.text)]
        assert between.strip() == ""
        assert citation.passage.start <= statement.start < statement.end <= citation.passage.end
        assert text[citation.passage.start : citation.passage.end] == citation.passage.text
        assert quoted.isdisjoint(shown(statement))
        quoted.update(shown(statement))
    cited = (each for s in found.statements for each in (s.citation, *s.also))
    numbers = list(dict.fromkeys(citation.number for citation in cited))
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers == [citation.number for citation in found.citations]
    assert len({citation.passage.id for citation in found.citations}) == len(found.citations)
