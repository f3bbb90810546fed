"""Questions of which it is known what should come of them, out of lines of JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from bot.research.model import Question, Turn
from ingest.errors import EvaluationError

Read = TypeVar("Read")
Default = TypeVar("Default")

# JSON can name half of a surrogate pair, which no tokenizer and no encoding takes
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and what should come of it.

    Attributes:
        line: of its file, from 1.
        question: the question.
        must_quote: fragments of reports, one of which must be quoted; empty where none is named.
        report: file name, address or title of a report that must be cited; empty where none is
            named.
        answerable: whether the reports answer it; None where that is not known.
    """

    line: int
    question: Question
    must_quote: tuple[str, ...] = ()
    report: str = ""
    answerable: bool | None = None


class Fault(NamedTuple):
    """A line that holds no question.

    Attributes:
        line: which, from 1.
        reason: what is wrong with it.
    """

    line: int
    reason: str


class Questions(NamedTuple):
    """What a file holds.

    Attributes:
        asked: its questions, in order.
        faults: its lines that cannot be read.
    """

    asked: tuple[Asked, ...]
    faults: tuple[Fault, ...]


def read_questions(path: Path, now: datetime) -> Questions:
    """Read a file of questions.

    Args:
        path: the file.
        now: when a question is asked that does not say when.

    Returns:
        What it holds.

    Raises:
        EvaluationError: it cannot be read, or holds no question at all.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EvaluationError(
            f"the questions in {path} cannot be read ({error.strerror}); name a file with a JSON "
            "object in each line"
        ) from error
    questions = parse_questions(content, now)
    if not questions.asked:
        wrong = "".join(f"; line {line}: {reason}" for line, reason in questions.faults[:3])
        raise EvaluationError(
            f'{path} holds no question{wrong}. A line is a JSON object such as {{"question": '
            '"What does copper cost?", "must_quote": ["9 dollars a kilo"]}'
        )
    return questions


def parse_questions(content: bytes, now: datetime) -> Questions:
    """Read the lines of a file of questions, each by itself; empty ones are passed over.

    Args:
        content: of the file, in UTF-8.
        now: when a question is asked that does not say when, with a time zone.

    Returns:
        The questions, and what is wrong with the other lines.
    """
    asked: list[Asked] = []
    faults: list[Fault] = []
    # a line of JSON may hold every other sign at which Python would break it
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            asked.append(_asked(number, _object(line), now))
        except _WrongLineError as error:
            faults.append(Fault(number, str(error)))
    return Questions(tuple(asked), tuple(faults))


class _WrongLineError(Exception):
    """What is wrong with a line."""


def _object(line: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(line.decode())
    except UnicodeDecodeError:
        raise _WrongLineError("it is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise _WrongLineError(f"it is not JSON: {error.msg} at column {error.colno}") from None
    except (ValueError, RecursionError):  # a number of thousands of digits, a nest as deep
        raise _WrongLineError("it is JSON of a size that no question has") from None
    if not isinstance(found, dict):
        raise _WrongLineError('it is no JSON object such as {"question": "…"}')
    return found


def _asked(number: int, fields: Mapping[str, Any], now: datetime) -> Asked:
    text = " ".join(_field(fields, "question", _text, "").split())
    if not text:
        raise _WrongLineError('"question" is missing or empty')
    must_quote = _field(fields, "must_quote", _texts, ())
    report = _field(fields, "report", _text, "").strip()
    expected = bool(must_quote or report)
    answerable = _field(fields, "answerable", _truth, True if expected else None)
    if expected and not answerable:
        raise _WrongLineError(
            'it is not "answerable", yet it says what must be quoted or cited; take out one of '
            "the two"
        )
    question = Question(
        text,
        _field(fields, "asked_at", _moment, now),
        history=_field(fields, "history", _turns, ()),
    )
    return Asked(number, question, must_quote, report, answerable)


def _field(
    fields: Mapping[str, Any], name: str, read: Callable[[Any], Read], default: Default
) -> Read | Default:
    """A field as it is read; the default where it is missing or null."""
    if (value := fields.get(name)) is None:
        return default
    try:
        return read(value)
    except ValueError as error:
        raise _WrongLineError(f'"{name}" must be {error}') from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text")  # noqa: TRY004 - one kind of error says what a field must be
    if _HALF.search(value):
        raise ValueError("a text of whole characters")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(v, str) and v.strip() for v in values):
        raise ValueError("a list of texts, none of them empty")
    return tuple(map(_text, values))


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")  # noqa: TRY004 - as above
    return value


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(value))
    except ValueError:
        raise ValueError("a day or a moment such as 2024-02-28 or 2024-02-28T09:30") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _turns(value: Any) -> tuple[Turn, ...]:
    if not isinstance(value, list):
        raise ValueError("a list of earlier questions")  # noqa: TRY004 - as above
    return tuple(_turn(each) for each in value)


def _turn(value: Any) -> Turn:
    match value:
        case str():
            return Turn(_text(value))
        case {"question": str(question), "answer": str(answer)}:
            return Turn(_text(question), _text(answer))
        case {"question": str(question)} if "answer" not in value:
            return Turn(_text(question))
    raise ValueError('a list of earlier questions, each a text or {"question": "…", "answer": "…"}')
