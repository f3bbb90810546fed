"""The processes of a trial: one ingests and may be killed, one looks at what is shown."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ingest import pipeline, taking, upkeep
from ingest.library.catalog import Catalog
from ingest.library.inventory import Inventory
from ingest.library.library import Library
from ingest.library.opening import open_library
from ingest.library.originals import Originals
from ingest.library.runs import Wish
from ingest.library.vectors import Vectors
from ingest.library.words import Words
from ingest.records import Filter
from tests.embedders import WordEmbedder
from tests.ingest.engines import InlineEngine

_MANY = 10_000  # more passages than a trial has
_WRITES: tuple[tuple[type, str], ...] = (
    (Originals, "keep"),
    (Vectors, "add"),
    (Vectors, "remove"),
    (Words, "add"),
    (Words, "remove"),
    (Catalog, "flip"),
    (Catalog, "rearrange"),
    (Catalog, "remove_origins"),
    (Inventory, "sweep"),
)
"""What writes: classes, each with a method that is told of when it is entered and left."""

Shown = dict[str, list[str]]
"""Ids of reports, each with the texts of its passages."""


def ingest(home: Path, seed: int, *, sweep: bool, told: Connection) -> None:
    """Ingest the folder, telling when it writes; for a process that may be killed.

    Args:
        home: holds `reports` and `library`.
        seed: decides how many passages are written at once.
        sweep: whether to sweep everything superseded afterwards, and compact what that leaves.
        told: hears the name of each write as it begins and as it ends.
    """
    for owner, method in _WRITES:
        setattr(owner, method, _telling(getattr(owner, method), method, told))
    taking._BATCH_PASSAGES = random.Random(seed).choice([1, 5, 20, 256])
    upkeep._LEAST_SLOTS = 20
    told.send("begin")
    with closing(open_library(home / "library", None)) as library:
        engine = InlineEngine(WordEmbedder())
        wish = Wish((str(home / "reports"),), prune=True, force=True)
        pipeline.Pipeline(library, engine, 1_000_000).run(wish, _untold, lambda: False)
        if sweep:
            later = datetime.now(UTC) + timedelta(hours=1)
            upkeep.Upkeep(library, lambda _: engine, timedelta(0), lambda: later).tidy()
    told.send("end")


def look(home: Path, told: Connection) -> None:
    """Tell what the library shows: listed, found by vectors, found by words."""
    with closing(open_library(home / "library", None)) as library:
        listed = [report.id for report in library.reports(Filter(), 0, _MANY)]
        dense = library.nearest(WordEmbedder().embed_query("price"), Filter(), _MANY)
        lexical = library.matching("price metals market", Filter(), _MANY)
        told.send((listed, _by_report(dense), _by_report(lexical), _past(library)))


def _by_report(hits: list[Any]) -> Shown:
    shown: Shown = {}
    for hit in hits:
        shown.setdefault(hit.report.id, []).append(hit.passage.text)
    return shown


def _past(library: Library) -> list[str]:
    """Ids of reports with more than one live version, of which there must be none."""
    live = [each.report_id for each in library.inventory.held() if each.live]
    return [report_id for report_id in set(live) if live.count(report_id) > 1]


def _telling(method: Callable[..., Any], name: str, told: Connection) -> Callable[..., Any]:
    def telling(*arguments: Any, **options: Any) -> Any:
        told.send(name)
        done = method(*arguments, **options)
        told.send(f"{name} done")
        return done

    return telling


def _untold(_done: int, _total: int, _name: str) -> None:
    """Progress nobody watches."""
