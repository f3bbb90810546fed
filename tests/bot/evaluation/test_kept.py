"""Tests of a calibration as it is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.evaluation.kept import calibration_for, keep, place_of, read
from bot.research.trust import FEATURES, SHIPPED, Calibration, Weights
from ingest.errors import EvaluationError

numbers = st.floats(allow_nan=False, allow_infinity=False)
weights = st.builds(
    Weights, st.fixed_dictionaries(dict.fromkeys(FEATURES, numbers)), numbers, st.floats(0, 1)
)
calibrations = st.builds(Calibration, st.text(), weights, weights)
OWN = replace(SHIPPED, embedder="words")


@given(calibration=calibrations)
def test_what_is_kept_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, calibration: Calibration
) -> None:
    """Every number comes back as it was, to the last bit."""
    path = place_of(tmp_path_factory.mktemp("kept"))
    keep(calibration, path)
    assert read(path) == calibration
    assert list(path.parent.iterdir()) == [path]


def test_the_embedder_it_was_fitted_with_gets_it(tmp_path: Path) -> None:
    """What is kept for the embedder that answers decides, and nothing is warned of."""
    keep(OWN, place_of(tmp_path))
    with capture_logs() as logs:
        assert calibration_for(place_of(tmp_path), "words") == OWN
    assert logs == []


def test_without_one_the_shipped_one_decides(tmp_path: Path) -> None:
    """With the embedder that comes with Footnote nothing has to be fitted."""
    with capture_logs() as logs:
        assert calibration_for(place_of(tmp_path), SHIPPED.embedder) is SHIPPED
    assert logs == []


@pytest.mark.parametrize(
    ("kept", "embedder", "told"),
    [
        (OWN, SHIPPED.embedder, ["it was fitted with another embedder"]),
        (OWN, "other", ["it was fitted with another embedder", "was not fitted with this"]),
        (None, "other", ["was not fitted with this embedder"]),
    ],
)
def test_a_calibration_of_another_embedder_is_not_used(
    tmp_path: Path, kept: Calibration | None, embedder: str, told: list[str]
) -> None:
    """It is left alone with a warning that names the command which fits anew."""
    if kept is not None:
        keep(kept, place_of(tmp_path))
    with capture_logs() as logs:
        assert calibration_for(place_of(tmp_path), embedder) is SHIPPED
    assert len(logs) == len(told)
    for each, words in zip(logs, told, strict=True):
        assert words in each["event"]
        assert each["log_level"] == "warning"
        assert each["do"] == "python -m bot calibrate FILE"


def kept_as(**changes: Any) -> str:
    """What is kept, with other weights for questions that the embedder reads."""
    own = {"weights": dict.fromkeys(FEATURES, 1.0), "intercept": 0.0, "bound": 0.5}
    return json.dumps({"embedder": "words", "read": {**own, **changes}, "unread": own})


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        "\x00",
        '{"embedder": "words", "read": 3, "unread": 3}',
        kept_as(weights={"luck": 1.0}),
        kept_as(weights=dict.fromkeys(FEATURES, "heavy")),
        kept_as(weights=dict.fromkeys(FEATURES, float("nan"))),
        kept_as(intercept=float("inf")),
        kept_as(bound=2),
        kept_as(bound=None),
    ],
)
def test_what_cannot_be_used_is_not_used(tmp_path: Path, content: str) -> None:
    """A broken file, or one of another Footnote, is named, and the shipped calibration decides."""
    path = place_of(tmp_path)
    path.write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationError, match="fit one anew"):
        read(path)
    with capture_logs() as logs:
        assert calibration_for(path, SHIPPED.embedder) is SHIPPED
    [told] = logs
    assert str(path) in told["reason"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """What cannot be written is an error that names the file."""
    path = place_of(tmp_path / "gone")
    with pytest.raises(EvaluationError, match="cannot be written to") as caught:
        keep(OWN, path)
    assert str(path) in str(caught.value)
