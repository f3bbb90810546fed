"""Which files Footnote reads."""

from __future__ import annotations

SUFFIXES = frozenset(
    {".txt", ".md", ".markdown", ".html", ".htm", ".pdf", ".eml", ".mhtml", ".mht"}
    | {".docx", ".pptx", ".xlsx", ".csv", ".tsv"}
)
"""Ends of the names of files that are reports, in lower case."""
