"""Tests of reading questions of which it is known what should come of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.questions import parse_questions, read_questions
from bot.research.model import Question, Turn
from ingest.errors import EvaluationError

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
SAMPLES = Path(__file__).parents[2] / "sample_library" / "questions.jsonl"

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
"""Whatever JSON can hold."""


def line(**fields: Any) -> bytes:
    """An object in a line."""
    return json.dumps(fields).encode() + b"\n"


@pytest.mark.parametrize(
    ("fields", "answerable"),
    [
        ({}, None),
        ({"must_quote": ["9 dollars"]}, True),
        ({"must_quote": "9 dollars"}, True),
        ({"report": "copper.pdf"}, True),
        ({"answerable": True}, True),
        ({"answerable": False}, False),
        ({"answerable": False, "must_quote": [], "report": None}, False),
        ({"answerable": None, "must_quote": ["9 dollars"], "asked_at": None}, True),
    ],
)
def test_what_must_be_quoted_or_cited_is_answerable(
    fields: dict[str, Any], answerable: bool | None
) -> None:
    """Whether the reports answer it follows from what must be said, unless it is said itself."""
    [asked] = parse_questions(line(question="What does copper cost?", **fields), NOW).asked
    assert asked.answerable is answerable


def test_all_that_a_line_says_is_kept() -> None:
    """Words, fragments, report, moment and what was asked before are read; the rest is let be."""
    content = b"\xef\xbb\xbf\n" + line(
        id="q1",
        question="And\n in 2030?",
        must_quote=["9 dollars", "nine dollars"],
        report=" copper.pdf ",
        asked_at="2024-02-28",
        history=["What does tin cost?", {"question": "And copper?", "answer": "8 dollars."}],
    )
    [asked] = parse_questions(content, NOW).asked
    assert asked.question == Question(
        "And in 2030?",
        datetime(2024, 2, 28, tzinfo=UTC),
        history=(Turn("What does tin cost?"), Turn("And copper?", "8 dollars.")),
    )
    assert (asked.line, asked.must_quote) == (2, ("9 dollars", "nine dollars"))
    assert asked.report == "copper.pdf"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"{", "not JSON"),
        (b'{"question": "What?" "a"}', "column 22"),
        (b"\xff", "not UTF-8"),
        (b"[1]", "no JSON object"),
        (b"[" * 100_000, "of a size"),
        (b'{"question": ' + b"9" * 5_000 + b"}", "of a size"),
        (b"{}", '"question" is missing'),
        (b'{"question": "  "}', '"question" is missing'),
        (rb'{"question": "a\ud800"}', '"question" must be a text of whole characters'),
        (rb'{"question": "a", "must_quote": ["\udfff"]}', '"must_quote" must be a text of whole'),
        (rb'{"question": "a", "history": ["\ud800"]}', '"history" must be a text of whole'),
        (b'{"question": 3}', '"question" must be a text'),
        (b'{"question": "a", "must_quote": [""]}', '"must_quote" must be a list of texts'),
        (b'{"question": "a", "must_quote": 3}', '"must_quote" must be a list of texts'),
        (b'{"question": "a", "answerable": "no"}', '"answerable" must be true or false'),
        (b'{"question": "a", "report": []}', '"report" must be a text'),
        (b'{"question": "a", "asked_at": "soon"}', '"asked_at" must be a day or a moment'),
        (b'{"question": "a", "asked_at": 2024}', '"asked_at" must be a day or a moment'),
        (b'{"question": "a", "history": "b"}', '"history" must be a list'),
        (b'{"question": "a", "history": [{"answer": "b"}]}', '"history" must be a list'),
        (b'{"question": "a", "history": [{"question": "b", "answer": 3}]}', '"history" must be'),
        (b'{"question": "a", "answerable": false, "must_quote": ["b"]}', "yet it says what must"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(bad: bytes, reason: str) -> None:
    """What is wrong is told with the number of its line; the lines around it are asked."""
    content = line(question="One?") + bad + b"\n" + line(question="Three?")
    asked, faults = parse_questions(content, NOW)
    assert [(each.line, each.question.text) for each in asked] == [(1, "One?"), (3, "Three?")]
    [fault] = faults
    assert fault.line == 2
    assert reason in fault.reason


@given(
    st.lists(
        st.binary(max_size=40)
        | st.builds(lambda value: json.dumps(value).encode(), anything)
        | st.builds(
            lambda fields: line(question="a", **fields).strip(),
            st.dictionaries(
                st.sampled_from(["must_quote", "answerable", "report", "asked_at", "history"]),
                anything,
            ),
        )
    )
)
def test_every_line_is_asked_or_named(lines: list[bytes]) -> None:
    """Of any bytes each line that is not empty is a question or a fault, once, in order."""
    content = b"\n".join(lines)
    asked, faults = parse_questions(content, NOW)
    numbers = sorted([each.line for each in asked] + [each.line for each in faults])
    written = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    assert numbers == [number for number, each in enumerate(written, start=1) if each.strip()]
    for each in asked:
        assert each.question.asked_at.tzinfo
        "".join((each.question.text, each.report, *each.must_quote)).encode()


def test_the_questions_of_the_sample_library_are_read() -> None:
    """The questions that come with Footnote are in the form that users write."""
    asked, faults = read_questions(SAMPLES, NOW)
    assert faults == ()
    assert [each.answerable for each in asked] == [True] * 18 + [False] * 6


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "cannot be read"), (b"\n", "holds no question"), (b"{\n", "line 1: it is not JSON")],
)
def test_a_file_without_questions_is_refused(
    tmp_path: Path, content: bytes | None, told: str
) -> None:
    """A file that is not there or holds no question is an error that says what a line is."""
    path = tmp_path / "questions.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(EvaluationError, match=told) as caught:
        read_questions(path, NOW)
    assert "JSON object" in str(caught.value)
    assert str(path) in str(caught.value)
