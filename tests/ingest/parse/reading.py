"""Reading parsed reports in tests."""

from __future__ import annotations

from ingest.records import ParsedReport


def said(report: ParsedReport) -> list[tuple[str, str]]:
    """The blocks of a report as kind and text."""
    return [(block.kind.value, report.text[block.start : block.end]) for block in report.blocks]


def assert_blocks_hold_the_text(report: ParsedReport) -> None:
    """Blocks are in order, trimmed, counted from 1, and leave out nothing but white space."""
    behind = 0
    for paragraph, block in enumerate(report.blocks, 1):
        assert block.paragraph == paragraph
        assert behind <= block.start < block.end
        assert report.text[behind : block.start].strip() == ""
        text = report.text[block.start : block.end]
        assert text == text.strip()
        behind = block.end
    assert report.text[behind:].strip() == ""
