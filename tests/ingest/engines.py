"""An engine without processes, for tests of what is done with what it gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.chunk import chunk
from ingest.describe import describe
from ingest.engine import embedded
from ingest.parse.dispatch import parse
from ingest.records import Description, ParsedReport, Passage, Told
from ingest.stretches import Embedded
from tests.embedders import WordEmbedder


@dataclass(frozen=True, slots=True)
class Read:
    """A report and what is known of it."""

    report: ParsedReport
    description: Description


class Parsed:
    """A file that is parsed when its report is asked for.

    Args:
        content: its bytes.
        name: its name.
        told: what is said of it outside of it.
    """

    def __init__(self, content: bytes, name: str, told: Sequence[Told]) -> None:
        self._content = content
        self._name = name
        self._told = told

    def wait(self, seconds: float) -> bool:
        """Nothing is waited for."""
        return True

    def result(self) -> Read:
        """The report.

        Raises:
            SourceError: there is none.
        """
        parsed = parse(self._content, self._name)
        return Read(parsed, describe(parsed, self._name, self._told))


class InlineEngine:
    """Parses, cuts and embeds in the calling thread.

    Args:
        embedder: makes the vectors.
    """

    def __init__(self, embedder: WordEmbedder) -> None:
        self._embedder = embedder

    @property
    def identity(self) -> str:
        """The embedder's."""
        return self._embedder.identity

    @property
    def dimension(self) -> int:
        """The embedder's."""
        return self._embedder.dimension

    def submit(self, content: bytes, name: str, told: Sequence[Told] = ()) -> Parsed:
        """Parse a file."""
        return Parsed(content, name, told)

    def cut(self, parsed: ParsedReport, description: Description, report_id: str) -> list[Passage]:
        """The passages of a report."""
        embedder = self._embedder
        return chunk(parsed, description, report_id, embedder.count_tokens, embedder.window)

    def embed(self, passages: Sequence[Passage]) -> Embedded:
        """The vectors of passages, and of the sentences and rows in them."""
        return embedded(passages, self._embedder)
