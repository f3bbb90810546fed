"""What the library costs when it is large, old and left alone.

    python -m tests.benchmarks.library [--passages 100000] [--revised 5000]

Four measurements in one run: 2,000 unchanged files beside a bare walk that looks at each; one
new report into a large library beside one into an empty library, embedding left out; the
memory of the process that owns the large one, its embedder loaded and asked; and how much of
what an exact search finds is found after ten times the library's size was revised, superseded
passages kept, and swept.

Vectors are drawn, not embedded: topics in a space of few dimensions, and noise around them,
which is what embeddings of reports look like. Each has the 384 dimensions of the model
shipped.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import psutil
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from ingest.chunk import CHUNKING
from ingest.embed import Embedder
from ingest.language.likeness import text_hash_of
from ingest.library.indexes import Writing
from ingest.library.library import Library, Put, content_hash_of
from ingest.library.opening import open_library
from ingest.library.runs import Wish
from ingest.pipeline import Pipeline
from ingest.records import (
    Block,
    BlockKind,
    Description,
    Filter,
    ParsedReport,
    Passage,
    Source,
)
from ingest.stretches import Embedded, Stretches
from ingest.upkeep import Upkeep
from tests.embedders import WordEmbedder
from tests.ingest.engines import InlineEngine

_DIMENSION = 384
_TOPICS = 200
_INNER = 48  # dimensions that the topics and most of the noise lie in
_PER_REPORT = 100
_FILES = 2_000
_ROUNDS = 9
_QUESTIONS = 100
_DEPTH = 50
_REVISIONS = 10

Vectors = NDArray[np.float32]


class Drawn:
    """Vectors drawn around topics.

    Args:
        seed: the same one draws the same.
    """

    def __init__(self, seed: int = 0) -> None:
        self._generator = np.random.default_rng(seed)
        self._basis = self._generator.normal(size=(_INNER, _DIMENSION))
        self._topics = self._generator.normal(size=(_TOPICS, _INNER))

    def __call__(self, count: int) -> Vectors:
        """So many rows of length 1."""
        draw = self._generator
        inner = self._topics[draw.integers(_TOPICS, size=count)]
        inner = inner + 0.7 * draw.normal(size=(count, _INNER))
        rows = inner @ self._basis + 0.5 * draw.normal(size=(count, _DIMENSION))
        unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        return unit


class DrawingEngine(InlineEngine):
    """Parses and cuts as ever; what it embeds is drawn at once.

    Args:
        drawn: gives the vectors.
    """

    def __init__(self, drawn: Drawn) -> None:
        super().__init__(WordEmbedder(dimension=_DIMENSION))
        self._drawn = drawn

    def embed(self, passages: Sequence[Passage]) -> Embedded:
        """Drawn vectors, and two more for two sentences of each passage."""
        return drawn_for(passages, self._drawn)


def drawn_for(passages: Sequence[Passage], drawn: Drawn) -> Embedded:
    """Vectors of passages and of two stretches of each, as a report of two sentences has."""
    vectors = drawn(len(passages))
    spans = np.array([[0, 1], [1, 2]], dtype=np.int32)
    return Embedded(vectors, [Stretches(each, spans, np.stack([each, each])) for each in vectors])


def report(number: int, version: int, changed: range) -> list[str]:
    """The paragraphs of a report; those that changed speak of its version."""
    return [
        f"Report {number} says in paragraph {place} that metal {number * place % 997} was worth "
        f"{(number + place * (version if place in changed else 1)) % 9973} dollars"
        f"{f' in revision {version}' if place in changed and version else ''}."
        for place in range(_PER_REPORT)
    ]


def put_of(library: Library, number: int, version: int, changed: range, drawn: Drawn) -> Put:
    """A version of a report, cut a paragraph a passage, and vectors for what is new of it."""
    paragraphs = report(number, version, changed)
    text = "\n".join(paragraphs)
    blocks, passages, start = [], [], 0
    report_id = f"{number:016x}"
    for place, paragraph in enumerate(paragraphs):
        end = start + len(paragraph)
        blocks.append(Block(BlockKind.PARAGRAPH, start, end, None, place + 1))
        passage_id = content_hash_of(f"{report_id} {paragraph}".encode())[:32]
        passages.append(
            Passage(passage_id, report_id, place, start, end, None, place + 1, "", paragraph)
        )
        start = end + 1
    source = Source(f"file:///library/{number}.txt", f"{number}.txt", "general")
    description = Description(f"Report {number}", "Quill", None, "en", None)
    written = library.unwritten(passages)
    return Put(
        report_id,
        source,
        text.encode(),
        text_hash_of(text),
        ParsedReport(text, tuple(blocks)),
        description,
        passages,
        written,
        drawn_for(written, drawn),
    )


def fill(library: Library, passages: int, drawn: Drawn) -> None:
    """Put reports of a hundred passages each into a library, ten at a time."""
    library.bind(Writing("words", _DIMENSION, CHUNKING))
    numbers = range(passages // _PER_REPORT)
    for start in _tracked(numbers[::10], f"filling with {passages:,} passages"):
        some = numbers[start : start + 10]
        library.put([put_of(library, number, 0, range(0), drawn) for number in some])


def unchanged(folder: Path) -> tuple[float, float]:
    """Seconds, medians: a bare walk that looks at each file, and a run that changes nothing."""
    reports = folder / "reports"
    for number in range(_FILES):
        file = reports / f"shelf{number % 20}" / f"note-{number}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n\n".join(report(number, 0, range(0))[:2]), encoding="utf-8")

    def walk() -> None:
        for above, _, files in os.walk(reports):
            for name in files:
                os.stat(os.path.join(above, name))  # noqa: PTH116, PTH118 (the barest there is)

    with closing(open_library(folder / "library", None)) as library:
        pipeline = Pipeline(library, DrawingEngine(Drawn()), 1_000_000)
        run = _runner(pipeline, reports)
        run()
        time.sleep(2.5)  # until the files' times are settled
        run()
        pairs = [(_seconds(walk), _seconds(run)) for _ in range(_ROUNDS)]
    return median(bare for bare, _ in pairs), median(ours for _, ours in pairs)


def new_report(folder: Path, large: Library, drawn: Drawn) -> tuple[float, float]:
    """Seconds, medians: one new report into an empty library, and one into a large one."""
    empty_seconds, large_seconds = [], []
    for number in range(_ROUNDS):
        file = folder / f"new-{number}.txt"
        file.write_text("\n\n".join(report(900_000 + number, 0, range(0))), encoding="utf-8")
        with closing(open_library(folder / f"empty-{number}", None)) as empty:
            # both have Chroma open, as the owner has
            empty.bind(Writing("words", _DIMENSION, CHUNKING))
            search = empty.search()
            assert search is not None
            search.vectors.count()
            into_empty = Pipeline(empty, DrawingEngine(drawn), 1_000_000)
            empty_seconds.append(_seconds(_runner(into_empty, file)))
        into_large = Pipeline(large, DrawingEngine(drawn), 1_000_000)
        large_seconds.append(_seconds(_runner(into_large, file)))
    return median(empty_seconds), median(large_seconds)


def memory(library: Library, drawn: Drawn) -> float:
    """Megabytes that this process holds once its embedder is loaded and it was asked both ways."""
    embedder = Embedder()
    embedder.embed_query("How much was metal 7 worth?")
    for vector in drawn(_QUESTIONS):
        library.nearest(vector, Filter(), _DEPTH)
        library.matching("metal 7 worth dollars", Filter(), _DEPTH)
    embedder.close()
    return float(psutil.Process().memory_info().rss) / 1e6


def recall_after_revisions(folder: Path, passages: int, *, kept: bool) -> tuple[float, int, int]:
    """Revise a library until ten times its size was written anew.

    Args:
        folder: an empty one.
        passages: the library's size.
        kept: whether superseded versions are kept; otherwise they are swept after each round.

    Returns:
        Share of the fifty nearest live passages that the search finds, live passages, and
        vectors in the index.
    """
    drawn = Drawn(1)
    with closing(open_library(folder, None)) as library:
        fill(library, passages, drawn)
        upkeep = Upkeep(
            library,
            lambda _: DrawingEngine(drawn),
            None if kept else timedelta(0),
            clock=lambda: datetime.now(UTC) + timedelta(seconds=1),
        )
        numbers = range(passages // _PER_REPORT)
        for version in _tracked(range(1, _REVISIONS + 1), "revising"):
            for start in numbers[::10]:
                some = numbers[start : start + 10]
                everything = range(_PER_REPORT)
                library.put([put_of(library, n, version, everything, drawn) for n in some])
            upkeep.tidy()
        search = library.search()
        assert search is not None
        live = [
            passage.id
            for each in library.reports(Filter(), 0, passages)
            for passage in library.history.passages_of(each.id, each.version)
        ]
        by_id = search.vectors.of(live)
        assert len(by_id) == len(live)
        matrix = np.stack([by_id[passage_id] for passage_id in live])
        found = 0
        for vector in drawn(_QUESTIONS):
            nearest = np.argsort(-(matrix @ vector))[:_DEPTH]
            exact = {live[place] for place in nearest}
            hits = library.nearest(vector, Filter(), _DEPTH)
            found += len(exact & {hit.passage.id for hit in hits})
        return found / (_QUESTIONS * _DEPTH), len(live), search.vectors.count()


def main(arguments: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.library")
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--revised", type=int, default=5_000)
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as name:
        folder = Path(name)
        bare, run = unchanged(folder / "unchanged")
        drawn = Drawn()
        with closing(open_library(folder / "large", None)) as library:
            fill(library, options.passages, drawn)
            empty, large = new_report(folder, library, drawn)
            megabytes = memory(library, drawn)
            held = library.status(Filter()).passages
        kept = recall_after_revisions(folder / "kept", options.revised, kept=True)
        swept = recall_after_revisions(folder / "swept", options.revised, kept=False)
    print(f"{_FILES:,} unchanged files, bare walk and look   {bare * 1e3:8.1f} ms")
    print(f"{_FILES:,} unchanged files, a run                {run * 1e3:8.1f} ms")
    print(f"ratio                                       {run / bare:8.2f}")
    print(f"a new report into an empty library          {empty * 1e3:8.1f} ms")
    print(f"a new report into {held:,} passages          {large * 1e3:8.1f} ms")
    print(f"ratio                                       {large / empty:8.2f}")
    print(f"memory of the owner, embedder loaded        {megabytes:8.0f} MB")
    for told, (recall, live, vectors) in (("kept", kept), ("swept", swept)):
        print(
            f"recall@{_DEPTH} after {_REVISIONS} times revised, past {told:6}  {recall:8.3f}    "
            f"({live:,} live of {vectors:,} vectors)"
        )
    return 0


def _runner(pipeline: Pipeline, path: Path) -> Callable[[], object]:
    wish = Wish((str(path),))
    return lambda: pipeline.run(wish, lambda *_: None, lambda: False)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _tracked(steps: Sequence[int], doing: str) -> Iterator[int]:
    yield from track(steps, doing, console=Console(stderr=True), transient=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
