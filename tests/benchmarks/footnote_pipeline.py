"""Footnote's own pipeline for `make bench-ingest`: its worker processes, indexes and catalog."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from ingest.embed import Embedder
from ingest.library.opening import open_library
from ingest.library.ownership import Ownership
from ingest.library.runs import Wish
from ingest.owner import Tasks
from ingest.records import Filter, IngestRun, Outcome
from ingest.settings import LibrarySettings
from tests.benchmarks.trial import BEST, Filed, Trial, run, solid

_EVERY = 1_000_000  # more reports than are measured


class FootnotePipeline:
    """What the owner of a library does with a folder, and both searches.

    Args:
        trial: where the library goes.
    """

    def __init__(self, trial: Trial) -> None:
        home = Path(trial.home)
        # the settings as they are by default, whatever the environment says
        settings = LibrarySettings.model_construct(library_dir=home)
        self._library = open_library(home, None)
        self._ownership = Ownership(home)
        self._ownership.take("python -m tests.benchmarks.ingest")
        self._tasks = Tasks(self._library, settings)
        self._embedder = Embedder()

    def take(self, folder: str) -> Callable[[], Filed]:
        """Ingest a folder and tidy the library, as the owner does for a command."""
        ingested = self._tasks.do(Wish((folder,)), lambda *_: None, lambda: False)
        self._tasks.tidy(lambda: False)
        assert isinstance(ingested, IngestRun)
        assert ingested.count(Outcome.ADDED) == len(ingested.rows), ingested.rows

        def tell() -> Filed:
            library = self._library
            names = {row.name for row in ingested.rows}
            reports = [each for each in library.reports(Filter(), 0, _EVERY) if each.name in names]
            passages = {
                passage.id: passage
                for each in reports
                for passage in library.history.passages_of(each.id, each.version)
            }
            return Filed(
                texts=tuple(passage.embedded for passage in passages.values()),
                window=self._embedder.window,
                characters=sum(solid(library.text_of(each)) for each in reports),
                pages=sum(each.description.pages or 0 for each in reports),
            )

        return tell

    def ask(self, question: str) -> list[str]:
        """The names of the files of the best: half of the nearest, half of the matching."""
        vector = self._embedder.embed_query(question)
        half = BEST // 2
        nearest = self._library.nearest(vector, Filter(), half)
        matching = self._library.matching(question, Filter(), half)
        return [hit.report.name for hit in (*nearest, *matching)]

    def close(self) -> None:
        """End its processes and let go of the library."""
        self._tasks.close()
        self._embedder.close()
        self._ownership.give_up()
        self._library.close()


if __name__ == "__main__":
    sys.exit(run(FootnotePipeline, sys.argv[1:]))
