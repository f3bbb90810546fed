"""A process that writes vectors into Chroma and then dies, or leaves: python -m … FOLDER END."""

from __future__ import annotations

import os
import signal
import sys
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.library.vectors import Chroma, Vectors, embedded

MANY = 10_000
_DIMENSION = 64
_BATCH = 256


def vectors() -> NDArray[np.float32]:
    """The vectors that are written, a row each of length 1, the same ones every time."""
    rows = np.random.default_rng(0).normal(size=(MANY, _DIMENSION))
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(unit, dtype=np.float32)


def passage_ids() -> list[str]:
    """The id of each."""
    return [f"passage-{number}" for number in range(MANY)]


def fill(index: Vectors) -> None:
    """Write all of them, as ingestion does: a few hundred at a time."""
    ids, rows = passage_ids(), vectors()
    for start in range(0, MANY, _BATCH):
        some = ids[start : start + _BATCH]
        index.add(some, ["report"] * len(some), rows[start : start + _BATCH])


def main(folder: Path, end: str) -> None:
    """Fill a collection and end: let go of Chroma, leave without that, or be killed."""
    chroma = Chroma(partial(embedded, folder))
    fill(chroma.vectors("passages"))
    if end == "closed":
        chroma.close()
    elif end == "killed":
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
