"""Tests of looking after a library: what is wrong with it is found, told and mended."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from ingest.errors import IndexUnavailable, LibraryError, LibraryMismatch, RunStopped
from ingest.library.indexes import IndexState
from ingest.records import Filter, Findings
from ingest.upkeep import Upkeep
from tests.embedders import WordEmbedder
from tests.ingest.engines import InlineEngine
from tests.ingest.library.shelves import vectors_of
from tests.ingest.mill import Mill, outcomes

_MUCH = " Of that much more is said here." * 15  # so much that each paragraph is a passage
COPPER = f"Copper is cheap this year.{_MUCH}\n\nTin is bright.{_MUCH}\n\nLead is heavy."
CHIPS = f"Chips are scarce again.{_MUCH}\n\nTin is bright."
ANSWERS = ["copper", "tin", "chips scarce", "lead heavy wheat"]


class Home(Mill):
    """A mill with upkeep; of its two reports one was revised, so that there is a past."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.folder = home / "library"
        self.now = datetime.now(UTC)
        self.kept_for: timedelta | None = None
        self.models = {"other": WordEmbedder("other", dimension=32, window=20)}
        self.write("a.txt", COPPER.replace("cheap", "dear"))
        self.write("b.txt", CHIPS)
        self.run()
        self.write("a.txt", COPPER)
        self.run()

    @property
    def upkeep(self) -> Upkeep:
        """Looks after the library."""

        def engine_for(model: str | None) -> InlineEngine:
            return InlineEngine(self.models.get(model or "", self.embedder))

        return Upkeep(self.library, engine_for, self.kept_for, lambda: self.now)

    def check(self) -> Findings:
        """Look whether all is well."""
        return self.upkeep.check(untold, lambda: False)

    def repair(self) -> Findings:
        """Mend it."""
        return self.upkeep.repair(untold, lambda: False)

    def answers(self, embedder: WordEmbedder | None = None) -> list[object]:
        """Everything that some questions find, to the last digit but those of rounding."""
        by = embedder or self.embedder
        found = [
            hits
            for words in ANSWERS
            for hits in (
                self.library.nearest(by.embed_query(words), Filter(), 10),
                self.library.matching(words, Filter(), 10),
            )
        ]
        return [[(hit.passage, hit.report, round(hit.score, 5)) for hit in hits] for hits in found]


def untold(_done: int, _total: int, _name: str) -> None:
    """Progress nobody watches."""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A library in which all is well."""
    home = Home(tmp_path)
    yield home
    home.library.close()


def test_where_all_is_well_nothing_is_found(home: Home) -> None:
    """A sound library is said to be sound, and repair leaves it alone."""
    found = home.check()
    assert found.wrong == ()
    assert found.done == ("checked versions: 3, passages: 6",)
    before = home.answers()
    assert home.repair().done == ("nothing was wrong",)
    assert home.answers() == before


def _words_gone(home: Home) -> None:
    [folder] = home.folder.glob("words-*")
    home.library.close()
    shutil.rmtree(folder)
    home.reopen()


def _vectors_gone(home: Home) -> None:
    home.library.close()
    shutil.rmtree(home.folder / "chroma")
    home.reopen()


def _words_damaged(home: Home) -> None:
    [folder] = home.folder.glob("words-*")
    home.library.close()
    (folder / "meta.json").write_text("{", encoding="utf-8")
    home.reopen()


def _vector_missing(home: Home) -> None:
    index = vectors_of(home.library)
    index.remove(sorted(index.ids())[:2])


def _vector_wrong(home: Home) -> None:
    index = vectors_of(home.library)
    [first, *_] = sorted(index.ids())
    index.remove([first])
    index.add([first], ["r"], 3 * np.ones((1, 64), dtype=np.float32))


def _left_over(home: Home) -> None:
    search = home.library.search()
    assert search is not None
    search.vectors.add(["nobody's"], ["r"], home.embedder.embed_query("x")[np.newaxis])
    [some] = home.library.matching("copper", Filter(), 1)
    home.library.catalog.remove_origins([some.report.uri])
    home.kept_for = timedelta(0)
    home.library.inventory.sweep(home.library.inventory.ended_before(home.now), home.now)


def _text_lost(home: Home) -> None:
    next(home.folder.glob("originals/*/*.json")).unlink()


def _text_damaged(home: Home) -> None:
    next(home.folder.glob("originals/*/*.json")).write_text("[", encoding="utf-8")


def _index_begun(home: Home) -> None:
    index = home.library.indexes.live()
    assert index is not None
    home.library.indexes.make(index.writing)


def _folder_of_no_index(home: Home) -> None:
    (home.folder / "words-nobody").mkdir()


@pytest.mark.parametrize(
    ("damage", "wrong", "done"),
    [
        (_words_gone, "not just once among the words: 6", "put among the words again: 6"),
        (_vectors_gone, "without a right vector: 6", "vectors made anew: 6"),
        (_words_damaged, "could not be opened", "made anew"),
        (_vector_missing, "without a right vector: 2", "vectors made anew: 2"),
        (_vector_wrong, "without a right vector: 1", "vectors made anew: 1"),
        (_left_over, "vectors left over", "left-over vectors removed"),
        (_text_lost, "parsed text is missing", "read out of its original again"),
        (_text_damaged, "parsed text is missing or damaged", "read out of its original again"),
        (_index_begun, "begun and not finished", "that was begun was deleted"),
        (_folder_of_no_index, "words-nobody belongs to no index", "words-nobody, which belonged"),
    ],
)
def test_what_is_wrong_is_told_and_mended(
    home: Home, damage: Callable[[Home], None], wrong: str, done: str
) -> None:
    """Each damage is found and said; after repair nothing is wrong, and answers are as before."""
    before = home.answers()
    damage(home)
    assert any(wrong in each for each in home.check().wrong)
    assert any(done in each for each in home.repair().done)
    assert home.check().wrong == ()
    if damage is not _left_over:
        assert home.answers() == before


def test_a_lost_original_is_taken_from_its_file(home: Home) -> None:
    """Where its file still stands, repair puts an original back; else that is said each time."""
    [report] = [each for each in home.library.reports(Filter(), 0, 9) if each.name == "b.txt"]
    before = home.answers()
    home.library.originals.remove(report.content_hash)
    assert any("its original is missing" in each for each in home.check().wrong)
    assert any("it was taken from b.txt again" in each for each in home.repair().done)
    assert home.check().wrong == ()
    assert home.answers() == before
    assert home.library.originals.content(report.content_hash) == CHIPS.encode()
    home.library.originals.remove(report.content_hash)
    (home.reports / "b.txt").unlink()
    for _ in range(2):
        assert any("restore a backup" in each for each in home.repair().wrong)


def test_a_damaged_original_costs_no_text(home: Home) -> None:
    """Where the bytes cannot be had again, what was read out of them stays."""
    [report] = [each for each in home.library.reports(Filter(), 0, 9) if each.name == "b.txt"]
    [original] = home.folder.glob(f"originals/*/{report.content_hash}.original")
    original.write_bytes(b"damaged")
    home.write("b.txt", "Chips are plenty.")
    assert any("its original is damaged" in each for each in home.repair().wrong)
    assert home.library.text_of(report) == CHIPS


@pytest.mark.parametrize("text", [None, "[", "{}", '{"text": 1}'])
def test_a_lost_text_costs_no_other_report(home: Home, text: str | None) -> None:
    """A new report is taken although the text of an older one like it cannot be read."""
    note = "---\ntitle: Wheat weekly\n---\n\nWheat is dull, as ever."
    home.write("note.md", note)
    home.run()
    [report] = [each for each in home.library.reports(Filter(), 0, 9) if each.name == "note.md"]
    [kept] = home.folder.glob(f"originals/*/{report.content_hash}.json")
    kept.unlink() if text is None else kept.write_text(text, encoding="utf-8")
    home.write("note_v2.md", f"{note} Rye is up.")
    assert outcomes(home.run()) == {
        "a.txt": "unchanged",
        "b.txt": "unchanged",
        "note.md": "unchanged",
        "note_v2.md": "added",
    }


def test_what_came_while_a_rebuild_lay_broken_off_is_not_lost(home: Home) -> None:
    """An index that was begun earlier takes up what was ingested, and lets go of what was swept."""
    stops = iter([True])
    with pytest.raises(RunStopped):
        home.upkeep.rebuild(untold, lambda: next(stops))
    home.write("c.txt", "Barley is bought by brewers.")
    home.run()
    home.kept_for = timedelta(0)
    home.now += timedelta(days=1)
    home.upkeep.tidy()
    home.upkeep.rebuild(untold, lambda: False)
    assert home.found("barley") == {COPPER, CHIPS, "Barley is bought by brewers."}
    home.now += timedelta(minutes=2)
    home.upkeep.tidy()
    assert home.check().wrong == ()


def _passages_gone(home: Home) -> None:
    """A version is live and the index holds nothing of it."""
    [report] = [each for each in home.library.reports(Filter(), 0, 9) if each.name == "b.txt"]
    with closing(sqlite3.connect(home.folder / "catalog.sqlite")) as catalog, catalog:
        catalog.execute(
            "DELETE FROM placements WHERE version_id IN "
            "(SELECT id FROM versions WHERE report_id = ?)",
            (report.id,),
        )


@pytest.mark.parametrize("mends", ["repair", "rebuild"])
def test_a_version_without_passages_is_cut_anew(home: Home, mends: str) -> None:
    """Repair and rebuild both see that every version is in the index."""
    before = home.answers()
    _passages_gone(home)
    assert any("has no passages" in each for each in home.check().wrong)
    getattr(home.upkeep, mends)(untold, lambda: False)
    assert home.answers() == before
    home.repair()
    assert home.check().wrong == ()


def test_a_chroma_that_is_damaged_is_moved_aside(home: Home) -> None:
    """What cannot be opened is kept beside, a new one made, and every answer is as before."""
    before = home.answers()
    home.library.close()
    (home.folder / "chroma" / "chroma.sqlite3").write_bytes(b"garbage" * 1_000)
    home.reopen()
    assert any("repair makes it anew" in each for each in home.check().wrong)
    done = home.repair().done
    assert any("was moved to" in each for each in done)
    assert home.answers() == before
    assert home.check().wrong == ()
    assert len(list(home.folder.glob("chroma-damaged-*"))) == 1


@pytest.mark.parametrize("work", ["rebuild", "repair"])
def test_vectors_of_two_models_are_never_mixed(home: Home, work: str) -> None:
    """Where another embedder is set, nothing is embedded with it under the name of the first."""
    _vector_missing(home)
    before = home.library.indexes.all(IndexState.LIVE)
    home.models[""] = home.models["other"]
    with pytest.raises(LibraryMismatch, match="python -m ingest reembed"):
        getattr(home.upkeep, work)(untold, lambda: False)
    assert home.models["other"].embedded == []
    assert home.library.indexes.all(IndexState.LIVE) == before


def test_what_a_broken_off_sweep_leaves_is_found(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Originals and passages of versions that are swept are told by check and removed by repair."""
    home.kept_for = timedelta(0)
    home.now += timedelta(days=1)
    with monkeypatch.context() as patch:
        patch.setattr("ingest.library.vectors._LEAST_FREE", 1 << 60)
        with pytest.raises(IndexUnavailable, match="is full"):
            home.upkeep.tidy()
    wrong = home.check().wrong
    assert any("originals that no version needs: 1" in each for each in wrong)
    assert any("vectors left over" in each for each in wrong)
    home.repair()
    assert home.check().wrong == ()
    assert len(list(home.folder.glob("originals/*/*.original"))) == 2


def test_a_rebuilt_library_gives_the_same_answers(home: Home) -> None:
    """Both indexes are made anew from the catalog alone, and find what they found."""
    before = home.answers()
    old = home.library.indexes.live()
    home.library.close()
    shutil.rmtree(home.folder / "chroma")
    home.reopen()
    found = home.upkeep.rebuild(untold, lambda: False)
    assert found.done == ("made both indexes anew; passages: 6",)
    assert home.answers() == before
    new = home.library.indexes.live()
    assert old is not None
    assert new is not None
    assert new.collection != old.collection
    assert home.check().wrong == ()


def test_the_old_index_answers_until_the_new_one_is_whole(home: Home) -> None:
    """Moving to another embedder, every question finds one index or the other, never none."""
    before = home.answers()
    seen = []

    def watching(_done: int, _total: int, _name: str) -> None:
        seen.append(home.answers())

    found = home.upkeep.reembed("other", watching, lambda: False)
    assert "moved from words to other" in found.done[0]
    assert len(seen) >= 3
    assert all(each == before for each in seen)
    live = home.library.indexes.live()
    assert live is not None
    assert (live.writing.embedder, live.writing.model) == ("other", "other")
    other = home.models["other"]
    texts = {hit.passage.text for hit in home.library.matching("copper tin", Filter(), 9)}
    assert any("Copper is cheap" in text for text in texts)
    assert home.library.nearest(other.embed_query("copper"), Filter(), 1)
    assert home.check().wrong == ()


def test_what_was_broken_off_goes_on(home: Home) -> None:
    """A re-embedding that was stopped is gone on with, and nothing is embedded twice."""
    other = home.models["other"]
    stops = iter([False, False, True])
    with pytest.raises(RunStopped):
        home.upkeep.reembed("other", untold, lambda: next(stops))
    assert home.library.indexes.live() != home.library.indexes.all(IndexState.MAKING)[0]
    home.upkeep.reembed("other", untold, lambda: False)
    assert len(other.embedded) == len(set(other.embedded))
    assert home.check().wrong == ()


def test_without_its_texts_a_library_is_not_moved(home: Home) -> None:
    """What cannot be cut anew is named, and nothing is changed."""
    _text_lost(home)
    before = home.answers()
    with pytest.raises(LibraryError, match=r"is missing, so it cannot be cut anew.*repair"):
        home.upkeep.reembed("other", untold, lambda: False)
    assert home.answers() == before


def test_old_versions_are_swept_when_they_are_no_longer_kept(home: Home) -> None:
    """What ended longer ago than is kept goes from all that is kept; what is live stays."""
    ended = home.library.history.events()[-1].at
    home.kept_for = timedelta(days=30)
    assert home.upkeep.tidy().done == ()
    assert home.library.reports(Filter(as_of=ended - timedelta(microseconds=1)), 0, 9)
    home.now += timedelta(days=31)
    before = home.answers()
    assert home.upkeep.tidy().done == ("swept versions: 1, passages: 1",)
    assert home.answers() == before
    assert home.check().wrong == ()
    [report] = [each for each in home.library.reports(Filter(), 0, 9) if each.name == "a.txt"]
    first, second = home.library.history.versions_of(report.id)
    assert (first.swept, first.passages, second.swept, second.passages) == (True, 0, False, 3)
    with pytest.raises(LibraryError):
        home.library.originals.content(first.content_hash)
    assert home.upkeep.tidy().done == ()


def test_what_stands_somewhere_is_never_swept(home: Home) -> None:
    """An older version whose file still stands is kept: it may be needed again."""
    note = (
        "---\ntitle: Wheat weekly\n---\n\nWheat is dull, as ever.\n\nBarley is much the same.\n\n"
    )
    home.write("note.md", note)
    home.run()
    home.write("note_v2.md", note + "Rye is up.")
    assert [row.reason for row in home.run().rows if row.name == "note_v2.md"] == [
        "a revision of note.md"
    ]
    home.kept_for = timedelta(0)
    home.now += timedelta(days=1)
    home.upkeep.tidy()
    (home.reports / "note_v2.md").unlink()
    home.run(prune=True, force=True)
    assert home.live("note.md") in home.found("barley")
    assert not any("Rye" in text for text in home.found("rye"))
    assert home.check().wrong == ()


def test_a_worn_index_is_compacted_while_it_answers(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a third of its places are dead, a vector index is copied into a new one."""
    monkeypatch.setattr("ingest.upkeep._LEAST_SLOTS", 10)
    home.kept_for = timedelta(0)
    for price in range(8):
        home.write("a.txt", f"Copper costs {price}.{_MUCH}\n\nTin costs {price}.")
        home.run()
        home.now += timedelta(days=1)
        home.upkeep.tidy()
    embedded = len(home.embedder.embedded)
    index = home.library.indexes.live()
    assert index is not None
    assert index.id > 1
    assert index.slots <= 1.5 * len(vectors_of(home.library).ids())
    assert len(home.embedder.embedded) == embedded
    assert home.check().wrong == ()
    assert f"Copper costs 7.{_MUCH}\n\nTin costs 7." in home.found("copper")


def test_a_retired_index_stays_for_a_minute(home: Home) -> None:
    """A question under way still finds the index it began with; later that is deleted."""
    before = home.library.search()
    assert before is not None
    home.upkeep.rebuild(untold, lambda: False)
    home.now = datetime.now(UTC)
    home.upkeep.tidy()
    assert before.matching("copper", Filter(), 3)
    home.now += timedelta(minutes=2)
    [done] = home.upkeep.tidy().done
    assert "that answered before" in done
    assert [each.state for each in home.library.indexes.all(*IndexState)] == [IndexState.LIVE]
    assert len(list(home.folder.glob("words-*"))) == 1
