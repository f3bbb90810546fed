"""Tests of what a source is to the library: known, a copy, moved, older, a revision or new."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.library.opening import open_library
from ingest.pipeline import Pipeline
from ingest.records import EventKind, Filter, Source
from ingest.sources import folder
from ingest.upkeep import Upkeep
from tests.ingest.engines import InlineEngine
from tests.ingest.mill import Mill, outcomes

_BODY = "\n\n".join(
    f"In week {week} the price of copper rose in {week} ports." for week in range(9)
)


def note(
    body: str = _BODY,
    title: str = "Copper weekly",
    publisher: str | None = "Heron Research",
    published: str | None = None,
) -> str:
    """A note that says things of itself."""
    lines = [f"title: {title}"]
    lines += [f"publisher: {publisher}"] if publisher else []
    lines += [f"published: {published}"] if published else []
    return "\n".join(["---", *lines, "---", "", body])


EDITED = _BODY.replace("In week 7 the price", "In week 7 the cost")
AGAIN = EDITED.replace("In week 3 the price", "In week 3 the cost")


@pytest.fixture
def mill(tmp_path: Path) -> Iterator[Mill]:
    """An empty folder and an empty library."""
    mill = Mill(tmp_path)
    yield mill
    mill.library.close()


def ingest(mill: Mill) -> dict[str, tuple[str, str]]:
    """What became of each file, and why."""
    run = mill.run(prune=True, force=True)
    return {row.name: (str(row.outcome), row.reason) for row in run.rows}


def shown(mill: Mill, shelf: str) -> set[str]:
    """The texts that a reader of one shelf is shown."""
    wanted = Filter(shelves=frozenset({shelf}))
    hits = [
        *mill.library.matching("copper price cost ports", wanted, 99),
        *mill.library.nearest(mill.embedder.embed_query("copper"), wanted, 99),
    ]
    return {mill.library.text_of(hit.report).strip() for hit in hits}


def kinds(mill: Mill) -> list[EventKind]:
    """What happened, in order."""
    return [event.kind for event in mill.library.history.events()]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("note.txt", _BODY.encode("utf-16")),
        ("note.md", f"---\ntitle: Copper weekly\n---\n\n{_BODY}\n".encode()),
        ("note.txt", _BODY.replace("\n", "\r\n").encode()),
    ],
)
def test_the_same_text_in_other_bytes_is_a_copy(mill: Mill, name: str, content: bytes) -> None:
    """Another encoding, format or kind of line break makes no other report."""
    mill.write("general.md", note(publisher=None))
    ingest(mill)
    mill.write(f"copies/{name}", content)
    assert ingest(mill)[f"copies/{name}"] == ("unchanged", "a copy of general.md")
    assert len(mill.library.reports(Filter(), 0, 9)) == 1
    assert shown(mill, "general") == shown(mill, "copies") == {_BODY}
    (mill.reports / "general.md").unlink()
    ingest(mill)
    assert (shown(mill, "general"), shown(mill, "copies")) == (set(), {_BODY})


def test_a_file_saved_anew_is_not_changed(mill: Mill) -> None:
    """Other bytes of one text at one address are no revision."""
    mill.write("note.txt", _BODY)
    ingest(mill)
    mill.write("note.txt", _BODY.encode("utf-16"))
    assert ingest(mill)["note.txt"] == ("unchanged", "the same text in other bytes")
    assert ingest(mill)["note.txt"] == ("unchanged", "")
    assert kinds(mill) == ["added"]


@pytest.mark.parametrize(
    ("one", "other", "reports"),
    [
        ({"publisher": "Heron Research"}, {"publisher": "Quill Institute"}, 2),
        ({"published": "2024-02-05"}, {"published": "2024-03-05"}, 2),
        ({"published": "2024-02-05"}, {"published": None}, 1),
        ({"publisher": None}, {"publisher": "Heron Research"}, 1),
    ],
)
def test_two_that_say_different_things_of_themselves_are_two(
    mill: Mill, one: dict[str, str | None], other: dict[str, str | None], reports: int
) -> None:
    """One text published by two houses, or on two days, is two reports."""
    mill.write("one.md", note(**one))  # type: ignore[arg-type]  # a table of what differs
    mill.write("other.md", note(**other))  # type: ignore[arg-type]  # likewise
    ingest(mill)
    assert len(mill.library.reports(Filter(), 0, 9)) == reports


def test_a_new_date_is_a_revision(mill: Mill) -> None:
    """What a file says of itself is part of its version: the header of its passages shows it."""
    mill.write("note.md", note())
    ingest(mill)
    mill.write("note.md", note(published="2024-02-05"))
    assert ingest(mill)["note.md"][0] == "changed"
    assert kinds(mill) == ["added", "revised"]


def test_a_file_named_as_a_version_is_a_revision(mill: Mill) -> None:
    """It replaces the other, whose file may stand on; withdrawn, it gives the other its place."""
    mill.write("note.md", note())
    ingest(mill)
    report = mill.id_of("note.md")
    mill.write("note_v2.md", note(EDITED))
    assert ingest(mill)["note_v2.md"] == ("changed", "a revision of note.md")
    assert ingest(mill) == {"note.md": ("unchanged", ""), "note_v2.md": ("unchanged", "")}
    assert mill.found("copper") == {EDITED}
    assert mill.id_of("note_v2.md") == report
    (mill.reports / "note_v2.md").unlink()
    ingest(mill)
    assert mill.found("copper") == {_BODY}
    assert mill.id_of("note.md") == report
    assert kinds(mill) == ["added", "revised", "revised"]
    assert [v.number for v in mill.library.history.versions_of(report)] == [1, 2, 3]


def test_a_revision_may_come_as_its_file_goes(mill: Mill) -> None:
    """Renamed and changed at once, a report keeps its id, and its old address is forgotten."""
    mill.write("note.md", note())
    ingest(mill)
    report = mill.id_of("note.md")
    (mill.reports / "note.md").rename(mill.reports / "better.md")
    mill.write("better.md", note(EDITED))
    run = mill.run()
    assert outcomes(run) == {"better.md": "changed"}
    assert run.vanished == ()
    assert mill.id_of("better.md") == report
    assert [each.name for each in mill.library.history.origins_of(report)] == ["better.md"]


def test_the_file_of_an_older_version_may_go_on(mill: Mill) -> None:
    """Edited again, it is the newest version."""
    mill.write("note.md", note())
    ingest(mill)
    mill.write("note_v2.md", note(EDITED))
    ingest(mill)
    mill.write("note.md", note(AGAIN))
    assert ingest(mill)["note.md"] == ("changed", "a revision of note_v2.md")
    assert mill.found("copper") == {AGAIN}
    assert len(mill.library.reports(Filter(), 0, 9)) == 1


def test_an_older_version_that_comes_again_stays_older(mill: Mill) -> None:
    """A copy of what was superseded on its shelf is shown to nobody."""
    mill.write("note.md", note())
    ingest(mill)
    mill.write("note_v2.md", note(EDITED))
    ingest(mill)
    mill.write("again.md", note())
    assert ingest(mill)["again.md"] == ("unchanged", "an older version of note_v2.md")
    mill.write("again.md", note(f"{_BODY}\n"))
    assert ingest(mill)["again.md"] == ("unchanged", "an older version of note_v2.md")
    assert mill.found("copper") == {EDITED}


def test_what_is_superseded_on_one_shelf_is_read_on_another(mill: Mill) -> None:
    """A reader is shown what stands on their shelf, and never what stands on others alone."""
    mill.write("open/note.md", note())
    ingest(mill)
    mill.write("closed/note_v2.md", note(EDITED))
    assert ingest(mill)["closed/note_v2.md"][0] == "added"
    assert (shown(mill, "open"), shown(mill, "closed")) == ({_BODY}, {EDITED})
    mill.write("closed/copy.md", note())
    assert ingest(mill)["closed/copy.md"] == ("unchanged", "a copy of open/note.md")
    mill.write("closed/copy.md", note(AGAIN))
    ingest(mill)
    assert shown(mill, "open") == {_BODY}


@pytest.mark.parametrize("first", ["a.md", "b.md"])
def test_two_copies_edited_alike_stay_one_report(mill: Mill, first: str) -> None:
    """Whichever is edited first, the report goes over to the new text as itself."""
    for name in ("a.md", "b.md"):
        mill.write(name, note())
    ingest(mill)
    report = mill.id_of("a.md")
    mill.write(first, note(EDITED))
    ingest(mill)
    for name in ("a.md", "b.md"):
        mill.write(name, note(EDITED))
    ingest(mill)
    assert mill.id_of("a.md") == mill.id_of("b.md") == report
    assert len(mill.library.reports(Filter(), 0, 9)) == 1


def test_two_files_that_swap_places_keep_their_reports(mill: Mill) -> None:
    """Nothing is dropped and nothing added, and each id goes with its text."""
    mill.write("a.md", note(title="One"))
    mill.write("b.md", note("Tin is bright.", title="Two"))
    ingest(mill)
    one, two = mill.id_of("a.md"), mill.id_of("b.md")
    mill.write("a.md", note("Tin is bright.", title="Two"))
    mill.write("b.md", note(title="One"))
    assert {outcome for outcome, _ in ingest(mill).values()} == {"renamed"}
    assert (mill.id_of("a.md"), mill.id_of("b.md")) == (two, one)
    assert kinds(mill) == ["added", "added"]


def test_a_text_that_went_and_comes_back_elsewhere_is_itself(mill: Mill) -> None:
    """A dropped report is restored by its text, wherever it comes back."""
    mill.write("a.md", note())
    ingest(mill)
    report = mill.id_of("a.md")
    (mill.reports / "a.md").unlink()
    ingest(mill)
    mill.write("shelf/b.md", note())
    ingest(mill)
    assert mill.id_of("shelf/b.md") == report
    assert kinds(mill) == ["added", "dropped", "restored"]


def test_a_file_that_goes_back_to_its_first_text_is_revised(mill: Mill) -> None:
    """What it says again is a version of its own: in between it said something else."""
    for body in (_BODY, EDITED, _BODY):
        mill.write("note.md", note(body))
        ingest(mill)
    assert mill.found("copper") == {_BODY}
    assert kinds(mill) == ["added", "revised", "revised"]


def test_a_weekly_is_no_revision_of_itself(mill: Mill) -> None:
    """A series has one title and much of its wording every week; each issue is a report."""
    for day, body in (("05", _BODY), ("12", EDITED), ("19", AGAIN)):
        mill.write(f"weekly-{day}.md", note(body, published=f"2024-02-{day}"))
    ingest(mill)
    assert len(mill.library.reports(Filter(), 0, 9)) == 3


def test_a_file_that_changed_a_moment_ago_is_read(mill: Mill) -> None:
    """Within a tick of the file system's clock another text may look the same from outside."""
    path = mill.write("note.md", note())
    mill.run()
    same = path.stat()
    path.write_text(note().replace("copper", "silver"), encoding="utf-8")
    os.utime(path, ns=(same.st_atime_ns, same.st_mtime_ns))
    assert outcomes(mill.run()) == {"note.md": "changed"}


def test_a_settled_folder_is_not_read_at_all(mill: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once a file is settled, a run looks at it and opens it no more."""
    mill.write("note.md", note())
    mill.write("empty.md", "")
    mill.run()
    time.sleep(2.1)
    mill.run()
    opened: list[str] = []

    def read(path: Path, most: int) -> bytes:
        opened.append(path.name)
        return path.read_bytes()[:most]

    monkeypatch.setattr("ingest.sources.folder._steady", read)
    patient = mill.pipeline.run(mill.wish(patient=True), lambda *_: None, lambda: False)
    assert opened == []
    assert [str(row.outcome) for row in patient.rows] == ["failed", "unchanged"]
    assert "is empty" in patient.rows[0].reason
    # whoever asks by hand has what failed tried again
    mill.run()
    assert set(opened) == {"empty.md"}


def test_time_never_goes_back(tmp_path: Path) -> None:
    """Whatever the clock does, the events of a library are in order, and its past can be asked."""
    now = [datetime(2026, 3, 1, tzinfo=UTC)]
    mill = Mill(tmp_path)
    mill.library.close()
    mill.library = open_library(tmp_path / "library", None, lambda: now[0])
    mill.pipeline = Pipeline(mill.library, InlineEngine(mill.embedder), 20_000)
    for step, body in enumerate((_BODY, EDITED, AGAIN)):
        mill.write("note.md", note(body))
        mill.run()
        now[0] += timedelta(days=1) if step == 0 else timedelta(days=-365)
    times = [event.at for event in mill.library.history.events()]
    assert times == sorted(set(times))
    for moment, body in zip(times, (_BODY, EDITED, AGAIN), strict=True):
        hits = mill.library.matching("copper", Filter(as_of=moment), 9)
        assert {mill.library.text_of(hit.report).strip() for hit in hits} == {body}
    mill.library.close()


def test_what_left_a_shelf_is_read_there_no_more(mill: Mill) -> None:
    """Where a file goes back to an older text, the newer is read where it still stands."""
    mill.write("open/note.md", note())
    ingest(mill)
    mill.write("open/note_v2.md", note(EDITED))
    ingest(mill)
    mill.write("closed/copy.md", note(EDITED))
    ingest(mill)
    mill.write("open/note_v2.md", note())
    ingest(mill)
    assert (shown(mill, "open"), shown(mill, "closed")) == ({_BODY}, {EDITED})


def test_a_copy_beside_takes_up_what_an_older_text_left(mill: Mill) -> None:
    """Of two copies on a shelf one goes back; the other moved away takes the newer text along."""
    mill.write("open/note.md", note())
    ingest(mill)
    mill.write("open/note_v2.md", note(EDITED))
    mill.write("open/other.md", note(EDITED))
    ingest(mill)
    mill.write("open/note_v2.md", note())
    ingest(mill)
    assert shown(mill, "open") == {EDITED}
    (mill.reports / "closed").mkdir()
    (mill.reports / "open" / "other.md").rename(mill.reports / "closed" / "other.md")
    ingest(mill)
    assert EDITED not in shown(mill, "open")
    assert shown(mill, "closed") == {EDITED}


def test_a_correction_on_two_shelves_is_one_revision(mill: Mill) -> None:
    """Where every copy is changed alike, the report keeps its id and nothing is dropped."""
    for shelf in ("open", "board"):
        mill.write(f"{shelf}/note.md", note(title="Copper"))
    ingest(mill)
    report = mill.id_of("open/note.md")
    for shelf in ("open", "board"):
        mill.write(f"{shelf}/note.md", note("Tin is all that is spoken of.", title="Tin"))
    ingest(mill)
    assert mill.id_of("open/note.md") == mill.id_of("board/note.md") == report
    events = mill.library.history.events()
    assert [event.kind for event in events] == [EventKind.ADDED, EventKind.REVISED]


def test_a_text_of_another_house_does_not_bring_a_dropped_report_back(mill: Mill) -> None:
    """What one house said and took back is not restored by another's saying it."""
    mill.write("other.md", note("Tin is bright.", title="Tin"))
    path = mill.write("note.md", note(publisher="Heron Research"))
    ingest(mill)
    heron = mill.id_of("note.md")
    path.unlink()
    ingest(mill)
    mill.write("again.md", note(publisher="Quill"))
    ingest(mill)
    assert mill.id_of("again.md") != heron
    mill.write("back.md", note(publisher="Heron Research"))
    ingest(mill)
    assert mill.id_of("back.md") == heron


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_cannot_be_read_has_not_gone(mill: Mill) -> None:
    """A copy does not take the place of a file that only may not be read at the moment."""
    closed = mill.write("board/note.md", note())
    ingest(mill)
    mill.write("open/note.md", note())
    closed.chmod(0)
    assert ingest(mill)["open/note.md"] == ("unchanged", "a copy of board/note.md")
    closed.chmod(0o600)
    assert shown(mill, "board") == {_BODY}


def test_the_same_bytes_are_one_text_whatever_they_are_called(mill: Mill) -> None:
    """A dropped text that comes back as Markdown is cut as it was kept, so that places agree."""
    path = mill.write("note.txt", "# Copper\n\nCopper is *cheap*.")
    mill.write("other.txt", "Tin is bright.")
    ingest(mill)
    path.unlink()
    ingest(mill)
    mill.write("note.md", "# Copper\n\nCopper is *cheap*.")
    ingest(mill)
    upkeep = Upkeep(mill.library, lambda _: InlineEngine(mill.embedder), None)
    assert upkeep.check(lambda *_: None, lambda: False).wrong == ()


@pytest.mark.parametrize("narrower", ["board", "board/2024", "board/2024/note.md", "board/new"])
def test_a_folder_ingested_by_itself_keeps_its_shelf(mill: Mill, narrower: str) -> None:
    """A report is not opened to other readers because a folder inside was named."""
    mill.write("board/2024/note.md", note())
    mill.write("open/tin.md", note("Tin is bright.", title="Tin"))
    ingest(mill)
    mill.write("board/new/lead.md", note("Lead is heavy.", title="Lead"))
    run = mill.run(mill.reports / narrower)
    assert all(row.name.startswith("board/") for row in run.rows)
    assert shown(mill, "general") == set()
    shelves = {each.name: each.shelf for each in mill.library.reports(Filter(), 0, 9)}
    assert shelves.pop("open/tin.md") == "open"
    assert set(shelves.values()) == {"board"}
    assert "board/2024/note.md" in shelves


def test_many_copies_are_looked_at_once_each(mill: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of copies costs reads in proportion to their number."""
    reads = []
    real = folder.read

    def counting(source: Source, largest: int) -> bytes:
        reads.append(source.uri)
        return real(source, largest)

    monkeypatch.setattr(folder, "read", counting)
    for number in range(30):
        mill.write(f"{number}.txt", _BODY)
    mill.run()
    assert len(reads) <= 4 * 30
