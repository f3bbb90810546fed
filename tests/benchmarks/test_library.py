"""The measurements of `make bench-library`, made small: they measure, and what they hold holds."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.benchmarks import library
from tests.benchmarks.library import Drawn, main, report


def test_every_line_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each measurement is printed with its unit, and each ratio is of what stands above it."""
    monkeypatch.setattr(library, "_FILES", 20)
    monkeypatch.setattr(library, "_ROUNDS", 1)
    assert main(["--passages", "300", "--revised", "200"]) == 0
    told = capsys.readouterr().out
    numbers = [float(each) for each in re.findall(r"  +(\d+\.?\d*)(?: ms| MB|\n|    \()", told)]
    bare, run, ratio, empty, large, grown, megabytes, kept, swept = numbers
    # both are printed to a tenth of a millisecond, of which the smaller has few
    assert (run - 0.06) / (bare + 0.06) <= ratio + 0.01
    assert ratio - 0.01 <= (run + 0.06) / max(bare - 0.06, 0.01)
    assert grown == pytest.approx(large / empty, rel=0.1)
    assert megabytes > 100
    assert min(kept, swept) >= 0.95
    assert "(200 live of 2,200 vectors)" in told
    assert "(200 live of 200 vectors)" in told


def test_a_revision_changes_what_it_says_it_does() -> None:
    """Paragraphs in the range are new in each version; the others stay."""
    first, second = report(7, 0, range(0)), report(7, 2, range(10, 30))
    changed = [
        place for place, both in enumerate(zip(first, second, strict=True)) if len({*both}) > 1
    ]
    assert changed == list(range(10, 30))


def test_drawn_vectors_lie_around_topics() -> None:
    """They have length 1, are the same for the same seed, and some lie much nearer than others."""
    rows = Drawn(3)(200)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert np.array_equal(rows, Drawn(3)(200))
    nearness = (rows @ rows.T)[~np.eye(200, dtype=bool)]
    assert nearness.max() > 0.6
    assert abs(nearness.mean()) < 0.2
