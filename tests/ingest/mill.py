"""A folder of reports, a library, and the pipeline between them, all real but the embedder."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ingest.library.library import Library
from ingest.library.runs import Task, Wish
from ingest.pipeline import Pipeline
from ingest.records import Description, Filter, IngestRun, Report, Row
from ingest.refresh import fetched
from ingest.sources.folder import uri_of
from ingest.sources.listing import Listing
from ingest.sources.online import Fetching, Web
from tests.embedders import WordEmbedder
from tests.ingest.engines import InlineEngine
from tests.ingest.library.shelves import fresh_library

_PATIENCE = 30.0  # seconds until a test that waits in vain fails


class Mill:
    """What a test of ingestion works with.

    Args:
        home: an empty folder.
        embedder: makes the vectors; one of the mill's own by default.

    Attributes:
        reports: the folder ingested, empty at first.
        library: empty at first.
        embedder: remembers what it embedded.
        pipeline: between them; reads files of up to 20,000 bytes.
        told: every progress call of the last run.
    """

    def __init__(self, home: Path, embedder: WordEmbedder | None = None) -> None:
        self.reports = home / "reports"
        self.reports.mkdir()
        self._home = home
        self.embedder = embedder or WordEmbedder()
        self.told: list[tuple[int, int, str]] = []
        self.reopen()

    def reopen(self) -> None:
        """Open the library, again where it was closed."""
        self.library: Library = fresh_library(self._home)
        self.pipeline = Pipeline(self.library, InlineEngine(self.embedder), largest=20_000)

    def take_from(self, listing: Listing, fetcher: Fetching | None = None) -> None:
        """Ingest by a list of sources from now on; what is on the web is asked of a fetcher."""
        self.pipeline = Pipeline(
            self.library,
            InlineEngine(self.embedder),
            largest=20_000,
            folders=listing.folders,
            online=partial(fetched, listing, Web(fetcher)) if fetcher else None,
        )

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file below the folder, over what stands there."""
        path = self.reports / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def run(
        self,
        *paths: Path,
        prune: bool = False,
        force: bool = False,
        stopped: Callable[[], bool] = lambda: False,
    ) -> IngestRun:
        """Ingest paths, or the folder where none is given."""
        self.told = []
        wish = self.wish(*paths, prune=prune, force=force)
        return self.pipeline.run(wish, lambda *now: self.told.append(now), stopped)

    def describe(self, report_id: str, **said: str) -> Row:
        """Say something of a report by hand; what became of it."""
        wish = Wish(task=Task.DESCRIBE, report=report_id, said=said)
        [row] = self.pipeline.run(wish, lambda *_: None, lambda: False).rows
        return row

    def wish(self, *paths: Path, **options: bool) -> Wish:
        """To ingest paths, or the folder where none is given."""
        return Wish(tuple(map(str, paths or (self.reports,))), **options)  # type: ignore[arg-type]  # its options are all yes or no

    def live(self, name: str) -> str | None:
        """The text the library shows for a file below the folder; None where it shows none."""
        report = self.library.catalog.report_at(uri_of(self.reports / name))
        return self.library.text_of(report).strip() if report else None

    def report_of(self, name: str) -> Report:
        """The live report read from a file below the folder."""
        report = self.library.catalog.report_at(uri_of(self.reports / name))
        assert report is not None
        return report

    def id_of(self, name: str) -> str:
        """Its id."""
        return self.report_of(name).id

    def known(self, name: str) -> Description:
        """What is known of it."""
        return self.report_of(name).description

    def events(self) -> list[str]:
        """What happened so far, each in a word."""
        return [str(event.kind) for event in self.library.history.events()]

    def found(self, words: str) -> set[str]:
        """The texts of the reports in which either search finds something."""
        dense = self.library.nearest(self.embedder.embed_query(words), Filter(), 100)
        lexical = self.library.matching(words, Filter(), 100)
        return {self.library.text_of(hit.report).strip() for hit in [*dense, *lexical]}


def outcomes(run: IngestRun) -> dict[str, str]:
    """What became of each source, by its name."""
    found = {row.name: str(row.outcome) for row in run.rows}
    assert len(found) == len(run.rows)
    return found


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait until something holds that other threads bring about.

    Raises:
        TimeoutError: it never does.
    """
    end = time.monotonic() + _PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError("waited in vain")
        time.sleep(0.01)
