"""The sets of questions that answers are measured on, and their libraries.

    python -m tests.benchmarks.quality.sets --keep FOLDER [--sets sec10q,seeds]

builds the library of each set as a user would, by the whole of ingestion, and leaves it in
FOLDER/SET/library. A library that stands there already is brought up to date as any other: what
did not change is not read again. After a change of ingestion itself, delete the folder.

The sets lie in $EVAL_DIR, the reports of the last in $SEED_REPORTS_DIR.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from bot.research.model import Question, Turn
from ingest.library.library import Library
from ingest.library.opening import open_library
from ingest.library.ownership import Ownership
from ingest.library.runs import Wish
from ingest.owner import Tasks
from ingest.records import Filter, IngestRun, Outcome
from ingest.settings import LibrarySettings

_ENDING = ".md"
_EVERY = 1_000_000  # more reports than any set has


@dataclass(frozen=True, slots=True)
class Document:
    """A text that answers are looked for in, or a page of one.

    Attributes:
        id: by which the set names it; pages of one document share it.
        text: what it says.
        title: its title; None where it has none.
        publisher: who published it; None where that is not known.
        published: when, as a day; None where that is not known.
    """

    id: str
    text: str
    title: str | None = None
    publisher: str | None = None
    published: str | None = None

    @property
    def head(self) -> str:
        """What is known of it, for who has no other place for that: a line each."""
        return "\n".join(filter(None, (self.title, self.publisher, self.published)))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a set.

    Attributes:
        id: its name in the set.
        question: as Footnote is asked it.
        answerable: the documents say.
        relevant: how relevant documents are to it, by their ids; others are not.
        answer: what the set gives as the answer; empty where it gives none.
        fragments: one of which an answer must hold, verbatim; empty where the set names none.
    """

    id: str
    question: Question
    answerable: bool
    relevant: Mapping[str, int]
    answer: str = ""
    fragments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions over documents.

    Attributes:
        name: what the set is called.
        folder: of the reports, where they are files already; None where each document becomes
            one.
        documents: their texts.
        asked: the questions.
        chinese: they are in Chinese.
    """

    name: str
    folder: Path | None
    documents: tuple[Document, ...]
    asked: tuple[Asked, ...]
    chinese: bool = False


class NoSets(Exception):
    """The sets are not there; the message says what to set."""


def read_set(name: str) -> QuestionSet:
    """Read a set.

    Args:
        name: one of `SETS`.

    Raises:
        NoSets: it is not where the environment says, or the environment does not say.
    """
    return SETS[name]()


def build(questions: QuestionSet, home: Path) -> Path:
    """Take the documents of a set into a library of its own, as its owner would.

    Args:
        questions: the set.
        home: a folder; what is there already is brought up to date.

    Returns:
        The library's folder.

    Raises:
        RuntimeError: a document could not be taken in.
    """
    folder = questions.folder or _files_of(questions.documents, home / "reports")
    place = home / "library"
    place.mkdir(parents=True, exist_ok=True)
    # the settings as they are by default, whatever the environment says
    settings = LibrarySettings.model_construct(library_dir=place)
    ownership = Ownership(place)
    ownership.take("python -m tests.benchmarks.quality")
    try:
        with closing(open_library(place, None)) as library:
            tasks = Tasks(library, settings)
            with closing(tasks):
                run = tasks.do(Wish((str(folder),)), lambda *_: None, lambda: False)
                tasks.tidy(lambda: False)
    finally:
        ownership.give_up()
    assert isinstance(run, IngestRun)
    failed = [f"{row.name} ({row.reason})" for row in run.rows if row.outcome is Outcome.FAILED]
    if failed:
        raise RuntimeError(f"{questions.name}: could not be taken in: {', '.join(failed[:5])}")
    return place


def documents_of(library: Library) -> Mapping[str, tuple[str, ...]]:
    """Which documents each report of a library is, by the report's id.

    A document that says the same as another is the same report.
    """
    return {
        report.id: tuple(
            sorted(
                unquote(Path(origin.name).stem) for origin in library.history.origins_of(report.id)
            )
        )
        for report in library.reports(Filter(), 0, _EVERY)
    }


def file_of(document: Document) -> tuple[str, str]:
    """The name and the text of a file that holds a document, with what is known of it on top.

    The name gives the document's id back, whatever characters are in it.
    """
    stated = {
        "title": document.title,
        "publisher": document.publisher,
        "published": document.published,
    }
    # a JSON string is a YAML string
    lines = [
        f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in stated.items() if value
    ]
    top = ["---", *lines, "---", ""] if lines else []
    return quote(document.id, safe="") + _ENDING, "\n".join([*top, document.text, ""])


def _files_of(documents: Sequence[Document], folder: Path) -> Path:
    """A folder with a file for each document; one that is as it should be is left as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    for document in documents:
        name, text = file_of(document)
        file = folder / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
    return folder


def _sec10q() -> QuestionSet:
    """Quarterly filings, as PDFs; which filing says it counts."""
    folder = _eval_dir() / "sec10q"
    pages = tuple(_documents(folder))
    return QuestionSet("sec10q", folder / "pdfs", pages, tuple(_asked(folder, date(2024, 1, 1))))


def _multihoprag500() -> QuestionSet:
    """Passages of dated news by many publishers."""
    folder = _eval_dir() / "multihoprag500"
    asked = tuple(_asked(folder, date(2024, 1, 1)))
    return QuestionSet("multihoprag500", None, tuple(_documents(folder)), asked)


def _chronoqa_zh() -> QuestionSet:
    """Chinese news about finance; each question is asked on a day of its own."""
    folder = _eval_dir() / "chronoqa_zh"
    asked = tuple(_asked(folder, date(2025, 1, 1), lambda row: bool(row["finance"])))
    return QuestionSet("chronoqa_zh", None, tuple(_documents(folder)), asked, chinese=True)


def _mtragun() -> QuestionSet:
    """The last questions of conversations; documents tell no publisher and no date."""
    folder = _eval_dir() / "mtragun"
    documents = tuple(
        # what stands as the source is the name of a collection
        Document(each.id, each.text, each.title)
        for each in _documents(folder)
    )
    return QuestionSet("mtragun", None, documents, tuple(_asked(folder, date(2025, 1, 1))))


def _seeds() -> QuestionSet:
    """Machine-translated research; what counts is a passage that holds a fragment named."""
    reports = os.environ.get("SEED_REPORTS_DIR", "")
    folder = Path(reports)
    if not reports or not folder.is_dir():
        raise NoSets("set SEED_REPORTS_DIR to the folder of the reports that seeds asks of")
    files = sorted(file for file in folder.iterdir() if file.suffix == ".txt")
    rows = _rows(_eval_dir() / "seeds" / "questions_dev.jsonl")
    asked = tuple(
        Asked(
            row["id"],
            Question(row["question"], _noon(date(2025, 1, 1))),
            row["answerable"],
            {},
            fragments=tuple(row["must_quote"]),
        )
        for row in rows
    )
    documents = tuple(Document(file.stem, file.read_text(encoding="utf-8")) for file in files)
    return QuestionSet("seeds", folder, documents, asked)


SETS: Mapping[str, Callable[[], QuestionSet]] = {
    "sec10q": _sec10q,
    "multihoprag500": _multihoprag500,
    "chronoqa_zh": _chronoqa_zh,
    "mtragun": _mtragun,
    "seeds": _seeds,
}


def _eval_dir() -> Path:
    folder = os.environ.get("EVAL_DIR", "")
    if not folder or not Path(folder).is_dir():
        raise NoSets("set EVAL_DIR to the folder of the sets of questions")
    return Path(folder)


def _documents(folder: Path) -> Iterator[Document]:
    for row in _rows(folder / "corpus.jsonl"):
        day = (row["published"] or "")[:10] or None
        yield Document(row["doc_id"], row["text"], row["title"], row["source"], day)


def _asked(
    folder: Path, today: date, counts: Callable[[Mapping[str, Any]], bool] = lambda row: True
) -> Iterator[Asked]:
    """The questions of a folder that count.

    Args:
        folder: of a set.
        today: when they are asked, where they do not say.
        counts: whether a row is one of those that are asked.
    """
    relevant: dict[str, dict[str, int]] = {}
    lines = (folder / "qrels_dev.tsv").read_text(encoding="utf-8").splitlines()[1:]
    for line in lines:
        query, document, relevance = line.split("\t")
        relevant.setdefault(query, {})[document] = int(relevance)
    for row in _rows(folder / "queries_dev.jsonl"):
        if counts(row):
            day = row.get("question_date")
            question = Question(
                row["text"],
                _noon(date.fromisoformat(day) if day else today),
                history=tuple(_turns(row.get("history") or [])),
            )
            gold = relevant.get(row["query_id"], {})
            yield Asked(row["query_id"], question, row["answerable"], gold, row["answer"])


def _turns(history: Sequence[Mapping[str, str]]) -> Iterator[Turn]:
    """What was said before, as pairs of a question and what was said to it."""
    waiting: str | None = None
    for each in history:
        if each["speaker"] == "user":
            if waiting is not None:
                yield Turn(waiting)
            waiting = each["text"]
        elif waiting is not None:
            yield Turn(waiting, each["text"])
            waiting = None
    if waiting is not None:
        yield Turn(waiting)


def _rows(file: Path) -> list[dict[str, Any]]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise NoSets(f"{file} cannot be read ({error.strerror}); set EVAL_DIR") from error
    return [json.loads(line) for line in lines if line.strip()]


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def main(arguments: Sequence[str]) -> int:
    """Build libraries and say where they are."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.quality.sets")
    parser.add_argument("--keep", type=Path, required=True, help="where the libraries go")
    parser.add_argument("--sets", default=",".join(SETS), help="comma-separated")
    options = parser.parse_args(arguments)
    try:
        for name in options.sets.split(","):
            questions = read_set(name)
            began = time.perf_counter()
            place = build(questions, options.keep / name)
            seconds = time.perf_counter() - began
            with closing(open_library(place, None)) as library:
                held = library.status(Filter())
            print(
                f"{name}: {held.reports} reports, {held.passages} passages, "
                f"{len(questions.asked)} questions, {seconds:.0f} s: {place}",
                flush=True,
            )
    except NoSets as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
