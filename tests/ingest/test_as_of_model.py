"""The library's past against a list of what stood in the folder when."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ingest.library.opening import open_library
from ingest.pipeline import Pipeline
from ingest.records import Filter, Report
from tests.ingest.engines import InlineEngine
from tests.ingest.mill import Mill

_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
_NAMES = st.sampled_from(["a.md", "b.md", "metals/a.md", "metals/c.md", "rates/d.md"])
# when a report on each was published; None is undated
_WORDS: dict[str, date | None] = {
    "copper": None,
    "barley": date(2025, 6, 1),
    "granite": date(2026, 1, 20),
    "velvet": date(2026, 6, 1),
}
_TEXTS = st.lists(st.sampled_from(list(_WORDS)), min_size=1, max_size=3, unique=True).map(
    lambda words: "\n\n".join(f"The market for {word} was calm." for word in words)
)


def published(text: str) -> date | None:
    """When a report with a text was published: its first word says."""
    return next(day for word, day in _WORDS.items() if word in text.split("\n\n")[0])


def file_of(text: str) -> str:
    """What stands in the file of a report with a text."""
    day = published(text)
    return f"---\npublished: {day}\n---\n\n{text}" if day else text


def shelf_of(name: str) -> str:
    """The shelf of a file."""
    return name.rpartition("/")[0]


class FolderThenAndNow(RuleBasedStateMachine):
    """Files come, change, move and go while time passes; every day of it can be asked."""

    @initialize()
    def begin(self) -> None:
        """An empty folder, an empty library, and a clock."""
        self._home = tempfile.TemporaryDirectory()
        home = Path(self._home.name)
        self._mill = Mill(home)
        self._mill.library.close()
        self._now = _BEGAN
        self._mill.library = open_library(home / "library", None, lambda: self._now)
        self._mill.pipeline = Pipeline(
            self._mill.library, InlineEngine(self._mill.embedder), 20_000
        )
        self._files: dict[str, str] = {}
        self._ingested: dict[str, str] = {}
        self._left: dict[str, set[str]] = {}  # texts that were dropped, with their last shelves
        self._past: dict[datetime, tuple[set[str], dict[str, tuple[str, ...]]]] = {}

    def _edit(self, files: dict[str, str]) -> None:
        # what was dropped and comes back on another shelf shows its past to nobody
        if any(
            shelf_of(name) not in self._left.get(text, {shelf_of(name)})
            for name, text in files.items()
        ):
            return
        for name in self._files.keys() - files.keys():
            (self._mill.reports / name).unlink()
        for name, text in files.items():
            if self._files.get(name) != text:
                self._mill.write(name, file_of(text))
        self._files = files

    @rule(name=_NAMES, text=_TEXTS)
    def write(self, name: str, text: str) -> None:
        """Write a file, new or over another."""
        self._edit({**self._files, name: text})

    @precondition(lambda self: self._files)
    @rule(new=_NAMES, pick=st.integers(0), stays=st.booleans())
    def carry(self, new: str, pick: int, stays: bool) -> None:
        """Copy or rename a file, perhaps to another shelf, perhaps over another."""
        old = sorted(self._files)[pick % len(self._files)]
        kept = {name: text for name, text in self._files.items() if stays or name != old}
        self._edit({**kept, new: self._files[old]})

    @precondition(lambda self: self._files)
    @rule(pick=st.integers(0))
    def delete(self, pick: int) -> None:
        """Delete a file."""
        gone = sorted(self._files)[pick % len(self._files)]
        self._edit({name: text for name, text in self._files.items() if name != gone})

    @rule(days=st.integers(-30, 60))
    def wait(self, days: int) -> None:
        """Let time pass, or set the clock back."""
        self._now += timedelta(days=days)

    @rule()
    def ingest(self) -> None:
        """Run the pipeline, and remember what stands there."""
        self._mill.run(prune=True, force=True)
        for name, text in self._ingested.items():
            self._left.setdefault(text, set()).add(shelf_of(name))
        for text in self._files.values():
            self._left.pop(text, None)
        self._ingested = dict(self._files)
        self._remember()

    @rule(pick=st.integers(0), ticker=st.sampled_from(["FCX", "NEM", ""]))
    def describe(self, pick: int, ticker: str) -> None:
        """Say something of a report by hand, or take it back; its text stays what it is."""
        reports = self._mill.library.reports(Filter(), 0, 99)
        if reports:
            self._mill.describe(reports[pick % len(reports)].id, tickers=ticker and f"{ticker};")
            self._remember()

    def _remember(self) -> None:
        """Note what is shown as of the last that happened."""
        if events := self._mill.library.history.events(limit=1):
            moment = events[0].at
            self._past[moment] = (set(self._ingested.values()), self._tickers(Filter(as_of=moment)))

    def _tickers(self, wanted: Filter) -> dict[str, tuple[str, ...]]:
        """The tickers of each report that is shown, by its id."""
        reports = self._mill.library.reports(wanted, 0, 99)
        return {report.id: report.description.tickers for report in reports}

    @invariant()
    def every_day_is_as_it_was(self) -> None:
        """At each moment remembered, both searches and the list show what stood there then.

        Each report is described as it was then.
        """
        library, embedder = self._mill.library, self._mill.embedder
        for moment, (texts, tickers) in self._past.items():
            then = Filter(as_of=moment)
            assert self._tickers(then) == tickers
            expected = sorted(
                text for text in texts if (published(text) or date.min) <= moment.date()
            )

            def said(reports: list[Report]) -> list[str]:
                return sorted(library.text_of(report).strip() for report in reports)

            assert said(library.reports(then, 0, 99)) == expected
            dense = library.nearest(embedder.embed_query("calm"), then, 99)
            lexical = library.matching("calm", then, 99)
            for hits in (dense, lexical):
                assert said(list({hit.report.id: hit.report for hit in hits}.values())) == expected
                assert len({hit.passage.id for hit in hits}) == len(hits)

    def teardown(self) -> None:
        """What was edited last is looked at too."""
        try:
            self.ingest()
            self.every_day_is_as_it_was()
        finally:
            self._mill.library.close()
            self._home.cleanup()


def test_any_day_of_the_past_can_be_asked() -> None:
    """As of any moment the library shows just what stood in its folder then."""
    run_state_machine_as_test(
        FolderThenAndNow,
        settings=settings(
            max_examples=10,
            stateful_step_count=14,
            suppress_health_check=list(HealthCheck),
        ),
    )
