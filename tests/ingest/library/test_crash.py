"""Tests of what a process that died in the middle of a revision leaves behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.library.library import Library
from ingest.records import Filter
from tests.ingest.library.dying import AFTER, BEFORE, STEPS
from tests.ingest.library.shelves import EMBEDDER, fresh_library, put, source, vectors_of


def shown(library: Library) -> set[str]:
    """Every passage that either search shows for the words of both versions."""
    words = "copper cheap dear chips scarce wheat dull keen"
    dense = library.nearest(EMBEDDER.embed_query(words), Filter(), 10)
    lexical = library.matching(words, Filter(), 10)
    texts = [[hit.passage.text for hit in hits] for hits in (dense, lexical)]
    assert sorted(texts[0]) == sorted(texts[1])
    assert len(set(texts[0])) == len(texts[0])
    return set(texts[0])


@pytest.mark.parametrize("step", STEPS)
def test_a_crash_leaves_one_version_or_the_other(step: str, tmp_path: Path) -> None:
    """Whichever step of a revision kills the process, no answer mixes two versions."""
    died = subprocess.run(
        [sys.executable, "-m", "tests.ingest.library.dying", step, str(tmp_path)], check=False
    )
    assert died.returncode == -signal.SIGKILL
    library = fresh_library(tmp_path)
    expected = AFTER if step == "after the flip" else BEFORE
    assert shown(library) == set(expected.splitlines())
    [report] = library.reports(Filter(), 0, 10)
    put(library, source("a.txt"), AFTER, report_id=report.id)
    assert shown(library) == set(AFTER.splitlines())
    assert vectors_of(library).count() == 5
