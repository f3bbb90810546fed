"""The library: what ingestion fills and answering searches.

`put` keeps the original, writes the new passages to both indexes and only then makes the
version live, in one transaction of the catalog. A crash at any point leaves the version
before or the new one, never a mixture: an index may hold passages that no live version
holds, and those are never shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from ingest.errors import LibraryMismatch
from ingest.library.catalog import Catalog
from ingest.library.originals import Originals
from ingest.library.runs import Runs
from ingest.library.vectors import Vectors
from ingest.library.words import Words
from ingest.records import (
    Description,
    Filter,
    Hit,
    LibraryStatus,
    ParsedReport,
    Passage,
    Report,
    Source,
)


@dataclass(frozen=True, slots=True)
class Writing:
    """How the passages of a library are written; every passage alike.

    Attributes:
        embedder: the model's name with what tells its weights apart.
        dimension: of its vectors.
        chunking: the rules and limits by which reports are cut into passages.
    """

    embedder: str
    dimension: int
    chunking: str


def content_hash_of(content: bytes) -> str:
    """The SHA-256 of a report's bytes, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


class Library:
    """One library.

    Args:
        catalog: the truth.
        originals: what it was made of.
        runs: the queue of its ingestion.
        words: the lexical index.
        open_vectors: opens the dense index; called once, on first need, since Chroma
            takes a while to start and a run that changes nothing does without.
    """

    def __init__(
        self,
        catalog: Catalog,
        originals: Originals,
        runs: Runs,
        words: Words,
        open_vectors: Callable[[], Vectors],
    ) -> None:
        self.catalog = catalog
        self.originals = originals
        self.runs = runs
        self._words = words
        self._open_vectors = open_vectors
        self._vectors: Vectors | None = None

    @property
    def vectors(self) -> Vectors:
        """The dense index.

        Raises:
            IndexUnavailable: it cannot be opened.
        """
        if self._vectors is None:
            self._vectors = self._open_vectors()
        return self._vectors

    def close(self) -> None:
        """Let go of Chroma and of the database; nothing may be asked afterwards."""
        if self._vectors is not None:
            self._vectors.close()
        self.catalog.close()

    def bind(self, writing: Writing) -> None:
        """Hold the library to one embedder and chunking, for good at the first time.

        Raises:
            LibraryMismatch: the library was written by others.
        """
        wanted = {
            "embedder": writing.embedder,
            "dimension": str(writing.dimension),
            "distance": "cosine",
            "chunking": writing.chunking,
        }
        self.catalog.remember(wanted)
        for key, value in wanted.items():
            kept = self.catalog.fact(key)
            if kept != value:
                raise LibraryMismatch(
                    f"the library was written with {key} {kept!r}, the settings ask for {value!r}; "
                    "set EMBEDDER as it was, or name a new folder in LIBRARY_DIR and run "
                    "'python -m ingest' on the reports to embed them anew"
                )

    def report_id_for(self, source: Source, content_hash: str) -> str:
        """The id of a report that begins with this content at this address.

        The same beginning gives the same id, so that a report that was dropped and comes
        back is itself again; an id whose report lives on elsewhere is left to it.

        Returns:
            16 hexadecimal digits.
        """
        for attempt in count():
            seed = f"{source.uri}\n{content_hash}\n{attempt}".encode(errors="surrogateescape")
            report_id = hashlib.sha256(seed).hexdigest()[:16]
            if not self.catalog.is_live(report_id):
                return report_id
        raise AssertionError("count() ends never")

    def unwritten(self, passages: Sequence[Passage]) -> list[Passage]:
        """Those of the passages, each once, that the indexes may not hold yet."""
        distinct = {passage.id: passage for passage in passages}
        known = self.catalog.known(list(distinct))
        return [passage for passage in distinct.values() if passage.id not in known]

    def put(
        self,
        report_id: str,
        source: Source,
        content: bytes,
        parsed: ParsedReport,
        description: Description,
        passages: Sequence[Passage],
        written: Sequence[Passage],
        vectors: NDArray[np.float32],
    ) -> None:
        """Make a version of a report live.

        Args:
            report_id: new, or of the report this is the next version of.
            source: where it was read from.
            content: its bytes.
            parsed: its text.
            description: what is known of it.
            passages: its passages, in order.
            written: those of them that `unwritten` named.
            vectors: n rows, one for each of `written`.

        Raises:
            LibraryError: something could not be written; the version before stays live.
        """
        content_hash = content_hash_of(content)
        self.originals.keep(content_hash, content, parsed)
        if written:
            self.vectors.add(
                [passage.id for passage in written],
                [passage.report for passage in written],
                vectors,
            )
            self._words.add(written)
        self.catalog.flip(report_id, source, content_hash, description, passages)

    def nearest(self, vector: NDArray[np.float32], wanted: Filter, limit: int) -> list[Hit]:
        """The live passages nearest to a vector that a filter lets through.

        Args:
            vector: one row in the embedder's dimension.
            wanted: which reports.
            limit: how many at most.

        Returns:
            Hits scored by cosine similarity (-1 to 1), most similar first.

        Raises:
            LibraryError: an index or the catalog failed.
        """
        return self._confirmed(
            lambda most, reports: self.vectors.nearest(vector, most, reports), wanted, limit
        )

    def matching(self, text: str, wanted: Filter, limit: int) -> list[Hit]:
        """The live passages that match a text's words best and that a filter lets through.

        Returns:
            Hits scored by BM25 (0 upwards), best first, `limit` of them at most.

        Raises:
            LibraryError: an index or the catalog failed.
        """
        return self._confirmed(
            lambda most, reports: self._words.matching(text, most, reports), wanted, limit
        )

    def reports(self, wanted: Filter, offset: int, limit: int) -> list[Report]:
        """Live reports, newest first and undated last, `limit` of them from `offset` on.

        Raises:
            LibraryError: the catalog failed.
        """
        return self.catalog.reports(wanted, offset, limit)

    def text_of(self, report: Report) -> str:
        """The whole text of a report's version.

        Raises:
            LibraryError: its original is gone.
        """
        return self.originals.parsed(report.content_hash).text

    def status(self, wanted: Filter) -> LibraryStatus:
        """The library at a glance, counting what a filter lets through.

        Raises:
            LibraryError: the catalog failed.
        """
        reports, passages, undated, newest = self.catalog.counts(wanted)
        last, running = self.runs.last_done(), self.runs.running()
        return LibraryStatus(
            reports=reports,
            passages=passages,
            undated=undated,
            newest=newest,
            last_ingest=last.ended_at if last else None,
            running=f"{running.done} of {running.total}" if running else None,
            failures=tuple(self.catalog.failures()),
        )

    def _confirmed(
        self,
        search: Callable[[int, list[str] | None], list[tuple[str, float]]],
        wanted: Filter,
        limit: int,
    ) -> list[Hit]:
        """What an index finds and the catalog confirms.

        An index holds superseded passages too; where they crowd out live ones, it is asked
        for more.
        """
        reports = self.catalog.report_ids(wanted)
        most = 2 * limit
        while True:
            found = search(most, reports)
            confirmed = self.catalog.confirm([passage_id for passage_id, _ in found], wanted)
            if len(confirmed) >= limit or len(found) < most:
                break
            most *= 4
        return [
            Hit(*confirmed[passage_id], score)
            for passage_id, score in found
            if passage_id in confirmed
        ][:limit]
