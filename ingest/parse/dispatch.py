"""Choosing the parser for a file, once its bytes are what its name says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath

from ingest.errors import ParseError
from ingest.formats import SUFFIXES, is_page, is_pdf
from ingest.parse.delimited import parse_delimited
from ingest.parse.docx import parse_docx
from ingest.parse.eml import parse_eml, parse_mhtml
from ingest.parse.html import parse_html
from ingest.parse.markdown import parse_markdown
from ingest.parse.pdf import parse_pdf
from ingest.parse.pptx import parse_pptx
from ingest.parse.text import parse_text
from ingest.parse.xlsx import parse_xlsx
from ingest.parse.zipped import ZIP, zip_named
from ingest.records import ParsedReport


def _parse_eml(content: bytes, name: str) -> ParsedReport:
    """Parse a mail, what is attached to it by its own suffix."""
    return parse_eml(content, name, parse)


_PARSERS: dict[str, Callable[[bytes, str], ParsedReport]] = {
    ".txt": parse_text,
    ".md": parse_markdown,
    ".markdown": parse_markdown,
    ".html": parse_html,
    ".htm": parse_html,
    ".pdf": parse_pdf,
    ".eml": _parse_eml,
    ".mhtml": parse_mhtml,
    ".mht": parse_mhtml,
    ".docx": parse_docx,
    ".pptx": parse_pptx,
    ".xlsx": parse_xlsx,
    # the same parts and a program, which is never read
    ".docm": parse_docx,
    ".pptm": parse_pptx,
    ".xlsm": parse_xlsx,
    ".csv": parse_delimited,
    ".tsv": parse_delimited,
}

_HALVES = re.compile("[\ud800-\udfff]")
_OFFICE = frozenset({".docx", ".pptx", ".xlsx", ".docm", ".pptm", ".xlsm"})
_OTHERS = {
    b"\xd0\xcf\x11\xe0": "an office document",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
_TAG = re.compile(rb"<\x00?[a-zA-Z!/?]|\x00<\x00[a-zA-Z!/?]")


def parse(content: bytes, name: str) -> ParsedReport:
    """Parse a report by the suffix of its name.

    Its parsers are called from one thread only in ingestion; each may be called from any.

    Args:
        content: the report's bytes.
        name: its file name.

    Returns:
        The report, with at least one block.

    Raises:
        ParseError: it is not in a format that Footnote reads, its bytes are not what its
            suffix says, it is damaged or locked, or holds no text.
    """
    suffix = PurePath(name).suffix.lower()
    parser = _PARSERS.get(suffix)
    if parser is None:
        known = ", ".join(sorted(SUFFIXES))
        message = f"{name} is not in a format Footnote reads ({known}); save it as one of these"
        raise ParseError(message)
    if not content.strip(b"\x00"):
        message = f"{name} is empty; copy it again from where it came"
        raise ParseError(message)
    actual = _actual(content, suffix)
    if actual is not None:
        message = f"{name} is {actual} by its content, not {suffix}; rename it or save it anew"
        raise ParseError(message)
    report = parser(content, name)
    if not report.blocks:
        remedy = (
            "recognise its text (OCR) first" if suffix == ".pdf" else "check what was saved in it"
        )
        message = f"{name} holds no text; {remedy}"
        raise ParseError(message)
    return replace(
        report,
        text=_writable(report.text),
        stated={key: _writable(value) for key, value in report.stated.items()},
    )


def _writable(text: str) -> str:
    """A text, as long as it was, with replacement marks for halves of characters.

    No encoding can write those; YAML and HTML can name them.
    """
    return _HALVES.sub("\N{REPLACEMENT CHARACTER}", text)


def _actual(content: bytes, suffix: str) -> str | None:
    """What the bytes are where that is not what the suffix says; None where they agree."""
    if suffix == ".pdf":
        return None if is_pdf(content) else "no PDF"
    if content.startswith(b"%PDF-"):
        return "a PDF"
    if suffix in _OFFICE:
        return None  # their own parsers tell them apart
    if content.startswith(ZIP):
        return zip_named(content)
    for beginning, what in _OTHERS.items():
        if content.startswith(beginning):
            return what
    if suffix == ".txt" and is_page(content):
        return "a web page"
    if suffix in {".html", ".htm"} and not _TAG.search(content):
        return "no web page"
    return None
