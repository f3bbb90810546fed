"""Tests of what the catalog keeps of reports, their addresses and what failed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from ingest.library.catalog import Catalog, Entry, Move
from ingest.library.database import open_database, transaction
from ingest.library.history import History
from ingest.library.indexes import Indexes, IndexState, Writing
from ingest.library.migrate import migrate
from ingest.library.schema import events
from ingest.library.view import View
from ingest.records import Description, Filter, Passage, Source
from tests.ingest.library.shelves import described, source


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database with the catalog's tables."""
    engine = open_database(tmp_path / "catalog.sqlite", migrate)
    yield engine
    engine.dispose()


@pytest.fixture
def catalog(engine: Engine) -> Catalog:
    """An empty catalog, with an index to write to."""
    Indexes(engine).make(Writing("words", 64, "paragraphs"), IndexState.LIVE)
    return Catalog(engine)


@pytest.fixture
def view(engine: Engine) -> View:
    """What the catalog shows."""
    return View(engine)


def flip(
    catalog: Catalog,
    report_id: str,
    where: Source,
    content_hash: str,
    description: Description,
    held: list[Passage],
) -> None:
    """Make one version live; its text is told apart by the same hash as its bytes."""
    entry = Entry(report_id, where, content_hash, content_hash, description, held)
    catalog.flip([entry], 1, len(held))


def passages(report: str, *texts: str) -> list[Passage]:
    """Passages of a report, one a text; equal texts are one passage at two places."""
    return [
        Passage(f"{report} {text}", report, n, 10 * n, 10 * n + 9, None, n + 1, "header", text)
        for n, text in enumerate(texts)
    ]


def kinds(engine: Engine) -> list[str]:
    """What happened, in order."""
    with transaction(engine) as connection:
        return list(connection.scalars(select(events.c.kind).order_by(events.c.id)))


def test_each_step_of_a_report_is_an_event(engine: Engine, catalog: Catalog) -> None:
    """A report is added, revised, dropped and restored; its versions are counted through."""
    where = source("a.txt")
    flip(catalog, "r", where, "1", described("A"), passages("r", "one"))
    flip(catalog, "r", where, "2", described("A"), passages("r", "two"))
    catalog.remove_origins([where.uri])
    assert catalog.report_at(where.uri) is None
    assert not catalog.is_live("r")
    flip(catalog, "r", where, "1", described("A"), passages("r", "one"))
    assert kinds(engine) == ["added", "revised", "dropped", "restored"]
    report = catalog.report_at(where.uri)
    assert report is not None
    assert (report.id, report.version, report.content_hash) == ("r", 3, "1")


def test_a_report_may_hold_nothing_or_a_passage_twice(
    engine: Engine, catalog: Catalog, view: View
) -> None:
    """A version is a list of places: empty, or with one passage at several of them."""
    flip(catalog, "empty", source("a.txt"), "1", described("A"), [])
    flip(catalog, "twice", source("b.txt"), "2", described("B"), passages("twice", "x", "y", "x"))
    assert History(engine).passages_of("empty", 1) == []
    assert [p.ordinal for p in History(engine).passages_of("twice", 1)] == [0, 1, 2]
    confirmed = view.confirm(["twice x", "twice y", "no passage"], Filter(), 1)
    assert {key: passage.ordinal for key, (passage, _) in confirmed.items()} == {
        "twice x": 0,
        "twice y": 1,
    }
    assert view.counts(Filter()) == (2, 3, 2, None)


def test_an_address_leads_to_one_report(catalog: Catalog) -> None:
    """Where a report is read from another's address, the other is dropped if that was its last."""
    flip(catalog, "one", source("a.txt"), "1", described("A"), passages("one", "x"))
    flip(catalog, "two", source("b.txt"), "2", described("B"), passages("two", "x"))
    catalog.rearrange([Move(source("c.txt"), "1", "one")])
    catalog.rearrange([Move(source("a.txt"), "2", "two")])
    assert [each.name for each in catalog.standing_of("one")] == ["c.txt"]
    assert catalog.is_live("one")
    catalog.rearrange([Move(source("c.txt"), "2", "two")])
    assert not catalog.is_live("one")
    assert [report.name for report in catalog.standing_with("2")] == ["a.txt", "b.txt", "c.txt"]
    assert catalog.standing_with("1") == []


def test_a_report_moves_with_its_name_and_shelf(catalog: Catalog, view: View) -> None:
    """After a move the old address is free, and the report has its new name and shelf."""
    flip(catalog, "one", source("a.txt"), "1", described("A"), passages("one", "x"))
    catalog.rearrange([Move(source("b.txt", "metals"), "1", "one", old_uri=source("a.txt").uri)])
    assert catalog.report_at(source("a.txt").uri) is None
    [report] = view.reports(Filter(), 0, 9)
    assert (report.id, report.name, report.shelf, report.version) == ("one", "b.txt", "metals", 1)


def test_what_is_not_there_cannot_be_removed(engine: Engine, catalog: Catalog) -> None:
    """An address nothing is read from is no error, and nothing happens."""
    catalog.remove_origins(["file:///nowhere"])
    assert catalog.standing() == []
    assert kinds(engine) == []


@pytest.mark.parametrize(
    ("root", "names"),
    [
        ("file:///", ["a.txt", "b.txt", "c.txt"]),
        ("file:///general", ["a.txt"]),
        ("file:///general/", ["a.txt"]),
        ("file:///general/a.txt", ["a.txt"]),
        ("file:///gener", []),
        ("file:///50%25", ["b.txt"]),
        ("file:///5_%25", []),
        ("file:///a_c", ["c.txt"]),
        ("file:///%", []),
    ],
)
def test_addresses_are_found_by_their_beginning(
    catalog: Catalog, root: str, names: list[str]
) -> None:
    """What is below an address is found, whatever signs are in it; a likeness is not."""
    for name, shelf in (("a.txt", "general"), ("b.txt", "50%25"), ("c.txt", "a_c")):
        flip(catalog, name, source(name, shelf), name, described(name), [])
    assert sorted(name for name, _, _ in catalog.seen_under([root]).values()) == names


def test_facts_stay_as_they_were_first(catalog: Catalog) -> None:
    """What the library remembers of itself is not written over."""
    catalog.remember({"embedder": "one"})
    catalog.remember({"embedder": "two", "chunking": "x"})
    assert [catalog.fact(key) for key in ("embedder", "chunking", "none")] == ["one", "x", None]


def test_the_last_failure_of_a_source_is_kept_until_it_is_forgiven(catalog: Catalog) -> None:
    """A source is told once, newest first, with its last reason; others are not forgiven."""
    catalog.fail(source("a.txt"), "is empty")
    catalog.fail(source("b.txt"), "is locked")
    catalog.fail(source("a.txt"), "is too large")
    told = [(failure.name, failure.reason) for failure in catalog.failures()]
    assert told == [("a.txt", "is too large"), ("b.txt", "is locked")]
    catalog.forgive([source("a.txt").uri, "file:///nowhere"])
    assert [failure.name for failure in catalog.failures()] == ["b.txt"]


def test_more_ids_than_a_statement_takes_can_be_asked_for(catalog: Catalog, view: View) -> None:
    """However many passages are asked for, each that is held is named."""
    held = passages("r", *map(str, range(1_200)))
    flip(catalog, "r", source("a.txt"), "1", described("A"), held)
    ids = [passage.id for passage in held]
    assert catalog.known([*ids, "no passage"], 1) == set(ids)
    assert view.confirm(ids, Filter(), 1).keys() == set(ids)


def test_counts_are_of_what_the_filter_lets_through(catalog: Catalog, view: View) -> None:
    """A report with two addresses counts once; the newest date is that of what is counted."""
    new = described("A", "Quill", date(2024, 2, 1))
    flip(catalog, "one", source("a.txt"), "1", new, passages("one", "x"))
    catalog.rearrange([Move(source("copy.txt"), "1", "one")])
    old = described("B", "Heron", date(2023, 2, 1))
    flip(catalog, "two", source("b.txt", "metals"), "2", old, passages("two", "x", "y"))
    assert view.counts(Filter()) == (2, 3, 0, date(2024, 2, 1))
    assert view.counts(Filter(shelves=frozenset({"metals"}))) == (1, 2, 0, date(2023, 2, 1))
