"""Answers measured beside the usual pipelines: `make bench-quality`.

    python -m tests.benchmarks.quality [--rivals PYTHON] [--sets sec10q,seeds] [--pipelines ...]
        [--limit N] [--keep FOLDER] [--json FILE] [--chart FILE.svg]

Every set's documents are taken in by the whole of ingestion; then Footnote is asked, and beside
it dense search, BM25 and both fused over the same library, and LangChain, LlamaIndex and txtai,
each over the same texts with the same embedding model, in a process of its own. One table tells
what each reached. The run fails where a sentence that Footnote quotes does not stand in its
report, verbatim, at the offsets given.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from ingest.records import Filter
from tests.benchmarks.ingest import model_folder
from tests.benchmarks.quality.chart import draw
from tests.benchmarks.quality.found import Found, ranking_of, relevant_to
from tests.benchmarks.quality.measures import mean, measures_of
from tests.benchmarks.quality.pipelines import DEPTH, answer, opened, search
from tests.benchmarks.quality.results import (
    OURS,
    Answers,
    Line,
    milliseconds_of,
    table_of,
    told,
)
from tests.benchmarks.quality.retrieval import Order, Search, Text, start
from tests.benchmarks.quality.sets import SETS, Asked, NoSets, QuestionSet, build, read_set
from tests.benchmarks.quality.verdicts import Verdict

_PLAIN = "plain"
_RIVALS = {
    "LangChain Ensemble": "tests.benchmarks.rivals.langchain_hybrid",
    "LlamaIndex fusion": "tests.benchmarks.rivals.llamaindex_fusion",
    "txtai hybrid": "tests.benchmarks.rivals.txtai_hybrid",
}
_PIPELINES = (OURS, _PLAIN, *_RIVALS)


@dataclass(frozen=True, slots=True)
class Round:
    """Questions over a library, in the words in which plain searches are asked them.

    Attributes:
        questions: the set.
        asked: those of its questions that are asked.
        words: of each question, for those who know no conversation.
        joined: the words are of all questions of a conversation, not of its last alone.
    """

    questions: QuestionSet
    asked: tuple[Asked, ...]
    words: tuple[str, ...]
    joined: bool = False

    def called(self, pipeline: str) -> str:
        """What a pipeline is called that was asked so."""
        return f"{pipeline}, turns joined" if self.joined else pipeline


def rounds_of(questions: QuestionSet, limit: int | None) -> list[Round]:
    """Return how a set is asked: conversations in two ways.

    Pipelines that know no conversation are given the last question alone, and then all questions
    of the conversation in a row.

    Args:
        questions: the set.
        limit: how many of its questions are asked at most; None for all.
    """
    asked = questions.asked[:limit]
    rounds = [Round(questions, asked, tuple(each.question.text for each in asked))]
    if any(each.question.history for each in asked):
        joined = tuple(
            "\n".join([*(turn.question for turn in each.question.history), each.question.text])
            for each in asked
        )
        rounds.append(Round(questions, asked, joined, joined=True))
    return rounds


def main(arguments: Sequence[str]) -> int:
    """Measure and print.

    Returns:
        0; 1 where a quoted sentence does not stand where it is said to; 2 where there is nothing
        to measure with.
    """
    options = _options(arguments)
    console = Console(width=None if sys.stdout.isatty() else 160)
    try:
        rounds = [
            each for name in options.sets for each in rounds_of(read_set(name), options.limit)
        ]
    except NoSets as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    with ExitStack() as stack:
        home = options.keep or Path(stack.enter_context(TemporaryDirectory()))
        lines = list(_ours(rounds, options.pipelines, home))
        lines += _theirs(rounds, options.pipelines, options.rivals, home)
    lines.sort(key=lambda line: options.sets.index(line.set_name))
    console.print(table_of(lines))
    for said in told(lines):
        console.print(said, highlight=False)
    if options.json:
        options.json.write_text(json.dumps([asdict(line) for line in lines], indent=1) + "\n")
    if options.chart:
        options.chart.parent.mkdir(parents=True, exist_ok=True)
        options.chart.write_text(draw(lines), encoding="utf-8")
    return _judged(lines)


def _judged(lines: Sequence[Line]) -> int:
    wrong = [text for line in lines if line.answers for text in line.answers.misquoted]
    for text in wrong:
        print(f"not in its report at the offsets given: {text}", file=sys.stderr)
    return 1 if wrong else 0


def _ours(rounds: Sequence[Round], pipelines: Sequence[str], home: Path) -> Iterator[Line]:
    """What Footnote and the plain searches over its libraries reach."""
    if not {OURS, _PLAIN} & set(pipelines):
        return
    for each in rounds:
        name = each.questions.name
        _say(f"{name}: taking in {len(each.questions.documents)} texts")
        place = build(each.questions, home / name)
        with opened(place) as library:
            passages = library.status(Filter()).passages
            if OURS in pipelines and not each.joined:
                _say(f"{name}: asking Footnote {len(each.asked)} questions")
                texts = {it.id: it.text for it in each.questions.documents}
                made = answer(library, each.asked, texts, model_folder())
                yield _line(
                    each,
                    OURS,
                    passages,
                    made.found,
                    made.seconds,
                    answers_of(each.asked, made.verdicts),
                    milliseconds_of(made.bare)[0],
                )
            if _PLAIN in pipelines:
                _say(f"{name}: plain searches")
                for way, searched in search(library, each.words).items():
                    yield _line(each, each.called(way), passages, searched.found, searched.seconds)


def _theirs(
    rounds: Sequence[Round], pipelines: Sequence[str], python: str | None, home: Path
) -> Iterator[Line]:
    """What the rivals reach."""
    rivals = {name: module for name, module in _RIVALS.items() if name in pipelines}
    if not rivals or python is None:
        return
    kept = home / "rivals"
    kept.mkdir(parents=True, exist_ok=True)
    searches = tuple(
        Search(
            f"{each.questions.name}-{place}",
            each.questions.chinese,
            tuple(Text(it.id, it.head, it.text) for it in each.questions.documents),
            each.words,
        )
        for place, each in enumerate(rounds)
    )
    for name, module in rivals.items():
        _say(f"{name}: {sum(len(each.questions) for each in searches)} questions")
        order = Order(str(model_folder()), str(kept), DEPTH, searches)
        for each, findings in zip(rounds, start(python, module, order, kept), strict=True):
            found = [
                tuple(((document,), text) for document, text in passages)
                for passages in findings.found
            ]
            yield _line(each, each.called(name), findings.passages, found, findings.seconds)


def _line(
    each: Round,
    pipeline: str,
    passages: int,
    found: Sequence[Sequence[Found]],
    seconds: Sequence[float],
    answers: Answers | None = None,
    embedding: float | None = None,
) -> Line:
    measured = [
        measures_of(ranking_of(asked, of_question), relevant_to(asked))
        for asked, of_question in zip(each.asked, found, strict=True)
        if asked.answerable
    ]
    took = milliseconds_of(seconds)
    return Line(each.questions.name, pipeline, passages, mean(measured), took, answers, embedding)


def answers_of(asked: Sequence[Asked], verdicts: Sequence[Verdict]) -> Answers:
    """Count what came of answers.

    Args:
        asked: the questions.
        verdicts: on the answers to them, in the same order.
    """
    can = [it for each, it in zip(asked, verdicts, strict=True) if each.answerable]
    cannot = [it for each, it in zip(asked, verdicts, strict=True) if not each.answerable]
    return Answers(
        answerable=len(can),
        quoted=sum(each.quoted for each in can),
        cited=sum(each.cited for each in can),
        wrongly_refused=sum(not each.answered for each in can),
        unanswerable=len(cannot),
        refused=sum(not each.answered for each in cannot),
        statements=sum(each.statements for each in verdicts),
        misquoted=tuple(text for each in verdicts for text in each.misquoted),
    )


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.quality")
    parser.add_argument("--sets", type=_names, default=list(SETS), help=f"of {', '.join(SETS)}")
    parser.add_argument(
        "--pipelines", type=_names, default=list(_PIPELINES), help=f"of {', '.join(_PIPELINES)}"
    )
    parser.add_argument("--rivals", help="interpreter that has what the rivals need")
    parser.add_argument("--limit", type=int, help="questions of each set that are asked")
    parser.add_argument(
        "--keep", type=Path, help="folder in which libraries are left for next time"
    )
    parser.add_argument("--json", type=Path, help="file for all figures")
    parser.add_argument("--chart", type=Path, help="file for a chart, an SVG")
    options = parser.parse_args(arguments)
    for given, known in ((options.sets, SETS), (options.pipelines, _PIPELINES)):
        if unknown := sorted(set(given) - set(known)):
            parser.error(f"{', '.join(unknown)} is none of {', '.join(known)}")
    return options


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",")]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
