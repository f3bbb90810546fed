"""A calibration as it is kept in the library's folder."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog

from bot.research.trust import FEATURES, SHIPPED, Calibration, Weights
from ingest.errors import EvaluationError

_log = structlog.get_logger(__name__)
_AGAIN = "python -m bot calibrate FILE"


def place_of(home: Path) -> Path:
    """Where the calibration of the library in a folder is kept."""
    return home / "calibration.json"


def keep(calibration: Calibration, path: Path) -> None:
    """Write a calibration; whoever reads meanwhile reads the one before.

    Raises:
        EvaluationError: it cannot be written.
    """
    unfinished = path.with_suffix(".new")
    try:
        unfinished.write_text(json.dumps(_fields(calibration), indent=2), encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise EvaluationError(
            f"the calibration cannot be written to {path} ({error.strerror}); see that the "
            "library's folder may be written and its disk is not full"
        ) from error


def calibration_for(path: Path, embedder: str) -> Calibration:
    """The calibration that is kept for an embedder, else the one that comes with Footnote.

    Where that was fitted with another embedder, or what is kept cannot be used, a warning says
    so and names the command that fits anew.

    Args:
        path: where it is kept.
        embedder: identity of the one that answers.
    """
    try:
        calibration = read(path) or SHIPPED
    except EvaluationError as error:
        _log.warning("the calibration is not used", reason=str(error), do=_AGAIN)
        calibration = SHIPPED
    if calibration.embedder == embedder:
        return calibration
    if calibration is not SHIPPED:
        _log.warning(
            "the calibration is not used: it was fitted with another embedder",
            fitted_with=calibration.embedder,
            embedder=embedder,
            do=_AGAIN,
        )
    if embedder != SHIPPED.embedder:
        _log.warning(
            "what decides between answering and not knowing was not fitted with this embedder",
            embedder=embedder,
            do=_AGAIN,
        )
    return SHIPPED


def read(path: Path) -> Calibration | None:
    """Read a calibration.

    Returns:
        The calibration; None where none is kept.

    Raises:
        EvaluationError: it cannot be read, or is none that this Footnote understands.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Calibration(
            str(found["embedder"]), _weights(found["read"]), _weights(found["unread"])
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise EvaluationError(
            f"{path} is no calibration that this Footnote understands ({error!r}); fit one anew "
            f"with '{_AGAIN}', or delete the file"
        ) from error


def _fields(calibration: Calibration) -> dict[str, Any]:
    return {
        "embedder": calibration.embedder,
        **{
            name: {
                "weights": dict(weights.weights),
                "intercept": weights.intercept,
                "bound": weights.bound,
            }
            for name, weights in (("read", calibration.read), ("unread", calibration.unread))
        },
    }


def _weights(found: Mapping[str, Any]) -> Weights:
    weights = {name: float(weight) for name, weight in found["weights"].items()}
    intercept, bound = float(found["intercept"]), float(found["bound"])
    if weights.keys() != set(FEATURES):
        raise ValueError(f"it weighs {sorted(weights)}, not {sorted(FEATURES)}")
    if not all(map(math.isfinite, (*weights.values(), intercept))) or not 0 <= bound <= 1:
        raise ValueError("it holds a number that is none")
    return Weights(weights, intercept, bound)
