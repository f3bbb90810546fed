"""Tests of choosing a parser."""

from __future__ import annotations

import subprocess
import sys

import pytest
from reportlab.platypus import Spacer  # type: ignore[import-untyped] # has no types

from ingest.errors import ParseError
from ingest.formats import SUFFIXES
from ingest.parse.dispatch import parse
from tests.ingest.parse.office import presentation, text_document, with_macros, workbook
from tests.ingest.parse.reading import assert_blocks_hold_the_text
from tests.ingest.parse.typesetting import paragraph, pdf_of

PDF = pdf_of([paragraph("Costs fell.")])
ROW = ["Costs", "Costs fell."]
CONTENTS = {
    ".txt": b"Costs fell.",
    ".md": b"# Costs\n\nCosts fell.",
    ".markdown": b"Costs *fell*.",
    ".html": b"<html><body><p>Costs fell.</p></body></html>",
    ".htm": "\ufeff<p>Costs fell.</p>".encode("utf-16-le"),
    ".pdf": PDF,
    ".eml": b"Subject: Costs\n\nCosts fell.",
    ".mhtml": b"Content-Type: text/html\n\n<html><body><p>Costs fell.</p></body></html>",
    ".mht": b"Content-Type: text/html\n\n<html><body><p>Costs fell.</p></body></html>",
    ".docx": text_document("Costs fell."),
    ".pptx": presentation("Costs fell."),
    ".xlsx": workbook([ROW]),
    ".docm": with_macros(text_document("Costs fell.")),
    ".pptm": with_macros(presentation("Costs fell.")),
    ".xlsm": with_macros(workbook([ROW])),
    ".csv": b"Costs,Costs fell.",
    ".tsv": b"Costs\tCosts fell.",
}


def test_every_format_is_tried() -> None:
    """There is content for each suffix Footnote reads."""
    assert CONTENTS.keys() == SUFFIXES


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
@pytest.mark.parametrize("case", [str.lower, str.upper])
def test_each_suffix_is_parsed(suffix: str, case: type[str]) -> None:
    """Whatever its suffix and the suffix's case, a report is parsed."""
    report = parse(CONTENTS[suffix], f"some folder/a.b{case(suffix)}")
    assert_blocks_hold_the_text(report)
    assert report.text.endswith("Costs fell.")


def test_a_pdf_may_begin_late() -> None:
    """Lines before a PDF's first do no harm."""
    assert parse(b"\r\nsent by mail\r\n" + PDF, "a.pdf").text == "Costs fell."


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.odt", b"text", "is not in a format Footnote reads"),
        ("README", b"text", "is not in a format Footnote reads"),
        (".txt", b"text", "is not in a format Footnote reads"),
        *((f"a{suffix}", b"", "is empty") for suffix in sorted(SUFFIXES)),
        ("a.txt", b"\x00" * 4096, "is empty"),
        ("a.pdf", b"Costs fell.", "is no PDF by its content"),
        ("a.pdf", b"<html><body>404</body></html>", "is no PDF by its content"),
        ("a.txt", PDF, "is a PDF by its content"),
        ("a.html", PDF, "is a PDF by its content"),
        ("a.docx", b"text", "is no .docx by its content"),
        ("a.docx", PDF, "is a PDF by its content"),
        ("a.txt", workbook(), "is a workbook (.xlsx) by its content, not .txt"),
        ("a.xlsx", workbook([]), "holds no text; check"),
        ("a.csv", b",,\n", "holds no text; check"),
        ("a.docm", workbook(), "is a workbook (.xlsx) by its content, not .docx"),
        ("a.txt", b"PK\x03\x04....", "is a zip archive or an office document"),
        ("a.md", b"\x89PNG\r\n\x1a\n", "is a picture by its content"),
        ("a.txt", b" \n<!DOCTYPE html><html></html>", "is a web page by its content"),
        ("a.html", b"Costs fell, 3 < 5.", "is no web page by its content"),
        ("a.txt", b"\x7fELF\x02\x01\x01\x00\x00\x00", "holds bytes that are no text"),
        ("a.txt", b" \n\t\n", "holds no text; check"),
        ("a.md", b"---\ntitle: a\n---\n", "holds no text; check"),
        ("a.html", b"<html><body><script>1</script></body></html>", "holds no text; check"),
        ("a.pdf", pdf_of([Spacer(1, 1)]), "holds no text; recognise"),
    ],
)
def test_what_cannot_be_read_is_refused(name: str, content: bytes, reason: str) -> None:
    """What cannot be read is refused with a message that names the file and the reason."""
    with pytest.raises(ParseError) as refused:
        parse(content, name)
    assert str(refused.value).startswith(name)
    assert reason in str(refused.value)
    assert "; " in str(refused.value)


def test_importing_it_imports_no_parser_library() -> None:
    """The libraries that read the formats are imported when a file needs them, not before."""
    heavy = {"trafilatura", "lxml", "pypdfium2", "markdown_it", "nupunkt"}
    code = f"import sys, ingest.parse.dispatch; print({heavy!r} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
