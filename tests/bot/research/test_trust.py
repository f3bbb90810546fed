"""Tests of which evidence is trusted, and why none is."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.model import (
    Candidate,
    Evidence,
    Limit,
    LimitKind,
    Query,
    Question,
    Reason,
    Wishes,
)
from bot.research.trust import (
    FEATURES,
    SHIPPED,
    Weights,
    able,
    features,
    trusted,
    why_not,
)
from bot.research.understand import understand
from ingest.records import Description, Hit, Passage, Report
from tests.bot.research.reading_room import NOON

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


def hit(text: str) -> Hit:
    """A passage."""
    return Hit(Passage("p", "r", 0, 0, len(text), None, 1, "", text), REPORT, 0.5)


def candidate(text: str, similarity: float) -> Candidate:
    """A passage that was found."""
    return Candidate(hit(text), 1.0, similarity)


EVIDENCE = Evidence(hit("Copper is dear."), ((0, 15),), 0, 0.6, True, 0.7, True, 1.0)
QUERY: Query = understand(Question("What does copper cost in Chile?", NOON))


@pytest.mark.parametrize("name", FEATURES)
def test_more_of_any_feature_is_more_trust(name: str) -> None:
    """No weight that is shipped counts against evidence."""
    low = dict.fromkeys(FEATURES, 0.4)
    for weights in (SHIPPED.read, SHIPPED.unread):
        assert weights.trust({**low, name: 0.9}) >= weights.trust(low)


@given(st.dictionaries(st.sampled_from(FEATURES), st.floats(-2, 2)))
def test_trust_is_a_share(some: dict[str, float]) -> None:
    """Whatever the features, trust lies between 0 and 1."""
    weights = Weights(dict.fromkeys(FEATURES, 1e6), -3.0, 0.5)
    assert 0 <= weights.trust({**dict.fromkeys(FEATURES, 0.0), **some}) <= 1


def test_trust_is_the_logistic_of_the_weighed_sum() -> None:
    """The sum of features by their weights, and the intercept, through 1 / (1 + e^-x)."""
    weights = Weights({name: number for number, name in enumerate(FEATURES)}, -2.0, 0.5)
    values = dict.fromkeys(FEATURES, 0.5)
    total = 0.5 * sum(range(len(FEATURES))) - 2
    assert weights.trust(values) == pytest.approx(1 / (1 + math.exp(-total)))


def test_what_is_weighed() -> None:
    """Of evidence its nearness and its coverage."""
    assert features(QUERY, EVIDENCE) == {"similarity": 0.6, "coverage": 0.7, "sources": 1.0}


@pytest.mark.parametrize(
    ("wishes", "share"),
    [
        (Wishes(), 1.0),
        (Wishes(publishers=frozenset({"Quill"})), 1.0),
        (Wishes(strangers=("Heron",)), 0.0),
        (Wishes(publishers=frozenset({"Quill"}), strangers=("Heron",)), 0.5),
    ],
)
def test_a_source_that_the_library_lacks_is_a_reason_for_doubt(
    wishes: Wishes, share: float
) -> None:
    """What nobody here has published is not answered with what others have."""
    query = replace(QUERY, wishes=wishes)
    assert features(query, EVIDENCE)["sources"] == share


def test_without_what_an_answer_must_hold_there_is_none() -> None:
    """Neither a missing figure nor another product is made good by nearness."""
    sure = Weights(dict.fromkeys(FEATURES, 0.0), 9.0, 0.5)
    unfit, unnamed = replace(EVIDENCE, fits=False), replace(EVIDENCE, named=False)
    ranked = [unfit, EVIDENCE, unnamed]
    assert able(ranked) == [EVIDENCE]
    assert trusted(QUERY, ranked, sure) == [EVIDENCE]
    assert trusted(QUERY, ranked, replace(sure, intercept=-9.0)) == []


def test_evidence_answers_from_the_bound_on() -> None:
    """Order is kept; what is trusted less than the bound is left out."""
    weights = Weights({**dict.fromkeys(FEATURES, 0.0), "coverage": 10.0}, -5.0, 0.5)
    low, high = replace(EVIDENCE, coverage=0.49), replace(EVIDENCE, coverage=0.5)
    assert trusted(QUERY, [low, high], weights) == [high]


def test_a_question_that_cannot_be_read_is_decided_by_its_words() -> None:
    """To an English model all Chinese looks alike."""
    assert SHIPPED.of(1.0) is SHIPPED.read
    assert SHIPPED.of(0.2) is SHIPPED.unread
    assert SHIPPED.unread.weights["similarity"] == 0


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ([], Reason.NOTHING),
        ([candidate("Rain fell on Lima.", 0.2)], Reason.NOTHING),
        ([candidate("Rain fell on Lima.", 0.2), candidate("Ore.", 0.6)], Reason.NOT_THIS),
        ([candidate("Copper is sold in Chile.", 0.1)], Reason.NOT_THIS),
    ],
)
def test_the_subject_may_be_there_and_the_answer_not(
    found: list[Candidate], reason: Reason
) -> None:
    """A near passage, or one that holds most of the words, is on the subject."""
    assert why_not(QUERY, found) is reason


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (LimitKind.DATES, Reason.OTHER_DATES),
        (LimitKind.AS_OF, Reason.OTHER_DATES),
        (LimitKind.PUBLISHERS, Reason.OTHER_PUBLISHERS),
        (LimitKind.REPORTS, Reason.OTHER_PUBLISHERS),
    ],
)
def test_the_answer_may_lie_outside_the_limits(kind: LimitKind, reason: Reason) -> None:
    """What would answer without the limits says which of them it is outside of."""
    query = replace(QUERY, limits=(Limit(kind),))
    assert why_not(query, [], beyond=[EVIDENCE]) is reason
    assert why_not(query, []) is Reason.NOTHING
