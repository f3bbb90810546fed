"""Small libraries and reports for the tests of the library."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ingest.chunk import chunk
from ingest.engine import embedded
from ingest.language.likeness import text_hash_of
from ingest.library.indexes import Writing
from ingest.library.library import Library, Put, content_hash_of
from ingest.library.opening import open_library
from ingest.library.vectors import Vectors
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
    """A text whose every line is a passage: a paragraph, of several each on a page of its own."""
    blocks: list[Block] = []
    paged = len(text.split("\n")) > 1
    start = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            end = start + len(line.rstrip())
            blocks.append(
                Block(
                    BlockKind.PARAGRAPH,
                    start,
                    end,
                    len(blocks) + 1 if paged else None,
                    len(blocks) + 1,
                )
            )
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
    library.bind(Writing(EMBEDDER.identity, EMBEDDER.dimension, "paragraphs"))
    passages = chunk(report, described_as, report_id, EMBEDDER.count_tokens, EMBEDDER.window)
    unwritten = library.unwritten(passages)
    made = embedded(unwritten, EMBEDDER)
    library.put(
        [
            Put(
                report_id,
                where,
                content,
                text_hash_of(text),
                report,
                described_as,
                passages,
                unwritten,
                made,
            )
        ]
    )
    return report_id


def vectors_of(library: Library) -> Vectors:
    """The dense side of the index that answers."""
    search = library.search()
    assert search is not None
    return search.vectors


def fresh_library(folder: Path) -> Library:
    """A library with everything real, Chroma embedded."""
    return open_library(folder / "library", None)
