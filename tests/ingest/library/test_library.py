"""Tests of what the library shows after reports came, changed and went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ingest.errors import LibraryError, LibraryMismatch
from ingest.library.catalog import Move
from ingest.library.indexes import Writing
from ingest.library.library import Library
from ingest.library.words import Words
from ingest.records import Filter, Look
from tests.ingest.library.shelves import EMBEDDER, described, fresh_library, put, source, vectors_of


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """An empty library."""
    return fresh_library(tmp_path)


def found(library: Library, text: str, wanted: Filter | None = None) -> set[str]:
    """What either search finds, as texts."""
    wanted = wanted or Filter()
    vector = EMBEDDER.embed_query(text)
    dense = library.nearest(vector, wanted, 5)
    lexical = library.matching(text, wanted, 5)
    return {hit.passage.text for hit in [*dense, *lexical]}


def test_both_searches_find_a_passage_that_was_put(library: Library) -> None:
    """A passage is found by its meaning and by its words, with its report and place."""
    put(library, source("a.txt"), "Chips are scarce.\nCopper is cheap.", described("Metals"))
    [dense, *_] = library.nearest(EMBEDDER.embed_query("copper cheap"), Filter(), 1)
    [lexical, *_] = library.matching("copper", Filter(), 5)
    assert dense.passage == lexical.passage
    assert lexical.passage.text == "Copper is cheap."
    assert (lexical.passage.start, lexical.passage.paragraph) == (18, 2)
    assert lexical.report.description.title == "Metals"
    assert -1.0 <= dense.score <= 1.0001


def test_a_revision_shows_the_new_text_alone(library: Library) -> None:
    """Once a version is live, no passage of the one before it is shown."""
    report = put(library, source("a.txt"), "Copper is cheap.\nChips are scarce.")
    put(library, source("a.txt"), "Copper is dear.\nChips are scarce.", report_id=report)
    assert found(library, "copper cheap dear chips scarce") == {
        "Copper is dear.",
        "Chips are scarce.",
    }
    [shown] = library.reports(Filter(), 0, 10)
    assert (shown.id, shown.version) == (report, 2)


def test_a_revision_writes_only_what_changed(library: Library) -> None:
    """Passages that a version shares with the one before it are not written again."""
    report = put(library, source("a.txt"), "Copper is cheap.\nChips are scarce.")
    before = vectors_of(library).count()
    put(library, source("a.txt"), "Copper is dear.\nChips are scarce.", report_id=report)
    assert vectors_of(library).count() == before + 1


def test_a_report_read_from_nowhere_is_dropped_and_comes_back_as_itself(library: Library) -> None:
    """A dropped report is not shown; the same content at the same address restores its id."""
    first = put(library, source("a.txt"), "Copper is cheap.")
    library.catalog.remove_origins([source("a.txt").uri])
    assert found(library, "copper") == set()
    assert library.reports(Filter(), 0, 10) == []
    assert put(library, source("a.txt"), "Copper is cheap.") == first
    assert found(library, "copper") == {"Copper is cheap."}


def test_a_report_with_two_addresses_outlives_one(library: Library) -> None:
    """A report is dropped only when the last of its addresses is gone."""
    report = put(library, source("a.txt"), "Copper is cheap.")
    library.catalog.rearrange([Move(source("b.txt"), "1", report)])
    library.catalog.remove_origins([source("a.txt").uri])
    assert found(library, "copper") == {"Copper is cheap."}
    library.catalog.remove_origins([source("b.txt").uri])
    assert found(library, "copper") == set()


def test_superseded_passages_never_crowd_out_live_ones(library: Library) -> None:
    """However often a report was revised, what is live is found behind what is not."""
    report = put(library, source("a.txt"), "Copper costs 0 dollars.")
    for price in range(1, 40):
        put(library, source("a.txt"), f"Copper costs {price} dollars.", report_id=report)
    assert found(library, "copper costs 0 dollars") == {"Copper costs 39 dollars."}


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        (Filter(), {"new", "old", "undated"}),
        (Filter(since=date(2024, 1, 1)), {"new"}),
        (Filter(until=date(2023, 12, 31)), {"old"}),
        (Filter(publishers=frozenset({"Quill"})), {"new"}),
        (Filter(shelves=frozenset({"private"})), {"undated"}),
        (Filter(shelves=frozenset()), set()),
        (Filter(reports=frozenset({"none"})), set()),
        (Filter(companies=frozenset({"HRN"})), {"old"}),
        (Filter(companies=frozenset({"hrn"})), {"old"}),
        (Filter(companies=frozenset({"鹭铜业"})), {"old"}),
        (Filter(companies=frozenset({'the "Heron" Co'})), {"old"}),
        # a filing's publisher is the company that it is about
        (Filter(companies=frozenset({"QUILL"})), {"new"}),
        # neither a part of a name nor what the pattern of a search would match
        (Filter(companies=frozenset({"Hero", "H_N", "%"})), set()),
        (Filter(companies=frozenset()), set()),
    ],
)
def test_a_filter_lets_through_what_it_says(
    library: Library, wanted: Filter, titles: set[str]
) -> None:
    """Searches, lists and counts all obey the same filter."""
    put(library, source("n"), "Copper new.", described("new", "Quill", date(2024, 2, 1)))
    old = replace(
        described("old", "Heron", date(2023, 2, 1)),
        tickers=("TIN", "HRN"),
        companies=("鹭铜业", 'The "Heron" Co'),
    )
    put(library, source("o"), "Copper old.", old)
    put(library, source("u", "private"), "Copper undated.", described("undated"))
    assert {r.description.title for r in library.reports(wanted, 0, 10)} == titles
    hits = [
        *library.matching("copper", wanted, 9),
        *library.nearest(EMBEDDER.embed_query("copper"), wanted, 9),
    ]
    assert {hit.report.description.title for hit in hits} == titles
    assert library.status(wanted).reports == len(titles)


def test_several_things_are_searched_for_at_once(library: Library) -> None:
    """Each look finds what a search for it alone finds, in its order."""
    for number in range(4):
        put(library, source(f"{number}.txt"), f"Copper {number}.\nTin {number}.\nIron.")
    vector = EMBEDDER.embed_query("copper")
    looks = [Look(3, vector=vector), Look(9, "tin"), Look(2, "copper")]
    assert library.find(looks, Filter()) == [
        library.nearest(vector, Filter(), 3),
        library.matching("tin", Filter(), 9),
        library.matching("copper", Filter(), 2),
    ]
    assert library.find([], Filter()) == []


def test_a_look_may_be_at_some_reports_alone(library: Library) -> None:
    """What is looked for in some reports is not found in others, nor beyond the filter."""
    one = put(library, source("1.txt"), "Copper is dear.")
    two = put(library, source("2.txt", "private"), "Copper is cheap.")
    vector = EMBEDDER.embed_query("copper")
    looks = [
        Look(9, "copper", reports=frozenset({one, two})),
        Look(9, vector=vector, reports=frozenset({two})),
        Look(9, "copper", reports=frozenset()),
    ]

    def texts(wanted: Filter) -> list[set[str]]:
        return [{hit.passage.text for hit in hits} for hits in library.find(looks, wanted)]

    both = {"Copper is dear.", "Copper is cheap."}
    assert texts(Filter()) == [both, {"Copper is cheap."}, set()]
    assert texts(Filter(shelves=frozenset({"general"}))) == [{"Copper is dear."}, set(), set()]


def test_all_that_is_found_at_once_is_of_one_version(library: Library) -> None:
    """A report that is revised between two looks is found as it was or as it is, not as both."""
    report = put(library, source("a.txt"), "Copper is dear.\nTin is cheap.")
    search = library.search()
    assert search is not None

    class RevisedMeanwhile(Words):
        revised = False

        def matching(
            self, text: str, limit: int, reports: Sequence[str] | None
        ) -> list[tuple[str, float]]:
            """What the words find, before the report is revised."""
            hits = super().matching(text, limit, reports)
            if not RevisedMeanwhile.revised:
                RevisedMeanwhile.revised = True
                put(library, source("a.txt"), "Copper is cheap.\nTin is cheap.", report_id=report)
            return hits

    search.words = RevisedMeanwhile(search.words.folder)
    found = library.find([Look(9, "copper"), Look(9, "copper tin cheap")], Filter())
    assert {hit.report.version for hits in found for hit in hits} == {2}
    assert RevisedMeanwhile.revised


def test_a_passage_is_given_with_the_one_before_it(library: Library) -> None:
    """The two are one stretch of the report, with all that stands between them."""
    text = "Copper is dear.\n \nIt was cheap.\nTin is cheap."
    put(library, source("a.txt"), text)
    hits = {hit.passage.text: hit for hit in library.matching("copper tin cheap", Filter(), 9)}
    longer = library.with_before(hits["It was cheap."])
    assert longer is not None
    assert longer.passage.text == "Copper is dear.\n \nIt was cheap."
    assert (longer.passage.start, longer.passage.end) == (0, 31)
    assert longer.passage.paragraph == 1
    assert library.with_before(hits["Copper is dear."]) is None


def test_reports_come_newest_first_and_undated_last(library: Library) -> None:
    """The list begins with the newest report and ends with those without a date."""
    put(library, source("u"), "u", described("undated"))
    put(library, source("o"), "o", described("old", None, date(2023, 2, 1)))
    put(library, source("n"), "n", described("new", None, date(2024, 2, 1)))
    listed = [report.description.title for report in library.reports(Filter(), 0, 10)]
    assert listed == ["new", "old", "undated"]
    assert [r.description.title for r in library.reports(Filter(), 1, 1)] == ["old"]


def test_a_library_written_by_another_embedder_is_refused(library: Library) -> None:
    """Vectors of two models are never mixed; the error says what to do."""
    library.bind(Writing("one", 64, "paragraphs"))
    library.bind(Writing("one", 64, "paragraphs"))
    with pytest.raises(LibraryMismatch, match="python -m ingest reembed"):
        library.bind(Writing("two", 64, "paragraphs"))


def test_a_library_whose_passages_were_cut_otherwise_is_refused(library: Library) -> None:
    """The error names the command that moves it over, with the model that it was written by."""
    library.bind(Writing("one@53aa", 64, "paragraphs"))
    with pytest.raises(LibraryMismatch, match=r"python -m ingest reembed --model one$"):
        library.bind(Writing("one@53aa", 64, "others"))


def test_the_original_and_its_text_are_kept(library: Library) -> None:
    """The bytes and the text of a version can be read back."""
    put(library, source("a.txt"), "Copper is cheap.")
    [report] = library.reports(Filter(), 0, 1)
    assert library.originals.content(report.content_hash) == b"Copper is cheap."
    assert library.text_of(report) == "Copper is cheap."
    with pytest.raises(LibraryError, match="ingest its report again"):
        library.originals.content("0" * 64)


def test_chinese_is_found_by_two_neighbouring_characters(library: Library) -> None:
    """A Chinese question shares bigrams with the passage that answers it."""
    put(library, source("z"), "人工智能产业规模将达到一万亿元。\n铜价下跌。")
    [hit] = library.matching("产业规模", Filter(), 5)
    assert "人工智能" in hit.passage.text


@pytest.mark.parametrize("text", ['"', "text:(", "AND OR NOT", "a~1^2", "[x TO y]", "\\", "", "🦆"])
def test_nothing_in_a_question_is_query_syntax(library: Library, text: str) -> None:
    """Whatever is typed is searched as words."""
    put(library, source("a.txt"), "And or not to.")
    assert len(library.matching(text, Filter(), 5)) <= 1
