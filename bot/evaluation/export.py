"""An evaluation for other programs, and writing what was made of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.evaluation.judge import Verdict, quotation_of
from bot.evaluation.totals import Evaluation
from bot.research.model import Answer, NotFound
from ingest.errors import EvaluationError


def json_of(evaluation: Evaluation) -> str:
    """Write an evaluation as a JSON object: `met`, `measures`, `faults` and `questions`."""
    found = {
        "file": evaluation.file,
        "met": evaluation.met,
        "measures": [
            {
                "name": measure.name,
                "count": measure.count,
                "total": measure.total,
                "share": measure.share,
                "threshold": measure.threshold,
                "at_most": measure.at_most,
                "met": measure.met,
            }
            for measure in evaluation.measures
        ],
        "faults": [fault._asdict() for fault in evaluation.faults],
        "questions": [_fields(verdict) for verdict in evaluation.verdicts],
    }
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def write(path: Path, text: str) -> None:
    """Write a file in UTF-8; what stood there before is gone.

    Raises:
        EvaluationError: it cannot be written.
    """
    try:
        # half of a surrogate pair, which JSON can name, is in no encoding
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise EvaluationError(
            f"{path} cannot be written ({error.strerror}); name a file in a folder that is there "
            "and may be written"
        ) from error


def _fields(verdict: Verdict) -> dict[str, Any]:
    found = verdict.found
    return {
        "line": verdict.asked.line,
        "question": verdict.asked.question.text,
        "outcome": verdict.outcome,
        "quoted": verdict.quoted,
        "cited": verdict.cited,
        "verbatim": verdict.verbatim,
        "trust": verdict.trust,
        "reason": found.reason if isinstance(found, NotFound) else None,
        "quotations": [
            {
                "text": quotation_of(statement),
                "report": statement.citation.report.name,
                "title": statement.citation.report.description.title,
                "page": statement.citation.passage.page,
                "start": statement.start,
                "end": statement.end,
            }
            for statement in (found.statements if isinstance(found, Answer) else ())
        ],
    }
