"""What the live reports of a library are called: publishers, titles, and who they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from sqlalchemy import Engine, func, select

from ingest.language.names import bare_name
from ingest.library.database import reading
from ingest.library.rows import READABLE
from ingest.library.schema import events, origins, runs, versions
from ingest.records import Company, Filter, Known

_Moment = tuple[int | None, datetime | None]


@dataclass(frozen=True, slots=True)
class _Named:
    """The names in one live report, and a shelf that it may be read on."""

    report: str
    title: str
    publisher: str | None
    companies: tuple[str, ...]
    tickers: tuple[str, ...]
    shelf: str


class Names:
    """The names of live reports, kept in memory until a report or a shelf changes.

    Reports change with an event; what lies on which shelf may change without one, but in a run
    alone. So what was read is good until there is a later event or another run has ended.

    Args:
        engine: the catalog's.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = Lock()
        self._moment: _Moment | None = None
        self._named: list[_Named] = []
        self._known: dict[frozenset[str] | None, Known] = {}

    def known(self, wanted: Filter) -> Known:
        """The names in the live reports on the shelves of a filter.

        Raises:
            LibraryError: the database failed.
        """
        with self._reading, reading(self._engine) as connection:
            last = connection.scalar(select(func.max(events.c.id)))
            ended = connection.scalar(select(func.max(runs.c.ended_at)))
            if (last, ended) != self._moment:
                rows = connection.execute(
                    select(
                        versions.c.report_id,
                        versions.c.title,
                        versions.c.publisher,
                        versions.c.companies,
                        versions.c.tickers,
                        origins.c.shelf,
                    )
                    .distinct()
                    .select_from(READABLE)
                    .where(versions.c.live_until.is_(None))
                    .order_by(versions.c.report_id, origins.c.shelf)
                )
                self._named = [_Named(*row) for row in rows]
                self._known = {}
                self._moment = (last, ended)
            if wanted.shelves not in self._known:
                self._known[wanted.shelves] = _known_of(
                    named
                    for named in self._named
                    if wanted.shelves is None or named.shelf in wanted.shelves
                )
            return self._known[wanted.shelves]


def _known_of(named: Iterable[_Named]) -> Known:
    """The names in some reports, each once; a report that lies on two shelves counts once."""
    reports = {each.report: each for each in named}
    publishers = {each.publisher for each in reports.values() if each.publisher}
    return Known(
        tuple(sorted(publishers)),
        tuple((each.report, each.title) for each in reports.values()),
        tuple(_companies(reports.values())),
    )


def _companies(named: Iterable[_Named]) -> Iterator[Company]:
    """The companies that reports are about, each once with all forms of its name.

    A ticker is that of a company where a report is about it alone; others stand alone.
    """
    names: dict[str, dict[str, None]] = {}
    tickers: dict[str, dict[str, None]] = {}
    alone: dict[str, None] = {}
    for each in named:
        for name in each.companies:
            names.setdefault(bare_name(name), {})[name] = None
        if len(each.companies) == 1:
            own = tickers.setdefault(bare_name(each.companies[0]), {})
            own.update(dict.fromkeys(each.tickers))
        else:
            alone.update(dict.fromkeys(each.tickers))
    for bare, forms in names.items():
        yield Company(tuple(forms), tuple(tickers.get(bare, ())))
    owned = {ticker for each in tickers.values() for ticker in each}
    for ticker in alone:
        if ticker not in owned:
            yield Company((), (ticker,))
