"""Tests of the names that a library knows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.library.catalog import Move
from ingest.library.library import Library
from ingest.records import Filter, Known
from tests.ingest.library.shelves import described, fresh_library, put, source

METALS = Filter(shelves=frozenset({"metals"}))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """An empty library."""
    return fresh_library(tmp_path)


def test_the_names_of_live_reports_are_known(library: Library) -> None:
    """Publishers once, titles with their reports; those that are gone are forgotten."""
    assert library.known(Filter()).publishers == ()
    one = put(library, source("a.txt"), "Copper is cheap.", described("Copper", "Heron"))
    two = put(library, source("b.txt"), "Chips are scarce.", described("Chips", "Quill"))
    put(library, source("c.txt"), "Tin is dear.", described("Tin", "Heron"))
    known = library.known(Filter())
    assert known.publishers == ("Heron", "Quill")
    assert dict(known.titles)[one] == "Copper"
    library.catalog.remove_origins([source("b.txt").uri])
    known = library.known(Filter())
    assert known.publishers == ("Heron",)
    assert two not in dict(known.titles)


def test_what_a_revision_is_called_is_known(library: Library) -> None:
    """A new version of a report has its new name alone."""
    report = put(library, source("a.txt"), "Copper is cheap.", described("Copper", "Heron"))
    library.known(Filter())
    put(library, source("a.txt"), "Copper is dear.", described("Dear copper", "Quill"), report)
    known = library.known(Filter())
    assert (known.publishers, known.titles) == (("Quill",), ((report, "Dear copper"),))


def test_names_on_closed_shelves_are_not_told(library: Library) -> None:
    """Who may read one shelf learns the names of that shelf."""
    put(library, source("a.txt"), "Copper is cheap.", described("Copper", "Heron"))
    metals = source("b.txt", "metals")
    put(library, metals, "Tin is dear.", described("Tin", "Quill"))
    assert library.known(METALS).publishers == ("Quill",)
    assert library.known(Filter(shelves=frozenset())).publishers == ()
    assert library.known(Filter()).publishers == ("Heron", "Quill")


def test_a_report_on_two_shelves_is_known_on_both(library: Library) -> None:
    """A copy elsewhere is the same report, named once where both shelves are read."""
    report = put(library, source("a.txt"), "Copper is cheap.", described("Copper", "Heron"))
    library.catalog.rearrange([Move(source("a.txt", "metals"), "1", report)])
    assert library.known(METALS).titles == library.known(Filter()).titles == ((report, "Copper"),)


def test_a_ticker_is_that_of_the_only_company(library: Library) -> None:
    """Forms of one name are one company; a ticker among several companies stands alone."""
    about = described("Q1")
    for number, (companies, tickers) in enumerate(
        [
            (("Apple Inc.",), ("AAPL",)),
            (("Apple",), ()),
            (("Heron", "Quill"), ("HRN", "AAPL")),
        ]
    ):
        put(
            library,
            source(f"{number}.txt"),
            f"Text {number} of a report.",
            replace(about, companies=companies, tickers=tickers),
        )
    known = {frozenset(each.names): each.tickers for each in library.known(Filter()).companies}
    assert known == {
        frozenset({"Apple Inc.", "Apple"}): ("AAPL",),
        frozenset({"Heron"}): (),
        frozenset({"Quill"}): (),
        frozenset(): ("HRN",),
    }


def test_names_are_kept_until_something_changes(library: Library) -> None:
    """Nothing is read again while nothing happened, whichever thread asks."""
    put(library, source("a.txt"), "Copper is cheap.", described("Copper", "Heron"))
    with ThreadPoolExecutor(4) as threads:
        known = list(threads.map(lambda _: library.known(Filter()), range(16)))
    assert all(each is known[0] for each in known)
    put(library, source("b.txt"), "Tin is dear.", described("Tin", "Quill"))
    assert library.known(Filter()) is not known[0]


def test_equal_names_are_found_by_one_hash() -> None:
    """What is equal hashes alike, though only sizes are looked at; other names are others."""
    heron, quill = Known(("Heron",)), Known(("Quill",))
    assert len({heron, Known(("Heron",)), quill}) == 2
