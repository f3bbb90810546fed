"""Where parsing, cutting and embedding run: in worker processes at low priority.

Files are parsed in processes with a limit of time and memory for each, so that one that
hangs or crashes its process costs only itself. The embedder lives in a process of its own,
beside the one that answers questions.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import TimeoutError as TooLate
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Lock, Thread
from typing import Any, Protocol, TypeVar

import numpy as np
import structlog
from numpy.typing import NDArray
from pebble import ProcessExpired, ProcessFuture, ProcessPool

from ingest.chunk import chunk
from ingest.describe import describe
from ingest.errors import EmbedderError, FootnoteError, ParseError
from ingest.language.stretches import stretches
from ingest.parse.dispatch import parse
from ingest.records import Description, ParsedReport, Passage, Told
from ingest.stretches import Embedded, Stretches

_log = structlog.get_logger(__name__)
_NICENESS = 10
_MOST_PARSERS = 4
_MEGABYTE = 1_000_000
# loading a model from a slow disk takes minutes; what takes longer hangs
_MODEL_SECONDS = 900
_FAREWELL_SECONDS = 2.0  # how long a worker may take to end by itself

Result = TypeVar("Result")


class EmbedsPassages(Protocol):
    """What ingestion needs of an embedder."""

    @property
    def identity(self) -> str:
        """The model's name with what tells its weights apart."""
        ...

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        ...

    @property
    def window(self) -> int:
        """How many tokens the model reads."""
        ...

    def count_tokens(self, text: str) -> int:
        """How many tokens a text is."""
        ...

    def embed_parted(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        """One row of length 1 for each text, and for each of its stretches."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost to parse.

    Attributes:
        seconds: of time.
        megabytes: of memory, beyond what a worker has before it.
    """

    seconds: int = 120
    megabytes: int = 2_000


@dataclass(frozen=True, slots=True)
class Parsed:
    """A report read out of its bytes.

    Attributes:
        report: its text and blocks.
        description: what is known of it.
    """

    report: ParsedReport
    description: Description


class ParseTask:
    """A file that is being parsed.

    Args:
        future: of its report.
        name: of the file.
        limits: it is held to.
    """

    def __init__(self, future: ProcessFuture[Parsed], name: str, limits: Limits) -> None:
        self._future = future
        self._name = name
        self._limits = limits

    def wait(self, seconds: float) -> bool:
        """Wait for it so long at most; whether it is done."""
        try:
            self._future.exception(timeout=seconds)
        except TooLate:
            return self._future.done()
        return True

    def result(self) -> Parsed:
        """Wait for the report.

        Raises:
            ParseError: there is none; the message says why.
        """
        name, limits = self._name, self._limits
        try:
            parsed = self._future.result()
        except TooLate as error:
            raise ParseError(
                f"{name} took longer than {limits.seconds} s to parse and was given up; save it "
                "anew, split it, or raise PARSE_SECONDS"
            ) from error
        except MemoryError as error:
            raise ParseError(
                f"{name} needs more than {limits.megabytes} MB to be parsed and was given up; "
                "split it, or raise PARSE_MEGABYTES"
            ) from error
        except ProcessExpired as error:
            raise ParseError(
                f"{name} crashed its parser ({_how_died(error)}); save it anew or in another "
                "format. If it is large, raise PARSE_MEGABYTES"
            ) from error
        except FootnoteError:
            raise
        except Exception as error:
            _log.error("a report set off a fault of Footnote", report=name, fault=repr(error))
            raise ParseError(
                f"{name} could not be parsed, which is a fault of Footnote "
                f"({type(error).__name__}: {error}); save it anew or in another format"
            ) from error
        return parsed


class Engine:
    """The worker processes. None is started before it is needed.

    Args:
        make_embedder: makes the embedder in its process; must be picklable.
        limits: of each file.
        read: parses and describes one file in its process; must be picklable.
    """

    def __init__(
        self,
        make_embedder: Callable[[], EmbedsPassages],
        limits: Limits,
        read: Callable[[bytes, str, Sequence[Told]], Parsed] | None = None,
    ) -> None:
        self._make_embedder = make_embedder
        self._limits = limits
        self._read = read or read_report
        self._starting = Lock()
        self._parsers: ProcessPool | None = None
        self._model: ProcessPool | None = None
        self._facts: tuple[str, int] | None = None

    def submit(self, content: bytes, name: str, told: Sequence[Told] = ()) -> ParseTask:
        """Begin to parse a file.

        Args:
            content: its bytes.
            name: its name, whose ending says what it is.
            told: what is said of it outside of it.
        """
        with self._starting:
            if self._parsers is None or not self._parsers.active:
                self._parsers = self._pool(
                    min(max((os.cpu_count() or 2) - 1, 1), _MOST_PARSERS),
                    partial(_begin_parser, self._limits.megabytes),
                )
            future = self._parsers.schedule(
                self._read, args=(content, name, told), timeout=self._limits.seconds
            )
        return ParseTask(future, name, self._limits)

    @property
    def identity(self) -> str:
        """The embedder's name with what tells its weights apart.

        Raises:
            EmbedderError: it cannot be loaded.
        """
        return self._known()[0]

    @property
    def dimension(self) -> int:
        """How many numbers a vector has.

        Raises:
            EmbedderError: the embedder cannot be loaded.
        """
        return self._known()[1]

    def cut(self, parsed: ParsedReport, description: Description, report_id: str) -> list[Passage]:
        """The passages of a report, in order, each within the embedder's window.

        Raises:
            EmbedderError: the embedder cannot be loaded or used.
        """
        return self._ask(_cut, parsed, description, report_id)

    def embed(self, passages: Sequence[Passage]) -> Embedded:
        """The vectors of passages, and of the sentences and rows in them.

        Args:
            passages: n of them, each within the window.

        Raises:
            EmbedderError: the embedder cannot be loaded or used.
        """
        return self._ask(_embed, list(passages))

    def rest(self) -> None:
        """End the processes; they are started again when they are needed."""
        with self._starting:
            pools, self._parsers, self._model = (self._parsers, self._model), None, None
        for pool in pools:
            if pool is None:
                continue
            # what ends by itself cleans up behind itself; what is at work is stopped
            pool.close()  # type: ignore[no-untyped-call]  # it carries no types
            try:
                pool.join(_FAREWELL_SECONDS)
            except TooLate:
                pool.stop()  # type: ignore[no-untyped-call]  # likewise
                pool.join()

    def close(self) -> None:
        """End the processes."""
        self.rest()

    def _known(self) -> tuple[str, int]:
        if self._facts is None:
            self._facts = self._ask(_facts)
        return self._facts

    def _ask(self, work: Callable[..., Result], *arguments: object) -> Result:
        """Have something done where the embedder is."""
        with self._starting:
            if self._model is None or not self._model.active:
                self._model = self._pool(1, partial(_begin_model, self._make_embedder))
            future = self._model.schedule(work, args=arguments, timeout=_MODEL_SECONDS)
        try:
            done: Result = future.result()
        except (TooLate, ProcessExpired, MemoryError) as error:
            raise EmbedderError(
                f"the process of the embedder ended ({_how_died(error)}); see that the machine has "
                "memory left, and run it again to go on"
            ) from error
        return done

    def _pool(self, workers: int, begin: Callable[[], None]) -> ProcessPool:
        return ProcessPool(max_workers=workers, initializer=begin, context=_context())


def read_report(content: bytes, name: str, told: Sequence[Told] = ()) -> Parsed:
    """Parse and describe a report.

    Args:
        content: its bytes.
        name: its name, whose ending says what it is.
        told: what is said of it outside of it.

    Raises:
        ParseError: it cannot be.
    """
    report = parse(content, name)
    return Parsed(report, describe(report, name, told))


def _context() -> Any:
    """How processes are started: from a server that has imported the parsers, where there is one.

    A new worker is there in milliseconds then, and owns nothing of the owner's.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["ingest.engine"])
    return context


def _begin_worker() -> None:
    """Make this process a worker: low in priority, deaf to Ctrl-C, gone when its owner is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        # an owner that waits for these holds them back, and its children would too
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    Thread(target=_end_with_owner, daemon=True).start()


def _end_with_owner() -> None:
    """End this process when its owner has died, whatever it is at."""
    owner = multiprocessing.parent_process()
    if owner is not None:
        owner.join()
        os._exit(1)


def _begin_parser(megabytes: int) -> None:
    _begin_worker()
    if sys.platform != "linux":
        return
    import resource

    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 (a plain file of the kernel)
        held = int(file.read().split()[0]) * resource.getpagesize()
    most = held + megabytes * _MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


_embedder: EmbedsPassages | None = None
"""In the embedder's process, the embedder; None everywhere else."""


def _begin_model(make_embedder: Callable[[], EmbedsPassages]) -> None:
    global _embedder  # a process has one, and a pool hands its work nothing else
    _begin_worker()
    _embedder = make_embedder()


@contextmanager
def _at_hand() -> Iterator[EmbedsPassages]:
    if _embedder is None:
        raise EmbedderError("the embedder was asked for outside its process")
    yield _embedder


def _facts() -> tuple[str, int]:
    with _at_hand() as embedder:
        return embedder.identity, embedder.dimension


def _cut(parsed: ParsedReport, description: Description, report_id: str) -> list[Passage]:
    with _at_hand() as embedder:
        return chunk(parsed, description, report_id, embedder.count_tokens, embedder.window)


def _embed(passages: list[Passage]) -> Embedded:
    with _at_hand() as embedder:
        return embedded(passages, embedder)


def embedded(passages: Sequence[Passage], embedder: EmbedsPassages) -> Embedded:
    """Embed passages with their sentences and rows, in the calling process.

    Raises:
        EmbedderError: the embedder cannot be loaded or used.
    """
    spans = [stretches(passage) for passage in passages]
    before = [len(passage.embedded) - len(passage.text) for passage in passages]
    shifted = [
        [(start + shift, end + shift) for start, end in each]
        for each, shift in zip(spans, before, strict=True)
    ]
    vectors, parts = embedder.embed_parted([passage.embedded for passage in passages], shifted)
    return Embedded(
        vectors,
        [
            Stretches(whole, np.array(each, dtype=np.int32).reshape(-1, 2), part)
            for whole, each, part in zip(vectors, spans, parts, strict=True)
        ],
    )


def _how_died(error: BaseException) -> str:
    code = getattr(error, "exitcode", None)
    if isinstance(code, int) and code < 0:
        return signal.Signals(-code).name
    return f"exit code {code}" if code is not None else type(error).__name__
