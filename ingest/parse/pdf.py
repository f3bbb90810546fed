"""PDFs, page by page, by PDFium."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

from ingest.errors import ParseError
from ingest.language.houses import looks_like_house
from ingest.parse.characters import clean
from ingest.parse.ocr import INSTALL, is_installed
from ingest.parse.pdf_blocks import write_blocks
from ingest.parse.pdf_columns import in_columns
from ingest.parse.pdf_lines import Line, Rule, letters_of, lines_of, rules_of
from ingest.parse.pdf_pages import with_column_heads, without_repeats
from ingest.parse.pdf_second import is_picture, lines_by_ocr, lines_by_pdfminer
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


@dataclass(slots=True)
class _Document:
    """What was read of a document: lines and rules of each page, pages that are pictures.

    `doubtful` counts lines of pictures that were left out, since a figure may be wrong.
    """

    pages: list[list[Line]] = field(default_factory=list)
    rules: dict[int, list[Rule]] = field(default_factory=dict)
    pictures: list[int] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    doubtful: int = 0


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
        document = _read(content, name)
    writer = ReportWriter()
    lines = [
        line
        for page in without_repeats(document.pages)
        for line in with_column_heads(in_columns(page))
    ]
    write_blocks(lines, document.rules, writer)
    count = len(document.pages)
    remark = _remark(document.pictures, count, document.doubtful)
    if not writer.count and document.pictures and not is_installed():
        message = f"{name} holds pictures of pages and no text; to have them read: {INSTALL}"
        raise ParseError(message)
    return replace(writer.report(_stated(document.properties), count), remark=remark)


def _read(content: bytes, name: str) -> _Document:
    """Read every page of a document."""
    import pypdfium2  # type: ignore[import-untyped] # it ships no types

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            message = f"{name} is locked by a password; save a copy without one"
        else:
            message = f"{name} is damaged or has no pages; copy it again from where it came"
        raise ParseError(message) from error
    read = _Document()
    garbled: list[int] = []
    try:
        for number, page in enumerate(document, 1):
            letters, known = letters_of(page)
            lines = lines_of(letters, number) if known else []
            if not known:
                garbled.append(number)
            elif is_picture(page, len(letters)):
                read.pictures.append(number)
                found, left_out = lines_by_ocr(page, number, name)
                read.doubtful += left_out
                lines = found or lines
            if any(len(line.cells) > 1 for line in lines) or not known:
                read.rules[number] = rules_of(page)
            read.pages.append(lines)
            page.close()
        keys = ("Title", "Author", "Company")
        read.properties = {key: document.get_metadata_value(key) for key in keys}
        if garbled:
            second = lines_by_pdfminer(content, garbled)
            for number in garbled:
                if number in second:
                    read.pages[number - 1] = second[number]
                    continue
                read.pictures.append(number)
                lines, left_out = lines_by_ocr(document[number - 1], number, name)
                read.pages[number - 1] = lines
                read.doubtful += left_out
    except pypdfium2.PdfiumError as error:
        message = f"{name} is damaged; copy it again from where it came"
        raise ParseError(message) from error
    finally:
        document.close()
    return read


def _remark(pictures: Sequence[int], pages: int, doubtful: int) -> str:
    """What is to be said of pages that are pictures; empty where there are none."""
    if not pictures:
        return ""
    several = len(pictures) > 1
    which = (
        "all pages" if len(pictures) == pages > 1 else f"page{'s' * several} {_listed(pictures)}"
    )
    if is_installed():
        left_out = f", lines with doubtful figures left out: {doubtful}" if doubtful else ""
        return f"{which} read from pictures{left_out}; compare figures with the page"
    return f"{which} not read: {'they are pictures' if several else 'it is a picture'}; {INSTALL}"


def _listed(numbers: Sequence[int]) -> str:
    """Numbers in a row, those that follow each other as "3-7"."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


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
