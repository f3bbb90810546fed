"""Tests of how sentences are weighed against a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.research.asks import asks_of
from bot.research.model import Candidate, Evidence, Question
from bot.research.nearness import Nearness, Stretches
from bot.research.rank import Reranks, rank
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


def ranked(
    question: str,
    found: list[Candidate],
    embedder: WordEmbedder,
    reranker: Reranks | None = None,
    kept: Mapping[str, Stretches] | None = None,
) -> list[Evidence]:
    """The evidence for a question."""
    query = understand(Question(question, NOON))
    asks = asks_of(query, understand)
    vectors = embedder.embed_queries([part.text for part in asks.all])
    return rank(query, asks, found, Nearness(vectors, kept or {}, embedder), reranker)


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


TWO = "Copper is a soft metal. Tin is a cheap metal."


def test_each_text_is_embedded_once() -> None:
    """Sentences that come twice cost nothing twice."""
    embedder = WordEmbedder()
    ranked("What does copper cost?", candidates(TWO, TWO), embedder)
    assert sorted(embedder.embedded) == ["Copper is a soft metal.", "Tin is a cheap metal."]


@dataclass(frozen=True)
class Kept:
    """Vectors of a passage as the library keeps them."""

    whole: NDArray[np.float32]
    spans: NDArray[np.int32]
    vectors: NDArray[np.float32]


def test_what_the_library_keeps_is_not_embedded() -> None:
    """The vectors kept at ingestion are used, and only what they lack is made."""
    embedder = WordEmbedder()
    vectors = embedder.embed_passages(["Tin is a cheap metal."])
    kept = Kept(vectors[0], np.array([[0, 23]], dtype=np.int32), vectors)
    embedder.embedded.clear()
    found = ranked("cheap tin", candidates(TWO), embedder, kept={"p00": kept})
    assert embedder.embedded == ["Tin is a cheap metal."]
    # it is near because of the vector that is kept, not of what it says
    near = {evidence.text: evidence.similarity for evidence in found}
    assert near["Copper is a soft metal."] == pytest.approx(near["Tin is a cheap metal."])


class Backwards:
    """A cross-encoder to which the last text is the best."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """More for each than for the one before it."""
        self.read = list(texts)
        return np.linspace(0.1, 0.9, len(texts), dtype=np.float32)


def test_a_cross_encoder_has_the_last_word() -> None:
    """It orders what was best; what it did not read stays behind, in the order it had."""
    texts = [f"Copper number {n} of {9 * n} costs much money." for n in range(10)]
    plain = ranked("copper cost", candidates(*[" ".join(texts[:5])] * 8), WordEmbedder())
    reranker = Backwards()
    read = ranked("copper cost", candidates(*[" ".join(texts[:5])] * 8), WordEmbedder(), reranker)
    order = [(evidence.hit.passage.id, evidence.place) for evidence in plain]
    assert len(order) == 40
    assert [(e.hit.passage.id, e.place) for e in read] == [*order[:30][::-1], *order[30:]]
    assert reranker.read == [evidence.text for evidence in plain[:30]]
    assert [e.score for e in read] == sorted((e.score for e in read), reverse=True)


def of_report(number: int, text: str, score: float) -> Candidate:
    """A passage of a report of its own."""
    report = replace(REPORT, id=f"r{number}")
    passage = Passage(f"q{number:02}", report.id, 0, 0, len(text), None, 1, "", text)
    return Candidate(Hit(passage, report, 0.5), score)


def test_a_question_over_several_reports_weighs_some_of_each() -> None:
    """Of reports behind the tenth passage two passages each are weighed all the same."""
    first = candidates(*(f"Copper number {n} was dear this quarter." for n in range(12)))
    others = [of_report(n, f"Copper of report {n} was dear.", 0.001) for n in range(3)]
    for question, told in (
        ("How has copper changed over these quarters?", {"r", "r0", "r1", "r2"}),
        ("What does copper cost?", {"r"}),
    ):
        found = ranked(question, [*first, *others], WordEmbedder())
        assert {evidence.hit.report.id for evidence in found} == told


@pytest.mark.parametrize(
    ("question", "text", "header", "named"),
    [
        ("How much did Heron pay for Lima copper?", "It paid $9 in all for it.", "", False),
        ("How much did Heron pay in Lima?", "Lima is dear. It paid $9.", "", False),
        ("How much did Heron pay in Lima?", "Lima is dear. It paid $9.", "Heron · Quill", True),
        ("How much did Heron pay in Lima?", "Heron paid $9. Rain fell. Lima is wet.", "", True),
        # of a reason, or a list, any of them
        ("Why did Heron pay so much in Lima?", "It paid $9 in all for it.", "", False),
        ("Why did Heron pay so much in Lima?", "It paid $9 in all for Lima.", "", True),
        ("How much is paid?", "It paid $9 in all for it.", "", True),
    ],
)
def test_a_figure_must_be_told_of_what_is_named(
    question: str, text: str, header: str, named: bool
) -> None:
    """A figure of something else is no answer: its passage or report must tell of every name."""
    found = ranked(question, candidates(text, header=header), WordEmbedder())
    assert any(evidence.named for evidence in found) is named


@pytest.mark.parametrize(
    ("text", "header", "named"),
    [
        ("Quill gave no figure. Heron had revenue of $9.", "", True),
        ("Heron is small. Its revenue was $9.", "", True),
        ("Rain fell on Heron. Rain fell. Revenue was $9.", "", True),
        ("Heron and Quill are small. Rain fell. The revenue of Wren was $9.", "", False),
        ("The revenue of the Lima unit was $9.", "Heron · Quill", True),
    ],
)
def test_a_figure_of_somebody_else_is_no_answer(text: str, header: str, named: bool) -> None:
    """A sentence that names others, and not whom the question names, tells of those."""
    found = ranked(
        "What was the revenue of Heron?", candidates(text, header=header), WordEmbedder()
    )
    assert [each.named for each in found if "revenue" in each.text.casefold()][-1] is named


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("Heron announced Sora in May.", True),
        ("Heron paid Quill in May.", False),
        ("The makers of Sora see demand for more.", False),
    ],
)
def test_who_made_a_thing_is_told_with_the_thing(text: str, fits: bool) -> None:
    """The sentence names what was made, and somebody else."""
    [evidence] = ranked("Who made Sora?", candidates(text, header="Sora"), WordEmbedder())
    assert evidence.fits is fits


def test_who_asks_for_risks_is_told_what_stands_under_that_heading_first() -> None:
    """What stands elsewhere comes behind, though it names more of what is asked for."""
    found = candidates(
        "Copper mines may open any day now.", "Risks\n\nMines may close any day now."
    )
    best, _ = ranked("What are the risks of copper?", found, WordEmbedder())
    assert best.text == "Mines may close any day now."


def test_a_row_measures_what_its_table_says() -> None:
    """Above the figure of a row stands what it measures; a sentence says so itself."""
    [hit] = (each.hit for each in candidates("Revenue by metal\nCopper | 9 | 8"))
    table = replace(hit.passage, heads=("", "2023", "2022"), unit="$ billion")
    found = ranked(
        "What was the revenue of copper in 2023?",
        [Candidate(replace(hit, passage=table), 1.0)],
        WordEmbedder(),
    )
    assert [each.named for each in found if each.told] == [True]


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
