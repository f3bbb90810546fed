"""Writes the text of a report block by block, for formats whose text is not the file's own."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.parse.characters import clean
from ingest.records import Block, BlockKind, ParsedReport


class ReportWriter:
    """Collects blocks in reading order and knows where each of them stands.

    Blocks are parted by an empty line, rows of one table by a line break.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._blocks: list[Block] = []
        self._length = 0

    def add(self, kind: BlockKind, text: str, page: int | None = None) -> None:
        """Append a block; its text is cleaned and trimmed, and nothing is added if none is left.

        Args:
            kind: what the block is.
            text: what it says.
            page: the page it begins on, from 1; None where there are no pages.
        """
        text = clean(text).strip()
        if not text:
            return
        if self._blocks:
            rows = kind is self._blocks[-1].kind is BlockKind.TABLE_ROW
            self._append("\n" if rows else "\n\n")
        start = self._length
        self._append(text)
        self._blocks.append(Block(kind, start, self._length, page, len(self._blocks) + 1))

    def report(self, stated: Mapping[str, str], pages: int | None = None) -> ParsedReport:
        """Return the report written so far.

        Args:
            stated: what the document says of itself, as `ParsedReport.stated`.
            pages: number of pages, None where there are none.
        """
        return ParsedReport("".join(self._parts), tuple(self._blocks), stated, pages)

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
