"""Small libraries and reports for the tests of the library."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ingest.chunk import chunk
from ingest.library.library import Library, content_hash_of
from ingest.library.opening import open_library
from ingest.records import Block, BlockKind, Description, ParsedReport, Source
from tests.embedders import WordEmbedder

EMBEDDER = WordEmbedder()


def source(name: str, shelf: str = "general") -> Source:
    """A source at an address made of its name."""
    return Source(f"file:///{shelf}/{name}", name, shelf)


def described(
    title: str, publisher: str | None = None, published: date | None = None
) -> Description:
    """A description in English, without pages."""
    return Description(title, publisher, published, "en", None)


def parsed(text: str) -> ParsedReport:
    """A text whose every line is a paragraph."""
    blocks: list[Block] = []
    start = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            end = start + len(line.rstrip())
            blocks.append(Block(BlockKind.PARAGRAPH, start, end, None, len(blocks) + 1))
        start += len(line)
    return ParsedReport(text, tuple(blocks))


def put(
    library: Library,
    where: Source,
    text: str,
    description: Description | None = None,
    report_id: str | None = None,
) -> str:
    """Put a text into a library as ingestion does; the report's id."""
    content = text.encode()
    report = parsed(text)
    described_as = description or described(where.name)
    report_id = report_id or library.report_id_for(where, content_hash_of(content))
    passages = chunk(report, described_as, report_id, EMBEDDER.count_tokens, EMBEDDER.window)
    unwritten = library.unwritten(passages)
    vectors = EMBEDDER.embed_passages([passage.embedded for passage in unwritten])
    library.put(report_id, where, content, report, described_as, passages, unwritten, vectors)
    return report_id


def fresh_library(folder: Path) -> Library:
    """A library with everything real, Chroma embedded."""
    return open_library(folder / "library", None)
