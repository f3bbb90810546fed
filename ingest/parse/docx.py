"""Text documents of office programs (DOCX)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.parse.charts import write_chart
from ingest.parse.grids import Merged, write_grid
from ingest.parse.raised import raised
from ingest.parse.shapes import is_list_item, kind_of
from ingest.parse.writer import ReportWriter
from ingest.parse.zipped import (
    Parts,
    Relation,
    child,
    descendants,
    local,
    number_of,
    open_parts,
    own,
)
from ingest.records import BlockKind, ParsedReport

# deleted or moved away, numbers of notes, what is read elsewhere or never seen
_UNREAD = frozenset({"del", "moveFrom", "Fallback", "rt", "pPr", "rPr", "instrText", "delText"})
_LETTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_FORMULAS = {"den": "/", "sup": "^", "sub": "_", "f": " "}  # what stands before parts of these
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}
_HEADING = re.compile(r"heading (\d)")
_LEVELS = 9  # of headings
_CELL = 1_000  # characters; a longer "cell" is a page laid out as a table
_MOST_COLUMNS = 100  # cells that one may span
_MOST_CELLS = 1_000_000  # of a table


@dataclass(frozen=True, slots=True)
class _Style:
    """What paragraphs of a style are.

    Attributes:
        level: of headings, from 1; None of what is none, 0 of what is expressly none.
        is_list: its paragraphs are entries of a list.
        is_contents: its paragraphs are lines of a table of contents.
        parent: the style that says what this one does not.
    """

    level: int | None
    is_list: bool | None
    is_contents: bool
    parent: str | None


@dataclass(slots=True)
class _Document:
    """What is needed to read a document's paragraphs, and what waits to be written.

    Attributes:
        parts: the document's parts.
        styles: its styles by their names in paragraphs.
        usual: the style of paragraphs that name none.
        notes: footnotes and endnotes by kind and number, those that are not read yet.
        relations: what its main part points at.
    """

    parts: Parts
    styles: dict[str, _Style]
    usual: str
    notes: dict[tuple[str, str], Any]
    relations: dict[str, Relation]
    writer: ReportWriter = field(default_factory=ReportWriter)
    waiting: list[Any] = field(default_factory=list)


def parse_docx(content: bytes, name: str) -> ParsedReport:
    """Parse a text document.

    What was deleted under revision or struck out, headers, footers and tables of contents are
    left out; what was inserted is read. Notes and text boxes stand behind the paragraph that they
    belong to.

    Args:
        content: the document's bytes.
        name: its name, for messages.

    Returns:
        The report; a row of a table "cell | cell". Stated are the title, and the author if it
        is a house.

    Raises:
        ParseError: it is no text document, damaged, locked, or made to harm.
    """
    parts = open_parts(content, name, ".docx")
    main = parts.main()
    body = child(parts.tree(main), "body")
    if body is None:
        raise parts.damaged("its text is missing")
    styles, usual = _styles(parts, main)
    document = _Document(parts, styles, usual, _notes(parts, main), parts.relations(main))
    _write_blocks(body, document)
    return document.writer.report(parts.stated())


def _styles(parts: Parts, main: str) -> tuple[dict[str, _Style], str]:
    """The styles of paragraphs, and the usual one."""
    styles: dict[str, _Style] = {}
    usual = ""
    for part in parts.related(main, "styles"):
        for style in parts.tree(part):
            if local(style) != "style" or own(style, "type") != "paragraph":
                continue
            key = own(style, "styleId") or ""
            # names of built-in styles are English in every language
            name = (_value(style, "name") or "").lower()
            heading = _HEADING.fullmatch(name)
            outline = _outline(style)
            level = int(heading[1]) if heading else 1 if name == "title" else outline
            styles[key] = _Style(
                level, _is_listed(style), name.startswith("toc "), _value(style, "basedOn")
            )
            if own(style, "default") in {"1", "true"}:
                usual = key
    return styles, usual


def _value(element: Any, *path: str) -> str | None:
    """The value of an element down a path; None where it has none."""
    found = child(element, *path)
    return None if found is None else own(found, "val")


def _outline(element: Any) -> int | None:
    """The level that a style's or a paragraph's properties say; 0 of body text."""
    written = _value(element, "pPr", "outlineLvl") or ""
    if not (written.isascii() and written.isdigit()):
        return None
    level = int(written[:4]) + 1
    return level if level <= _LEVELS else 0


def _is_listed(element: Any) -> bool | None:
    """Whether a style's or a paragraph's properties make entries of a list; None if mute."""
    if child(element, "pPr", "numPr") is None:
        return None
    return _value(element, "pPr", "numPr", "numId") != "0"


def _notes(parts: Parts, main: str) -> dict[tuple[str, str], Any]:
    """Footnotes and endnotes by kind and number."""
    return {
        (kind, own(note, "id") or ""): note
        for kind in ("footnotes", "endnotes")
        for part in parts.related(main, kind)
        for note in parts.tree(part)
        if own(note, "type") in {None, "normal"}
    }


def _write_blocks(holder: Any, document: _Document) -> None:
    """Write the paragraphs and tables that stand in an element."""
    blocks = list(_blocks(holder))
    # a paragraph set as a heading by hand alone is told by what follows it
    kind: BlockKind | None = None
    following: str | None = None
    kinds: dict[int, tuple[BlockKind, int | None]] = {}
    texts: dict[int, str] = {}
    for at in range(len(blocks) - 1, -1, -1):
        if local(blocks[at]) == "tbl":
            kind, following = BlockKind.TABLE_ROW, ""
            continue
        text = texts[at] = _text(blocks[at]).strip()
        if text:
            kind, level = _kind(blocks[at], text, following, kind, document)
            kinds[at] = kind, level
            following = text
    for at, block in enumerate(blocks):
        if local(block) == "tbl":
            _write_table(block, document)
        elif not _is_contents(block, document):
            if at in kinds:
                document.writer.add(kinds[at][0], texts[at], level=kinds[at][1])
            _write_attached(block, document)


def _blocks(holder: Any) -> Iterator[Any]:
    """The paragraphs and tables in an element, and in what merely wraps them."""
    for element in holder:
        name = local(element)
        if name in {"p", "tbl"}:
            yield element
        elif name == "sdt":
            content = child(element, "sdtContent")
            if content is not None:
                yield from _blocks(content)
        elif name in {"ins", "moveTo", "customXml", "smartTag", "Choice", "AlternateContent"}:
            yield from _blocks(element)


def _style(paragraph: Any, document: _Document) -> list[_Style]:
    """The styles of a paragraph, its own first, each of the others what that is based on."""
    key = _value(paragraph, "pPr", "pStyle") or document.usual
    found: list[_Style] = []
    seen: set[str] = set()
    while key in document.styles and key not in seen:
        seen.add(key)
        found.append(document.styles[key])
        key = found[-1].parent or ""
    return found


def _is_contents(paragraph: Any, document: _Document) -> bool:
    """Whether a paragraph is a line of a table of contents."""
    return any(style.is_contents for style in _style(paragraph, document))


def _kind(
    paragraph: Any,
    text: str,
    following: str | None,
    following_kind: BlockKind | None,
    document: _Document,
) -> tuple[BlockKind, int | None]:
    """What a paragraph is, and its level if it is a heading."""
    styles = _style(paragraph, document)
    said = [_outline(paragraph), *(style.level for style in styles)]
    level = next((each for each in said if each is not None), 0)
    if level:
        return BlockKind.HEADING, level
    lists = [_is_listed(paragraph), *(style.is_list for style in styles)]
    if next((each for each in lists if each is not None), False) or is_list_item(text):
        return BlockKind.LIST_ITEM, None
    if _is_bold(paragraph):
        return kind_of(text, following, following_kind), None
    return BlockKind.PARAGRAPH, None


def _is_bold(paragraph: Any) -> bool:
    """Whether all text of a paragraph is set bold by hand."""
    runs = [run for run in descendants(paragraph, "r") if _text(run).strip()]
    return all(_is_set(run, "b") for run in runs)


def _text(element: Any) -> str:
    """What a paragraph or a part of one says, without what stands in boxes."""
    name = local(element)
    if name == "t":  # of text, of formulas
        return element.text or ""
    if name in _LETTERS:
        return _LETTERS[name]
    if name in _UNREAD or name == "txbxContent":
        return ""
    if name in _FORMULAS and "/math}" in element.tag:
        return _FORMULAS[name] + _inside(element)
    if name == "r" and any(_is_set(element, each) for each in ("vanish", "strike", "dstrike")):
        return ""
    return _inside(element)


def _is_set(run: Any, how: str) -> bool:
    """Whether a run is set in a manner by hand ("b", "strike")."""
    said = child(run, "rPr", how)
    return said is not None and own(said, "val") not in {"0", "false"}


def _inside(element: Any) -> str:
    """What the parts of an element say, one behind the other."""
    said = ""
    for part in element:
        text = _text(part)
        said += raised(said, text) if text and _is_raised(part) else text
    return said


def _is_raised(part: Any) -> bool:
    """Whether a part of a paragraph is set above the line."""
    return local(part) == "r" and _value(part, "rPr", "vertAlign") == "superscript"


def _write_attached(holder: Any, document: _Document) -> None:
    """Write the boxes, charts and notes that hang on a paragraph or a table."""
    for element in _attached(holder):
        name = local(element)
        if name == "txbxContent":
            _write_blocks(element, document)
        elif name == "chart":
            relation = document.relations.get(own(element, "id") or "")
            if relation is not None and relation.kind == "chart":
                write_chart(document.writer, document.parts.tree(relation.target))
        else:
            # each is read once, however often it is named
            note = document.notes.pop((_NOTES[name], own(element, "id") or ""), None)
            if note is not None:
                _write_blocks(note, document)


def _attached(holder: Any) -> Iterator[Any]:
    """The boxes, charts and notes in an element, those inside of boxes left to these."""
    for element in holder:
        name = local(element)
        if name == "txbxContent" or name == "chart" or name in _NOTES:
            yield element
        elif name not in _UNREAD:
            yield from _attached(element)


def _write_table(table: Any, document: _Document) -> None:
    """Write a table; one that only lays out the page as the blocks in it."""
    lines = [line for line in _lines(table, "tr") if not _is_deleted(line)]
    cells = [list(_lines(line, "tc")) for line in lines]
    told = [[_cell_text(cell) for cell in row] for row in cells]
    nested = any(local(block) == "tbl" for row in cells for cell in row for block in _blocks(cell))
    long = any(len(text) > _CELL for row in told for text in row)
    if nested or long or all(len(row) <= 1 for row in cells):
        for row in cells:
            for cell in row:
                _write_blocks(cell, document)
        return
    grid, merged = _laid_out(lines, cells, told, document)
    heads = 0
    while heads < len(lines) and child(lines[heads], "trPr", "tblHeader") is not None:
        heads += 1
    write_grid(document.writer, grid, merged, heads=heads if 0 < heads < len(lines) else None)
    _write_attached(table, document)


def _lines(holder: Any, name: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, also those that something wraps."""
    for element in holder:
        if local(element) == name:
            yield element
        elif local(element) in {"sdt", "sdtContent", "ins", "customXml", "smartTag"}:
            yield from _lines(element, name)


def _is_deleted(line: Any) -> bool:
    """Whether a row was deleted under revision."""
    return child(line, "trPr", "del") is not None


def _cell_text(cell: Any) -> str:
    """What a cell says."""
    return "\n".join(_text(block) for block in _blocks(cell) if local(block) == "p")


def _laid_out(
    lines: list[Any], cells: list[list[Any]], told: list[list[str]], document: _Document
) -> tuple[list[list[str]], list[Merged]]:
    """The cells of a table in their columns, and which of them are one."""
    grid: list[list[str]] = []
    merged: list[Merged] = []
    open_below: dict[int, Merged] = {}  # by column, those that may go on in the next row
    width = 0
    for at, (line, row, texts) in enumerate(zip(lines, cells, told, strict=True)):
        written = [""] * number_of(_value(line, "trPr", "gridBefore"), 0, _MOST_COLUMNS)
        following: dict[int, Merged] = {}
        for cell, text in zip(row, texts, strict=True):
            left = len(written)
            across = max(1, number_of(_value(cell, "tcPr", "gridSpan"), 1, _MOST_COLUMNS))
            joined = child(cell, "tcPr", "vMerge")
            begins = joined is not None and own(joined, "val") == "restart"
            above = open_below.get(left)
            if joined is not None and not begins and above is not None:
                following[left] = above._replace(bottom=at + 1)
                text = ""
            elif begins:
                following[left] = Merged(at, left, at + 1, left + across)
            elif across > 1:
                merged.append(Merged(at, left, at + 1, left + across))
            written.extend([text, *[""] * (across - 1)])
        merged.extend(span for left, span in open_below.items() if left not in following)
        merged.extend(
            span
            for left, span in open_below.items()
            if left in following and following[left].top != span.top
        )
        open_below = following
        grid.append(written)
        width = max(width, len(written))
        if width * len(grid) > _MOST_CELLS:
            raise document.parts.damaged("a table in it is too large")
    merged.extend(open_below.values())
    return grid, merged
