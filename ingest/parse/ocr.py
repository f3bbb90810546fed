"""Text of pages that are pictures, read by RapidOCR's models on the processor.

An optional part: what it needs is installed by `INSTALL`. Nothing is fetched while it reads; the
models come with the package.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import ParseError
from ingest.parse.characters import clean

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

INSTALL = "pip install 'footnote[ocr]'"
"""The command that installs what reads pictures."""

_DOTS = 150  # an inch: finer costs more and reads no better (docs/decisions/0005-ocr.md)
_POINTS = 72  # an inch
_LONGEST = 2000  # pixels of a picture's longer side, at most: memory and time grow with it
_SURE = 0.5  # of 1; what is read with less confidence is specks and rules, not words
# The model marks a line with a rim; how wide it is in shares of the marked height.
_BESIDE, _BELOW, _ABOVE = 0.23, 0.11, 0.15

# A point where only a comma can be, and one where it cannot be told.
_THOUSANDS = re.compile(r"(?<=\d)\.(?=\d{3}(?:,\d{3})+(?!\d))")
_POINT_OR_COMMA = re.compile(r"\d\.\d{3}(?!\d)")

_FINDS = "PP-OCRv6_det_small.onnx"
_READS = "PP-OCRv6_rec_small.onnx"
_PARTS = ("rapidocr", "onnxruntime", "cv2")
_NO_ROOM = re.compile(  # what the libraries say when they get no memory
    r"bad.alloc|insufficient memory|(failed|cannot|unable) to (map|allocate)"
    r"|cannot allocate|resource temporarily unavailable",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ReadLine:
    """What was read at one place of a picture: a line, or a cell of a table's row.

    Attributes:
        text: what it says.
        left: where it begins, in points from the page's lower left corner.
        right: where it ends.
        bottom: its lower edge.
        top: its upper edge.
        confidence: how sure the model is of its letters on the average, to 1. It is as sure of a
            comma that it took for a point.
        doubtful: it holds a figure whose point may be a comma: 63.355 is read in worn print
            for 63,355. Such a figure must not be told as if it were known.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    confidence: float
    doubtful: bool = False

    @property
    def middle(self) -> float:
        """Half way between its lower and its upper edge."""
        return (self.bottom + self.top) / 2


def is_installed() -> bool:
    """Whether pictures can be read here."""
    return all(find_spec(part) for part in _PARTS)


def scale_for(width: float, height: float) -> float:
    """Return how many pixels a point a page is to be rendered with, to be read.

    Args:
        width: the page's width in points.
        height: its height in points.
    """
    return min(_DOTS / _POINTS, _LONGEST / max(width, height, 1.0))


def read_picture(picture: NDArray[np.uint8], scale: float, name: str) -> list[ReadLine]:
    """Read what stands in the picture of a page.

    Args:
        picture: rows of pixels from the top, each blue, green, red, as PDFium renders them.
        scale: pixels a point.
        name: the report's name, for messages.

    Returns:
        The lines from the top down, those side by side from left to right; the columns of a page
        are not told apart. None where nothing is written.

    Raises:
        ParseError: the picture cannot be read, or what reads pictures is not installed.
        MemoryError: it needs more memory than there is.
    """
    if not is_installed():
        message = f"{name} has pages that are pictures; to have them read: {INSTALL}"
        raise ParseError(message)
    try:
        found = _reader()(picture)
    except MemoryError:
        raise
    except Exception as error:
        if _NO_ROOM.search(str(error)):
            raise MemoryError(str(error)) from error
        message = f"{name} has a page whose picture cannot be read; save it anew"
        raise ParseError(message) from error
    if found.txts is None:
        return []
    height = picture.shape[0] / scale
    read = zip(found.boxes / scale, found.txts, found.scores, strict=True)
    lines = [_line(corners, text, sure, height) for corners, text, sure in read]
    return in_reading_order(line for line in lines if line.text)


def in_reading_order(lines: Iterable[ReadLine]) -> list[ReadLine]:
    """Return lines from the top down, those side by side from left to right.

    What stands wholly above another comes before it.
    """
    rest = sorted(lines, key=lambda line: (-line.bottom, line.left))
    ordered: list[ReadLine] = []
    while rest:
        first = rest[0]
        row = [line for line in rest if line is first or _beside(line, first)]
        rest = [line for line in rest if line is not first and not _beside(line, first)]
        ordered.extend(sorted(row, key=lambda line: line.left))
    return ordered


def with_thousands(text: str) -> str:
    """Return a text with commas where its figures have points that can be nothing else.

    9.678,948 is 9,678,948; of 63.355 it cannot be told.
    """
    return _THOUSANDS.sub(",", text)


def _line(corners: NDArray[np.float32], text: str, sure: float, height: float) -> ReadLine:
    """What was read between four corners, which are measured from the top of a page so high."""
    (left, top), (right, bottom) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    rim = bottom - top
    text = with_thousands(" ".join(clean(text).split()))
    return ReadLine(
        text=text,
        left=left + _BESIDE * rim,
        right=max(right - _BESIDE * rim, left + _BESIDE * rim),
        bottom=height - bottom + _BELOW * rim,
        top=height - top - _ABOVE * rim,
        confidence=float(sure),
        doubtful=_POINT_OR_COMMA.search(text) is not None,
    )


def _beside(line: ReadLine, other: ReadLine) -> bool:
    """Whether each of two lines stands at the height of the other's middle."""
    return line.bottom < other.middle < line.top and other.bottom < line.middle < other.top


@cache
def _reader() -> Any:
    """What reads pictures, its models loaded with the first; one a process."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # each thread lays claim to memory
    import cv2
    import rapidocr

    cv2.setNumThreads(1)
    models = Path(rapidocr.__file__).parent / "models"
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.text_score": _SURE,
            "Global.use_cls": False,  # it takes some figures to be upside down: 909 is read 606
            # named by path, so that nothing is fetched where one is missing
            "Det.model_path": str(models / _FINDS),
            "Rec.model_path": str(models / _READS),
            # each cell by itself and as narrow as it is: a table is read in half the time
            "Rec.rec_batch_num": 1,
            "Rec.rec_img_shape": [3, 48, 96],
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
