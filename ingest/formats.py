"""Which files Footnote reads, and how two of them begin."""

from __future__ import annotations

import re

SUFFIXES = frozenset(
    {".txt", ".md", ".markdown", ".html", ".htm", ".pdf", ".eml", ".mhtml", ".mht"}
    | {".docx", ".pptx", ".xlsx", ".docm", ".pptm", ".xlsm", ".csv", ".tsv"}
)
"""Ends of the names of files that are reports, in lower case."""

_PDF_WITHIN = 1024  # bytes; mail programs and servers put lines before a PDF's first
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)


def is_pdf(content: bytes) -> bool:
    """Tell whether bytes begin as a PDF does."""
    return b"%PDF-" in content[:_PDF_WITHIN]


def is_page(content: bytes) -> bool:
    """Tell whether bytes begin as a web page does."""
    return _PAGE.match(content) is not None
