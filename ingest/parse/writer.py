"""Writes the text of a report block by block, for formats whose text is not the file's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.language.rows import join_cells
from ingest.parse.characters import clean
from ingest.parse.tables import groups_of, head_rows, heads_of, unit_among
from ingest.records import Block, BlockKind, LineBox, ParsedReport, Table


class ReportWriter:
    """Collects blocks in reading order and knows where each of them stands.

    Blocks are parted by an empty line, rows of one table by a line break.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._texts: list[str] = []
        self._blocks: list[Block] = []
        self._tables: list[Table] = []
        self._boxes: list[LineBox] = []
        self._length = 0

    def add(
        self,
        kind: BlockKind,
        text: str,
        page: int | None = None,
        level: int | None = None,
        boxes: Sequence[LineBox] = (),
    ) -> bool:
        """Append a block; its text is cleaned and trimmed, and nothing is added if none is left.

        Args:
            kind: what the block is.
            text: what it says.
            page: the page it begins on, from 1; None where there are no pages.
            level: of a heading, how deep it stands, from 1; None where that is not known.
            boxes: where its characters stand, counted from the text's beginning; of a text that
                is clean and trimmed already.

        Returns:
            Whether anything was added.
        """
        text = clean(text).strip()
        if not text:
            return False
        if self._blocks:
            rows = kind is self._blocks[-1].kind is BlockKind.TABLE_ROW
            self._append("\n" if rows else "\n\n")
        start = self._length
        self._append(text)
        self._texts.append(text)
        place = len(self._blocks) + 1
        self._blocks.append(Block(kind, start, self._length, page, place, level))
        self._boxes.extend(replace(box, start=start + box.start) for box in boxes)
        return True

    def add_table(
        self,
        rows: Sequence[Sequence[str]],
        page: int | None = None,
        heads: int | None = None,
        unit: str = "",
    ) -> None:
        """Append a table, a block for each row that holds something.

        Args:
            rows: n rows of cells, a cell's column being its place; what spans several columns
                or rows stands in each of them among the heads.
            page: the page it begins on, from 1; None where there are no pages.
            heads: how many rows at the top are heads; None to tell that by their form.
            unit: what its figures are counted in, where that is printed outside of it; what
                its first rows say of it is found.
        """
        tidy = [[" ".join(clean(cell).split()) for cell in row] for row in rows]
        written = [row for row in tidy if any(row)]
        dropped = sum(not any(row) for row in tidy[: heads or 0])
        above = head_rows(written) if heads is None else heads - dropped
        first = len(self._blocks) + 1
        for row in written:
            self.add(BlockKind.TABLE_ROW, join_cells(row), page)
        inside = unit_among(written[:above])
        groups = [""] * above + list(groups_of(written[above:]))
        self.name_columns(first, heads_of(written[:above]), unit or inside, groups)

    def name_columns(
        self, first: int, heads: Sequence[str], unit: str = "", groups: Sequence[str] = ()
    ) -> None:
        """Say of the rows added last that they are a table, and what stands above its columns.

        Args:
            first: place among the blocks, from 1, of the table's first row; the last one is the
                block added last.
            heads: as `Table.heads`.
            unit: as `Table.unit`.
            groups: as `Table.groups`.
        """
        last = len(self._blocks)
        if last >= first and (any(heads) or unit or any(groups)):
            named = tuple(groups) if any(groups) else ()
            self._tables.append(Table(first, last, tuple(heads), unit, named))

    @property
    def count(self) -> int:
        """How many blocks there are."""
        return len(self._blocks)

    def text_of(self, place: int) -> str:
        """What a block says, by its place, from 1."""
        return self._texts[place - 1]

    def report(
        self,
        stated: Mapping[str, str],
        pages: int | None = None,
        stated_in: str = "properties of the document",
    ) -> ParsedReport:
        """Return the report written so far.

        Args:
            stated: what the document says of itself, as `ParsedReport.stated`.
            pages: number of pages, None where there are none.
            stated_in: where it says so, as people are told.
        """
        return ParsedReport(
            "".join(self._parts),
            tuple(self._blocks),
            stated,
            pages,
            tuple(self._tables),
            tuple(self._boxes),
            stated_in,
        )

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
