"""One trial of one pipeline, in a process of its own: files on disk until questions find them.

The standard library alone is imported here: the rivals run this with an interpreter that has
nothing of Footnote's.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

BEST = 10  # passages that a question looks at
_PROJECT = Path(__file__).parents[2]
_SECONDS = 1_800  # that one trial may take


@dataclass(frozen=True, slots=True)
class Trial:
    """What a pipeline is to do.

    Attributes:
        first: folder of one short report, by which all that is loaded late is loaded.
        reports: folder of the reports that are timed.
        home: folder, not there yet, for whatever the pipeline keeps.
        model: folder of the embedding model.
        questions: pairs of the name of a file in `reports` and a question it answers.
    """

    first: str
    reports: str
    home: str
    model: str
    questions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Filed:
    """What a pipeline made of a folder of reports.

    Attributes:
        texts: what was embedded, one for each passage, what stands before it included.
        window: tokens of a text that the model reads, its own markers included.
        characters: of the text read out of the reports, without white space.
        pages: of the reports.
    """

    texts: tuple[str, ...]
    window: int
    characters: int
    pages: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What a trial measured.

    Attributes:
        start_seconds: until the short report was answerable, imports and the model included.
        read_seconds: from the other files on disk until they were all filed.
        ask_seconds: until the questions were answered too; nothing is left out between them.
        found: questions that found a passage of their file among the best.
        filed: what was made of the files.
    """

    start_seconds: float
    read_seconds: float
    ask_seconds: float
    found: int
    filed: Filed

    @property
    def seconds(self) -> float:
        """From the files on disk until their questions were answered."""
        return self.read_seconds + self.ask_seconds


class Pipeline(Protocol):
    """Takes reports and finds passages of them."""

    def take(self, folder: str) -> Callable[[], Filed]:
        """Make the reports of a folder answerable.

        Returns:
            Tells what was made of them; it may take its time, since it is not measured.
        """
        ...

    def ask(self, question: str) -> list[str]:
        """The names of the files of the best passages."""
        ...

    def close(self) -> None:
        """Let go of what it holds."""
        ...


def run(make: Callable[[Trial], Pipeline], arguments: Sequence[str]) -> int:
    """Do a trial in this process.

    Args:
        make: imports what a pipeline needs and makes it.
        arguments: the file of the trial, and the file its measures go to.

    Returns:
        The exit code.
    """
    order, answer = map(Path, arguments)
    told = json.loads(order.read_text(encoding="utf-8"))
    questions = tuple((name, question) for name, question in told.pop("questions"))
    trial = Trial(**told, questions=questions)
    began = time.perf_counter()
    with closing(make(trial)) as pipeline:
        pipeline.take(trial.first)
        pipeline.ask("What is this?")
        ready = time.perf_counter()
        tell = pipeline.take(trial.reports)
        filed = time.perf_counter()
        found = sum(name in pipeline.ask(question) for name, question in questions)
        asked = time.perf_counter()
        taken = Taken(ready - began, filed - ready, asked - filed, found, tell())
    answer.write_text(json.dumps(asdict(taken)), encoding="utf-8")
    return 0


def start(python: str, module: str, trial: Trial, folder: Path, threads: int) -> Taken:
    """Do a trial in a new process, and wait for it.

    Args:
        python: the interpreter that has what the pipeline needs.
        module: of the pipeline.
        trial: what it is to do.
        folder: where its order and its measures are written.
        threads: that its libraries may compute with.

    Returns:
        What it measured.

    Raises:
        RuntimeError: it failed; the message ends with what it said.
    """
    order, answer = folder / f"{module}.order.json", folder / f"{module}.taken.json"
    order.write_text(json.dumps(asdict(trial)), encoding="utf-8")
    done = subprocess.run(
        [python, "-m", module, str(order), str(answer)],
        cwd=_PROJECT,
        env={**os.environ, **quiet(threads)},
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
    )
    if done.returncode or not answer.is_file():
        raise RuntimeError(f"{module} ended with {done.returncode}: {done.stderr[-2_000:]}")
    told = json.loads(answer.read_text(encoding="utf-8"))
    filed = told.pop("filed")
    return Taken(**told, filed=Filed(**{**filed, "texts": tuple(filed["texts"])}))


def solid(text: str) -> int:
    """The characters of a text that are no white space."""
    return sum(not character.isspace() for character in text)


def quiet(threads: int) -> dict[str, str]:
    """No hub and no telemetry for anybody, and the same threads for all."""
    return {
        "ANONYMIZED_TELEMETRY": "False",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_OFFLINE": "1",
        "LANGCHAIN_TRACING_V2": "false",
        "LANGSMITH_TRACING": "false",
        "TRANSFORMERS_OFFLINE": "1",
        "OMP_NUM_THREADS": str(threads),
        "RAYON_NUM_THREADS": str(threads),
    }
