"""Looking after a library: check and repair, rebuild and re-embed, sweep and compact.

A new index is always made beside the one that answers; then the two change places in one
transaction of the catalog. What is broken off goes on where it stopped.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from ingest.chunk import CHUNKING
from ingest.errors import IndexUnavailable, LibraryError, RunStopped, SourceError
from ingest.language.likeness import text_hash_of
from ingest.library.indexes import Index, IndexState, Unplaced, Writing
from ingest.library.inventory import Held
from ingest.library.library import Library, content_hash_of
from ingest.library.search import Search
from ingest.records import Findings, Passage, Source
from ingest.sources import folder
from ingest.stretches import Embedded
from ingest.taking import Engine, Progress, Stopped

_BATCH = 512  # passages read, embedded and written at once
_WORDS_BATCH = 10_000  # a commit of tantivy costs much the same for one and for many
_SAMPLE = 200  # vectors that are asked to find themselves
# of a third of dead places recall begins to suffer; below a thousand any search is exact enough
_DEAD_SHARE = 1 / 3
_LEAST_SLOTS = 1_000
_OFF_LENGTH = 0.01  # what rounding may take from a vector's length or add to it
# a file that was taken once fits; one that grew since is not read whole
_LARGEST = 1_000_000_000
# a question that is being answered may still use the index that answered before
_GRACE = timedelta(minutes=1)

VectorsOf = Callable[[Sequence[Passage]], Embedded]


@dataclass(frozen=True, slots=True)
class Difference:
    """What an index holds beside what it should.

    Attributes:
        unseen: passages without a vector, or with one that cannot be right.
        unheard: passages that are not among the words, or twice.
        extra_vectors: vectors of no passage of the catalog.
        extra_words: words of no passage of the catalog.
    """

    unseen: frozenset[str]
    unheard: frozenset[str]
    extra_vectors: frozenset[str]
    extra_words: frozenset[str]


class Upkeep:
    """Looks after one library, for its owner.

    Args:
        library: the library.
        engine_for: gives what parses, cuts and embeds with an embedder; None for the
            library's own.
        kept_for: how long versions that ended are kept; None for ever.
        clock: gives the time, with its zone.
    """

    def __init__(
        self,
        library: Library,
        engine_for: Callable[[str | None], Engine],
        kept_for: timedelta | None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._library = library
        self._engine_for = engine_for
        self._kept_for = kept_for
        self._clock = clock

    def check(self, progress: Progress, stopped: Stopped) -> Findings:
        """Hold catalog, originals and both indexes against each other.

        Raises:
            RunStopped: broken off.
            LibraryError: the catalog cannot be read.
        """
        began = time.monotonic()
        library = self._library
        wrong, done = library.inventory.faults(), list[str]()
        held = library.inventory.held()
        index = library.indexes.live()
        for version in self._each(held, progress, stopped):
            wrong.extend(self._faults_of(version, index))
        try:
            if index is not None:
                search = library.searches.of(index)
                wrong.extend(_told(self._difference(search, index)))
                placed = sorted(library.indexes.passage_ids(index.id))
                if lacking := len(search.without_stretches(placed)):
                    # nothing is wrong with such a library: an older one, or one just restored
                    done.append(
                        "passages whose sentences are embedded when they are asked for, which "
                        f"takes longer: {lacking}; repair embeds them once and for all"
                    )
            wrong.extend(self._strange_indexes())
        except IndexUnavailable as error:
            wrong.append(f"{error}; repair makes it anew")
        wrong.extend(self._strays(held))
        count = len(library.indexes.passage_ids(index.id)) if index else 0
        checked = f"checked versions: {len(held)}, passages: {count}"
        return Findings(tuple(wrong), (checked, *done), _since(began))

    def repair(self, progress: Progress, stopped: Stopped) -> Findings:
        """Mend what can be mended from what is left; no report and no version is dropped.

        Returns:
            What was done, and what must be done by hand.

        Raises:
            RunStopped: broken off; what was mended stays so.
            LibraryError: something cannot be read or written.
            EmbedderError: the embedder cannot be used.
        """
        began = time.monotonic()
        library = self._library
        wrong, done = list(library.inventory.faults()), []
        held = library.inventory.held()
        for version in self._each(held, progress, stopped):
            mended, lost = self._mend_original(version)
            done.extend(mended)
            wrong.extend(lost)
        for content_hash in sorted(self._spare_originals(held)):
            library.originals.remove(content_hash)
            done.append(f"the original {content_hash[:8]}, which no version needs, was removed")
        index = library.indexes.live()
        try:
            done.extend(self._remove_strange_indexes())
            if index is not None:
                done.extend(self._mend_index(index, progress, stopped))
        except IndexUnavailable as error:
            aside = library.searches.set_aside()
            if aside is not None:
                done.append(f"Chroma's folder could not be used ({error}) and was moved to {aside}")
            if index is not None:
                self._remake(index, self._embedding(None), progress, stopped)
                done.append("an index that could not be used was made anew")
        return Findings(tuple(wrong), tuple(done) or ("nothing was wrong",), _since(began))

    def rebuild(self, progress: Progress, stopped: Stopped) -> Findings:
        """Make both indexes anew from the catalog, every passage embedded again.

        Raises:
            RunStopped: broken off; the next one goes on there.
            LibraryError: something cannot be written; the index before goes on answering.
            EmbedderError: the embedder cannot be used.
        """
        began = time.monotonic()
        index = self._library.indexes.live()
        if index is None:
            return Findings((), ("the library is empty",), _since(began))
        held = self._remake(index, self._embedding(None), progress, stopped)
        return Findings((), (f"made both indexes anew; passages: {held}",), _since(began))

    def reembed(self, model: str, progress: Progress, stopped: Stopped) -> Findings:
        """Move the library to another embedder; until it is moved, the one before answers.

        Args:
            model: the setting by which the embedder is loaded.
            progress: told how far it is.
            stopped: asked whether to break off.

        Raises:
            RunStopped: broken off; the next one goes on there.
            LibraryError: a text is missing, or something cannot be written.
            EmbedderError: the embedder cannot be used.
        """
        began = time.monotonic()
        library = self._library
        index = library.indexes.live()
        if index is None:
            return Findings((), ("the library is empty; set EMBEDDER",), _since(began))
        engine = self._engine_for(model)
        writing = Writing(engine.identity, engine.dimension, CHUNKING, model)
        new = self._begun(writing)
        self._place(new, self._unplaced(new), engine, progress, stopped)
        count = self._fill(new, self._embedding(model), progress, stopped)
        return Findings(
            (),
            (
                f"moved from {index.writing.embedder} to {writing.embedder}; passages: {count}",
                f"where EMBEDDER is set, set it to {model} or unset it",
            ),
            _since(began),
        )

    def tidy(self, stopped: Stopped = lambda: False) -> Findings:
        """Sweep what is older than is kept, compact a worn index, delete a retired one.

        Args:
            stopped: asked whether to break off.

        Raises:
            RunStopped: broken off; the next one goes on there.
            LibraryError: something cannot be written.
            EmbedderError: a vector is missing and the embedder cannot be used.
        """
        began = time.monotonic()
        self._hash_texts()
        done = [*self._sweep(), *self._compact(stopped), *self._forget_retired()]
        return Findings((), tuple(done), _since(began))

    def _each(self, held: Sequence[Held], progress: Progress, stopped: Stopped) -> Iterator[Held]:
        for place, version in enumerate(held):
            if stopped():
                raise RunStopped("stopped; run it again")
            progress(place, len(held), version.title)
            yield version

    def _faults_of(self, version: Held, index: Index | None) -> Iterator[str]:
        """What is wrong with a version's original, text and passages."""
        library = self._library
        about = f"{version.title!r}, version {version.number}"
        if fault := library.originals.fault(version.content_hash):
            yield f"{about}: {fault}; repair takes it from its file where that still stands"
        if fault := library.originals.text_fault(version.content_hash):
            yield f"{about}: {fault}; repair makes it anew"
            return
        places = library.inventory.places(version.version_id, index.id) if index else []
        if not places:
            yield f"{about}: it has no passages; repair cuts them anew"
        said = library.originals.parsed(version.content_hash).text
        astray = sum(said[each.start : each.end] != each.text for each in places)
        if astray:
            yield (
                f"{about}: passages that do not stand in its text: {astray}; "
                "drop its file and ingest it again"
            )

    def _mend_original(self, version: Held) -> tuple[list[str], list[str]]:
        """Mend a version's original and text: what was done, and what is lost."""
        library = self._library
        originals = library.originals
        done, lost = [], []
        about = f"{version.title!r}, version {version.number}"
        if fault := originals.fault(version.content_hash):
            name = self._taken_from_its_file(version.content_hash)
            if name:
                done.append(f"{about}: {fault}; it was taken from {name} again")
            else:
                lost.append(f"{about}: {fault}, and its file stands nowhere; restore a backup")
        if originals.text_fault(version.content_hash) and not originals.fault(version.content_hash):
            if self._parsed_again(version):
                done.append(f"{about}: its text was read out of its original again")
            else:
                lost.append(f"{about}: its text cannot be read out of its original again")
        return done, lost

    def _taken_from_its_file(self, content_hash: str) -> str:
        """Put an original back from a file that still holds it; the file's name, or nothing."""
        for standing in self._library.catalog.standing_with(content_hash):
            source = Source(standing.uri, standing.name, standing.shelf)
            with suppress(SourceError):
                content = folder.read(source, _LARGEST)
                if content_hash_of(content) == content_hash:
                    self._library.originals.mend(content_hash, content)
                    return standing.name
        return ""

    def _parsed_again(self, version: Held) -> bool:
        """Parse a version's original; whether that gave the text its passages stand in."""
        library = self._library
        content = library.originals.content(version.content_hash)
        try:
            task = self._engine_for(None).submit(content, version.name or "original.txt")
            parsed = task.result().report
        except SourceError:
            return False
        index = library.indexes.live()
        places = library.inventory.places(version.version_id, index.id) if index else []
        if any(parsed.text[each.start : each.end] != each.text for each in places):
            return False
        library.originals.mend(version.content_hash, parsed=parsed)
        return True

    def _difference(self, search: Search, index: Index) -> Difference:
        placed = self._library.indexes.passage_ids(index.id)
        seen, said = search.vectors.ids(), search.words.ids()
        heard = Counter(said)
        doubled = {each for each, times in heard.items() if times > 1}
        return Difference(
            unseen=frozenset((placed - seen) | self._wrong_vectors(search, index, placed & seen)),
            unheard=frozenset((placed - heard.keys()) | (doubled & placed)),
            extra_vectors=frozenset(seen - placed),
            extra_words=frozenset(heard.keys() - placed),
        )

    def _wrong_vectors(self, search: Search, index: Index, ids: set[str]) -> set[str]:
        """Passages whose vector does not come back, cannot be right, or does not find itself."""
        wrong: set[str] = set()
        ordered = sorted(ids)
        for some in _batches(ordered, _BATCH):
            vectors = search.vectors.of(some)
            for passage_id in some:
                row = vectors.get(passage_id)
                if row is None or not _may_be_right(row, index.writing.dimension):
                    wrong.add(passage_id)
        step = max(len(ordered) // _SAMPLE, 1)
        sample = search.vectors.of([each for each in ordered[::step] if each not in wrong])
        for passage_id, row in sample.items():
            nearest = search.vectors.nearest(row, 1, None)
            # another passage with the very same words may come first
            if not nearest or nearest[0][1] < 0.999:
                wrong.add(passage_id)
        return wrong

    def _mend_index(self, index: Index, progress: Progress, stopped: Stopped) -> list[str]:
        done = []
        lacking = [
            each
            for each in self._library.indexes.unplaced(index.id)
            if not self._library.originals.text_fault(each.content_hash)
        ]
        if lacking:
            self._place(index, lacking, None, progress, stopped)
            done.append(f"versions whose passages were cut anew: {len(lacking)}")
        search = self._library.searches.of(index)
        difference = self._difference(search, index)
        stray = sorted(difference.extra_vectors | difference.unseen)
        if stray:
            search.vectors.remove(stray)
        if spare := sorted(difference.extra_words | difference.unheard):
            search.words.remove(spare)
        self._write(search, sorted(difference.unseen), self._embedding(None), _untold, stopped)
        self._write_words(search, sorted(difference.unheard))
        lacking_stretches = self._mend_stretches(index, search, stopped)
        for count, what in (
            (len(difference.unseen), "vectors made anew"),
            (len(difference.unheard), "passages put among the words again"),
            (lacking_stretches, "passages whose sentences were embedded anew"),
            (len(difference.extra_vectors), "left-over vectors removed"),
            (len(difference.extra_words), "left-over passages removed from the words"),
        ):
            if count:
                done.append(f"{what}: {count}")
        slots = index.slots + len(difference.unseen)
        if difference.unseen or slots < search.vectors.count():
            self._library.inventory.note_slots(index.id, max(slots, search.vectors.count()))
        return done

    def _mend_stretches(self, index: Index, search: Search, stopped: Stopped) -> int:
        """Embed the sentences and rows of which no vectors are kept; of how many passages."""
        placed = sorted(self._library.indexes.passage_ids(index.id))
        lacking = search.without_stretches(placed)
        embed = self._embedding(None)
        for some in _batches(lacking, _BATCH):
            if stopped():
                raise RunStopped("stopped; run it again to go on")
            held = self._library.indexes.passages(some)
            search.keep_stretches([each.id for each in held], embed(held).stretches)
        return len(lacking)

    def _spare_originals(self, held: Sequence[Held]) -> set[str]:
        """The hashes of originals that no version needs."""
        return self._library.originals.hashes() - {each.content_hash for each in held}

    def _strays(self, held: Sequence[Held]) -> Iterator[str]:
        if spare := len(self._spare_originals(held)):
            yield f"originals that no version needs: {spare}; repair removes them"

    def _strange_indexes(self) -> Iterator[str]:
        library = self._library
        for index in library.indexes.all(IndexState.MAKING):
            yield f"an index by {index.writing.embedder} was begun and not finished; repair ends it"
        for name in library.searches.strays(library.indexes.all(*IndexState)):
            yield f"{name} belongs to no index; repair deletes it"

    def _remove_strange_indexes(self) -> Iterator[str]:
        library = self._library
        for index in library.indexes.all(IndexState.MAKING):
            self._forget(index)
            yield f"the index by {index.writing.embedder} that was begun was deleted"
        for name in library.searches.remove_strays(library.indexes.all(*IndexState)):
            yield f"{name}, which belonged to no index, was deleted"

    def _embedding(self, model: str | None) -> VectorsOf:
        """What embeds passages with a model; None for the one that wrote the live index."""

        def vectors_of(held: Sequence[Passage]) -> Embedded:
            return self._engine(model).embed(held)

        return vectors_of

    def _engine(self, model: str | None) -> Engine:
        """What works with a model; None for the one that wrote the live index, and no other.

        Raises:
            LibraryMismatch: another one is set.
        """
        engine = self._engine_for(model)
        if model is None:
            self._library.bind(Writing(engine.identity, engine.dimension, CHUNKING))
        return engine

    def _begun(self, writing: Writing) -> Index:
        """The index in the making with this writing; a new one where there is none."""
        library = self._library
        begun = None
        for index in library.indexes.all(IndexState.MAKING):
            if index.writing == writing and begun is None:
                begun = index
            else:
                self._forget(index)
        return begun or library.indexes.make(writing)

    def _remake(
        self, live: Index, vectors_of: VectorsOf, progress: Progress, stopped: Stopped
    ) -> int:
        """Make another index that holds what the live one should; how many passages."""
        new = self._begun(live.writing)
        # what came since a remaking that was broken off, too
        self._library.indexes.copy_placements(live.id, new.id)
        self._place(new, self._unplaced(new), None, progress, stopped)
        return self._fill(new, vectors_of, progress, stopped)

    def _unplaced(self, index: Index) -> list[Unplaced]:
        """The versions that an index does not hold and that can be cut.

        Raises:
            LibraryError: the text of one is missing.
        """
        unplaced = self._library.indexes.unplaced(index.id)
        lost = [
            each.description.title
            for each in unplaced
            if self._library.originals.text_fault(each.content_hash)
        ]
        if lost:
            raise LibraryError(
                f"the text of {', '.join(lost)} is missing, so it cannot be cut anew; nothing was "
                "changed. Run 'python -m ingest repair' first, or restore a backup"
            )
        return unplaced

    def _place(
        self,
        index: Index,
        unplaced: Sequence[Unplaced],
        engine: Engine | None,
        progress: Progress,
        stopped: Stopped,
    ) -> None:
        """Cut versions, with the engine of the live index where none is given, and place them."""
        library = self._library
        for place, version in enumerate(unplaced):
            if stopped():
                raise RunStopped("stopped; run it again to go on")
            progress(place, len(unplaced), version.description.title)
            parsed = library.originals.parsed(version.content_hash)
            cutting = engine or self._engine(None)
            held = cutting.cut(parsed, version.description, version.report_id)
            library.indexes.place(index.id, version.version_id, held)

    def _fill(
        self, index: Index, vectors_of: VectorsOf, progress: Progress, stopped: Stopped
    ) -> int:
        """Write what is placed in an index and not there yet, and let it answer."""
        library = self._library
        search = library.searches.of(index)
        placed = library.indexes.passage_ids(index.id)
        seen, heard = search.vectors.ids(), set(search.words.ids())
        self._write(search, sorted(placed - seen), vectors_of, progress, stopped)
        self._write_words(search, sorted(placed - heard))
        # swept since it was begun
        search.vectors.remove(sorted(seen - placed))
        search.words.remove(sorted(heard - placed))
        library.indexes.promote(index.id, search.vectors.count())
        return len(placed)

    def _write(
        self,
        search: Search,
        passage_ids: Sequence[str],
        vectors_of: VectorsOf,
        progress: Progress,
        stopped: Stopped,
    ) -> None:
        for start in range(0, len(passage_ids), _BATCH):
            if stopped():
                raise RunStopped("stopped; run it again to go on")
            progress(start, len(passage_ids), "passages")
            held = self._library.indexes.passages(passage_ids[start : start + _BATCH])
            made = vectors_of(held)
            ids = [each.id for each in held]
            search.vectors.add(ids, [each.report for each in held], made.vectors)
            search.keep_stretches(ids, made.stretches)

    def _write_words(self, search: Search, passage_ids: Sequence[str]) -> None:
        for some in _batches(passage_ids, _WORDS_BATCH):
            search.words.add(self._library.indexes.passages(some))

    def _hash_texts(self) -> None:
        """Hash the texts that the first schema kept no hash of, so that copies are known."""
        library = self._library
        for version in library.inventory.unhashed():
            if not library.originals.text_fault(version.content_hash):
                said = library.originals.parsed(version.content_hash).text
                library.inventory.note_text(version.version_id, text_hash_of(said))

    def _sweep(self) -> Iterator[str]:
        """Remove versions that ended longer ago than they are kept."""
        if self._kept_for is None:
            return
        library, now = self._library, self._clock()
        ended = library.inventory.ended_before(now - self._kept_for)
        if not ended:
            return
        passage_ids, spare = library.inventory.sweep(ended, now)
        # the catalog first: what a crash leaves in the indexes is never shown
        search = library.search()
        if search is not None and passage_ids:
            search.vectors.remove(passage_ids)
            search.words.remove(passage_ids)
            library.searches.store.remove(passage_ids)
        for content_hash in spare:
            library.originals.remove(content_hash)
        yield f"swept versions: {len(ended)}, passages: {len(passage_ids)}"

    def _compact(self, stopped: Stopped) -> Iterator[str]:
        """Copy a vector index with many dead places into a new one."""
        library = self._library
        index = library.indexes.live()
        if index is None or index.slots < _LEAST_SLOTS:
            return
        search = library.searches.of(index)
        dead = 1 - search.vectors.count() / index.slots
        if dead <= _DEAD_SHARE:
            return
        embed = self._embedding(None)

        def copied(passages: Sequence[Passage]) -> Embedded:
            there = search.vectors.of([each.id for each in passages])
            lost = [each for each in passages if each.id not in there]
            if lost:
                there.update(zip((each.id for each in lost), embed(lost).vectors, strict=True))
            # those of their sentences are kept already: it is the same embedder's index
            return Embedded(np.stack([there[each.id] for each in passages]))

        self._remake(index, copied, _untold, stopped)
        yield f"compacted the vectors: {dead:.0%} of their places were dead"

    def _forget_retired(self) -> Iterator[str]:
        for index in self._library.indexes.all(IndexState.RETIRED):
            if index.retired_at is None or self._clock() - index.retired_at >= _GRACE:
                self._forget(index)
                yield f"deleted the index by {index.writing.embedder} that answered before"

    def _forget(self, index: Index) -> None:
        self._library.searches.forget(index)
        self._library.indexes.forget(index.id)
        left = self._library.indexes.all(*IndexState)
        self._library.searches.store.keep_only({each.writing.embedder for each in left})


def _told(difference: Difference) -> Iterator[str]:
    for ids, what in (
        (difference.unseen, "passages without a right vector: {}; repair makes them anew"),
        (difference.unheard, "passages not just once among the words: {}; repair mends it"),
        (difference.extra_vectors, "vectors left over, never shown: {}; repair removes them"),
        (difference.extra_words, "passages left over among the words: {}; repair removes them"),
    ):
        if ids:
            yield what.format(len(ids))


def _may_be_right(vector: NDArray[np.float32], dimension: int) -> bool:
    """Whether a vector has the dimension, and the length of 1, that every embedding has."""
    return vector.shape == (dimension,) and abs(float(np.linalg.norm(vector)) - 1) < _OFF_LENGTH


def _batches(values: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _untold(_done: int, _total: int, _name: str) -> None:
    """Progress of what is too short to be told."""


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)
