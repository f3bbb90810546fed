"""Footnote and the plain ways of search over the same library, asked the questions of a set."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.glossary_file import load_glossary
from bot.reading import CurrentReading
from bot.research.researcher import Researcher
from ingest.embed import DEFAULT_MODEL, Embedder
from ingest.library.library import Library
from ingest.library.opening import open_library
from ingest.library.ownership import Ownership
from ingest.records import Filter, Hit
from tests.benchmarks.quality.found import Found
from tests.benchmarks.quality.sets import Asked, documents_of
from tests.benchmarks.quality.verdicts import Judge, Verdict

DEPTH = 100
"""Passages that a pipeline finds for each question, Footnote as many as it looks at."""

_RANK = 60  # of reciprocal rank fusion


@dataclass(frozen=True, slots=True)
class Answered:
    """What Footnote made of the questions of a set, in order.

    Attributes:
        found: passages, best first.
        seconds: from the question to the answer.
        bare: seconds that it takes to embed the question with torch, 32-bit, and no more.
        verdicts: on the answers.
    """

    found: tuple[tuple[Found, ...], ...]
    seconds: tuple[float, ...]
    bare: tuple[float, ...]
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Searched:
    """What a plain search found for the questions of a set, in order.

    Attributes:
        found: passages, best first.
        seconds: that each question took, its embedding included where it is embedded.
    """

    found: tuple[tuple[Found, ...], ...]
    seconds: tuple[float, ...]


@contextmanager
def opened(place: Path) -> Iterator[Library]:
    """Open a library as its owner, which alone may search it.

    Raises:
        LibraryOwned: another process owns it.
    """
    ownership = Ownership(place)
    ownership.take("python -m tests.benchmarks.quality")
    try:
        with closing(open_library(place, None)) as library:
            yield library
    finally:
        ownership.give_up()


def answer(
    library: Library, asked: Sequence[Asked], texts: Mapping[str, str], model: Path
) -> Answered:
    """Ask Footnote, as the bot asks it.

    Args:
        library: of the set.
        asked: the questions.
        texts: of the documents, by their ids.
        model: folder of the embedding model.

    Raises:
        FootnoteError: the library or the embedder cannot be used.
    """
    documents = documents_of(library)
    judge = Judge(library, documents, texts)
    with (
        ThreadPoolExecutor(1) as executor,
        closing(CurrentReading(library, DEFAULT_MODEL)) as reading,
    ):
        reading.make_ready()
        researcher = Researcher(reading, executor, glossary=load_glossary(None))
        bare = _bare(model)  # behind the embedder, which keeps progress off the terminal
        researcher.ask_now(asked[0].question)  # loads what is loaded late
        bare(asked[0].question.text)
        found, seconds, embedding, verdicts = [], [], [], []
        for each in asked:
            embedding.append(_timed(lambda: bare(each.question.text))[1])  # noqa: B023 # at once
            answer, taken = _timed(lambda: researcher.ask_now(each.question))  # noqa: B023 # at once
            seconds.append(taken)
            verdicts.append(judge(each, answer))
            candidates = researcher.candidates(each.question)
            found.append(_found([each.hit for each in candidates], documents))
    return Answered(tuple(found), tuple(seconds), tuple(embedding), tuple(verdicts))


def search(library: Library, questions: Sequence[str]) -> Mapping[str, Searched]:
    """Search plainly: dense, by words, and both fused by reciprocal rank.

    Args:
        library: of the set.
        questions: in words.

    Returns:
        What each way found, by its name.

    Raises:
        FootnoteError: the library or the embedder cannot be used.
    """
    documents = documents_of(library)
    with closing(Embedder()) as embedder:

        def dense(question: str) -> list[Hit]:
            return library.nearest(embedder.embed_query(question), Filter(), DEPTH)

        def lexical(question: str) -> list[Hit]:
            return library.matching(question, Filter(), DEPTH)

        def fused(question: str) -> list[Hit]:
            return fuse(dense(question), lexical(question))

        ways: Mapping[str, Callable[[str], list[Hit]]] = {
            "dense only": dense,
            "BM25 only": lexical,
            "RRF of the two": fused,
        }
        searched = {}
        for name, way in ways.items():
            way(questions[0])  # loads what is loaded late
            taken = [_timed(lambda: way(question)) for question in questions]  # noqa: B023 # at once
            searched[name] = Searched(
                tuple(_found(hits, documents) for hits, _ in taken),
                tuple(seconds for _, seconds in taken),
            )
    return searched


def fuse(*rankings: Sequence[Hit]) -> list[Hit]:
    """Fuse rankings by reciprocal rank: the sum of 1 / (60 + place) over those that hold a hit.

    Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual
    rank learning methods", SIGIR 2009.

    Returns:
        The hits, best first, each passage once.
    """
    hits: dict[str, Hit] = {}
    scores: dict[str, float] = {}
    for ranking in rankings:
        for place, hit in enumerate(ranking, start=1):
            key = hit.passage.id
            hits.setdefault(key, hit)
            scores[key] = scores.get(key, 0.0) + 1 / (_RANK + place)
    return [hits[key] for key in sorted(scores, key=lambda key: (-scores[key], key))]


def _found(hits: Sequence[Hit], documents: Mapping[str, tuple[str, ...]]) -> tuple[Found, ...]:
    return tuple((documents[hit.report.id], hit.passage.text) for hit in hits)


def _bare(model: Path) -> Callable[[str], Any]:
    """The embedding of a question by sentence-transformers alone, with torch in 32 bits."""
    from sentence_transformers import SentenceTransformer

    loaded = SentenceTransformer(str(model), local_files_only=True, device="cpu")
    return lambda text: loaded.encode(text, show_progress_bar=False)


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What work gives, and the seconds it took."""
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began
