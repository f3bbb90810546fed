"""Tests of reading pages that are pictures. The models are the real ones."""

from __future__ import annotations

import importlib.util
import multiprocessing
import resource
import sys
from concurrent.futures import ProcessPoolExecutor
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pypdfium2  # type: ignore[import-untyped] # it ships no types
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ingest.errors import ParseError
from ingest.parse import ocr
from ingest.parse.ocr import (
    INSTALL,
    ReadLine,
    in_reading_order,
    read_picture,
    scale_for,
    with_thousands,
)
from tests.ingest.parse.typesetting import pdf_of_lines

reads = pytest.mark.skipif(not ocr.is_installed(), reason=f"nothing reads pictures: {INSTALL}")
_FONTS = "pylopdf_fonts_zh_cn"
has_chinese = pytest.mark.skipif(
    importlib.util.find_spec(_FONTS) is None, reason="no Chinese font: install footnote[dev]"
)

_COLUMNS = (60.0, 250.0, 340.0, 430.0)
_TABLE = (
    ("Net sales", "63,355", "19,604", "18.3%"),
    ("Operating income", "(1,203,458)", "0.07", "(4.6)%"),
    ("Earnings per share", "1.20", "4.42", "-11.8"),
    ("Shares", "16,162,945", "60,584", "$8,177"),
)


def picture_of(pdf: bytes) -> tuple[NDArray[np.uint8], float]:
    """The first page of a PDF as a picture, and the pixels a point of it."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        scale = scale_for(*page.get_size())
        return page.render(scale=scale).to_numpy(), scale


def read_in(megabytes: int) -> list[str]:
    """What a page says, read where so much memory may be taken beyond what is held."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 (a plain file of the kernel)
        held = int(file.read().split()[0]) * resource.getpagesize()
    picture, scale = picture_of(pdf_of_lines([(72, 700, "Prices rise by 18.3% in 2024.")]))
    most = held + megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    return [line.text for line in read_picture(picture, scale, "a.pdf")]


@reads
def test_prose() -> None:
    """English lines are read letter for letter, from the top down, and read with confidence."""
    written = [
        "The supply of memory is tight because three makers share the market.",
        "On 3 May 2021 customers paid ahead of time to be served, which is rare;",
        "nobody adds much (see Note 4), and the rating stays at Buy.",
    ]
    page = pdf_of_lines([(72, 700 - 16 * row, text) for row, text in enumerate(written)])
    lines = read_picture(*picture_of(page), "a.pdf")
    assert [line.text for line in lines] == written
    assert min(line.confidence for line in lines) > 0.9


@reads
@has_chinese
def test_chinese() -> None:
    """Chinese lines are read character for character, with the figures in them."""
    written = ["公司第三季度实现营业收入60,584万元", "毛利率同比下降4.6个百分点"]
    font = ImageFont.truetype(str(files(_FONTS) / "NotoSansSC-Regular.otf"), 24)
    drawn = Image.new("RGB", (800, 300), "white")
    for row, text in enumerate(written):
        ImageDraw.Draw(drawn).text((40, 60 + 50 * row), text, "black", font)
    lines = read_picture(np.asarray(drawn), 2.0, "a.pdf")
    assert [line.text for line in lines] == written


@reads
def test_figures() -> None:
    """The cells of a table are read apart, row by row, every figure and sign as it stands."""
    page = pdf_of_lines(
        [
            (left, 700 - 18 * row, cell)
            for row, cells in enumerate(_TABLE)
            for left, cell in zip(_COLUMNS, cells, strict=True)
        ]
    )
    lines = read_picture(*picture_of(page), "a.pdf")
    assert [line.text for line in lines] == [cell for cells in _TABLE for cell in cells]


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("(9.678,948)", "(9,678,948)"),
        ("减少1.203,458千元", "减少1,203,458千元"),
        ("8,212.505", "8,212.505"),
        ("63.355", "63.355"),
        ("1.20 1.31", "1.20 1.31"),
        ("4.82,131,486.5", "4.82,131,486.5"),
        ("3.1415,927", "3.1415,927"),
    ],
)
def test_thousands(read: str, meant: str) -> None:
    """A point becomes a comma where it can be nothing else, and stays where it may be a point."""
    assert with_thousands(read) == meant


@given(st.integers(0, 10**12), st.sampled_from(["", ".5", ".25"]))
def test_thousands_and_decimals(whole: int, decimals: str) -> None:
    """A figure that is read as it was printed is left as it is."""
    assert with_thousands(f"{whole:,}{decimals}") == f"{whole:,}{decimals}"


@reads
def test_doubtful() -> None:
    """What has three digits behind a point is in doubt: worn print may have had a comma there."""
    written = ["63.355", "63,355", "1.20", "8,212.505", "Form 10.1", "by 3.624."]
    page = pdf_of_lines([(72, 700 - 24 * row, text) for row, text in enumerate(written)])
    lines = read_picture(*picture_of(page), "a.pdf")
    assert [line.text for line in lines] == written
    assert [line.text for line in lines if line.doubtful] == ["63.355", "8,212.505", "by 3.624."]


@reads
def test_places() -> None:
    """The box of what is read lies over the words of the page that it was read from."""
    page = pdf_of_lines([(72, 720, "Net sales"), (300, 720, "90,906"), (90, 60, "A foot note")])
    with pypdfium2.PdfDocument(page) as document:
        text = document[0].get_textpage()
        rectangles = [text.get_rect(index) for index in range(text.count_rects())]
        told = {text.get_text_bounded(*box).strip(): box for box in rectangles}
    lines = read_picture(*picture_of(page), "a.pdf")
    assert {line.text for line in lines} == set(told)
    for line in lines:
        found = (line.left, line.bottom, line.right, line.top)
        assert found == pytest.approx(told[line.text], abs=3)  # points; a line is 12 high


@reads
@pytest.mark.parametrize("ruled", [False, True])
def test_nothing_written(ruled: bool) -> None:
    """A blank page, or one with nothing but rules on it, has no lines."""
    picture = np.full((1100, 850, 3), 255, dtype=np.uint8)
    if ruled:
        picture[200:900:100, 100:750] = 0
    assert read_picture(picture, 100 / 72, "a.pdf") == []


@reads
@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux alone")
def test_little_memory(capfd: pytest.CaptureFixture[str]) -> None:
    """A page is read in the memory a parser has; with less there is a MemoryError, no crash."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        assert pool.submit(read_in, 2000).result() == ["Prices rise by 18.3% in 2024."]
    with ProcessPoolExecutor(1, mp_context=spawn) as pool, pytest.raises(MemoryError):
        pool.submit(read_in, 200).result()
    assert capfd.readouterr() == ("", "")  # nor does it say anything to the terminal


def test_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing reads pictures the reason names the file and the command to install it."""
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    assert not ocr.is_installed()
    with pytest.raises(ParseError, match=r"a\.pdf") as raised:
        read_picture(np.full((10, 10, 3), 255, dtype=np.uint8), 1.0, "a.pdf")
    assert INSTALL in str(raised.value)


@pytest.mark.parametrize(
    ("width", "height", "longest"), [(612, 792, 1650), (595, 842, 1754), (3000, 1000, 2000)]
)
def test_scale(width: float, height: float, longest: float) -> None:
    """A page is rendered at 150 dots an inch, a very large one at as many as memory allows."""
    assert scale_for(width, height) * max(width, height) == pytest.approx(longest, abs=1)


@st.composite
def boxes(draw: st.DrawFn) -> ReadLine:
    """Something read anywhere on a page."""
    left, bottom = draw(st.integers(0, 500)), draw(st.integers(0, 800))
    width, height = draw(st.integers(1, 100)), draw(st.integers(1, 60))
    return ReadLine("x", left, left + width, bottom, bottom + height, 1.0)


@given(st.lists(boxes(), max_size=12))
def test_order(lines: list[ReadLine]) -> None:
    """Nothing is lost in ordering, and what stands wholly above another comes before it."""
    ordered = in_reading_order(lines)
    assert sorted(map(repr, ordered)) == sorted(map(repr, lines))
    for index, line in enumerate(ordered):
        assert all(line.top > later.bottom for later in ordered[index + 1 :])


@given(st.lists(st.integers(0, 500), max_size=8), st.integers(-3, 3))
def test_order_of_a_row(lefts: list[int], askew: int) -> None:
    """What stands side by side is ordered from left to right, somewhat askew or not."""
    row = [
        ReadLine("x", left, left + 5, 100 + askew * (place % 2), 112 + askew * (place % 2), 1.0)
        for place, left in enumerate(lefts)
    ]
    assert all(line.left <= following.left for line, following in pairwise(in_reading_order(row)))
