"""Tests of what is said of reports outside of them: beside their files, by hand, in the list."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.errors import EmbedderError, SourceError
from ingest.library.runs import Task
from ingest.records import Filter, ReportKind
from ingest.sources import folder
from ingest.sources.listing import FolderEntry, Listing
from ingest.upkeep import Upkeep
from tests.embedders import WordEmbedder
from tests.ingest.engines import InlineEngine
from tests.ingest.mill import Mill, outcomes

NOTE = "# Copper in a hurry\n\nCopper is cheap this year.\n\nChips are scarce again."
REVISED = "# Copper in a hurry\n\nCopper is cheap this year.\n\nChips are plenty again."
TEXT = NOTE.removeprefix("# ")
TODAY = datetime.now(UTC).date()


@pytest.fixture
def mill(tmp_path: Path) -> Iterator[Mill]:
    """An empty folder and an empty library."""
    mill = Mill(tmp_path)
    yield mill
    mill.library.close()


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever changed is taken to have changed long ago."""
    monkeypatch.setattr(folder, "_SETTLING_SECONDS", -60.0)


def said_of(mill: Mill, name: str) -> tuple[str, str]:
    """What became of the one source of that name in a run, and why."""
    [row] = [row for row in mill.run(prune=True).rows if row.name == name]
    return str(row.outcome), row.reason


@pytest.mark.parametrize("beside", ["note.md.toml", "note.toml"])
def test_what_stands_beside_a_report_describes_it(mill: Mill, beside: str) -> None:
    """A file beside a report that comes, changes and goes describes it anew each time.

    Its text, its id and the passages that are shown stay what they are.
    """
    mill.write("note.md", NOTE)
    mill.run()
    report_id, plain = mill.id_of("note.md"), mill.known("note.md")
    shown = [each.text for each in mill.library.history.passages_of(report_id, 1)]
    steps = ['publisher = "Heron"\ntickers = ["FCX"]', 'publisher = "Egret"', None]
    for version, step in enumerate(steps, start=2):
        if step is None:
            (mill.reports / beside).unlink()
        else:
            mill.write(beside, step)
        assert said_of(mill, "note.md") == ("changed", "described anew")
        assert mill.report_of("note.md").version == version
        held = mill.library.history.passages_of(report_id, version)
        assert [each.text for each in held] == shown
        assert ("Heron" in held[0].header, "Egret" in held[0].header) == (
            version == 2,
            version == 3,
        )
        assert mill.found("copper chips") == {mill.live("note.md")} == {TEXT}
    versions = [each.description for each in mill.library.history.versions_of(report_id)]
    assert [(each.publisher, each.tickers) for each in versions] == [
        (None, ()),
        ("Heron", ("FCX",)),
        ("Egret", ()),
        (None, ()),
    ]
    assert versions[1].known_from["tickers"] == f"told by {beside}"
    assert versions[3] == plain
    assert mill.events() == ["added", "described", "described", "described"]


def test_a_report_may_come_with_what_is_said_of_it(mill: Mill) -> None:
    """What stands beside a new report describes its first version; a folder below is no other."""
    mill.write("metals/note.md", NOTE)
    mill.write("metals/note.md.toml", 'title = "Copper, slowly"\nkind = "news"')
    assert outcomes(mill.run()) == {"metals/note.md": "added"}
    about = mill.known("metals/note.md")
    assert (about.title, about.kind) == ("Copper, slowly", ReportKind.NEWS)
    assert about.known_from["title"] == "told by metals/note.md.toml"
    assert mill.report_of("metals/note.md").version == 1


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ('publisher = "Heron"', '# checked\npublisher = "Heron"', ""),
        (None, 'title = "Copper in a hurry"', "what is said of it changes nothing"),
        (None, "", "what is said of it changes nothing"),
    ],
)
def test_what_changes_nothing_makes_no_version(
    mill: Mill, before: str | None, after: str, reason: str
) -> None:
    """A file beside a report that says the same, or nothing new, is read once and makes none."""
    mill.write("note.md", NOTE)
    if before is not None:
        mill.write("note.toml", before)
    mill.run()
    embedded = len(mill.embedder.embedded)
    mill.write("note.toml", after)
    assert said_of(mill, "note.md") == ("unchanged", reason)
    assert said_of(mill, "note.md") == ("unchanged", "")
    assert (mill.report_of("note.md").version, mill.events()) == (1, ["added"])
    assert len(mill.embedder.embedded) == embedded


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("note.toml", "publisher = ", "note.toml is no TOML that can be read"),
        ("note.toml", 'publishers = "Heron"', '"publishers" is not known; write one of title,'),
        ("note.toml", 'published = "soon"', 'published = "soon" cannot be read; write a day'),
        ("note.md.toml", b"\xff\xfe", "note.md.toml is no TOML that can be read"),
        ("note.md.toml", "title = 7" * 20_000, "note.md.toml is no TOML"),
    ],
)
def test_a_slip_beside_a_report_is_its_failure(
    mill: Mill, name: str, content: str | bytes, reason: str
) -> None:
    """It is a row with its reason and what was read before stays, until the slip is mended."""
    mill.write("other.md", "# Tin\n\nTin is bright.")
    mill.write("note.md", NOTE)
    mill.run()
    mill.write(name, content)
    outcome, said = said_of(mill, "note.md")
    assert (outcome, reason in said) == ("failed", True), said
    assert [failure.reason for failure in mill.library.catalog.failures()] == [said]
    assert mill.found("copper") >= {TEXT}
    mill.write(name, 'publisher = "Heron"')
    assert said_of(mill, "note.md") == ("changed", "described anew")
    assert mill.library.catalog.failures() == []


def test_two_files_may_not_speak_of_one_report(mill: Mill) -> None:
    """Where both names stand beside it, which one is meant is not guessed."""
    mill.write("note.md", NOTE)
    for name in ("note.md.toml", "note.toml"):
        mill.write(name, 'publisher = "Heron"')
    assert said_of(mill, "note.md") == (
        "failed",
        "both note.md.toml and note.toml speak of note.md; remove one of them",
    )
    (mill.reports / "note.toml").unlink()
    assert said_of(mill, "note.md")[0] == "added"


def looks(mill: Mill) -> dict[str, str | None]:
    """How each file of the folder looks from outside, an hour from now."""
    found = folder.sources([mill.reports], lambda: time.time() + 3_600)
    return {source.name: source.seen for source in found}


def test_what_stands_beside_a_file_is_part_of_how_it_looks(mill: Mill, tmp_path: Path) -> None:
    """A file whose neighbour comes, changes or goes looks otherwise, also by a link or by name."""
    path = mill.write("note.md", NOTE)
    mill.write("other.md", NOTE)
    elsewhere = tmp_path / "elsewhere.md"
    elsewhere.write_text(NOTE, encoding="utf-8")
    (mill.reports / "link.md").symlink_to(elsewhere)
    for name, beside in (("note.md", path), ("link.md", elsewhere)):
        told = beside.with_name(f"{beside.name}.toml")
        seen = [looks(mill)]
        for content in ('publisher = "Heron"', 'publisher = "Egrets"'):
            told.write_text(content, encoding="utf-8")
            seen.append(looks(mill))
        told.unlink()
        seen.append(looks(mill))
        assert len({each[name] for each in seen}) == 3
        assert seen[0] == seen[3]
        assert len({each["other.md"] for each in seen}) == 1
    mill.write("note.toml", "")
    [named] = folder.sources([path], lambda: time.time() + 3_600)
    assert named.seen == looks(mill)["note.md"]


def test_many_files_are_looked_at_once_each(mill: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 2,000 files each is looked at once, what stands beside them too; none is opened."""
    for number in range(2_000):
        (mill.reports / f"{number}.md").touch()
        if number % 2:
            (mill.reports / f"{number}.md.toml").touch()
    looked: list[str] = []
    look = folder._look

    def counted(file: Path | os.DirEntry[str], settled: float) -> str | None:
        looked.append(str(file))
        return look(file, settled)

    def opened(*_: object) -> None:
        raise AssertionError("a file was opened")

    monkeypatch.setattr(folder, "_look", counted)
    monkeypatch.setattr(Path, "open", opened)
    monkeypatch.setattr(Path, "stat", opened)
    monkeypatch.setattr(Path, "is_file", opened)
    found: dict[str, object] = {}
    folder._list(str(mill.reports), "", "general", time.time_ns() + 1e9, set(), found)  # type: ignore[arg-type]  # only counted
    assert len(found) == 2_000
    assert len(looked) == len(set(looked)) == 3_000


@pytest.mark.usefixtures("settled")
def test_what_looks_as_before_is_not_read_again(
    mill: Mill, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a report nor what stands beside it is opened where both look as they did."""
    mill.write("note.md", NOTE)
    mill.write("note.toml", 'publisher = "Heron"')
    mill.run()

    def opened(*_: object) -> None:
        raise AssertionError("a file was opened")

    monkeypatch.setattr(folder, "read", opened)
    monkeypatch.setattr(folder, "sidecar", opened)
    assert outcomes(mill.run()) == {"note.md": "unchanged"}


def test_one_of_two_copies_that_is_described_is_shown(mill: Mill) -> None:
    """What is said of one copy is said of the report; the other copy holds an older version."""
    mill.write("a.md", NOTE)
    mill.write("b.md", NOTE)
    mill.run()
    report_id = mill.id_of("a.md")
    mill.write("b.toml", 'tickers = ["FCX"]')
    run = mill.run(prune=True)
    assert outcomes(run) == {"a.md": "unchanged", "b.md": "changed"}
    [report] = mill.library.reports(Filter(), 0, 9)
    assert (report.id, report.version, report.description.tickers) == (report_id, 2, ("FCX",))
    assert mill.found("copper") == {TEXT}
    assert outcomes(mill.run(prune=True)) == {"a.md": "unchanged", "b.md": "unchanged"}
    (mill.reports / "b.md").unlink()
    mill.run(prune=True)
    assert (mill.id_of("a.md"), mill.known("a.md").tickers) == (report_id, ())


@pytest.mark.parametrize("at_once", [True, False])
def test_a_copy_of_another_house_is_a_report_of_its_own(mill: Mill, *, at_once: bool) -> None:
    """Two houses may publish one text: whether that is said at once or later, there are two."""
    mill.write("a.md", NOTE)
    mill.write("a.toml", 'publisher = "Heron"')
    mill.run()
    mill.write("b.md", NOTE)
    if not at_once:
        assert outcomes(mill.run()) == {"a.md": "unchanged", "b.md": "unchanged"}
    mill.write("b.toml", 'publisher = "Egret"')
    assert outcomes(mill.run()) == {"a.md": "unchanged", "b.md": "added"}
    assert (mill.known("a.md").publisher, mill.known("b.md").publisher) == ("Heron", "Egret")
    assert mill.id_of("a.md") != mill.id_of("b.md")


@pytest.mark.parametrize(
    ("moved", "reason", "version"),
    [
        (True, "was note.md", 1),
        (False, "was note.md; described anew", 2),
    ],
)
def test_a_report_that_moves_is_described_where_it_is(
    mill: Mill, *, moved: bool, reason: str, version: int
) -> None:
    """What stands beside it moves with it, or it is described anew by what it has now.

    It keeps its id either way.
    """
    mill.write("note.md", NOTE)
    mill.write("note.toml", 'publisher = "Heron"')
    mill.run()
    report_id = mill.id_of("note.md")
    (mill.reports / "old").mkdir()
    (mill.reports / "note.md").rename(mill.reports / "old" / "note.md")
    if moved:
        (mill.reports / "note.toml").rename(mill.reports / "old" / "note.toml")
    assert said_of(mill, "old/note.md") == ("renamed", reason)
    report = mill.report_of("old/note.md")
    assert (report.id, report.version) == (report_id, version)
    assert report.description.publisher == ("Heron" if moved else None)
    assert said_of(mill, "old/note.md") == ("unchanged", "")


def test_a_report_that_moves_and_says_more_is_described_anew(mill: Mill) -> None:
    """Front matter that came while the file was moved is read, though its text is the same."""
    mill.write("note.md", NOTE)
    mill.run()
    report_id = mill.id_of("note.md")
    (mill.reports / "note.md").unlink()
    mill.write("b.md", f'---\ntickers: "FCX"\n---\n\n{NOTE}')
    assert said_of(mill, "b.md") == ("renamed", "was note.md; described anew")
    assert mill.id_of("b.md") == report_id
    assert mill.known("b.md").tickers == ("FCX",)


class Tiring(WordEmbedder):
    """An embedder that can be told to fail."""

    tired = False

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row for each text.

        Raises:
            EmbedderError: it was told to.
        """
        if self.tired:
            raise EmbedderError("no memory is left")
        return super().embed_passages(texts)


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("new", [NOTE, f'---\npublisher: "Wader"\n---\n\n{NOTE}'])
def test_a_run_that_breaks_off_leaves_nothing_undescribed(tmp_path: Path, new: str) -> None:
    """A report that was moved and not yet described anew is, by the next run."""
    embedder = Tiring()
    mill = Mill(tmp_path, embedder)
    mill.write("note.md", NOTE)
    mill.write("note.toml", 'title = "Copper, slowly"')
    mill.run()
    report_id = mill.id_of("note.md")
    (mill.reports / "note.md").unlink()
    (mill.reports / "note.toml").unlink()
    mill.write("b.md", new)
    embedder.tired = True
    with pytest.raises(EmbedderError):
        mill.run()
    assert (mill.id_of("b.md"), mill.known("b.md").title) == (report_id, "Copper, slowly")
    embedder.tired = False
    assert said_of(mill, "b.md") == ("changed", "described anew" if new == NOTE else "")
    about = mill.known("b.md")
    assert (mill.id_of("b.md"), about.title) == (report_id, "Copper in a hurry")
    assert about.publisher == (None if new == NOTE else "Wader")
    assert said_of(mill, "b.md") == ("unchanged", "")
    mill.library.close()


def test_a_copy_elsewhere_is_described_with_what_moved(mill: Mill) -> None:
    """Who reads a report on another shelf reads it still, when it was described anew by a move."""
    mill.write("ores/note.md", NOTE)
    mill.write("tins/note.md", NOTE)
    mill.run()
    (mill.reports / "ores" / "note.md").rename(mill.reports / "ores" / "b.md")
    mill.write("ores/b.toml", 'tickers = ["FCX"]')
    assert said_of(mill, "ores/b.md") == ("renamed", "was ores/note.md; described anew")
    for shelf in ("ores", "tins"):
        [report] = mill.library.reports(Filter(shelves=frozenset({shelf})), 0, 9)
        assert (report.version, report.description.tickers) == (2, ("FCX",))


def test_what_is_said_by_hand_sticks(mill: Mill) -> None:
    """It outlives a revision, a rename, what stands beside the file, and a rebuild."""
    mill.write("note.md", NOTE)
    mill.run()
    report_id = mill.id_of("note.md")
    row = mill.describe(report_id, publisher="Heron", published="2024-02-28")
    assert (row.name, row.outcome, row.reason) == ("note.md", "changed", "described anew")

    def check(name: str) -> None:
        report = mill.report_of(name)
        about = report.description
        assert report.id == report_id
        assert (about.publisher, about.published) == ("Heron", date(2024, 2, 28))
        assert about.known_from["publisher"] == "told by hand"

    check("note.md")
    mill.write("note.md", REVISED)
    assert said_of(mill, "note.md") == ("changed", "")
    check("note.md")
    (mill.reports / "note.md").rename(mill.reports / "b.md")
    assert said_of(mill, "b.md") == ("renamed", "was note.md")
    check("b.md")
    mill.write("b.toml", 'publisher = "Egret"\nlanguage = "zh"')
    mill.run()
    check("b.md")
    assert mill.known("b.md").language == "zh"
    upkeep = Upkeep(mill.library, lambda _: InlineEngine(mill.embedder), None)
    assert upkeep.rebuild(lambda *_: None, lambda: False).wrong == ()
    check("b.md")
    assert mill.found("copper") == {REVISED.removeprefix("# ")}
    mill.write("b.md", NOTE)
    mill.run()
    check("b.md")


@pytest.mark.parametrize("how", ["pruned", "dropped"])
def test_what_is_said_by_hand_holds_of_what_is_live_again(mill: Mill, how: str) -> None:
    """Where a newer file goes, what was said since is said of the older one that is shown again."""
    mill.write("note.md", NOTE)
    mill.write("other.md", "# Tin\n\nTin is bright.")
    mill.run()
    mill.write("note_v2.md", REVISED)
    assert said_of(mill, "note_v2.md") == ("changed", "a revision of note.md")
    report_id = mill.id_of("note_v2.md")
    mill.describe(report_id, publisher="Heron")
    if how == "pruned":
        (mill.reports / "note_v2.md").unlink()
        run = mill.run(prune=True)
    else:
        wish = replace(mill.wish(mill.reports / "note_v2.md"), task=Task.DROP)
        run = mill.pipeline.run(wish, lambda *_: None, lambda: False)
    assert ("note_v2.md", "dropped") in [(row.name, row.outcome) for row in run.rows]
    assert (mill.id_of("note.md"), mill.live("note.md")) == (report_id, TEXT)
    assert mill.known("note.md").publisher == "Heron"
    assert [each.description.publisher for each in mill.library.reports(Filter(), 0, 9)].count(
        "Heron"
    ) == 1


def test_what_was_said_by_hand_is_taken_back(mill: Mill) -> None:
    """What the document says is there again; what else was said by hand stays."""
    mill.write("note.md", f'---\npublisher: "Wader"\n---\n\n{NOTE}')
    mill.run()
    report_id = mill.id_of("note.md")
    mill.describe(report_id, publisher="Heron")
    mill.describe(report_id, tickers="FCX;")
    about = mill.known("note.md")
    assert (about.publisher, about.tickers) == ("Heron", ("FCX",))
    mill.describe(report_id, publisher="")
    about = mill.known("note.md")
    assert (about.publisher, about.tickers) == ("Wader", ("FCX",))
    assert about.known_from["publisher"] == "front matter"
    again = mill.describe(report_id, tickers="FCX;")
    assert (again.outcome, again.reason) == ("unchanged", "it is described so already")
    assert mill.events() == ["added", "described", "described", "described"]
    assert mill.library.catalog.corrections(report_id) == {"tickers": "FCX;"}


def test_a_corrected_title_makes_no_other_report(mill: Mill) -> None:
    """A revision of a file is one of the report whose title was corrected by hand."""
    mill.write("note.md", NOTE)
    mill.run()
    report_id = mill.id_of("note.md")
    mill.describe(report_id, title="Copper, slowly")
    mill.write("note.md", REVISED)
    assert outcomes(mill.run(prune=True)) == {"note.md": "changed"}
    report = mill.report_of("note.md")
    assert (report.id, report.version, report.description.title) == (report_id, 3, "Copper, slowly")
    assert len(mill.library.reports(Filter(), 0, 9)) == 1


@pytest.mark.parametrize("back", ["note.md", "b.md"])
def test_what_was_said_of_a_withdrawn_report_waits_for_it(mill: Mill, back: str) -> None:
    """It is kept although the report is not there, and describes it when it is back, anywhere."""
    mill.write("note.md", f'---\npublisher: "Wader"\n---\n\n{NOTE}')
    mill.write("other.md", "# Tin\n\nTin is bright.")
    mill.run()
    report_id = mill.id_of("note.md")
    mill.describe(report_id, publisher="Heron")
    content = (mill.reports / "note.md").read_bytes()
    (mill.reports / "note.md").unlink()
    mill.run(prune=True)
    with pytest.raises(SourceError, match=r"^the report is withdrawn; what was said of it is kept"):
        mill.describe(report_id, tickers="FCX;")
    mill.write(back, content)
    assert outcomes(mill.run())[back] == "added"
    about = mill.known(back)
    assert (mill.id_of(back), about.publisher, about.tickers) == (report_id, "Heron", ("FCX",))
    assert mill.events()[-1] == "restored"


def test_the_past_is_described_as_it_was(mill: Mill) -> None:
    """As of a moment before a correction a report is found as it was described then."""
    mill.write("note.md", NOTE)
    mill.run()
    report_id = mill.id_of("note.md")
    mill.describe(report_id, title="Copper, slowly", published=str(TODAY - timedelta(days=9)))
    [added, described] = mill.library.history.events()
    for moment, title in ((added.at, "Copper in a hurry"), (described.at, "Copper, slowly")):
        wanted = Filter(as_of=moment)
        [report] = mill.library.reports(wanted, 0, 9)
        assert report.description.title == title
        hits = mill.library.matching("copper", wanted, 9)
        assert {hit.report.description.title for hit in hits} == {title}
    live = mill.library.matching("copper", Filter(), 9)
    assert {hit.report.description.title for hit in live} == {"Copper, slowly"}


def test_a_report_read_from_two_places_is_described_in_both(mill: Mill) -> None:
    """What is said by hand of one of its copies holds while any of them is there."""
    mill.write("a.md", NOTE)
    mill.write("b.md", NOTE)
    mill.run()
    report_id = mill.id_of("a.md")
    mill.describe(report_id, publisher="Heron")
    assert outcomes(mill.run(prune=True)) == {"a.md": "unchanged", "b.md": "unchanged"}
    assert [each.description.publisher for each in mill.library.reports(Filter(), 0, 9)] == [
        "Heron"
    ]
    (mill.reports / "a.md").unlink()
    mill.run(prune=True, force=True)
    assert (mill.id_of("b.md"), mill.known("b.md").publisher) == (report_id, "Heron")


def test_the_list_says_what_folders_hold(mill: Mill) -> None:
    """Shelf and publisher are those of the nearest folder that is listed.

    What the file beside a report says goes before.
    """
    for name in ("a.md", "metals/b.md", "metals/deep/c.md", "metals/deep/d.md"):
        mill.write(name, NOTE.replace("Copper", name))
    mill.write("metals/deep/d.toml", 'publisher = "Egret"')
    entries = (
        FolderEntry(mill.reports, publisher="Heron"),
        FolderEntry(mill.reports / "metals", shelf="ores"),
        FolderEntry(mill.reports / "metals" / "deep", "depths", "Wader"),
        FolderEntry(mill.reports / "met", "wrong", "Wrong"),
    )
    mill.take_from(Listing("sources.toml", entries))
    mill.run()
    found = {each.name: each for each in mill.library.reports(Filter(), 0, 9)}
    assert {name: (each.shelf, each.description.publisher) for name, each in found.items()} == {
        "a.md": ("general", "Heron"),
        "metals/b.md": ("ores", None),
        "metals/deep/c.md": ("depths", "Wader"),
        "metals/deep/d.md": ("depths", "Egret"),
    }
    assert found["a.md"].description.known_from["publisher"] == "told by sources.toml"


@pytest.mark.usefixtures("settled")
def test_what_the_list_says_may_change(mill: Mill) -> None:
    """Another publisher, or none any more, describes anew; another shelf moves; the rest is seen.

    What looks as before and of which the same is said is not read again.
    """
    mill.write("note.md", NOTE)
    steps = [
        (FolderEntry(mill.reports, "ores", "Heron"), ("added", ""), ("ores", "Heron", 1)),
        (FolderEntry(mill.reports, "ores", "Heron"), ("unchanged", ""), ("ores", "Heron", 1)),
        (
            FolderEntry(mill.reports, "ores", "Egret"),
            ("changed", "described anew"),
            ("ores", "Egret", 2),
        ),
        (FolderEntry(mill.reports, "tins", "Egret"), ("unchanged", ""), ("tins", "Egret", 2)),
        (None, ("changed", "described anew"), ("general", None, 3)),
    ]
    for entry, became, known in steps:
        mill.take_from(Listing("sources.toml", (entry,) if entry else ()))
        assert said_of(mill, "note.md") == became
        report = mill.report_of("note.md")
        assert (report.shelf, report.description.publisher, report.version) == known
