"""A process that revises a report and dies at a given step: python -m … STEP FOLDER."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path

from sqlalchemy import Engine, event

from tests.ingest.library.shelves import fresh_library, put, source

BEFORE = "Copper is cheap.\nChips are scarce.\nWheat is dull."
AFTER = "Copper is dear.\nChips are scarce.\nWheat is keen."
STEPS = {
    "before the original is kept": ("originals", "keep", "before"),
    "after the original is kept": ("originals", "keep", "after"),
    "after the vectors are written": ("search().vectors", "add", "after"),
    "after the words are written": ("search().words", "add", "after"),
    "before the flip": ("catalog", "flip", "before"),
    "before the flip is committed": ("catalog", "flip", "at commit"),
    "after the flip": ("catalog", "flip", "after"),
}
"""Each step: which part of the library, which of its methods, and when in it death comes."""


def main(step: str, folder: Path) -> None:
    """Put a report, then die while its revision is put."""
    library = fresh_library(folder)
    report_id = put(library, source("a.txt"), BEFORE)
    part, method, when = STEPS[step]
    owner = attrgetter(part.removeprefix("search()."))(
        library.search() if part.startswith("search().") else library
    )
    called: Callable[..., object] = getattr(owner, method)

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def dying(*arguments: object) -> object:
        if when == "before":
            die()
        if when == "at commit":
            # SQLAlchemy tells of a commit just before it is made
            event.listen(Engine, "commit", die)
        result = called(*arguments)
        die()
        return result

    setattr(owner, method, dying)
    put(library, source("a.txt"), AFTER, report_id=report_id)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
