"""Markdown: what a reader of the rendered page sees, without its marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.parse.captions import unit_above
from ingest.parse.characters import decode
from ingest.parse.front_matter import split_front_matter
from ingest.parse.html import write_fragment
from ingest.parse.raised import raised
from ingest.parse.writer import ReportWriter
from ingest.records import BlockKind, ParsedReport

if TYPE_CHECKING:
    from markdown_it.token import Token

_STRUCK = frozenset({"s", "del", "strike"})
_TAG = re.compile(r"<(/?)(sup|s|del|strike)\b", re.IGNORECASE)


def parse_markdown(content: bytes, name: str) -> ParsedReport:
    """Parse a Markdown file (CommonMark with tables).

    Args:
        content: the file's bytes.
        name: its name, for messages.

    Returns:
        The report; its text is the rendered page's, a row of a table "cell | cell". The front
        matter is stated, not part of the text.

    Raises:
        ParseError: the bytes are no text, or the front matter cannot be read.
    """
    from markdown_it import MarkdownIt

    stated, text = split_front_matter(decode(content, name), name)
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    writer = ReportWriter()
    rows: list[list[str]] = []
    heads = items = 0
    kind, level = BlockKind.PARAGRAPH, None
    for token in tokens:
        if token.type in {"list_item_open", "list_item_close"}:
            items += token.nesting
        elif token.type == "heading_open":
            kind, level = BlockKind.HEADING, int(token.tag[1:])
        elif token.type == "paragraph_open":
            kind, level = BlockKind.LIST_ITEM if items else BlockKind.PARAGRAPH, None
        elif token.type == "table_open":
            kind, rows, heads = BlockKind.TABLE_ROW, [], 0
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "thead_close":
            heads = len(rows)
        elif token.type == "table_close":
            writer.add_table(rows, heads=heads, unit=unit_above(writer))
        elif token.type == "inline":
            written = _written(token.children or ())
            if kind is BlockKind.TABLE_ROW:
                rows[-1].append(written)
            else:
                writer.add(kind, written, level=level)
        elif token.type in {"fence", "code_block"}:
            writer.add(BlockKind.PARAGRAPH, token.content)
        elif token.type == "html_block":
            write_fragment(token.content, writer)
    return writer.report(stated, stated_in="front matter")


def _written(tokens: Sequence[Token]) -> str:
    """What a reader sees of a run of inline marks, without what is struck out."""
    pieces: list[str] = []
    within: set[str] = set()
    for token in tokens:
        tag = _TAG.match(token.content) if token.type == "html_inline" else None
        if tag is not None or token.type in {"s_open", "s_close"}:
            opens = token.nesting > 0 if tag is None else not tag[1]
            name = "s" if tag is None else tag[2].lower()
            (within.add if opens else within.discard)(name)
        elif within & _STRUCK:
            continue
        elif token.type == "softbreak":
            pieces.append(" ")
        elif token.type == "hardbreak" or token.content.lower().startswith("<br"):
            pieces.append("\n")
        elif token.type == "image":
            pieces.append(_written(token.children or ()))
        elif token.type in {"text", "code_inline", "text_special"}:
            before = "".join(pieces[-3:])
            pieces.append(raised(before, token.content) if "sup" in within else token.content)
    return re.sub(r" {2,}", " ", "".join(pieces))
