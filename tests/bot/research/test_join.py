"""Tests of how evidence is joined over the boundary between two passages."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.research.join import joined
from bot.research.model import Evidence
from ingest.language.sentences import sentences
from ingest.records import Description, Hit, Passage, Report

BEFORE = "Rain fell. Heron Research is of good cheer."
REPORT = Report(
    id="r",
    version=1,
    description=Description("Metals", "Quill", None, "en", None),
    name="metals.txt",
    uri="file:///metals.txt",
    shelf="general",
    content_hash="0" * 64,
    live_from=datetime(2024, 2, 8, tzinfo=UTC),
)


def evidence(text: str, place: int = 0, told: str = "") -> Evidence:
    """A sentence of a passage that begins behind `BEFORE`."""
    start = len(BEFORE) + 2
    passage = Passage("p", "r", 1, start, start + len(text), None, 2, "", text)
    spans = tuple(sentences(text))
    return Evidence(Hit(passage, REPORT, 0.5), spans, place, 0.5, True, 0.5, True, 1.0, told=told)


def longer(hit: Hit) -> Hit:
    """The passage with the one before it."""
    text = f"{BEFORE}\n\n{hit.passage.text}"
    return Hit(Passage("p", "r", 1, 0, len(text), None, 1, "", text), REPORT, 0.5)


def test_a_sentence_that_goes_on_is_joined_with_what_it_goes_on_from() -> None:
    """The sentence stays itself, and now has one before it."""
    [whole] = joined([evidence("It expects growth. Copper is dear.")], longer)
    assert whole.text == "It expects growth."
    assert [whole.hit.passage.text[start:end] for start, end in whole.sentences] == [
        "Rain fell.",
        "Heron Research is of good cheer.",
        "It expects growth.",
        "Copper is dear.",
    ]


def test_what_stands_by_itself_is_left_alone() -> None:
    """Neither a sentence with its own subject, nor one further on, nor a row needs more."""
    for each in (
        evidence("Copper is dear. It is red."),
        evidence("Copper is dear. It is red.", place=1),
        evidence("It | 5", told="It: 5"),
    ):
        assert joined([each], longer) == [each]


def test_nothing_is_joined_where_nothing_stands_before() -> None:
    """The first passage of a report is itself; and only the best evidence is looked at."""
    alone = evidence("It expects growth.")
    assert joined([alone], lambda hit: None) == [alone]
    many = joined([alone] * 8, longer)
    assert [each.place for each in many] == [2] * 6 + [0] * 2
