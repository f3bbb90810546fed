"""Tests of the list of sources in the pipeline: what is due is fetched, taken and remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from ingest.errors import LibraryError, RunStopped, SettingsError, SourceError
from ingest.library.database import open_database, transaction
from ingest.library.migrate import migrate
from ingest.library.runs import QueuedRun, State, Task, Wish
from ingest.library.schema import visits
from ingest.owner import Tasks
from ingest.records import Filter, IngestRun
from ingest.refresh import due_now
from ingest.service import Service
from ingest.sources import folder
from ingest.sources.folder import uri_of
from ingest.sources.guard import Guard
from ingest.sources.listing import FeedEntry, FolderEntry, Listing, UrlEntry
from ingest.sources.web import Bounds, Fetcher
from tests.ingest.mill import Mill, outcomes, wait_until
from tests.ingest.sources.server import Answer, Server, in_turn, sends, serving

COPPER = b"Copper in a hurry\n\nCopper is cheap this year."
DEAR = b"Copper in a hurry\n\nCopper is dear this year, and will be."
PLAIN = "text/plain; charset=utf-8"
NOT_MODIFIED = sends(status="304 Not Modified")
ALWAYS = timedelta(0)
DAY = timedelta(days=1)


class Newsroom:
    """A mill that takes from a list of addresses and feeds of a server.

    Args:
        home: an empty folder.
        server: answers.

    Attributes:
        mill: what takes it in.
        server: what is asked.
    """

    def __init__(self, home: Path, server: Server) -> None:
        self.mill = Mill(home)
        self.server = server
        bounds = Bounds(largest=100_000, connect=2.0, read=2.0, whole=5.0, pause=0.0, wait=0.0)
        self._fetcher = Fetcher(Guard(frozenset({f"127.0.0.1:{server.port}"})), "Footnote", bounds)
        self._engine = open_database(home / "library" / "catalog.sqlite", migrate)
        self.listing = Listing("sources.toml")

    def take(self, *entries: UrlEntry | FeedEntry, folders: Sequence[FolderEntry] = ()) -> None:
        """Take from these from now on."""
        self.listing = Listing(
            "sources.toml",
            tuple(folders),
            tuple(each for each in entries if isinstance(each, UrlEntry)),
            tuple(each for each in entries if isinstance(each, FeedEntry)),
        )
        self.mill.take_from(self.listing, self._fetcher)

    def url(self, path: str, every: timedelta = ALWAYS, publisher: str | None = None) -> UrlEntry:
        """An address of the server."""
        return UrlEntry(self.server.url(path), "news", publisher, every)

    def feed(self, path: str, every: timedelta = ALWAYS) -> FeedEntry:
        """A feed of the server."""
        return FeedEntry(self.server.url(path), "news", every=every)

    def refresh(self, *paths: Path, patient: bool = False) -> dict[str, tuple[str, str]]:
        """Fetch what is due; of each source what became of it and why, by its path or name."""
        wish = Wish(tuple(map(str, paths)), task=Task.REFRESH, patient=patient)
        run = self.mill.pipeline.run(wish, lambda *_: None, lambda: False)
        return {
            row.name.removeprefix(f"127.0.0.1:{self.server.port}/"): (str(row.outcome), row.reason)
            for row in run.rows
        }

    def live(self, path: str) -> str | None:
        """The text that the library shows for an address; None where it shows none."""
        report = self.mill.library.catalog.report_at(self.server.url(path))
        return self.mill.library.text_of(report).strip() if report else None

    def failures(self) -> list[str]:
        """The addresses, by their paths, that could not be had or read."""
        before = self.server.url("")
        return [each.uri.removeprefix(before) for each in self.mill.library.catalog.failures()]

    def let_pass(self, time: timedelta) -> None:
        """Let everything have been tried so much longer ago."""
        with transaction(self._engine) as connection:
            for uri, (at, _) in self.mill.library.catalog.visits().items():
                connection.execute(visits.update().where(visits.c.uri == uri).values(at=at - time))

    def close(self) -> None:
        """Close the library."""
        self.mill.library.close()
        self._engine.dispose()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """A server without answers, an empty list, and an empty library."""
    with serving() as server:
        room = Newsroom(tmp_path, server)
        yield room
        room.close()


def feed_of(*entries: tuple[int, int]) -> bytes:
    """A feed that names notes, each by its number and the minute at which it changed."""
    items = "".join(
        f"<item><title>Note {number}</title><guid isPermaLink='false'>{number}</guid>"
        f"<link>/notes/{number}</link><pubDate>01 Jan 2026 08:{minute:02}:00 GMT</pubDate></item>"
        for number, minute in entries
    )
    return (
        f'<rss version="2.0"><channel><title>Lanternfish</title>{items}</channel></rss>'
    ).encode()


def note(number: int, said: str = "cheap") -> Answer:
    """A note of the feed."""
    return sends(f"Copper lot {number}\n\nLot {number} is {said}.".encode(), content_type=PLAIN)


def test_an_address_is_read_again_and_again(room: Newsroom) -> None:
    """It is added, found to be the same, revised, kept where it fails, and forgiven."""
    room.server.answers["/a.txt"] = in_turn(
        sends(COPPER, content_type=PLAIN, etag='"1"'),
        NOT_MODIFIED,
        sends(DEAR, content_type=PLAIN, etag='"2"'),
        sends(status="404 Not Found"),
        sends(b"\x00\x01\x02", content_type=PLAIN, etag='"3"'),
        NOT_MODIFIED,
    )
    room.take(room.url("/a.txt", publisher="Heron"))
    assert room.refresh() == {"a.txt": ("added", "")}
    report = room.mill.library.catalog.report_at(room.server.url("/a.txt"))
    assert report is not None
    assert (report.shelf, report.description.publisher) == ("news", "Heron")
    assert report.description.known_from["publisher"] == "told by sources.toml"
    assert room.refresh() == {"a.txt": ("unchanged", "")}
    assert room.refresh() == {"a.txt": ("changed", "")}
    for reason in ("cannot be fetched (status 404)", "holds bytes that are no text"):
        [(outcome, said)] = room.refresh().values()
        assert (outcome, reason in said) == ("failed", True), said
        assert room.failures() == ["/a.txt"]
        assert room.live("/a.txt") == DEAR.decode()
    assert room.refresh() == {"a.txt": ("unchanged", "")}
    assert room.failures() == []
    asked = [
        each.headers.get("if-none-match") for each in room.server.asked if "a.txt" in each.path
    ]
    # what could not be read is not what the next is held against
    assert asked == [None, '"1"', '"1"', '"2"', '"2"', '"2"']
    assert room.mill.events() == ["added", "revised"]


def test_the_entries_of_a_feed_are_reports(room: Newsroom) -> None:
    """Each is one; those that change are revised, those that are named no more stay."""
    room.server.answers |= {
        "/feed": in_turn(
            sends(feed_of((1, 0), (2, 0), (3, 0)), content_type="application/rss+xml", etag='"1"'),
            NOT_MODIFIED,
            sends(feed_of((2, 5), (3, 0), (4, 0)), content_type="application/rss+xml"),
        ),
        **{f"/notes/{number}": note(number) for number in (1, 2, 3, 4)},
    }
    room.take(room.feed("/feed"))
    assert room.refresh() == {f"{number}.txt": ("added", "") for number in (1, 2, 3)}
    abouts = [each.description for each in room.mill.library.reports(Filter(), 0, 9)]
    assert {each.publisher for each in abouts} == {"Lanternfish"}
    assert {each.known_from["publisher"] for each in abouts} == {"told by feed 127.0.0.1"}
    assert room.refresh() == {}
    room.server.answers["/notes/2"] = note(2, "dear")
    assert room.refresh() == {
        "2.txt": ("changed", ""),
        "3.txt": ("unchanged", ""),
        "4.txt": ("added", ""),
    }
    texts = [room.live(f"/notes/{number}") for number in (1, 2, 3, 4)]
    assert [text.split()[-1] for text in texts if text] == ["cheap.", "dear.", "cheap.", "cheap."]
    assert room.server.paths().count("/notes/3") == 1


@pytest.mark.parametrize("bad", [sends(status="410 Gone"), sends(b"", content_type=PLAIN)])
def test_an_entry_that_fails_is_tried_again_by_hand(room: Newsroom, bad: Answer) -> None:
    """Who asks before it is due has its feed read again, and what failed is forgiven."""
    room.server.answers |= {
        "/feed": sends(feed_of((1, 0), (2, 0)), content_type="application/rss+xml"),
        "/notes/1": bad,
        "/notes/2": note(2),
    }
    room.take(room.feed("/feed", DAY))
    became = room.refresh()
    assert [outcome for outcome, _ in became.values()] == ["failed", "added"]
    assert room.failures() == ["/notes/1"]
    room.server.answers["/notes/1"] = note(1)
    assert room.refresh(patient=True) == {}
    assert room.refresh() == {"1.txt": ("added", ""), "2.txt": ("unchanged", "")}
    assert room.failures() == []
    assert room.refresh() == {}


def test_what_is_on_the_web_is_no_part_of_a_folder(room: Newsroom) -> None:
    """However many files are gone, a run over folders drops no report of the web."""
    room.server.answers["/a.txt"] = sends(COPPER, content_type=PLAIN)
    room.take(room.url("/a.txt"))
    room.mill.write("tin.txt", "Tin is bright.")
    room.refresh(room.mill.reports)
    (room.mill.reports / "tin.txt").unlink()
    assert outcomes(room.mill.run(prune=True, force=True)) == {"tin.txt": "dropped"}
    assert room.live("/a.txt") == COPPER.decode()
    room.take()
    assert room.refresh(room.mill.reports) == {}
    assert room.live("/a.txt") == COPPER.decode()


def test_a_page_that_is_a_file_too_is_one_report(room: Newsroom) -> None:
    """What a file holds and what the web gives are one report with two places.

    It stays while one of them does.
    """
    room.mill.write("copper.txt", COPPER)
    room.server.answers["/a.txt"] = sends(COPPER, content_type=PLAIN)
    room.take(room.url("/a.txt"))
    assert room.refresh(room.mill.reports) == {
        "copper.txt": ("added", ""),
        "a.txt": ("unchanged", "a copy of copper.txt"),
    }
    report_id = room.mill.id_of("copper.txt")
    origins = [origin.uri for origin in room.mill.library.history.origins_of(report_id)]
    assert origins == [uri_of(room.mill.reports / "copper.txt"), room.server.url("/a.txt")]
    (room.mill.reports / "copper.txt").unlink()
    room.mill.run(prune=True, force=True)
    assert room.live("/a.txt") == COPPER.decode()
    assert [each.id for each in room.mill.library.reports(Filter(), 0, 9)] == [report_id]
    assert room.mill.events() == ["added"]


def test_what_is_on_the_web_does_not_move_into_a_file(room: Newsroom) -> None:
    """A file that holds what a page gave is its copy, also where the page changed since."""
    room.server.answers["/a.txt"] = sends(COPPER, content_type=PLAIN)
    room.take(room.url("/a.txt"))
    room.refresh()
    room.mill.write("copper.txt", COPPER)
    [row] = room.mill.run().rows
    assert row.outcome == "unchanged"
    assert row.reason.startswith("a copy of 127.0.0.1")
    room.server.answers["/a.txt"] = sends(DEAR, content_type=PLAIN)
    assert room.refresh() == {"a.txt": ("added", "")}
    assert room.live("/a.txt") == DEAR.decode()
    assert room.mill.live("copper.txt") == COPPER.decode()


def test_an_address_is_dropped_by_name(room: Newsroom) -> None:
    """Whoever wants a report of the web out of the library names its address, or one above it."""
    for path in ("/a/1.txt", "/a/2.txt", "/b.txt"):
        room.server.answers[path] = sends(COPPER + path.encode(), content_type=PLAIN)
    room.server.answers["/a/3.txt"] = sends(status="404 Not Found")
    room.take(*(room.url(path) for path in ("/a/1.txt", "/a/2.txt", "/a/3.txt", "/b.txt")))
    room.refresh()

    def drop(path: str) -> dict[str, str]:
        wish = Wish((path,), task=Task.DROP)
        return outcomes(room.mill.pipeline.run(wish, lambda *_: None, lambda: False))

    above = room.server.url("/a").replace("http://", "HTTP://")
    before = f"127.0.0.1:{room.server.port}"
    assert drop(above) == dict.fromkeys((f"{before}/1.txt", f"{before}/2.txt"), "dropped")
    assert room.failures() == []
    assert [room.live(path) is None for path in ("/a/1.txt", "/a/2.txt", "/b.txt")] == [
        True,
        True,
        False,
    ]
    with pytest.raises(SourceError, match=r"the library holds no report from http://127\.0\.0\.1"):
        drop(room.server.url("/c.txt"))


def test_another_publisher_in_the_list_is_said_of_what_is_the_same(room: Newsroom) -> None:
    """What is said of an address may change although its server says that it did not."""

    def answer(asked: object, out: object) -> None:
        known = room.server.asked[-1].headers.get("if-none-match")
        (NOT_MODIFIED if known else sends(COPPER, content_type=PLAIN, etag='"1"'))(asked, out)  # type: ignore[arg-type]  # as the server gives them

    room.server.answers["/a.txt"] = answer
    steps = [
        ("Heron", ("added", "")),
        ("Heron", ("unchanged", "")),
        ("Egret", ("changed", "described anew")),
        (None, ("changed", "described anew")),
        (None, ("unchanged", "")),
    ]
    for publisher, became in steps:
        room.take(room.url("/a.txt", publisher=publisher))
        assert room.refresh() == {"a.txt": became}
        report = room.mill.library.catalog.report_at(room.server.url("/a.txt"))
        assert report is not None
        assert report.description.publisher == publisher


def test_what_was_tried_is_not_due_before_its_time(room: Newsroom) -> None:
    """An address or a feed is tried once in its time, whether it could be had or not."""
    room.server.answers |= {
        "/a.txt": sends(COPPER, content_type=PLAIN),
        "/feed": sends(feed_of(), content_type="application/rss+xml"),
    }
    entries: list[UrlEntry | FeedEntry] = [
        room.url("/a.txt", DAY),
        room.url("/gone.txt", DAY),
        room.feed("/feed", DAY),
    ]
    room.take(*entries)
    catalog = room.mill.library.catalog
    assert due_now(room.listing, catalog) == entries
    began = datetime.now(UTC)
    assert [outcome for outcome, _ in room.refresh(patient=True).values()] == ["added", "failed"]
    assert {uri: at >= began for uri, (at, _) in catalog.visits().items()} == {
        each.url: True for each in entries
    }
    assert due_now(room.listing, catalog) == []
    assert due_now(room.listing, catalog, again=True) == [entries[1]]
    assert room.refresh(patient=True) == {}
    asked = len(room.server.asked)
    room.let_pass(DAY - timedelta(hours=1))
    assert due_now(room.listing, catalog) == []
    room.let_pass(timedelta(hours=1))
    assert due_now(room.listing, catalog) == entries
    room.refresh(patient=True)
    assert len(room.server.asked) == asked + 3
    assert due_now(Listing("sources.toml"), catalog, again=True) == []


def test_a_run_that_is_stopped_goes_on_where_it_was(room: Newsroom) -> None:
    """What was fetched stays, and what was not tried is due still."""
    for number in (1, 2, 3):
        room.server.answers[f"/notes/{number}"] = note(number)
    room.take(*(room.url(f"/notes/{number}", DAY) for number in (1, 2, 3)))
    wish = Wish(task=Task.REFRESH, patient=True)

    def stopped() -> bool:
        return len(room.server.paths()) > 1

    with pytest.raises(RunStopped, match="stopped after 1"):
        room.mill.pipeline.run(wish, lambda *_: None, stopped)
    assert room.live("/notes/1") is not None
    assert sorted(room.refresh(patient=True)) == ["2.txt", "3.txt"]
    assert room.server.paths().count("/notes/1") == 1


def served(room: Newsroom, is_due: Callable[[], bool]) -> Service:
    """An owner's work over the room."""
    return Service(room.mill.library, lambda *run: room.mill.pipeline.run(*run), is_due=is_due)


def refreshes(room: Newsroom) -> list[QueuedRun]:
    """The runs that fetched what was due."""
    found = []
    for number in range(1, 100):
        try:
            run = room.mill.library.runs.run(number)
        except LibraryError:
            break
        if run.wish.task is Task.REFRESH:
            found.append(run)
    return found


def test_an_owner_fetches_what_is_due(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """As soon as something is due a run is queued for it, and no other before its time."""
    monkeypatch.setattr("ingest.service._DUE_SECONDS", 0.02)
    asked = 0

    def is_due() -> bool:
        nonlocal asked
        asked += 1
        return bool(due_now(room.listing, room.mill.library.catalog))

    def waits_in_vain() -> None:
        nonlocal asked
        asked = 0
        wait_until(lambda: asked > 5)

    room.server.answers["/a.txt"] = in_turn(
        sends(COPPER, content_type=PLAIN), sends(DEAR, content_type=PLAIN)
    )
    room.take(room.url("/a.txt", DAY), room.url("/gone.txt", DAY))
    service = served(room, is_due)
    service.start([room.mill.reports])
    try:
        wait_until(lambda: [run.state for run in refreshes(room)] == [State.DONE])
        assert room.live("/a.txt") == COPPER.decode()
        waits_in_vain()
        [run] = refreshes(room)
        assert run.wish == Wish(task=Task.REFRESH, patient=True)
        assert isinstance(run.result, IngestRun)
        assert sorted(str(row.outcome) for row in run.result.rows) == ["added", "failed"]
        room.let_pass(DAY)
        wait_until(lambda: [run.state for run in refreshes(room)] == [State.DONE] * 2)
        assert room.live("/a.txt") == DEAR.decode()
        waits_in_vain()
        assert len(refreshes(room)) == 2
    finally:
        service.stop()


def test_a_list_that_cannot_be_read_is_said_once(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Folders are followed on; each other slip is said once, and what is due then is fetched."""
    monkeypatch.setattr("ingest.service._DUE_SECONDS", 0.02)
    slips = ["sources.toml is no TOML"]
    asked = 0

    def is_due() -> bool:
        nonlocal asked
        asked += 1
        if slips:
            raise SettingsError(slips[0])
        return bool(due_now(room.listing, room.mill.library.catalog))

    def looked_at() -> None:
        before = asked
        wait_until(lambda: asked > before + 3)

    room.server.answers["/a.txt"] = sends(COPPER, content_type=PLAIN)
    room.take(room.url("/a.txt", DAY))
    service = served(room, is_due)
    with capture_logs() as logs:
        service.start([room.mill.reports])
        try:
            looked_at()
            room.mill.write("tin.txt", "Tin is bright.")
            wait_until(lambda: room.mill.live("tin.txt") is not None)
            slips[0] = "sources.toml is not written in UTF-8"
            looked_at()
            slips.clear()
            wait_until(lambda: room.live("/a.txt") is not None)
        finally:
            service.stop()
    said = [log["reason"] for log in logs if log["event"] == "the list of sources cannot be read"]
    assert said == ["sources.toml is no TOML", "sources.toml is not written in UTF-8"]


@dataclass(frozen=True)
class Kept:
    """The settings of an owner."""

    sources_file: Path
    embedder: str | None = "words"
    largest_file_mb: int = 1
    fetch_open_hosts: str = ""
    parse_seconds: int = 60
    parse_megabytes: int = 500
    keep_versions_days: int | None = None


def test_a_slip_in_the_list_moves_no_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An owner goes on by what the list said last; who asks for what it names learns of the slip.

    An owner that never read it whole takes nothing: it may say who may read what.
    """
    monkeypatch.setattr(folder, "_SETTLING_SECONDS", -60.0)
    mill = Mill(tmp_path)
    mill.write("note.txt", COPPER)
    path = tmp_path / "sources.toml"
    path.write_text('[[folder]]\npath = "reports"\nshelf = "ores"\n', encoding="utf-8")
    mill.take_from(Listing("sources.toml", (FolderEntry(mill.reports, "ores"),)))
    mill.run()
    tasks = Tasks(mill.library, Kept(path))

    def do(task: Task, tasks: Tasks = tasks) -> IngestRun:
        wish = replace(mill.wish(), task=task)
        result = tasks.do(wish, lambda *_: None, lambda: False)
        assert isinstance(result, IngestRun)
        return result

    try:
        assert outcomes(do(Task.INGEST)) == {"note.txt": "unchanged"}
        path.write_text("[[folder", encoding="utf-8")
        assert outcomes(do(Task.INGEST)) == {"note.txt": "unchanged"}
        assert mill.report_of("note.txt").shelf == "ores"
        with pytest.raises(SettingsError, match=r"sources\.toml is no TOML"):
            do(Task.REFRESH)
        with pytest.raises(SettingsError, match=r"sources\.toml is no TOML"):
            tasks.is_due()
        late = Tasks(mill.library, Kept(path))
        with pytest.raises(SettingsError, match=r"sources\.toml is no TOML"):
            do(Task.INGEST, late)
        assert mill.report_of("note.txt").shelf == "ores"
        assert outcomes(do(Task.DROP, late)) == {"note.txt": "dropped"}
        late.close()
    finally:
        tasks.close()
        mill.library.close()


def test_a_listed_folder_that_is_not_there_costs_only_itself(room: Newsroom) -> None:
    """Other folders are taken, and the reports of the one that is missing stay."""
    mill = room.mill
    mill.write("a/copper.txt", COPPER)
    mill.write("b/tin.txt", b"Tin\n\nTin is dear.")
    here, away = mill.reports / "a", mill.reports / "b"
    assert {outcome for outcome, _ in room.refresh(here, away).values()} == {"added"}
    away.rename(mill.reports / "c")
    found = room.refresh(here, away)
    assert found[str(away)] == (
        "failed",
        "the folder is not there; nothing of it was changed. Check the list of sources",
    )
    assert found["copper.txt"][0] == "unchanged"
    assert len(mill.library.reports(Filter(), 0, 10)) == 2
