"""Tests of how sentences are weighed against a question."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.model import Candidate, Evidence, Question
from bot.research.rank import rank
from bot.research.understand import understand
from ingest.records import Description, Hit, Passage, Report
from tests.bot.research.reading_room import NOON
from tests.embedders import WordEmbedder

REPORT = Report(
    id="r",
    version=1,
    description=Description("Metals", "Quill", date(2024, 2, 8), "en", None),
    name="metals.txt",
    uri="file:///metals.txt",
    shelf="general",
    content_hash="0" * 64,
    live_from=datetime(2024, 2, 8, tzinfo=UTC),
)


def candidates(*texts: str, header: str = "") -> list[Candidate]:
    """Passages as retrieval hands them on, best first."""
    return [
        Candidate(
            Hit(Passage(f"p{n:02}", "r", n, 0, len(text), None, n + 1, header, text), REPORT, 0.5),
            1 / (61 + n),
        )
        for n, text in enumerate(texts)
    ]


def ranked(question: str, found: list[Candidate], embedder: WordEmbedder) -> list[Evidence]:
    """The evidence for a question."""
    query = understand(Question(question, NOON))
    return rank(query, embedder.embed_query(question), found, embedder)


def weighed(question: str, *texts: str, header: str = "") -> dict[str, Evidence]:
    """The evidence for a question by its sentence."""
    found = candidates(*texts, header=header)
    return {evidence.text: evidence for evidence in ranked(question, found, WordEmbedder())}


def test_the_sentence_that_says_it_comes_first() -> None:
    """Sentences are ordered by score across passages, whatever the passages' own order."""
    found = candidates("Rain fell on Lima all day.", "Tin is soft. Copper costs 9 dollars a kilo.")
    evidence = ranked("What does copper cost?", found, WordEmbedder())
    assert evidence[0].text == "Copper costs 9 dollars a kilo."
    assert [e.score for e in evidence] == sorted((e.score for e in evidence), reverse=True)


def test_headings_and_captions_are_not_weighed() -> None:
    """Only what can be quoted is evidence."""
    text = "Copper prices\n\nTable 1. Prices of copper in Chile.\n\nCopper costs 9 dollars a kilo."
    assert list(weighed("What does copper cost?", text)) == ["Copper costs 9 dollars a kilo."]


def test_the_best_ten_passages_are_weighed() -> None:
    """What retrieval put further behind is left out."""
    texts = [f"Copper number {n} costs much money." for n in range(12)]
    found = weighed("What does copper cost?", *texts)
    assert set(found) == set(texts[:10])


def test_nothing_found_is_no_evidence() -> None:
    """Without passages, or without a sentence in them, nothing is embedded."""
    embedder = WordEmbedder()
    assert ranked("What does copper cost?", [], embedder) == []
    assert ranked("What does copper cost?", candidates("Copper", "Tin"), embedder) == []
    assert embedder.embedded == []


@pytest.mark.parametrize(
    ("question", "text", "named"),
    [
        ("What is the B100?", "The B100 is a new chip.", True),
        ("What is the B100?", "The H100 is a new chip.", False),
        ("What is the B100?", "Nvidia sells the B100. A new chip it is.", True),
        ("What is the B100?", "Nvidia sells the B100. Rain falls. A new chip it is.", False),
        ("How many B100s were sold?", "Of the B100 chip 900 B100s were sold.", True),
        ("How many B100 were sold?", "Of B100s they sold 900.", True),
        ("What can GPT-5 do?", "Much is hoped of GPT-5's makers.", True),
        ("What can GPT-5 do?", "Much is hoped of GPT-4 now.", False),
        ("How many ships has Chile?", "Chile has 40 mines, of all things.", False),
        ("How many ships has Chile?", "Chile has 40 ships, of all things.", True),
        ("How many ships has Chile?", "Each ship is Chile's pride.", True),
        ("How many dollars is it?", "It is a mere $40, of all things.", True),
        ("What is it?", "It is a mere $40, of all things.", True),
    ],
)
def test_names_and_what_is_counted_must_be_there(question: str, text: str, named: bool) -> None:
    """The sentence or the one before it holds every code, and what the question counts."""
    last = ranked(question, candidates(text), WordEmbedder())
    assert max(last, key=lambda evidence: evidence.place).named is named


@pytest.mark.parametrize(
    ("question", "fits"),
    [("What does copper cost?", False), ("When is copper sold?", True), ("What is copper?", True)],
)
def test_the_sentence_itself_must_hold_what_is_asked_for(question: str, fits: bool) -> None:
    """An amount in the sentence before is no price in this one."""
    found = weighed(question, "Tin costs 5 dollars now. Copper is sold in May 2024.")
    assert found["Copper is sold in May 2024."].fits is fits


def test_words_of_the_header_and_of_the_sentence_before_are_covered() -> None:
    """A sentence need not repeat what its report's title or the sentence before it says."""
    question = "copper exports of Chile"
    alone = weighed(question, "They grew by half in a year.")
    assert alone["They grew by half in a year."].coverage == 0
    text = "Exports were weak once. They grew by half in a year."
    helped = weighed(question, text, header="Copper in Chile · Quill")
    assert helped["They grew by half in a year."].coverage == pytest.approx(1)


def test_a_rare_word_counts_for_more_than_a_common_one() -> None:
    """Coverage weighs each word by how few of the candidates hold it."""
    common = [f"Copper is sold in town number {n}." for n in range(6)]
    found = weighed("copper of Lima", *common, "Lima is a town by the sea.")
    assert found["Lima is a town by the sea."].coverage > found[common[0]].coverage


def test_each_text_is_embedded_once() -> None:
    """Sentences that come twice, and the first of a passage, cost nothing twice."""
    embedder = WordEmbedder()
    text = "Copper is a soft metal. Tin is a cheap metal."
    ranked("What does copper cost?", candidates(text, text), embedder)
    assert len(embedder.embedded) == len(set(embedder.embedded)) == 3


TABLE = (
    "2023 | 2022\nNet sales:\nIron | 5 | 6\nCopper | 81,797 | 82,959\nTotal | 90,000 | 91,000",
    ("", "Three Months Ended July 1, 2023", "Three Months Ended June 25, 2022"),
    ("", "", "Net sales", "Net sales", "Net sales"),
)


def table(
    text: str, heads: tuple[str, ...], groups: tuple[str, ...], ordinal: int = 0
) -> Candidate:
    """A passage of a table as retrieval hands it on."""
    passage = Passage(
        *(f"t{ordinal:02}", "r", ordinal, 0, len(text), 4, 1, "Metals · Quill", text, "Sales"),
        *(heads, "in tonnes", groups),
    )
    return Candidate(Hit(passage, REPORT, 0.5), 1 / (61 + ordinal))


def test_a_row_is_found_by_its_heads_and_told_with_them() -> None:
    """A question in the words of heads and label finds the row, and the column it asks for."""
    question = "What were net sales of copper in the quarter ended July 1, 2023?"
    [best, *_] = ranked(question, [table(*TABLE)], WordEmbedder())
    assert best.text == "Copper | 81,797 | 82,959"
    assert best.told == "Net sales: Copper, Three Months Ended July 1, 2023: 81,797 (in tonnes)"
    # "quarter" is what three months are called, "net", "sales" and the day stand around the row
    assert best.coverage == pytest.approx(1)


def test_what_is_compared_is_the_row_as_it_is_told() -> None:
    """The embedder reads label, heads and unit, and neither rows of heads nor labels alone."""
    embedder = WordEmbedder()
    ranked("What was sold in the quarter ended June 25, 2022?", [table(*TABLE)], embedder)
    assert embedder.embedded == [
        f"Net sales: {label}, Three Months Ended June 25, 2022: {figure} (in tonnes)"
        for label, figure in (("Iron", "6"), ("Copper", "82,959"), ("Total", "91,000"))
    ]


@pytest.mark.parametrize(
    ("question", "fits"),
    [
        ("How much copper was sold in three months?", True),
        ("How much tin was sold in three months?", False),
        ("When was copper sold?", True),
        ("What does copper cost?", False),
    ],
)
def test_a_figure_is_looked_for_in_the_cells(question: str, fits: bool) -> None:
    """Numbers in heads are no figures of a row, but they say when."""
    text = "Copper | 81,797 | 82,959\nTin | see below | see below"
    found = ranked(question, [table(text, TABLE[1], ())], WordEmbedder())
    row = "Tin" if "tin" in question else "Copper"
    assert [e.fits for e in found if e.text.startswith(row)] == [fits]


def test_a_row_of_a_table_far_behind_is_weighed_where_its_label_is_asked_for() -> None:
    """Behind the tenth passage the rows count that are called as the question calls them."""
    others = candidates(*(f"Copper number {n} costs much money." for n in range(12)))
    found = ranked("net sales of copper", [*others, table(*TABLE, ordinal=12)], WordEmbedder())
    assert [e.text for e in found if e.told] == ["Copper | 81,797 | 82,959"]


WORDS = st.sampled_from(
    [
        "copper",
        "tin",
        "Lima",
        "costs",
        "9",
        "dollars",
        "B100",
        "铜价",
        "。",
        ".",
        "\n\n",
        "|",
        "Table 1.",
    ]
)


@given(texts=st.lists(st.lists(WORDS, min_size=1, max_size=30).map(" ".join), max_size=4))
def test_evidence_is_a_sentence_of_its_passage_within_its_scales(texts: list[str]) -> None:
    """Whatever the passages, evidence is in order, verbatim, and its measures keep their range."""
    evidence = ranked("How much does copper cost in Lima?", candidates(*texts), WordEmbedder())
    assert [e.score for e in evidence] == sorted((e.score for e in evidence), reverse=True)
    seen = set()
    for e in evidence:
        start, end = e.sentences[e.place]
        assert e.text == e.hit.passage.text[start:end] != ""
        assert -1.001 <= e.similarity <= 1.001
        assert -1e-9 <= e.coverage <= 1 + 1e-9
        seen.add((e.hit.passage.id, e.place))
    assert len(seen) == len(evidence)
