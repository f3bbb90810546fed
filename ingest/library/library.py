"""The library: what ingestion fills and answering searches.

`put` keeps the originals, writes the new passages to both indexes and only then makes the
versions live, in one transaction of the catalog. A crash at any point leaves the versions
before or the new ones, never a mixture: an index may hold passages that no live version
holds, and those are never shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

import numpy as np
from numpy.typing import NDArray

from ingest.errors import LibraryError, LibraryMismatch
from ingest.library.catalog import Catalog, Entry
from ingest.library.history import History
from ingest.library.indexes import Index, Indexes, IndexState, Writing
from ingest.library.inventory import Inventory
from ingest.library.originals import Originals
from ingest.library.runs import Runs, State
from ingest.library.search import Search, Searches
from ingest.library.view import View
from ingest.records import (
    Description,
    Filter,
    Hit,
    Known,
    LibraryStatus,
    Look,
    ParsedReport,
    Passage,
    Report,
    Source,
)
from ingest.stretches import Embedded, Stretches


@dataclass(frozen=True, slots=True)
class Put:
    """A version of a report with all that is written of it.

    Attributes:
        report_id: new, or of the report this is the next version of.
        source: where it was read from.
        content: its bytes.
        text_hash: of its text.
        parsed: its text.
        description: what is known of it.
        passages: its passages, in order.
        written: those of them that `Library.unwritten` named.
        made: the vectors of `written`, and of their sentences and rows.
    """

    report_id: str
    source: Source
    content: bytes
    text_hash: str
    parsed: ParsedReport
    description: Description
    passages: Sequence[Passage]
    written: Sequence[Passage]
    made: Embedded


def content_hash_of(content: bytes) -> str:
    """The SHA-256 of a report's bytes, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


class Library:
    """One library.

    Args:
        catalog: the truth, as it is written.
        view: the same, as a filter lets it through.
        history: its past.
        indexes: which index answers.
        inventory: what should be there.
        originals: what the library was made of.
        runs: the queue of its ingestion.
        searches: opens an index.
        is_owned: whether some process owns the library, and works its queue.
    """

    def __init__(
        self,
        catalog: Catalog,
        view: View,
        history: History,
        indexes: Indexes,
        inventory: Inventory,
        originals: Originals,
        runs: Runs,
        searches: Searches,
        is_owned: Callable[[], bool],
    ) -> None:
        self.catalog = catalog
        self.view = view
        self.history = history
        self.indexes = indexes
        self.inventory = inventory
        self.originals = originals
        self.runs = runs
        self.searches = searches
        self._is_owned = is_owned

    def close(self) -> None:
        """Let go of Chroma and of the database; nothing may be asked afterwards."""
        self.searches.close()
        self.catalog.close()

    def bind(self, writing: Writing) -> Index:
        """Hold the library to one embedder and chunking; its first binding makes its index.

        Returns:
            The index that is written to.

        Raises:
            LibraryMismatch: the library was written by others.
        """
        index = self.indexes.live() or self.indexes.make(writing, IndexState.LIVE)
        for key in ("embedder", "dimension", "chunking"):
            kept, wanted = getattr(index.writing, key), getattr(writing, key)
            if kept != wanted and key == "chunking":
                raise LibraryMismatch(
                    f"the library's passages were cut otherwise ({kept!r}) than this Footnote cuts "
                    f"them ({wanted!r}); move it over: python -m ingest reembed --model "
                    f"{index.writing.model or index.writing.embedder.partition('@')[0]}"
                )
            if kept != wanted:
                raise LibraryMismatch(
                    f"the library was written with {key} {kept!r}, but {wanted!r} is asked for; "
                    "leave EMBEDDER as it was, or move the library over: "
                    "python -m ingest reembed --model NAME"
                )
        return index

    def search(self) -> Search | None:
        """The index that answers now; None before anything is written."""
        index = self.indexes.live()
        return self.searches.of(index) if index else None

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
        """Those of the passages, each once, that the index may not hold yet."""
        distinct = {passage.id: passage for passage in passages}
        known = self.catalog.known(list(distinct), self._bound().index.id)
        return [passage for passage in distinct.values() if passage.id not in known]

    def put(self, puts: Sequence[Put]) -> None:
        """Make versions of reports live, all at once.

        Args:
            puts: each of another report.

        Raises:
            LibraryError: something could not be written; the versions before stay live.
        """
        search = self._bound()
        vectors = search.vectors
        entries = []
        for each in puts:
            content_hash = content_hash_of(each.content)
            self.originals.keep(content_hash, each.content, each.parsed)
            entries.append(
                Entry(
                    each.report_id,
                    each.source,
                    content_hash,
                    each.text_hash,
                    each.description,
                    each.passages,
                )
            )
        written = [passage for each in puts for passage in each.written]
        if written:
            vectors.add(
                [passage.id for passage in written],
                [passage.report for passage in written],
                np.concatenate([each.made.vectors for each in puts if each.written]),
            )
            search.words.add(written)
            search.keep_stretches(
                [passage.id for passage in written],
                [each for put in puts for each in put.made.stretches],
            )
        self.catalog.flip(entries, search.index.id, len(written))

    def nearest(self, vector: NDArray[np.float32], wanted: Filter, limit: int) -> list[Hit]:
        """The passages of the index that answers nearest to a vector; see `Search.nearest`."""
        search = self.search()
        return search.nearest(vector, wanted, limit) if search else []

    def matching(self, text: str, wanted: Filter, limit: int) -> list[Hit]:
        """Its passages that match a text's words best; see `Search.matching`."""
        search = self.search()
        return search.matching(text, wanted, limit) if search else []

    def find(self, looks: Sequence[Look], wanted: Filter) -> list[list[Hit]]:
        """What the index that answers finds for several looks at once; see `Search.find`."""
        search = self.search()
        return search.find(looks, wanted) if search else [[] for _ in looks]

    def reports(self, wanted: Filter, offset: int, limit: int) -> list[Report]:
        """Reports, newest first and undated last, `limit` of them from `offset` on.

        Raises:
            LibraryError: the catalog failed.
        """
        return self.view.reports(wanted, offset, limit)

    def known(self, wanted: Filter) -> Known:
        """The publishers, titles and companies of the live reports on a filter's shelves.

        Raises:
            LibraryError: the catalog failed.
        """
        return self.view.known(wanted)

    def text_of(self, report: Report) -> str:
        """The whole text of a report's version.

        Raises:
            LibraryError: its original is gone.
        """
        return self.originals.parsed(report.content_hash).text

    def stretches(self, passage_ids: Sequence[str]) -> Mapping[str, Stretches]:
        """The vectors of passages and of their sentences, by id; see `Search.stretches`."""
        search = self.search()
        return search.stretches(passage_ids) if search else {}

    def with_before(self, hit: Hit) -> Hit | None:
        """A passage and the one before it as one, with all that stands between them.

        Returns:
            The hit with the longer passage; None where there is no passage before it, or one of
            the two is of a table or they are of two sections.

        Raises:
            LibraryError: the catalog failed, or the report's original is gone.
        """
        search, passage = self.search(), hit.passage
        before = search and self.view.before(passage, hit.report, search.index.id)
        if not before or before.heads or passage.heads or before.section != passage.section:
            return None
        text = self.text_of(hit.report)[before.start : passage.end]
        longer = replace(
            passage,
            start=before.start,
            page=before.page,
            paragraph=before.paragraph,
            header=before.header,
            text=text,
        )
        return Hit(longer, hit.report, hit.score)

    def status(self, wanted: Filter) -> LibraryStatus:
        """The library at a glance, counting what a filter lets through.

        Raises:
            LibraryError: the catalog failed.
        """
        reports, passages, undated, newest = self.view.counts(wanted)
        last, waiting = self.runs.last_done(), self.runs.waiting()
        running = next((run for run in waiting if run.state is not State.QUEUED), None)
        if running is not None and not self._is_owned():
            running = None  # its owner died; the next one takes it up
        return LibraryStatus(
            reports=reports,
            passages=passages,
            undated=undated,
            newest=newest,
            last_ingest=last.ended_at if last else None,
            running=f"{running.done} of {running.total}" if running else None,
            waiting=len(waiting) - (running is not None),
            failures=tuple(self.catalog.failures()),
        )

    def _bound(self) -> Search:
        search = self.search()
        if search is None:
            raise LibraryError("nothing can be written before the library is bound to an embedder")
        return search
