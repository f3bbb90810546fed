"""The sample library: how its PDFs are made, what every note holds, what is known of each."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ingest.describe import describe
from ingest.parse.dispatch import parse
from ingest.records import ParsedReport
from tests.sample_library.make_pdfs import make_all

REPORTS = Path(__file__).parents[1] / "reports"
NOTES = {path.name: path for path in sorted(REPORTS.rglob("*")) if path.is_file()}
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "sample_library" / "questions.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
SAMPLE_LINES = (
    "This is a sample note written for Footnote; its publisher is invented, "
    "and nothing in it is investment advice.",
    "本文是为 Footnote 编写的示例报告，发布机构纯属虚构，内容不构成投资建议。",
)
SEED_REPORTS_DIR = os.environ.get("SEED_REPORTS_DIR")


@cache
def parsed(name: str) -> ParsedReport:
    """A note as ingestion parses it."""
    return parse(NOTES[name].read_bytes(), name)


def in_one_line(text: str) -> str:
    """The text with every run of white space made one space."""
    return " ".join(text.split())


def test_the_pdfs_are_what_their_texts_make(monkeypatch: pytest.MonkeyPatch) -> None:
    """The PDFs in reports/ are, byte for byte, what make_pdfs makes of their texts."""
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)  # it would change a PDF's id
    made = make_all()
    kept = {path.relative_to(REPORTS).as_posix(): path for path in REPORTS.rglob("*.pdf")}
    assert kept.keys() == made.keys()
    for name, path in kept.items():
        assert path.read_bytes() == made[name], f"{name} differs: run make_pdfs again"


def test_four_formats_on_two_shelves() -> None:
    """The library has at least eight notes, two of each format, on more than one shelf."""
    formats = Counter(path.suffix for path in NOTES.values())
    assert formats.keys() == {".txt", ".md", ".html", ".pdf"}
    assert min(formats.values()) >= 2
    assert formats.total() >= 8
    assert len({path.parent for path in NOTES.values()}) >= 2


@pytest.mark.parametrize("name", NOTES)
def test_a_note_says_what_it_is_and_names_its_risks(name: str) -> None:
    """Each note carries the sample line and has a section on risks."""
    text = parsed(name).text
    assert any(line in in_one_line(text) for line in SAMPLE_LINES)
    assert re.search(r"^(\d\. )?(Risks|风险)$", text, re.MULTILINE)


@pytest.mark.parametrize("name", [name for name in NOTES if name.endswith(".pdf")])
def test_a_pdf_has_several_pages_and_its_table_is_read(name: str) -> None:
    """Each PDF has three pages or more and holds its first table as text."""
    assert (parsed(name).pages or 0) >= 3
    assert "Table 1." in parsed(name).text


@pytest.mark.skipif(SEED_REPORTS_DIR is None, reason="SEED_REPORTS_DIR is not set")
@pytest.mark.parametrize("name", NOTES)
def test_no_sentence_is_taken_from_the_seed_reports(name: str) -> None:
    """No sentence of eight words or more of the seed reports occurs in a note."""
    seeds = sorted(Path(SEED_REPORTS_DIR or "").glob("*.txt"))
    sentences = {
        in_one_line(sentence).casefold()
        for seed in seeds
        for sentence in re.split(r"(?<=[.!?;:])\s+|\n+", seed.read_text(encoding="utf-8"))
        if len(sentence.split()) >= 8
    }
    assert len(sentences) > 50
    text = in_one_line(parsed(name).text).casefold()
    assert [sentence for sentence in sentences if sentence in text] == []


@pytest.mark.parametrize(
    ("name", "title", "publisher", "published", "language"),
    [
        (
            "sora-one-minute-of-video.md",
            "Text-to-video grows up: what Sora's minute changes",
            "Lanternfish Research",
            date(2024, 2, 21),
            "en",
        ),
        (
            "sora-demonstration-not-product.html",
            "Sora is a demonstration, not yet a product",
            "Quillmoor Securities (sample)",
            date(2024, 2, 28),
            "en",
        ),
        (
            "ai-chips-after-the-october-rules.pdf",
            "AI chips after the October rules: a smaller market and a faster rival",
            "Cinderquay Semiconductor Research",
            date(2023, 11, 28),
            "en",
        ),
        (
            "ai-pcs-and-phones.txt",
            "AI PCs and phones: a better processor is not yet a reason to buy",
            "Tallowbrook Device Notes",
            date(2023, 12, 19),
            "en",
        ),
        (
            "embodied-ai-primer.txt",
            "Embodied AI: a primer for the patient",
            "Otterholm Robotics Notes",
            None,
            "en",
        ),
        (
            "generated-content-games-and-film.txt",
            "Generated content in games and film: the contracts come first",
            "Wrenfall Media Research",
            date(2024, 1, 16),
            "en",
        ),
        (
            "accelerators-after-nvidia-fiscal-2024.pdf",
            "After NVIDIA’s fiscal 2024: the build-out has further to run",
            "Lanternfish Research",
            date(2024, 2, 23),
            "en",
        ),
        (
            "ai-funding-summer-2023.md",
            "The summer of large cheques: AI funding in mid-2023",
            "Puddingstone Quay Economics",
            date(2023, 8, 31),
            "en",
        ),
        (
            "china-computing-and-short-drama-zh.md",
            "算力、短剧与规则：2024年初的中国生成式人工智能",
            "芦笛港研究（示例）",
            date(2024, 2, 20),
            "zh",
        ),
        (
            "cloud-capital-spending.html",
            "Four cloud budgets and one question: who pays for the AI build-out?",
            "Quillmoor Securities (sample)",
            date(2024, 2, 5),
            "en",
        ),
        (
            "data-centre-electricity.pdf",
            "Data centres and the grid: plan for the base case, insure against the high one",
            "Dunlin Marsh Energy Desk",
            date(2024, 2, 6),
            "en",
        ),
    ],
)
def test_a_note_is_described_as_it_states(
    name: str, title: str, publisher: str, published: date | None, language: str
) -> None:
    """Title, publisher, date and language are read off each note; the undated one has no date."""
    known = describe(parsed(name), name)
    assert (known.title, known.publisher) == (title, publisher)
    assert (known.published, known.language) == (published, language)


def test_there_are_eighteen_answerable_and_six_unanswerable_questions() -> None:
    """Of the 24 questions 18 can be answered, and only those name what must be quoted."""
    assert len({question["id"] for question in QUESTIONS}) == 24
    assert Counter(question["answerable"] for question in QUESTIONS) == {True: 18, False: 6}
    for question in QUESTIONS:
        assert bool(question["must_quote"]) == question["answerable"]


@pytest.mark.parametrize(
    "question",
    [question for question in QUESTIONS if question["answerable"]],
    ids=lambda q: q["id"],
)
def test_what_must_be_quoted_stands_in_the_note(question: dict[str, Any]) -> None:
    """Each fragment occurs in the parsed text of the question's report, or of one of them."""
    names = [question["report"]] if question["report"] else list(NOTES)
    texts = [parsed(name).text for name in names]
    for fragment in question["must_quote"]:
        assert any(fragment in in_one_line(text) for text in texts), fragment
