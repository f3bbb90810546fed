"""How many questions are answered with the right quotation, and how many rightly refused.

    python -m tests.benchmarks.seeds QUESTIONS.jsonl REPORTS_DIR

Each line of the questions holds `question`, `answerable` and `must_quote`: fragments, one of
which the answer must hold. Printed is whether one stands in a quoted sentence, whether in a
cited passage, and whether what the reports do not say was refused.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.research.model import Answer, NotFound, Question
from bot.research.researcher import Reading, Researcher
from ingest.embed import Embedder
from ingest.engine import Engine, Limits
from ingest.library.library import Library
from ingest.library.opening import open_library
from ingest.library.runs import Wish
from ingest.pipeline import Pipeline

_LARGEST = 100_000_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one question.

    Attributes:
        question: what was asked.
        answerable: the reports say.
        answered: Footnote said that they do.
        quoted: a fragment stands in a quoted sentence.
        cited: a fragment stands in a cited passage.
        verbatim: every quotation stands in its report at the offsets given.
        said: the first quoted sentence, or that nothing was found.
    """

    question: str
    answerable: bool
    answered: bool
    quoted: bool
    cited: bool
    verbatim: bool
    said: str


def judge(asked: dict[str, object], found: Answer | NotFound, library: Library) -> Verdict:
    """Hold an answer against what it must quote.

    Args:
        asked: a line of the questions.
        found: what came back.
        library: holds the reports' texts.

    Returns:
        The verdict.
    """
    fragments = [str(fragment) for fragment in asked["must_quote"]]  # type: ignore[attr-defined]  # JSON
    statements = found.statements if isinstance(found, Answer) else ()
    passages = [c.passage.text for c in found.citations] if isinstance(found, Answer) else []
    shown = [f"{s.lead} {s.text}".strip() for s in statements]
    return Verdict(
        question=str(asked["question"]),
        answerable=bool(asked["answerable"]),
        answered=isinstance(found, Answer),
        quoted=any(fragment in text for fragment in fragments for text in shown),
        cited=any(fragment in text for fragment in fragments for text in passages),
        verbatim=all(
            library.text_of(s.citation.report)[s.start : s.end].endswith(s.text)
            and library.text_of(s.citation.report)[s.start : s.end].startswith(s.lead)
            for s in statements
        ),
        said=shown[0] if shown else "(not found)",
    )


def run(questions: Path, reports: Path) -> list[Verdict]:
    """Ingest the reports into a library of their own and ask every question.

    Returns:
        A verdict for each question, in order.
    """
    lines = questions.read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line) for line in lines if line.strip()]
    with (
        TemporaryDirectory() as folder,
        ThreadPoolExecutor(1) as executor,
        closing(open_library(Path(folder), None)) as library,
        closing(Engine(Embedder, Limits())) as engine,
        closing(Embedder()) as embedder,
    ):
        wish = Wish((str(reports.resolve()),))
        Pipeline(library, engine, _LARGEST).run(wish, lambda *_: None, lambda: False)
        researcher = Researcher(lambda: Reading(library, embedder), executor)
        return [
            judge(q, researcher.ask_now(Question(q["question"], datetime.now(UTC))), library)
            for q in asked
        ]


def main(arguments: Sequence[str]) -> int:
    """Print the table and the totals."""
    if len(arguments) != 2:
        print("usage: python -m tests.benchmarks.seeds QUESTIONS.jsonl REPORTS_DIR")
        return 2
    verdicts = run(Path(arguments[0]), Path(arguments[1]))
    table = Table(title="Questions")
    for head in ("Question", "Quoted", "Cited", "Refused", "First quotation"):
        table.add_column(head)
    for v in verdicts:
        table.add_row(
            Text(v.question),
            _mark(v.quoted) if v.answerable else "",
            _mark(v.cited) if v.answerable else "",
            _mark(not v.answered) if not v.answerable else "wrongly" if not v.answered else "",
            Text(v.said[:160]),
        )
    Console(width=180 if not sys.stdout.isatty() else None).print(table)
    answerable = [v for v in verdicts if v.answerable]
    unanswerable = [v for v in verdicts if not v.answerable]
    print(f"quoted               {sum(v.quoted for v in answerable)} of {len(answerable)}")
    print(f"cited                {sum(v.cited for v in answerable)} of {len(answerable)}")
    print(
        f"rightly refused      {sum(not v.answered for v in unanswerable)} of {len(unanswerable)}"
    )
    print(f"wrongly refused      {sum(not v.answered for v in answerable)} of {len(answerable)}")
    print(f"verbatim at offsets  {sum(v.verbatim for v in verdicts)} of {len(verdicts)}")
    return 0


def _mark(good: bool) -> str:
    return "[green]yes[/]" if good else "[red]no[/]"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
