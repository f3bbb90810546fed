"""PDFs, page by page, by PDFium."""

from __future__ import annotations

import re
from threading import Lock

from ingest.errors import ParseError
from ingest.language.houses import looks_like_house
from ingest.parse.characters import clean
from ingest.parse.pdf_blocks import write_blocks
from ingest.parse.pdf_lines import Line, Rule, lines_of, rules_of
from ingest.parse.pdf_pages import with_column_heads, without_repeats
from ingest.parse.shapes import columns
from ingest.parse.writer import ReportWriter
from ingest.records import ParsedReport

_PDFIUM = Lock()  # PDFium may be used by one thread at a time

_END = b"%%EOF"
_END_WITHIN = 2048  # bytes from the end; the standard says 1,024, some programs add a line

# Titles that programs write of themselves: a file's name, a template's, a number.
_NO_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|excel)\b.*|untitled.*|\(?(?:anonymous|unspecified)\)?"
    r"|powerpoint presentation|slide \d+|document ?\d*"
    r"|.*\.(?:docx?|pptx?|xlsx?|indd|pdf|tex|rtf|txt|qxd|html?)",
    re.IGNORECASE,
)


def parse_pdf(content: bytes, name: str) -> ParsedReport:
    """Parse a PDF.

    Args:
        content: the file's bytes.
        name: its name, for messages.

    Returns:
        The report: text in the order of PDFium, lines put together to paragraphs, rows of
        tables "cell | cell", running heads once. Stated are a title among its properties that
        no program made up, and a publisher where its author has the name of a house. The day
        the file was made is not stated: it is not the day of publication.

    Raises:
        ParseError: it is damaged, cut off or locked by a password.
    """
    if _END not in content.rstrip(b"\x00\r\n\t ")[-_END_WITHIN:]:
        message = f"{name} is cut off: a PDF's last line is missing; copy it again"
        raise ParseError(message)
    with _PDFIUM:
        pages, rules, properties = _read(content, name)
    writer = ReportWriter()
    lines = [line for page in without_repeats(pages) for line in with_column_heads(page)]
    write_blocks(lines, rules, writer)
    return writer.report(_stated(properties), len(pages))


def _read(
    content: bytes, name: str
) -> tuple[list[list[Line]], dict[int, list[Rule]], dict[str, str]]:
    """The lines of every page, the rules of those that may hold a table, and the properties."""
    import pypdfium2  # type: ignore[import-untyped] # it ships no types

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            message = f"{name} is locked by a password; save a copy without one"
        else:
            message = f"{name} is damaged or has no pages; copy it again from where it came"
        raise ParseError(message) from error
    try:
        pages = []
        rules = {}
        for number, page in enumerate(document, 1):
            pages.append(lines_of(page, number))
            if any(len(line.cells) > 1 for line in pages[-1]):
                rules[number] = rules_of(page)
            page.close()
        properties = {
            key: document.get_metadata_value(key) for key in ("Title", "Author", "Company")
        }
    except pypdfium2.PdfiumError as error:
        message = f"{name} is damaged; copy it again from where it came"
        raise ParseError(message) from error
    finally:
        document.close()
    return pages, rules, properties


def _stated(properties: dict[str, str]) -> dict[str, str]:
    """What a document's properties say that can be believed."""
    tidy = {key: " ".join(clean(value).split()) for key, value in properties.items()}
    stated: dict[str, str] = {}
    title = tidy["Title"]
    several_words = " " in title or columns(title) > len(title)
    if several_words and any(map(str.isalpha, title)) and not _NO_TITLE.fullmatch(title):
        stated["title"] = title
    houses = [tidy[key] for key in ("Author", "Company") if looks_like_house(tidy[key])]
    if houses:
        stated["publisher"] = houses[0]
    return stated
