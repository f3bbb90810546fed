"""Ingestion on a disk that is full at one moment or another: python -m … FOLDER.

FOLDER lies on a small file system of its own. Prints, as JSON, a list of what happened at each
amount of free space: how much was free, what the run said, what was shown then, and what after
there was room again.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from ingest.errors import FootnoteError
from ingest.records import Filter
from ingest.upkeep import Upkeep
from tests.ingest.engines import InlineEngine
from tests.ingest.mill import Mill

REPORTS = ("copper", "tin", "zinc", "lead")
_FREE_KILOBYTES = (0, 8, 24, 48, 96, 160, 256, 1_000, 10_000, 60_000, 80_000)
_EVERY_WORD = " ".join(REPORTS)


def text_of(metal: str, version: int) -> str:
    """What a report says in a version: some of its paragraphs stay in all of them."""
    much = "x" * 480  # each is a passage by itself
    stays = [f"Of {metal} number {place} nothing is new {much}." for place in range(5)]
    changes = [f"Lot {place} of {metal} costs {version} {much}." for place in range(20)]
    return "\n\n".join([f"The {metal} book", *stays, *changes])


def main(folder: Path) -> None:
    """Revise the reports once for each amount of free space."""
    mill = Mill(folder)
    _revise(mill, 0)
    mill.run()
    happened: list[dict[str, Any]] = []
    for version, free in enumerate(_FREE_KILOBYTES, start=1):
        _revise(mill, version)
        _fill(folder, free)
        said = "done"
        try:
            mill.run()
        except FootnoteError as error:
            said = f"{type(error).__name__}: {error}"
        then = _shown(mill)
        (folder / "ballast").unlink()
        mill.run()
        happened.append(
            {"free": free, "said": said, "then": then, "after": _shown(mill), "wrong": _wrong(mill)}
        )
    mill.library.close()
    print(json.dumps(happened))


def _revise(mill: Mill, version: int) -> None:
    for metal in REPORTS:
        mill.write(f"{metal}.txt", text_of(metal, version))


def _fill(folder: Path, free: int) -> None:
    """Leave so many kilobytes of the file system free."""
    status = os.statvfs(folder)
    with (folder / "ballast").open("wb") as ballast:
        ballast.write(bytes(max(status.f_bavail * status.f_frsize - free * 1024, 0)))


def _shown(mill: Mill) -> list[list[list[str]]]:
    """For each of the two searches: the texts of its passages, by report."""
    dense = mill.library.nearest(mill.embedder.embed_query(_EVERY_WORD), Filter(), 1_000)
    lexical = mill.library.matching(_EVERY_WORD, Filter(), 1_000)
    shown = []
    for hits in (dense, lexical):
        by_report: dict[str, list[str]] = {}
        for hit in hits:
            by_report.setdefault(hit.report.id, []).append(hit.passage.text)
        shown.append(sorted(sorted(texts) for texts in by_report.values()))
    return shown


def _wrong(mill: Mill) -> list[str]:
    upkeep = Upkeep(mill.library, lambda _: InlineEngine(mill.embedder), None)
    return list(upkeep.check(lambda *_: None, lambda: False).wrong)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
