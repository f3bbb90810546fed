"""A folder of everything that a file should not be, beside reports that are as they should be."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest

from ingest.pipeline import Pipeline
from ingest.records import Filter
from tests.ingest.engines import InlineEngine
from tests.ingest.mill import Mill, outcomes
from tests.ingest.parse.office import (
    BILLION_LAUGHS,
    FETCHING,
    before_root,
    changed,
    presentation,
    text_document,
    workbook,
)
from tests.ingest.parse.typesetting import paragraph, pdf_of, pdf_of_lines

LARGEST = 1_000_000
PROSE = "The market for copper was calm, and nobody said a word of it all day long."
PDF = pdf_of_lines([(72, 700, "Barley is bought by brewers alone.")])
DOCX, XLSX, PPTX = text_document(), workbook(), presentation()
DOCUMENT, SHEET, SLIDE = "word/document.xml", "xl/worksheets/sheet1.xml", "ppt/slides/slide1.xml"
MUCH = b" " * 40_000_000  # of which an archive makes less than two hundred kilobytes
WAS_HERE = "footnote-was-here"


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """An office document with one part more."""
    file = BytesIO(content)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(name, part)
    return file.getvalue()


def mail_with(attached: bytes, name: str) -> bytes:
    """A mail with something attached under a name."""
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "Copper by mail", "desk@heron.example"
    mail.set_content("Copper is cheap by mail.")
    mail.add_attachment(attached, maintype="text", subtype="plain", filename=name)
    return mail.as_bytes()


BAD: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "is empty"),
    "empty.pdf": (b"", "is empty"),
    "empty.docx": (b"", "is empty"),
    "blank.md": (b" \n\n\t", "holds no text"),
    "cut.pdf": (PDF[: len(PDF) // 3], "cut off"),
    "cut.docx": (DOCX[: len(DOCX) // 2], "damaged"),
    "cut.xlsx": (XLSX[: len(XLSX) // 2], "damaged"),
    "pdf.html": (pdf_of([paragraph(PROSE)]), "is a PDF by its content"),
    "docx.pdf": (text_document("Rice."), "by its content"),
    "xlsx.docx": (workbook([["Tin", "1"]]), "is a workbook (.xlsx) by its content, not .docx"),
    "text.xlsx": (b"Copper is cheap.", "is no .xlsx by its content"),
    "locked.pdf": (pdf_of([paragraph(PROSE)], password="secret"), "is locked by a password"),
    "large.txt": (b"Copper is cheap. " * 60_000, "raise LARGEST_FILE_MB"),
    "bomb.docx": (
        changed(DOCX, DOCUMENT, lambda part: part.replace(b"<w:body>", b"<w:body>" + MUCH)),
        "holds more than 25 MB of text in one part",
    ),
    "bomb.xlsx": (
        changed(XLSX, "xl/styles.xml", lambda part: part.replace(b"</style", MUCH + b"</style")),
        "holds more than 25 MB of text in one part",
    ),
    "entities.docx": (
        changed(DOCX, DOCUMENT, before_root(BILLION_LAUGHS)),
        "holds declarations that no office program writes",
    ),
    "entities.xlsx": (
        changed(XLSX, SHEET, before_root(FETCHING)),
        "holds declarations that no office program writes",
    ),
    "entities.pptx": (
        changed(PPTX, SLIDE, before_root(FETCHING)),
        "holds declarations that no office program writes",
    ),
    "binary.txt": (bytes(range(256)) * 20, "its encoding is not known"),
    "binary.csv": (b"\x00\x01\x02\x03", "holds bytes that are no text"),
}
"""Files that cannot be read, each with a part of the reason that is given."""

HARMLESS: dict[str, tuple[bytes, str]] = {
    "climbing.docx": (with_part(DOCX, f"../../../{WAS_HERE}", b"x"), "Prices rose"),
    "climbing.eml": (mail_with(b"Tin is bright.", f"../../{WAS_HERE}.txt"), "by mail"),
    "deep.html": (b"<div>" * 100_000 + b"<p>Zinc is deep.</p>", "Zinc is deep"),
}
"""Files that look dangerous and are read, or fail; each with a part of what it says."""

GOOD: dict[str, tuple[bytes, str]] = {
    "good.txt": (b"Copper is cheap this year.", "Copper is cheap"),
    "good.md": (b"# Tin\n\nTin is bright.", "Tin is bright"),
    "good.html": (
        b"<html><body><p>Wheat is dull, says everybody.</p></body></html>",
        "Wheat is dull",
    ),
    "good.pdf": (PDF, "Barley"),
    "good.docx": (text_document("Lead is heavy."), "Lead is heavy"),
    "good.xlsx": (workbook([["Metal", "2023"], ["Gold", "60,922"]]), "60,922"),
    "good.pptx": (presentation("Iron is old."), "Iron is old"),
    "good.csv": (b"Metal,2023\nSilver,4\nNickel,5\n", "Silver"),
}
"""Reports, each with a part of what it says."""


@pytest.fixture
def mill(tmp_path: Path) -> Iterator[Mill]:
    """An empty folder and an empty library."""
    mill = Mill(tmp_path)
    mill.pipeline = Pipeline(mill.library, InlineEngine(mill.embedder), LARGEST)
    yield mill
    mill.library.close()


def test_whatever_stands_beside_them_reports_are_taken(mill: Mill, tmp_path: Path) -> None:
    """Each bad file is a row with its reason, each good one is found; nothing else happens."""
    for name, (content, _) in [*BAD.items(), *HARMLESS.items(), *GOOD.items()]:
        mill.write(name, content)
    odd = os.fsdecode(b"caf\xe9 \xff.txt")
    mill.write(odd, b"Coffee is dear.")
    (mill.reports / "loop").symlink_to(mill.reports)
    (mill.reports / "circle.txt").symlink_to(mill.reports / "circle.txt")
    (mill.reports / "nowhere.txt").symlink_to(tmp_path / "nowhere.txt")
    os.mkfifo(mill.reports / "pipe.txt")
    closed = os.geteuid() != 0
    if closed:  # root may read everything
        mill.write("closed.txt", b"Nobody reads this.").chmod(0)
    run = mill.run()
    became = outcomes(run)
    reasons = {row.name: row.reason for row in run.rows}
    readable = "caf\ufffd \ufffd.txt"
    expected = {**dict.fromkeys(BAD, "failed"), **dict.fromkeys([*GOOD, readable], "added")}
    if closed:
        expected["closed.txt"] = "failed"
    assert {name: outcome for name, outcome in became.items() if name not in HARMLESS} == expected
    for name, (_, reason) in BAD.items():
        assert reason in reasons[name], reasons[name]
        assert reasons[name].startswith(name)
        assert "fault of Footnote" not in reasons[name]
        assert "\n" not in reasons[name]
    kept = {failure.name: failure.reason for failure in mill.library.catalog.failures()}
    assert kept == {name: reasons[name] for name, outcome in became.items() if outcome == "failed"}
    for name, (_, says) in GOOD.items():
        assert says in (mill.live(name) or "")
    for name, (_, says) in HARMLESS.items():
        assert became[name] == "failed" or says in (mill.live(name) or ""), reasons[name]
        assert "fault of Footnote" not in reasons[name]
    assert mill.live(odd) == "Coffee is dear."
    assert not list(tmp_path.rglob(f"*{WAS_HERE}*"))
    shown = {report.name for report in mill.library.reports(Filter(), 0, 99)}
    assert shown == {name for name, outcome in became.items() if outcome == "added"}
    assert outcomes(mill.run(prune=True)) == {
        name: "unchanged" if outcome == "added" else outcome for name, outcome in became.items()
    }
