"""The sources of one run of ingestion, taken one after the other."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

import numpy as np
import structlog

from ingest.chunk import CHUNKING
from ingest.describe import describe
from ingest.errors import FootnoteError, RunStopped, SourceError
from ingest.language.likeness import text_hash_of
from ingest.library.catalog import Move, Standing
from ingest.library.indexes import Writing
from ingest.library.library import Library, Put, content_hash_of
from ingest.placing import Placing
from ingest.records import (
    Description,
    Filter,
    Outcome,
    ParsedReport,
    Passage,
    Report,
    Row,
    Source,
    Told,
)
from ingest.sidecar import read_sidecar
from ingest.sources import folder
from ingest.sources.online import Failed, Found, Polled, Result, Same, written
from ingest.stretches import Embedded, Stretches

_log = structlog.get_logger(__name__)
_AT_ONCE = 64  # passages embedded between two looks at whether to stop
# versions are written together, as many as make up for the cost of a commit, and not so many
# that a crash undoes long work
_BATCH_PASSAGES = 256
_BATCH_SECONDS = 5.0
_PATIENCE_SECONDS = 0.3  # how long a file is waited for between two looks at whether to stop
# files parsed ahead of the one that is embedded
_AHEAD_FILES = 8
_AHEAD_BYTES = 64_000_000

Seen = Mapping[str, tuple[str, str, str | None]]
"""Addresses, each with its name, its shelf and how it looked when it was last read."""

Progress = Callable[[int, int, str], None]
"""Told how many sources are done, how many there are, and which one is next."""

Stopped = Callable[[], bool]
"""Asked whether to break off."""

_ANEW = "described anew"
_BY_HAND = "hand"  # where what people say of a report by a command is told


class Reading(Protocol):
    """A report read out of its bytes."""

    @property
    def report(self) -> ParsedReport:
        """Its text and blocks."""
        ...

    @property
    def description(self) -> Description:
        """What is known of it."""
        ...


class Parsing(Protocol):
    """A file that is being parsed."""

    def wait(self, seconds: float) -> bool:
        """Wait for it so long at most; whether it is done."""
        ...

    def result(self) -> Reading:
        """Wait for it; the report, or a `SourceError` that says why there is none."""
        ...


class Engine(Protocol):
    """What ingestion needs of whatever parses and embeds."""

    @property
    def identity(self) -> str:
        """The embedder's name with what tells its weights apart."""
        ...

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        ...

    def submit(self, content: bytes, name: str, told: Sequence[Told] = ()) -> Parsing:
        """Begin to parse a file, of which something is said outside of it."""
        ...

    def cut(self, parsed: ParsedReport, description: Description, report_id: str) -> list[Passage]:
        """The passages of a report, in order."""
        ...

    def embed(self, passages: Sequence[Passage]) -> Embedded:
        """The vectors of passages, and of the sentences and rows in them."""
        ...


class Taking:
    """The sources of one run, taken one after the other.

    What the library knows is settled first: a report that was moved is found at its new
    address before another one that was put at its old address can pass for its revision. The
    rest is parsed a few files ahead, cut, embedded, and written in batches.
    """

    def __init__(
        self,
        library: Library,
        engine: Engine,
        largest: int,
        model: str | None,
        found: Sequence[Source],
        known: Seen,
        gone: dict[str, str],
        progress: Progress,
        stopped: Callable[[], bool],
    ) -> None:
        self._library = library
        self._catalog = library.catalog
        self._engine = engine
        self._largest = largest
        self._model = model
        self._found = found
        self._known = known
        self._progress = progress
        self._stopped = stopped
        self._placing = Placing(library, self._stands, gone)
        self._rows: dict[str, Row] = {}
        self._failed: set[str] = set()
        self._moves: list[Move] = []
        self._seen_again: list[Source] = []
        self._anew: list[Move] = []
        self._batch: list[tuple[Source, Put]] = []
        self._batch_began = 0.0
        self._standing: dict[tuple[str, str], bool] = {}

    def take(self, *, patient: bool) -> tuple[list[Row], set[str]]:
        """Take every source; the rows, and the addresses of those that failed."""
        unknown = list(self._unsettled(patient=patient))
        # all at once: two files that changed places must not drop each other's reports
        self._catalog.rearrange(self._moves)
        self._catalog.glance(self._seen_again)
        for move in self._anew:
            self._guarded(move.source, partial(self._describe_moved, move))
        try:
            for source, content, parsing in self._ahead(unknown):
                self._guarded(source, partial(self._write, source, content, parsing))
        finally:
            # also where it is broken off: what is embedded is not embedded again
            self._flush()
        self._progress(len(self._rows), len(self._found), "")
        return list(self._rows.values()), self._failed

    def _unsettled(self, *, patient: bool) -> Iterator[Source]:
        """Settle the sources that look or read as before; the others."""
        failures = {each.uri: each for each in self._catalog.failures()} if patient else {}
        for source in self._found:
            look = (source.name, source.shelf, source.seen)
            if source.seen is not None and self._known.get(source.uri) == look:
                self._rows[source.uri] = Row(source.name, Outcome.UNCHANGED)
                continue
            failure = failures.get(source.uri)
            if failure is not None and source.seen is not None and failure.seen == source.seen:
                self._rows[source.uri] = Row(source.name, Outcome.FAILED, failure.reason)
                self._failed.add(source.uri)
                continue
            self._tell(source)
            settled = self._guarded(source, partial(self._settle, source))
            if not settled:
                yield source

    def take_online(self, results: Iterable[Result]) -> list[Row]:
        """Take what was found on the web, one after the other; the rows."""
        before = set(self._rows)
        mended: list[str] = []
        try:
            for result in results:
                match result:
                    case Found(source, content, told, _):
                        self._tell(source)
                        arrived = replace(source, told=told)
                        self._guarded(arrived, partial(self._arrive, arrived, content))
                        mended.extend({source.uri} - self._failed)
                    case Same(uri, shelf, validators):
                        mended.append(uri)
                        self._note_same(uri, shelf, written(validators))
                    case Failed(source, reason):
                        self._fail(source, reason)
                    case Polled(uri):
                        mended.append(uri)
        finally:
            self._flush()
        self._catalog.forgive(mended)
        return [row for uri, row in self._rows.items() if uri not in before]

    def _arrive(self, source: Source, content: bytes) -> Row:
        """Place what was fetched."""
        content_hash = content_hash_of(content)
        settled = self._placing.by_bytes(source, content_hash)
        if settled is None:
            parsing = self._engine.submit(content, source.name, source.told)
            return self._write(source, content, parsing)
        self._catalog.rearrange([settled.move] if settled.move else [])
        self._catalog.glance([source])
        if settled.anew is not None:
            self._rows[source.uri] = settled.row
            return self._describe_moved(Move(source, content_hash, settled.anew))
        return settled.row

    def _note_same(self, uri: str, shelf: str, seen: str) -> None:
        """Note that what stands at an address on the web is what it was."""
        names = [each.name for each in self._catalog.standing_at(uri)]
        if names:
            self._catalog.glance([Source(uri, names[0], shelf, seen)])
            self._rows[uri] = Row(names[0], Outcome.UNCHANGED)

    def _settle(self, source: Source) -> Row | None:
        source, content = self._open(source)
        content_hash = content_hash_of(content)
        settled = self._placing.by_bytes(source, content_hash)
        if settled is None:
            return None
        if settled.move is not None:
            self._moves.append(settled.move)
            if settled.anew is not None:
                self._anew.append(Move(source, content_hash, settled.anew))
        else:
            self._seen_again.append(source)
        return settled.row

    def _open(self, source: Source) -> tuple[Source, bytes]:
        """A source with what the file beside it says, and its bytes."""
        beside = folder.sidecar(source)
        if beside is not None:
            source = replace(source, told=(read_sidecar(*beside), *source.told))
        return source, folder.read(source, self._largest)

    def _ahead(self, unknown: Sequence[Source]) -> Iterator[tuple[Source, bytes, Parsing]]:
        """The sources with their bytes, each being parsed, a few ahead of the one given."""
        waiting: deque[tuple[Source, bytes, Parsing]] = deque()
        rest = iter(unknown)
        size = 0
        more = True
        while more or waiting:
            while more and (not waiting or (len(waiting) < _AHEAD_FILES and size < _AHEAD_BYTES)):
                source = next(rest, None)
                if source is None:
                    more = False
                    break
                opened = self._read(source)
                if opened is not None:
                    source, content = opened
                    parsing = self._engine.submit(content, source.name, source.told)
                    waiting.append((source, content, parsing))
                    size += len(content)
            if waiting:
                source, content, parsing = waiting.popleft()
                size -= len(content)
                self._tell(source)
                yield source, content, parsing

    def _read(self, source: Source) -> tuple[Source, bytes] | None:
        """A source and its bytes; None where there are none, which is a row then."""
        found: list[tuple[Source, bytes]] = []

        def read() -> None:
            found.append(self._open(source))

        self._guarded(source, read)
        return found[0] if found else None

    def _tell(self, source: Source) -> None:
        """Tell what is next, unless it is to be broken off."""
        if self._stopped():
            raise RunStopped(
                f"stopped after {len(self._rows)} of {len(self._found)} files; "
                "run it again to go on"
            )
        self._progress(len(self._rows), len(self._found), source.name)

    def _guarded(self, source: Source, work: Callable[[], Row | None]) -> bool:
        """Do something with a source, which becomes a row where that gives one or fails."""
        try:
            row = work()
        except SourceError as error:
            reason = str(error)
        except FootnoteError:
            raise
        except Exception as error:  # noqa: BLE001 (one report must not cost the others, whatever it sets off)
            _log.exception("a report set off a fault of Footnote", report=source.name)
            reason = (
                f"{source.name} could not be taken, which is a fault of Footnote "
                f"({type(error).__name__}: {error}); save it anew or in another format"
            )
        else:
            if row is not None and source.uri not in self._failed:
                self._rows[source.uri] = row
            return row is not None
        self._fail(source, reason)
        return True

    def _fail(self, source: Source, reason: str) -> None:
        self._catalog.fail(source, reason)
        self._rows[source.uri] = Row(source.name, Outcome.FAILED, reason)
        self._failed.add(source.uri)

    def _write(self, source: Source, content: bytes, parsing: Parsing) -> Row:
        """Place one report; where it is new or changed, cut and embed it, and write it soon."""
        while not parsing.wait(_PATIENCE_SECONDS):
            if self._stopped():
                raise RunStopped(f"stopped while {source.name} was read; run it again to go on")
        read = parsing.result()
        content_hash = content_hash_of(content)
        # one text for the same bytes, whatever their file was called when they were read first
        parsed = self._library.originals.kept(content_hash) or read.report
        description, text_hash = read.description, text_hash_of(parsed.text)
        if self._concerns_batch(source, text_hash, description):
            self._flush()

        def described(report_id: str | None) -> Description:
            """What is known of it, with what people said by hand of a report with an id."""
            by_hand = self._catalog.corrections(report_id) if report_id else {}
            if not by_hand:
                return description
            return describe(parsed, source.name, (Told(_BY_HAND, by_hand), *source.told))

        settled = self._placing.by_bytes(source, content_hash) or self._placing.by_text(
            source, content_hash, text_hash, described
        )
        if settled is not None:
            if self._catalog.holds(content_hash):
                # nothing, unless the original was lost
                self._library.originals.keep(content_hash, content, parsed)
            self._catalog.rearrange([settled.move] if settled.move else [])
            anew = settled.anew
            if anew is None:
                return settled.row
            if described(anew) == self._live(anew).description:
                self._catalog.rearrange([Move(source, content_hash, anew)])
                return settled.row
            written = self._describe_anew(anew, source, content, parsed, text_hash, described(anew))
            said = f"{settled.row.reason}; {_ANEW}"
            return replace(settled.row, reason=said, passages=written)
        report_id, before = self._placing.whose(source, content_hash, text_hash, described, parsed)
        written = self._add_version(
            report_id, source, content, parsed, text_hash, described(report_id)
        )
        said = read.report.remark
        if before is not None and before.uri != source.uri:
            self._flush()
            moved = self._placing.settle_moved(before, source)
            said = "; ".join(filter(None, (moved, said)))
        elif before is not None and before.content_hash == content_hash:
            said = _ANEW
        return Row(
            source.name, Outcome.CHANGED if before else Outcome.ADDED, said, passages=written
        )

    def describe(self, report: Report, source: Source) -> Row:
        """Describe a live report anew, from what the library keeps of it."""
        kept = self._library.originals
        parsed, content = kept.parsed(report.content_hash), kept.content(report.content_hash)
        by_hand = Told(_BY_HAND, self._catalog.corrections(report.id))
        description = describe(parsed, source.name, (by_hand, *source.told))
        if description == report.description:
            return Row(source.name, Outcome.UNCHANGED, "it is described so already")
        written = self._describe_anew(
            report.id, source, content, parsed, text_hash_of(parsed.text), description
        )
        return Row(source.name, Outcome.CHANGED, _ANEW, passages=written)

    def _describe_anew(
        self,
        report_id: str,
        source: Source,
        content: bytes,
        parsed: ParsedReport,
        text_hash: str,
        description: Description,
    ) -> int:
        """Write a version that says the same; its copies hold it too, whatever shelf is theirs."""
        standing = self._catalog.standing_of(report_id)
        copies = [each for each in standing if each.live and each.uri != source.uri]
        try:
            written = self._add_version(report_id, source, content, parsed, text_hash, description)
        finally:
            self._flush()
        self._catalog.rearrange(
            [Move(source_at(each), each.content_hash, report_id) for each in copies]
        )
        return written

    def _describe_moved(self, move: Move) -> Row:
        """Describe a report anew where it was moved to, if another thing is said of it there."""
        moved = self._rows[move.source.uri]
        described = self.describe(self._live(move.report_id), move.source)
        if described.outcome is Outcome.UNCHANGED:
            self._catalog.rearrange([move])
            return moved
        return replace(moved, reason=f"{moved.reason}; {_ANEW}", passages=described.passages)

    def _live(self, report_id: str) -> Report:
        """The live version of a report."""
        return self._library.reports(Filter(reports=frozenset({report_id})), 0, 1)[0]

    def _add_version(
        self,
        report_id: str,
        source: Source,
        content: bytes,
        parsed: ParsedReport,
        text_hash: str,
        description: Description,
    ) -> int:
        """Cut and embed a version, which is written soon; how many of its passages are new."""
        engine = self._engine
        self._library.bind(Writing(engine.identity, engine.dimension, CHUNKING, self._model))
        passages = engine.cut(parsed, description, report_id)
        written = self._library.unwritten(passages)
        made = self._embed(source, written)
        put = Put(
            report_id, source, content, text_hash, parsed, description, passages, written, made
        )
        self._add(source, put)
        return len(written)

    def _embed(self, source: Source, passages: Sequence[Passage]) -> Embedded:
        # texts of like length are embedded together, so that little of a batch is padding
        order = sorted(range(len(passages)), key=lambda place: len(passages[place].embedded))
        vectors = np.empty((0, 0), dtype=np.float32)
        stretches: dict[int, Stretches] = {}
        for start in range(0, len(order), _AT_ONCE):
            if start and self._stopped():
                raise RunStopped(f"stopped in the middle of {source.name}; run it again to go on")
            some = order[start : start + _AT_ONCE]
            made = self._engine.embed([passages[place] for place in some])
            if not start:
                vectors = np.empty((len(passages), made.vectors.shape[1]), dtype=np.float32)
            vectors[some] = made.vectors
            stretches.update(zip(some, made.stretches, strict=True))
        return Embedded(vectors, [stretches[place] for place in range(len(passages))])

    def _concerns_batch(self, source: Source, text_hash: str, description: Description) -> bool:
        """Whether what a source is may hang on a version that is not written yet."""
        if not self._batch:
            return False
        # two copies of a report that were both changed must not both pass for its revision
        held = {each.report_id for each in self._catalog.standing_at(source.uri)}
        return any(
            put.report_id in held
            or put.text_hash == text_hash
            or put.description.title == description.title
            for _, put in self._batch
        )

    def _add(self, source: Source, put: Put) -> None:
        if any(each.report_id == put.report_id for _, each in self._batch):
            self._flush()
        if not self._batch:
            self._batch_began = time.monotonic()
        self._batch.append((source, put))
        many = sum(len(each.written) for _, each in self._batch) >= _BATCH_PASSAGES
        if many or time.monotonic() - self._batch_began > _BATCH_SECONDS:
            self._flush()

    def _flush(self) -> None:
        """Write what is waiting; where one sets off a fault, each by itself."""
        batch, self._batch = self._batch, []
        if not batch:
            return
        try:
            self._library.put([put for _, put in batch])
        except FootnoteError:
            raise
        except Exception:  # noqa: BLE001 (the others must not be lost with the one that sets it off)
            for source, put in batch:
                self._guarded(source, partial(self._put_alone, put))

    def _put_alone(self, put: Put) -> None:
        self._library.put([put])

    def _stands(self, standing: Standing) -> bool:
        """Whether the bytes last read at an address stand there still; looked at once in a run.

        What cannot be read now must not seem to have gone or changed.
        """
        which = (standing.uri, standing.content_hash)
        if not folder.is_file_address(standing.uri):
            return True  # what is on the web is not asked for
        if which not in self._standing:
            source = Source(standing.uri, standing.name, standing.shelf)
            try:
                content = folder.read(source, self._largest)
            except SourceError:
                self._standing[which] = folder.exists(standing.uri)
            else:
                self._standing[which] = content_hash_of(content) == standing.content_hash
        return self._standing[which]


def source_at(standing: Standing) -> Source:
    """An address as a source that looks, and of which is said, what was last read there."""
    return Source(standing.uri, standing.name, standing.shelf, standing.seen, standing.told)
