"""Tests of what a run of ingestion makes of files that come, change, move and fail."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.errors import LibraryMismatch, RunStopped
from ingest.library.originals import Originals
from ingest.pipeline import Pipeline
from ingest.records import Filter, ParsedReport
from tests.embedders import WordEmbedder
from tests.ingest.engines import InlineEngine
from tests.ingest.mill import Mill, outcomes
from tests.ingest.parse.typesetting import pdf_of_lines

COPPER = "Copper is cheap this year."
CHIPS = "Chips are scarce again."
WHEAT = "Wheat is dull, says everybody."


@pytest.fixture
def mill(tmp_path: Path) -> Iterator[Mill]:
    """An empty folder and an empty library."""
    mill = Mill(tmp_path)
    yield mill
    mill.library.close()


def test_every_format_is_taken_and_found(mill: Mill) -> None:
    """Text, Markdown, a web page and a PDF come in by one run, each with its passages."""
    mill.write("a.txt", COPPER)
    mill.write("metals/b.md", f"# Outlook\n\n{CHIPS}")
    mill.write("c.html", f"<html><body><article><p>{WHEAT}</p></article></body></html>")
    mill.write("d.pdf", pdf_of_lines([(72, 700, "Barley is bought by brewers alone.")]))
    run = mill.run()
    assert outcomes(run) == dict.fromkeys(("a.txt", "c.html", "d.pdf", "metals/b.md"), "added")
    assert [row.passages for row in run.rows] == [1, 1, 1, 1]
    assert {r.name: r.shelf for r in mill.library.reports(Filter(), 0, 9)} == {
        "a.txt": "general",
        "c.html": "general",
        "d.pdf": "general",
        "metals/b.md": "metals",
    }
    assert COPPER in mill.found("copper")
    assert any("brewers" in text for text in mill.found("barley"))


def test_nothing_is_embedded_twice(mill: Mill) -> None:
    """A run over what has not changed embeds nothing and says that it is unchanged."""
    mill.write("a.txt", COPPER)
    mill.write("b.txt", CHIPS)
    mill.run()
    embedded = list(mill.embedder.embedded)
    assert outcomes(mill.run()) == {"a.txt": "unchanged", "b.txt": "unchanged"}
    assert mill.embedder.embedded == embedded


def test_a_revision_embeds_only_what_changed(mill: Mill) -> None:
    """Of a changed file the paragraphs that stayed are not embedded again; it keeps its id."""
    mill.write("a.txt", f"# Notes\n\n{COPPER}\n\n{CHIPS}")
    mill.run()
    before, report = len(mill.embedder.embedded), mill.id_of("a.txt")
    mill.write("a.txt", f"# Notes\n\n{COPPER}\n\n{WHEAT}")
    run = mill.run()
    assert outcomes(run) == {"a.txt": "changed"}
    [text] = mill.embedder.embedded[before:]
    assert text.endswith(WHEAT)
    assert [row.passages for row in run.rows] == [1]
    assert mill.id_of("a.txt") == report
    assert not any(CHIPS in text for text in mill.found("chips scarce"))


def test_content_that_comes_back_is_a_version_of_its_own(mill: Mill) -> None:
    """A, then B, then A again: three versions, the last of which needs no embedding."""
    mill.write("a.txt", COPPER)
    mill.run()
    mill.write("a.txt", CHIPS)
    mill.run()
    mill.write("a.txt", COPPER)
    run = mill.run()
    assert outcomes(run) == {"a.txt": "changed"}
    assert [row.passages for row in run.rows] == [0]
    [report] = mill.library.reports(Filter(), 0, 9)
    assert report.version == 3
    assert mill.found("copper chips") == {COPPER}


@pytest.mark.parametrize("new", ["Z.txt", "0.txt", "shelf/a.txt"])
def test_a_renamed_file_keeps_its_id(mill: Mill, new: str) -> None:
    """Whatever its new name, a report is the same, nothing is embedded, nothing is dropped."""
    mill.write("a.txt", COPPER)
    mill.run()
    report, embedded = mill.id_of("a.txt"), list(mill.embedder.embedded)
    mill.write(new, COPPER)
    (mill.reports / "a.txt").unlink()
    run = mill.run(prune=True)
    assert [(row.name, row.outcome, row.reason) for row in run.rows] == [
        (new, "renamed", "was a.txt")
    ]
    assert (run.vanished, run.refused) == ((), "")
    assert mill.id_of(new) == report
    assert mill.embedder.embedded == embedded
    assert mill.live("a.txt") is None


@pytest.mark.parametrize("new", ["0.txt", "z.txt"])
def test_a_report_put_in_place_of_a_renamed_one_is_another(mill: Mill, new: str) -> None:
    """Whichever comes first by name: the renamed report keeps its id, its old name begins one."""
    mill.write("a.txt", COPPER)
    mill.run()
    report = mill.id_of("a.txt")
    (mill.reports / "a.txt").rename(mill.reports / new)
    mill.write("a.txt", CHIPS)
    assert outcomes(mill.run(prune=True)) == {new: "renamed", "a.txt": "added"}
    assert mill.id_of(new) == report
    assert mill.id_of("a.txt") != report
    assert (mill.live(new), mill.live("a.txt")) == (COPPER, CHIPS)


def test_two_files_that_change_places_are_both_found(mill: Mill) -> None:
    """After two files swapped their names each name shows what now stands in it."""
    mill.write("a.txt", COPPER)
    mill.write("b.txt", CHIPS)
    mill.run()
    mill.write("a.txt", CHIPS)
    mill.write("b.txt", COPPER)
    mill.run(prune=True)
    assert (mill.live("a.txt"), mill.live("b.txt")) == (CHIPS, COPPER)
    assert mill.found("copper chips") == {COPPER, CHIPS}
    assert len(mill.library.reports(Filter(), 0, 9)) == 2


def test_a_copy_is_the_same_report(mill: Mill) -> None:
    """A file with the content of another is no second report, also within one run."""
    mill.write("a.txt", COPPER)
    mill.write("b.txt", COPPER)
    run = mill.run()
    assert outcomes(run) == {"a.txt": "added", "b.txt": "unchanged"}
    assert run.rows[1].reason == "a copy of a.txt"
    mill.write("c.txt", COPPER)
    assert outcomes(mill.run())["c.txt"] == "unchanged"
    assert len(mill.library.reports(Filter(), 0, 9)) == 1
    assert mill.id_of("a.txt") == mill.id_of("b.txt") == mill.id_of("c.txt")
    assert len(mill.embedder.embedded) == 1


def test_a_copy_that_changes_begins_a_report_of_its_own(mill: Mill) -> None:
    """Once one of two copies is edited, the other stays what it was, with its id."""
    mill.write("a.txt", COPPER)
    mill.write("b.txt", COPPER)
    mill.run()
    report = mill.id_of("b.txt")
    mill.write("a.txt", CHIPS)
    assert outcomes(mill.run(prune=True)) == {"a.txt": "added", "b.txt": "unchanged"}
    assert mill.id_of("b.txt") == report != mill.id_of("a.txt")
    assert (mill.live("a.txt"), mill.live("b.txt")) == (CHIPS, COPPER)


def test_copies_that_change_in_different_ways_are_two_reports(mill: Mill) -> None:
    """Where both are edited before a run, each is shown as it is; one of them keeps the id."""
    mill.write("a.txt", COPPER)
    mill.write("metals/b.txt", COPPER)
    mill.run()
    report = mill.id_of("a.txt")
    mill.write("a.txt", CHIPS)
    mill.write("metals/b.txt", WHEAT)
    assert outcomes(mill.run(prune=True)) == {"a.txt": "changed", "metals/b.txt": "added"}
    assert (mill.live("a.txt"), mill.live("metals/b.txt")) == (CHIPS, WHEAT)
    assert mill.id_of("a.txt") == report != mill.id_of("metals/b.txt")


def test_a_copy_outlives_the_file_it_was_made_of(mill: Mill) -> None:
    """A report read from two files is dropped with the last of them."""
    mill.write("a.txt", COPPER)
    mill.write("b.txt", COPPER)
    mill.write("c.txt", CHIPS)
    mill.run()
    (mill.reports / "a.txt").unlink()
    mill.run(prune=True)
    assert mill.found("copper") == {COPPER, CHIPS}
    (mill.reports / "b.txt").unlink()
    mill.run(prune=True)
    assert mill.found("copper") == {CHIPS}


def test_a_file_that_becomes_equal_to_another_is_its_copy(mill: Mill) -> None:
    """What a file held before is dropped once it holds what another holds."""
    mill.write("a.txt", COPPER)
    mill.write("b.txt", CHIPS)
    mill.run()
    mill.write("b.txt", COPPER)
    assert outcomes(mill.run()) == {"a.txt": "unchanged", "b.txt": "unchanged"}
    assert mill.id_of("a.txt") == mill.id_of("b.txt")
    assert mill.found("copper chips") == {COPPER}


BAD = {
    "binary.txt": (b"\x00\x01\x02 no text", "holds bytes that are no text"),
    "empty.md": (b"", "is empty"),
    "large.txt": (b"long " * 5_000, "is larger than"),
    "page.html": (b"%PDF-1.7\n", "is a PDF by its content"),
    "cut.pdf": (b"%PDF-1.7\n1 0 obj", "cut off"),
}


def test_a_file_that_fails_costs_only_itself(mill: Mill) -> None:
    """Each bad file is a row with its reason, kept for the status; the good ones are taken."""
    for name, (content, _) in BAD.items():
        mill.write(name, content)
    mill.write("good.txt", COPPER)
    mill.write("zebra.txt", CHIPS)
    run = mill.run()
    assert outcomes(run) == {
        **dict.fromkeys(BAD, "failed"),
        "good.txt": "added",
        "zebra.txt": "added",
    }
    reasons = {row.name: row.reason for row in run.rows}
    kept = {failure.name: failure.reason for failure in mill.library.catalog.failures()}
    for name, (_, reason) in BAD.items():
        assert reason in reasons[name]
        assert kept[name] == reasons[name]
    assert mill.found("copper chips") == {COPPER, CHIPS}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.md", b'---\ntitle: "\\ud800 half a character"\n---\n\nTin is bright.'),
        ("a.md", b'---\ntitle: "\\ud800' + b" and on and on" * 90 + b'"\n---\n\nTin is bright.'),
        ("a.html", b"<html><meta charset=undefined><p>Tin is \xe9 bright.</p></html>"),
        ("a.md", b"> " * 3_000 + b"Tin is bright."),
        ("a.html", b"<div>" * 3_000 + b"Tin is bright."),
    ],
)
def test_no_content_breaks_a_run_off(mill: Mill, name: str, content: bytes) -> None:
    """Whatever a file holds, the other files of the run are taken, and its own row is there."""
    mill.write(name, content)
    mill.write("good.txt", COPPER)
    run = mill.run()
    assert outcomes(run).keys() == {name, "good.txt"}
    assert mill.live("good.txt") == COPPER


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_a_row(mill: Mill) -> None:
    """A file without read permission fails, and what was read of it before stays."""
    path = mill.write("a.txt", COPPER)
    mill.run()
    path.chmod(0)
    [row] = mill.run(prune=True).rows
    assert (row.outcome, "may not be read" in row.reason) == ("failed", True)
    assert mill.found("copper") == {COPPER}


def test_a_file_that_is_no_format_is_refused_when_named_itself(mill: Mill) -> None:
    """Of a folder it is passed over; who names it learns why it is not read."""
    path = mill.write("table.xls", b"\xd0\xcf\x11\xe0")
    mill.write("a.txt", COPPER)
    assert outcomes(mill.run()) == {"a.txt": "added"}
    [row] = mill.run(path).rows
    assert (row.outcome, "not in a format" in row.reason) == ("failed", True)


def test_a_file_that_turns_bad_keeps_its_version(mill: Mill) -> None:
    """A live version is answered from until its file can be read again, then replaced."""
    mill.write("a.txt", COPPER)
    mill.run()
    report = mill.id_of("a.txt")
    mill.write("a.txt", b"\x00\x01\x02")
    assert outcomes(mill.run(prune=True)) == {"a.txt": "failed"}
    assert mill.found("copper") == {COPPER}
    mill.write("a.txt", CHIPS)
    assert outcomes(mill.run()) == {"a.txt": "changed"}
    assert mill.id_of("a.txt") == report
    assert mill.library.catalog.failures() == []


def test_a_failure_is_forgotten_once_mended_or_gone(mill: Mill) -> None:
    """Only what cannot be read now is told, each file by itself, however they are called."""
    first = mill.write("one/bad.txt", b"")
    second = mill.write("two/bad.txt", b"")
    third = mill.write("three/bad.txt", b"")
    folders = [path.parent for path in (first, second, third)]
    mill.run(*folders)
    assert len(mill.library.catalog.failures()) == 3
    second.write_text(COPPER, encoding="utf-8")
    third.unlink()
    mill.run(*folders)
    assert [failure.uri for failure in mill.library.catalog.failures()] == [first.as_uri()]


def test_a_failure_elsewhere_is_kept(mill: Mill) -> None:
    """A run over one folder says nothing of files of another."""
    bad = mill.write("one/bad.txt", b"")
    good = mill.write("one-more/good.txt", COPPER)
    mill.run(bad.parent)
    mill.run(good.parent)
    assert [failure.uri for failure in mill.library.catalog.failures()] == [bad.as_uri()]


def test_a_link_leads_to_the_file_it_stands_for(mill: Mill, tmp_path: Path) -> None:
    """What is linked from outside the folder is taken, fails and is forgiven like the rest."""
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"")
    (mill.reports / "link.txt").symlink_to(outside)
    assert outcomes(mill.run()) == {"link.txt": "failed"}
    outside.write_text(COPPER, encoding="utf-8")
    assert outcomes(mill.run()) == {"link.txt": "added"}
    assert mill.library.catalog.failures() == []
    assert mill.live("link.txt") == COPPER


def test_a_run_may_be_stopped_between_two_files(mill: Mill) -> None:
    """What was taken stays, what was not is taken by the next run."""
    for name in ("a.txt", "b.txt", "c.txt"):
        mill.write(name, f"{name} speaks of copper.")
    with pytest.raises(RunStopped, match=r"^stopped after 1 of 3 files; run it again"):
        mill.run(stopped=lambda: len(mill.embedder.embedded) >= 1)
    assert mill.live("a.txt") is not None
    assert mill.live("b.txt") is None
    assert outcomes(mill.run()) == {"a.txt": "unchanged", "b.txt": "added", "c.txt": "added"}


def test_a_run_may_be_stopped_in_a_long_report(mill: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long report need not be embedded to its end first; nothing of it is shown."""
    monkeypatch.setattr("ingest.taking._AT_ONCE", 8)
    mill.write("long.txt", "\n\n".join(f"Copper costs {n}. {'x' * 480}" for n in range(30)))
    with pytest.raises(RunStopped, match=r"in the middle of long\.txt; run it again"):
        mill.run(stopped=lambda: bool(mill.embedder.embedded))
    assert 0 < len(mill.embedder.embedded) < 30
    assert mill.found("copper") == set()
    [row] = mill.run().rows
    assert (row.outcome, row.passages) == ("added", 30)


def test_progress_is_told_before_each_file_and_at_the_end(mill: Mill) -> None:
    """The count never falls, the total is right, each file is named, the last call is the end."""
    mill.write("a.txt", COPPER)
    mill.run()
    mill.write("b.txt", CHIPS)
    mill.write("c.txt", WHEAT)
    mill.run()
    done, totals, names = zip(*mill.told, strict=True)
    assert list(done) == sorted(done)
    assert set(totals) == {3}
    assert set(names) == {"a.txt", "b.txt", "c.txt", ""}
    assert mill.told[-1] == (3, 3, "")
    mill.run()
    assert mill.told == [(0, 3, "a.txt"), (1, 3, "b.txt"), (2, 3, "c.txt"), (3, 3, "")]


def test_a_library_of_another_embedder_is_not_mixed(mill: Mill) -> None:
    """A run with another model ends with what to do, and leaves the library as it was."""
    mill.write("a.txt", COPPER)
    mill.run()
    mill.write("b.txt", CHIPS)
    mill.pipeline = Pipeline(mill.library, InlineEngine(WordEmbedder("others")), largest=20_000)
    with pytest.raises(LibraryMismatch, match=r"'words'.*'others' .*reembed --model"):
        mill.run()
    assert mill.live("b.txt") is None
    assert mill.found("copper") == {COPPER}


def test_a_report_moved_out_of_another_folder_is_known(mill: Mill) -> None:
    """A file moved in from a folder that is not part of the run keeps its id."""
    old = mill.write("old/a.txt", COPPER)
    mill.run(old.parent)
    report = mill.id_of("old/a.txt")
    (mill.reports / "new").mkdir()
    shutil.move(old, mill.reports / "new" / "a.txt")
    assert outcomes(mill.run(mill.reports / "new")) == {"a.txt": "renamed"}
    assert mill.id_of("new/a.txt") == report


def test_half_a_character_costs_no_file(mill: Mill) -> None:
    """What a document says of itself in characters that cannot be written is taken with marks."""
    mill.write("a.txt", COPPER)
    mill.write("b.md", f'---\ntitle: "Chips \\ud800"\nlanguage: "\\ud800"\n---\n\n{CHIPS}')
    mill.write("c.txt", WHEAT)
    assert outcomes(mill.run()) == dict.fromkeys(("a.txt", "b.md", "c.txt"), "added")
    titles = {report.description.title for report in mill.library.reports(Filter(), 0, 9)}
    assert "Chips \N{REPLACEMENT CHARACTER}" in titles


def test_a_report_that_cannot_be_written_costs_only_itself(
    mill: Mill, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of reports that are written together, one that sets off a fault fails alone."""
    keep = Originals.keep

    def failing(self: Originals, content_hash: str, content: bytes, parsed: ParsedReport) -> None:
        if CHIPS in parsed.text:
            raise ValueError("as no one foresaw")
        keep(self, content_hash, content, parsed)

    monkeypatch.setattr(Originals, "keep", failing)
    for name, text in (("a.txt", COPPER), ("b.txt", CHIPS), ("c.txt", WHEAT)):
        mill.write(name, text)
    run = mill.run()
    assert outcomes(run) == {"a.txt": "added", "b.txt": "failed", "c.txt": "added"}
    assert mill.found("copper chips wheat") == {COPPER, WHEAT}
    [failure] = mill.library.catalog.failures()
    assert "as no one foresaw" in failure.reason
