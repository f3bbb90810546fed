"""Web pages: the article without its navigation, by trafilatura."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING

from ingest.errors import ParseError
from ingest.parse.characters import decode
from ingest.parse.writer import ReportWriter
from ingest.records import BlockKind, ParsedReport

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped] # lxml ships no types

_CHARSET = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_DATES = {"original_date": True, "extensive_search": False}
_UNREAD = (
    *("nav", "aside", "footer", "form", "button", "select", "iframe", "object", "svg"),
    *("script", "style", "noscript", "template", "title"),
)
_ARTICLE = 500  # characters; trafilatura's rules for telling an article fail on less

# trafilatura hands back elements of its own (head, item, row) in place of the page's.
_KINDS = {
    **dict.fromkeys(("head", "h1", "h2", "h3", "h4", "h5", "h6"), BlockKind.HEADING),
    **dict.fromkeys(("item", "li", "dt", "dd"), BlockKind.LIST_ITEM),
}
_ROWS = frozenset({"row", "tr"})
_BREAKS = frozenset({"br", "lb"})
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "big", "cite", "code", "data", "del", "em", "font", "hi", "i"}
    | {"ins", "kbd", "label", "mark", "q", "ref", "s", "samp", "small", "span", "strong", "sub"}
    | {"sup", "time", "tt", "u", "var"}
)
_CELL = 300  # characters; a longer "cell" is a page laid out as a table


def parse_html(content: bytes, name: str) -> ParsedReport:
    """Parse a web page.

    Args:
        content: the page's bytes.
        name: its name, for messages.

    Returns:
        The report; its text is the article's, without navigation, scripts and footers, a row
        of a table "cell | cell". Stated are what the page's metadata say.

    Raises:
        ParseError: the bytes are no text or no page.
    """
    from trafilatura import bare_extraction
    from trafilatura.metadata import extract_metadata
    from trafilatura.settings import Document

    declared = _CHARSET.search(content[:4096])
    text = decode(content, name, declared[1].decode("ascii") if declared else None)
    root = _root(text, name)
    metadata = extract_metadata(root, date_config=_DATES)
    written = {
        "title": metadata.title,
        "publisher": metadata.sitename,
        "published": extract_metadata(_head_of(root), date_config=_DATES).date or _time_of(root),
        "language": root.get("lang"),
    }
    stated = {key: " ".join(value.split()) for key, value in written.items() if value}
    article = bare_extraction(text, include_comments=False, include_formatting=False)
    if isinstance(article, Document) and len(article.text or "") >= _ARTICLE:
        return _report(article.body, stated)
    return _report(_read(root), stated)


def plain_text_of(fragment: str) -> str:
    """Return the text of a fragment of HTML without its tags, a line for each block."""
    from lxml import etree  # type: ignore[import-untyped] # as above

    try:
        return _report(_read(_tree(fragment)), {}).text.replace("\n\n", "\n")
    except etree.LxmlError:  # nothing but a comment
        return ""


def _root(text: str, name: str) -> HtmlElement:
    """The page's tree."""
    from lxml import etree

    try:
        return _tree(text)
    except etree.LxmlError as error:
        message = f"{name} is no web page that can be read; save it anew from the browser"
        raise ParseError(message) from error


def _tree(text: str) -> HtmlElement:
    """A tree of HTML without comments; a foreign LxmlError if there is nothing in it."""
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    return document_fromstring(text.encode(), parser=parser)


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


def _read(root: HtmlElement) -> HtmlElement:
    """The body of a page without what no reader reads."""
    body = root if root.body is None else root.body
    for element in list(body.iter(*_UNREAD)):
        element.drop_tree()
    return body


def _report(body: HtmlElement, stated: dict[str, str]) -> ParsedReport:
    """The blocks under an element as a report."""
    writer = ReportWriter()
    _walk(body, BlockKind.PARAGRAPH, writer)
    return writer.report(stated)


def _walk(element: HtmlElement, kind: BlockKind, writer: ReportWriter) -> None:
    """Write the blocks of an element; what stands in it by itself is of the given kind."""
    if element.tag in _ROWS:
        cells = [" ".join(_flat(cell).split()) for cell in element]
        if all(len(cell) <= _CELL for cell in cells):
            writer.add(BlockKind.TABLE_ROW, " | ".join(cells) if any(cells) else "")
            return
    line = _spaced(element.text)
    for child in element:
        if all(each.tag in _INLINE or each.tag in _BREAKS for each in child.iter()):
            line += _flat(child)
        else:
            writer.add(kind, _tidy(line))
            line = ""
            _walk(child, _KINDS.get(child.tag, kind), writer)
        line += _spaced(child.tail)
    writer.add(kind, _tidy(line))


def _flat(element: HtmlElement) -> str:
    """All text of an element, what is parted on the page parted by white space."""
    if element.tag in _BREAKS:
        return "\n"
    line = _spaced(element.text)
    for child in element:
        apart = "" if child.tag in _INLINE else " "
        line += apart + _flat(child) + apart + _spaced(child.tail)
    return line


def _spaced(text: str | None) -> str:
    """A text with one space for every run of white space."""
    return re.sub(r"\s+", " ", text or "")


def _tidy(line: str) -> str:
    """A line without spaces at its breaks."""
    return re.sub(r" *\n *", "\n", line)
