"""What a rival is asked to find, and what it found, in a process of its own.

The standard library alone is imported here: the rivals run this with an interpreter that has
nothing of Footnote's.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from tests.benchmarks.trial import quiet

_PROJECT = Path(__file__).parents[3]
_SECONDS = 3_600  # that one rival may take for all sets


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is searched.

    Attributes:
        document: id of what it is of; pages of one document share it.
        head: title, publisher and day, as far as they are known, each in a line.
        text: what it says.
    """

    document: str
    head: str
    text: str

    def below_head(self, part: str) -> str:
        """A part of the text with what is known of it before it."""
        return f"{self.head}\n{part}" if self.head else part


@dataclass(frozen=True, slots=True)
class Search:
    """One library and what is asked of it.

    Attributes:
        name: of the library.
        chinese: it is in Chinese.
        texts: what is searched.
        questions: what is asked.
    """

    name: str
    chinese: bool
    texts: tuple[Text, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """What a rival is to do.

    Attributes:
        model: folder of the embedding model.
        home: folder for whatever it keeps.
        depth: passages to find for each question.
        searches: one after the other.
    """

    model: str
    home: str
    depth: int
    searches: tuple[Search, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """What a rival found in one library.

    Attributes:
        found: for each question the passages, best first, as pairs of the id of their document
            and their text.
        seconds: that each question took, its embedding included.
        passages: that the library was cut into.
    """

    found: tuple[tuple[tuple[str, str], ...], ...]
    seconds: tuple[float, ...]
    passages: int


class Finder(Protocol):
    """Finds passages in one library."""

    passages: int

    def __call__(self, question: str) -> list[tuple[str, str]]:
        """The passages that answer best, best first: id of the document, and text."""
        ...


def run(make: Callable[[Order], Callable[[Search], Finder]], arguments: Sequence[str]) -> int:
    """Do what is ordered, in this process.

    Args:
        make: imports and loads what a rival needs, and gives what makes a library.
        arguments: the file of the order, and the file the findings go to.

    Returns:
        The exit code.
    """
    order, answer = map(Path, arguments)
    told = json.loads(order.read_text(encoding="utf-8"))
    searches = tuple(
        Search(
            each["name"],
            each["chinese"],
            tuple(Text(**text) for text in each["texts"]),
            tuple(each["questions"]),
        )
        for each in told.pop("searches")
    )
    build = make(Order(**told, searches=searches))
    findings = []
    for search in searches:
        finder = build(search)
        finder(search.questions[0])  # loads what is loaded late
        found, seconds = [], []
        for question in search.questions:
            began = time.perf_counter()
            passages = finder(question)
            seconds.append(time.perf_counter() - began)
            found.append(tuple(passages))
        findings.append(asdict(Findings(tuple(found), tuple(seconds), finder.passages)))
    answer.write_text(json.dumps(findings), encoding="utf-8")
    return 0


def start(python: str, module: str, order: Order, folder: Path) -> list[Findings]:
    """Have a rival do what is ordered in a new process, and wait for it.

    Args:
        python: the interpreter that has what it needs.
        module: the rival.
        order: what it is to do.
        folder: where its order and its findings are written.

    Returns:
        What it found, a library each.

    Raises:
        RuntimeError: it failed; the message ends with what it said.
    """
    asked, answer = folder / f"{module}.order.json", folder / f"{module}.found.json"
    asked.write_text(json.dumps(asdict(order)), encoding="utf-8")
    answer.unlink(missing_ok=True)
    done = subprocess.run(
        [python, "-m", module, str(asked), str(answer)],
        cwd=_PROJECT,
        env={**os.environ, **quiet(os.cpu_count() or 1)},
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
    )
    if done.returncode or not answer.is_file():
        raise RuntimeError(f"{module} ended with {done.returncode}: {done.stderr[-2_000:]}")
    return [
        Findings(
            tuple(tuple((document, text) for document, text in each) for each in told["found"]),
            tuple(told["seconds"]),
            told["passages"],
        )
        for told in json.loads(answer.read_text(encoding="utf-8"))
    ]
