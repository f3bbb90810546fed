"""Tests of the worker processes: what one file does to them, it does to itself alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from ingest.chunk import chunk
from ingest.embed import Embedder
from ingest.engine import Engine, Limits, Parsed, embedded, read_report
from ingest.errors import EmbedderError, ParseError
from ingest.records import Passage, Told
from tests.embedders import WordEmbedder
from tests.ingest.mill import wait_until

_REPORTS = Path(__file__).parents[2] / "reports"


def faulty(content: bytes, name: str, told: Sequence[Told] = ()) -> Parsed:
    """Parse a file, unless its name asks for something else."""
    match name.partition(".")[0]:
        case "hangs":
            time.sleep(600)
        case "crashes":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "leaves":
            os._exit(3)
        case "devours":
            hoard = []
            while True:
                hoard.append(bytearray(10_000_000))
        case "errs":
            raise ValueError("nobody thought of this")
        case "refuses":
            raise ParseError(f"{name} is no report")
        case "counts":
            return read_report(str(len(content)).encode(), "told.txt")
        case "tells":
            return read_report(f"{os.getpid()} {os.nice(0)}".encode(), "told.txt")
    return read_report(content, name, told)


def passage(text: str) -> Passage:
    """A passage under a header."""
    return Passage(text, "r", 0, 0, len(text), None, 1, "Metals · Quill", text)


class Dying(WordEmbedder):
    """An embedder whose process does not survive a certain text."""

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row for each text."""
        if any("the end" in text for text in texts):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().embed_passages(texts)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Workers that allow a file two seconds and 200 megabytes."""
    engine = Engine(Dying, Limits(2, 200), faulty)
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("hangs.txt", r"hangs\.txt took longer than 2 s .* PARSE_SECONDS$"),
        ("crashes.txt", r"crashes\.txt crashed its parser \(SIGSEGV\); save it anew"),
        ("leaves.txt", r"leaves\.txt crashed its parser \(exit code 3\)"),
        ("devours.txt", r"devours\.txt needs more than 200 MB .* PARSE_MEGABYTES$"),
        ("errs.txt", r"errs\.txt .* fault of Footnote \(ValueError: nobody thought of this\)"),
        ("refuses.txt", r"^refuses\.txt is no report$"),
        ("empty.txt", r"^empty\.txt is empty"),
    ],
)
def test_a_bad_file_costs_only_itself(engine: Engine, name: str, reason: str) -> None:
    """Whatever a file does to its worker, the files around it come through."""
    bad = engine.submit(b"" if name == "empty.txt" else b"Copper is cheap.", name)
    others = [engine.submit(b"Copper is cheap.", f"{number}.txt") for number in range(3)]
    with pytest.raises(ParseError, match=reason):
        bad.result()
    assert all(task.result().report.text == "Copper is cheap." for task in others)


def test_a_file_is_waited_for_no_longer_than_asked(engine: Engine) -> None:
    """Whoever waits can look up now and then."""
    task = engine.submit(b"Copper is cheap.", "hangs.txt")
    assert not task.wait(0.05)
    with pytest.raises(ParseError):
        task.result()
    assert task.wait(0)


def test_workers_stand_back(engine: Engine) -> None:
    """A worker is a process of its own, of low priority."""
    told = engine.submit(b"", "tells.txt").result().report.text.split()
    assert int(told[0]) != os.getpid()
    assert int(told[1]) > os.nice(0)


def test_what_is_told_of_a_file_reaches_its_worker(engine: Engine) -> None:
    """What is said outside a report describes it there too, with where it is said."""
    told = (Told("note.toml", {"publisher": "Heron", "tickers": "MU;"}),)
    about = engine.submit(b"Copper is cheap.", "note.txt", told).result().description
    assert (about.publisher, about.tickers) == ("Heron", ("MU",))
    assert about.known_from["publisher"] == "told by note.toml"


def test_a_large_file_reaches_its_worker(engine: Engine) -> None:
    """Content is handed over whole, however much it is."""
    content = b"Copper is cheap. " * 4_000_000
    told = engine.submit(content, "counts.txt").result().report.text
    assert told == str(len(content))


def test_what_comes_back_is_what_would_be_made_here() -> None:
    """Parsing, cutting and embedding give the same in a worker as in this process."""
    path = _REPORTS / "technology" / "embodied-ai-primer.txt"
    content, here = path.read_bytes(), WordEmbedder()
    expected = read_report(content, path.name)
    engine = Engine(WordEmbedder, Limits())
    try:
        parsed = engine.submit(content, path.name).result()
        assert parsed == expected
        held = engine.cut(parsed.report, parsed.description, "r")
        assert held == chunk(parsed.report, parsed.description, "r", here.count_tokens, here.window)
        made, expected_made = engine.embed(held), embedded(held, here)
        assert np.array_equal(made.vectors, expected_made.vectors)
        for one, other in zip(made.stretches, expected_made.stretches, strict=True):
            assert np.array_equal(one.spans, other.spans)
            assert np.array_equal(one.vectors, other.vectors)
        assert (engine.identity, engine.dimension) == (here.identity, here.dimension)
        engine.rest()
        assert np.array_equal(engine.embed(held[:1]).vectors, expected_made.vectors[:1])
    finally:
        engine.close()


def test_a_dead_embedder_is_told_and_replaced(engine: Engine) -> None:
    """When the embedder's process is killed, the error says what to see to; the next call works."""
    with pytest.raises(EmbedderError, match=r"ended \(SIGKILL\); see that the machine has memory"):
        engine.embed([passage("this is the end")])
    assert engine.embed([passage("Copper is cheap.")]).vectors.shape == (1, 64)


def test_the_shipped_embedder_works_in_its_process() -> None:
    """The real model embeds there as it does here."""
    engine, here = Engine(Embedder, Limits()), Embedder()
    try:
        held = [passage("Copper is cheap. It is red."), passage("Chips are scarce.")]
        made = engine.embed(held)
        texts = [each.embedded for each in held]
        assert np.allclose(made.vectors, here.embed_passages(texts), atol=1e-5)
        assert [each.spans.tolist() for each in made.stretches] == [[[0, 16], [17, 27]], [[0, 17]]]
        assert engine.identity == here.identity
    finally:
        engine.close()
        here.close()


_OWNER = """
import sys, time
from ingest.engine import Engine, Limits
from tests.ingest.test_engine import Dying, faulty, passage
if __name__ == "__main__":
    engine = Engine(Dying, Limits(600, 200), faulty)
    engine.submit(b"x", "hangs.txt")
    engine.embed([passage("x")])
    print("ready", flush=True)
    time.sleep(600)
"""


def test_no_worker_outlives_its_owner(tmp_path: Path) -> None:
    """An owner that is killed leaves no process behind, whatever its workers are at."""
    program = tmp_path / "owner.py"
    program.write_text(_OWNER, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(program)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(_REPORTS.parent)},
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"ready\n"
        workers = psutil.Process(owner.pid).children(recursive=True)
        assert len(workers) >= 2
        owner.kill()
    wait_until(
        lambda: not any(w.is_running() and w.status() != psutil.STATUS_ZOMBIE for w in workers)
    )
