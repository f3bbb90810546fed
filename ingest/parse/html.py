"""Web pages: the article without its navigation, by trafilatura."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import TYPE_CHECKING

from ingest.errors import ParseError
from ingest.language.rows import join_cells
from ingest.parse.captions import unit_above, unit_of
from ingest.parse.characters import decode
from ingest.parse.html_tables import (
    LONGEST_CELL,
    PageTable,
    mark_in,
    mark_tables,
    without_marks,
)
from ingest.parse.html_text import BREAKS, INLINE, bracket_raised, flat_text, spaced
from ingest.parse.writer import ReportWriter
from ingest.records import BlockKind, ParsedReport

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped] # lxml ships no types

_CHARSET = re.compile(
    rb"(?:<meta[^>]{1,200}?charset|<\?xml[^>]{1,200}?encoding)\s*=\s*[\"']?([\w-]+)", re.IGNORECASE
)
_DATES = {"original_date": True, "extensive_search": False}
_NO_TEXT = (
    *("script", "style", "noscript", "template", "iframe", "object", "svg"),
    *("button", "select", "textarea"),
    *("del", "s", "strike", "ix:header"),  # struck out; what reports to an office hold unseen
)
_UNREAD = ("nav", "aside", "footer", "title")
_HIDDEN = re.compile(r"\bdisplay\s*:\s*none\b", re.IGNORECASE)
_ARTICLE = 500  # characters; trafilatura's rules for telling an article fail on less

# trafilatura hands back elements of its own (head, item, row) in place of the page's.
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_KINDS = {
    **dict.fromkeys(("head", *_HEADINGS), BlockKind.HEADING),
    **dict.fromkeys(("item", "li", "dt", "dd"), BlockKind.LIST_ITEM),
}
_ROWS = frozenset({"row", "tr"})

# what an XML document declares for itself; nothing of it is expanded or fetched
_INTERNAL = re.compile(r"<!DOCTYPE[^\[<>]{0,300}\[[^\]]{0,20000}\]\s*>", re.IGNORECASE)

# browsers leave the address in a comment as they save a page
_SAVED_FROM = re.compile(
    r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(https?://[^\s<>]+)"
)
_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_ADDRESSES = "//link[@rel='canonical']/@href | //meta[@property='og:url']/@content"
_CODES = frozenset({"ticker", "tickers", "symbol", "stock-symbol", "stock_symbol", "stocksymbol"})

# a tag; what is within a script, a style sheet or a title is none, and goes, if need be to the end
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|title)\b.*?(?:</\1\s*>|\Z)|<(/?[a-z][a-z0-9]*)\b[^<>]*>",
    re.IGNORECASE | re.DOTALL,
)


def parse_html(content: bytes, name: str) -> ParsedReport:
    """Parse a web page.

    Args:
        content: the page's bytes.
        name: its name, for messages.

    Returns:
        The report; its text is the article's, without navigation, scripts and footers, a row
        of a table "cell | cell". Stated are what the page's metadata say, `url` among them:
        the address it has on the web. A page nested deeper than any parser follows is read as
        paragraphs alone.

    Raises:
        ParseError: the bytes are no text or no page.
    """
    declared = _CHARSET.search(content[:4096])
    text = decode(content, name, declared[1].decode("ascii") if declared else None)
    root = _root(_INTERNAL.sub("", text, count=1), name)
    stated = _stated(root, text)
    tables = _readied(root)
    article = _article(root)
    writer = ReportWriter()
    _walk(_read(root) if article is None else article, BlockKind.PARAGRAPH, writer, tables)
    return writer.report(stated, stated_in="metadata of the page")


def write_fragment(fragment: str, writer: ReportWriter) -> None:
    """Write the blocks of HTML that is no page with an article in it: of a note, of a mail.

    Args:
        fragment: the HTML; nothing is written of what holds no text.
        writer: takes the blocks.
    """
    from lxml import etree  # type: ignore[import-untyped] # lxml ships no types

    try:
        root = _tree(fragment)
    except etree.LxmlError:  # nothing but a comment
        return
    tables = _readied(root)
    _walk(_read(root), BlockKind.PARAGRAPH, writer, tables)


def _root(text: str, name: str) -> HtmlElement:
    """The page's tree."""
    from lxml import etree

    try:
        return _tree(text)
    except etree.LxmlError as error:
        message = f"{name} is no web page that can be read; save it anew from the browser"
        raise ParseError(message) from error


def _tree(text: str) -> HtmlElement:
    """A tree of HTML without comments; a foreign LxmlError if there is nothing in it.

    The parser breaks off where elements are nested deeper than 256, which keeps everything that
    walks the tree from recursing without end; the text of such a page is read once more, flat.
    """
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    root = document_fromstring(text.encode(errors="replace"), parser=parser)
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        flat = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        return document_fromstring(_flattened(text).encode(errors="replace"), parser=flat)
    return root


def _flattened(text: str) -> str:
    """HTML with a paragraph in place of each element that stands by itself."""
    return re.sub(r"<p>(?:\s*<p>)+", "<p>", "<p>" + _TAG.sub(_flat_tag, text))


def _flat_tag(tag: re.Match[str]) -> str:
    """What stands for a tag in flattened HTML."""
    name = (tag[2] or "").lstrip("/").lower()
    return "" if not name or name in INLINE else "<br>" if name == "br" else "<p>"


def _stated(root: HtmlElement, text: str) -> dict[str, str]:
    """What a page says of itself in its metadata."""
    from trafilatura.metadata import extract_metadata

    try:
        metadata = extract_metadata(root, date_config=_DATES)
        day = extract_metadata(_head_of(root), date_config=_DATES).date
    except (RecursionError, ValueError, TypeError, AttributeError, LookupError):
        # records that a hostile page garbles; the page can be read without them
        title = " ".join((root.findtext(".//title") or "").split())
        return {"title": title} if title else {}
    codes = [
        meta.get("content")
        for meta in root.iter("meta")
        if (meta.get("name") or meta.get("property") or "").lower() in _CODES
    ]
    written = {
        "title": metadata.title,
        "publisher": metadata.sitename,
        "published": day or _time_of(root),
        "language": root.get("lang"),
        "tickers": next(filter(None, codes), None),
        "url": _address_of(root, text),
    }
    return {key: " ".join(value.split()) for key, value in written.items() if value}


def _address_of(root: HtmlElement, text: str) -> str | None:
    """The address a page gives as its own, or that it was saved from; None where it has none."""
    for address in root.xpath(_ADDRESSES):
        if _ADDRESS.fullmatch(str(address).strip()):
            return str(address)
    saved = _SAVED_FROM.search(text[:4096])
    return saved[1] if saved else None


def _article(root: HtmlElement) -> HtmlElement | None:
    """The article of a page as trafilatura finds it, None where there is none to be told."""
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    article = bare_extraction(deepcopy(root), include_comments=False, include_formatting=False)
    if isinstance(article, Document) and len(article.text or "") >= _ARTICLE:
        return article.body
    return None


def _head_of(root: HtmlElement) -> HtmlElement:
    """A copy of a page without its text, off which a day would be read that is another's."""
    copy = deepcopy(root)
    if copy.body is not None:
        records = copy.body.xpath(".//script[@type='application/ld+json']")
        copy.body.clear()
        copy.body.extend(records)
    return copy


def _time_of(root: HtmlElement) -> str | None:
    """The one time that a page's headers mark, None where they mark none or several."""
    marked = root.xpath("//header//time/@datetime | //time[@itemprop='datePublished']/@datetime")
    times = {str(time).strip() for time in marked}
    return times.pop() if len(times) == 1 else None


def _readied(root: HtmlElement) -> dict[str, PageTable]:
    """The tables of a page by the marks put in their places, the page made ready to be read."""
    for element in list(root.iterdescendants()):
        if element.tag in _NO_TEXT:
            element.drop_tree()
        elif ":" in element.tag:  # marks what a figure is, not how it stands
            element.drop_tag()
    _drop_hidden(root)
    bracket_raised(root)
    return mark_tables(root)


def _drop_hidden(root: HtmlElement) -> None:
    """Take out what a page hides, unless it is half of it: then a script would show it."""
    hidden = set(filter(_is_hidden, root.iterdescendants()))
    outermost = [
        each for each in hidden if not any(above in hidden for above in each.iterancestors())
    ]
    if 2 * sum(len(flat_text(each)) for each in outermost) < len(flat_text(root)):
        for element in outermost:
            element.drop_tree()


def _is_hidden(element: HtmlElement) -> bool:
    """Whether an element says itself that nobody sees it."""
    hidden = element.get("hidden", "until-found").lower() != "until-found"
    return hidden or _HIDDEN.search(element.get("style", "")) is not None


def _read(root: HtmlElement) -> HtmlElement:
    """The body of a page without what no reader reads."""
    body = root if root.body is None else root.body
    for element in list(body.iter(*_UNREAD)):
        element.drop_tree()
    return body


def _walk(
    element: HtmlElement, kind: BlockKind, writer: ReportWriter, tables: Mapping[str, PageTable]
) -> None:
    """Write the blocks of an element; what stands in it by itself is of the given kind."""
    mark = mark_in(element, tables)
    if mark is not None:
        _write_table(tables[mark], writer)
        return
    if element.tag in _ROWS:
        cells = [" ".join(without_marks(flat_text(cell)).split()) for cell in element]
        if all(len(cell) <= LONGEST_CELL for cell in cells):
            writer.add(BlockKind.TABLE_ROW, join_cells(cells))
            return
    level = _level(element) if kind is BlockKind.HEADING else None
    line = spaced(element.text)
    for child in element:
        if all(each.tag in INLINE or each.tag in BREAKS for each in child.iter()):
            line += flat_text(child)
        else:
            writer.add(kind, _tidy(line), level=level)
            line = ""
            _walk(child, _KINDS.get(child.tag, kind), writer, tables)
        line += spaced(child.tail)
    writer.add(kind, _tidy(line), level=level)


def _write_table(table: PageTable, writer: ReportWriter) -> None:
    """Write a table below its captions, with the unit that stands there or above it."""
    above = unit_above(writer)
    for caption in table.captions:
        writer.add(BlockKind.PARAGRAPH, caption)
    unit = next(filter(None, map(unit_of, reversed(table.captions))), above)
    writer.add_table(table.rows, heads=table.heads, unit=unit)


def _level(element: HtmlElement) -> int | None:
    """How deep a heading stands; None where neither it nor what it is in says so."""
    for each in (element, *element.iterancestors()):
        name = each.get("rend", "") if each.tag == "head" else each.tag
        if name in _HEADINGS:
            return int(name[1])
    return None


def _tidy(line: str) -> str:
    """A line without spaces at its breaks, nor marks of tables."""
    return re.sub(r" *\n *", "\n", without_marks(line))
