"""Tests of what comes of questions for more and less trust."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.evaluation.curve import Point, Weighed, bound_of, curve_of, point_of

shares = st.sampled_from([number / 20 for number in range(21)]) | st.floats(0, 1)
trusts = st.none() | shares
questions = st.lists(st.builds(Weighed, trusts, st.booleans()), min_size=2).filter(
    lambda each: len({one.answerable for one in each}) == 2
)


def test_a_curve_worked_by_hand() -> None:
    """Of five questions, two alike in trust and one without evidence, every point is right."""
    curve = curve_of(
        [
            Weighed(0.9, True),
            Weighed(0.5, True),
            Weighed(0.5, False),
            Weighed(0.2, False),
            Weighed(None, True),
        ]
    )
    assert curve == [
        Point(1 / 5, 1.0, 2 / 3, 1.0),
        Point(3 / 5, 2 / 3, 1 / 3, 0.5),
        Point(4 / 5, 0.5, 1 / 3, 0.0),
    ]


@given(questions)
def test_answering_more_refuses_less(asked: list[Weighed]) -> None:
    """Along a curve more is answered, and less of either kind is refused."""
    for before, after in pairwise(curve_of(asked)):
        assert before.answered < after.answered
        assert before.wrongly_refused >= after.wrongly_refused
        assert before.rightly_refused >= after.rightly_refused


@given(questions)
def test_a_curve_holds_what_each_bound_makes(asked: list[Weighed]) -> None:
    """Each trust taken for the bound makes one point of the curve, and the curve has no other."""
    bounds = sorted({each.trust for each in asked if each.trust is not None}, reverse=True)
    made = [
        point_of([(each.answered(bound), each.answerable) for each in asked]) for bound in bounds
    ]
    curve = curve_of(asked)
    assert len(curve) == len(made)
    for point, other in zip(curve, made, strict=True):
        assert (point.answered, point.precision) == (other.answered, other.precision)
        assert point.wrongly_refused == pytest.approx(other.wrongly_refused)
        assert point.rightly_refused == pytest.approx(other.rightly_refused)


@given(st.lists(trusts, min_size=1), st.floats(0, 1))
def test_a_bound_keeps_its_promise(of_answerable: list[float | None], refused: float) -> None:
    """No more are refused than the share, save those that always are; no bound is higher."""
    assume(any(trust is not None for trust in of_answerable))
    held = sorted(trust for trust in of_answerable if trust is not None)
    anyhow = len(of_answerable) - len(held)
    bound = bound_of(of_answerable, refused)
    lost = anyhow + sum(trust < bound for trust in held)
    assert lost == anyhow or lost <= refused * len(of_answerable) + 1e-6
    higher = [trust for trust in held if trust > bound]
    if higher:
        lost_then = anyhow + sum(trust < higher[0] for trust in held)
        assert lost_then > int(refused * len(of_answerable))


@pytest.mark.parametrize(
    ("of_answerable", "refused", "bound"),
    [
        ([0.1, 0.2, 0.3, 0.4], 0.0, 0.1),
        ([0.4, 0.3, 0.2, 0.1], 0.25, 0.2),
        ([0.1, 0.2, 0.3, 0.4], 0.49, 0.2),
        ([0.1, 0.2, 0.3, 0.4], 1.0, 0.4),
        ([None, 0.2, 0.3, 0.4], 0.25, 0.2),
        ([None, None, 0.3, 0.4], 0.25, 0.3),
        ([number / 100 for number in range(100)], 0.29, 0.29),
    ],
)
def test_the_bound_of_some_trusts(
    of_answerable: list[float | None], refused: float, bound: float
) -> None:
    """Those without evidence are among the ones that may be refused."""
    assert bound_of(of_answerable, refused) == bound
