"""Tests of how reports and what became of them are shown."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ingest.records import (
    Description,
    Event,
    EventKind,
    Origin,
    Period,
    Report,
    ReportKind,
    Version,
)
from ingest.showing import (
    console_of,
    path_of,
    short_ids,
    show_events,
    show_list,
    show_report,
)
from ingest.sources.folder import uri_of
from ingest.watching import printable
from tests.ingest.screen import ID, LATER, ODD, ODD_AS_SHOWN, THEN, described, shown, version

CHINESE = "算力、短剧与规则：2024年初的中国生成式人工智能产业链调研纪要与公开数据的交叉核对"


def report(
    title: str = "Copper in a hurry", report_id: str = ID, until: datetime | None = None
) -> Report:
    """A report on the shelf "metals"."""
    about = described(title)
    return Report(report_id, 2, about, "a.md", "file:///a.md", "metals", "0" * 64, THEN, until)


def words_of(text: str) -> str:
    """A text without white space and lines: what is left when it is broken elsewhere."""
    return re.sub(r"[\s─]", "", text)


def test_a_list_says_of_each_report_what_tells_it_from_others() -> None:
    """Id, date, title, version, shelf and publisher; what is not known is said so."""
    unknown = Description("Tin", None, None, None, None)
    other = Report("a1" * 8, 1, unknown, "tin.txt", "file:///tin.txt", "", "0" * 64, THEN)
    lines = shown(lambda console: show_list([report(), other], None, console)).splitlines()
    assert [line.rstrip() for line in lines] == [
        "2 reports",
        "",
        "Report    Published   Title",
        "───────────────────────────────────────────────────────────────────",
        "18fe93d1  2024-02-08  Copper in a hurry",
        "                      version 2 · metals · Heron",
        "a1a1a1a1  undated     Tin",
        "                      version 1 · shelf unknown · publisher unknown",
    ]


@pytest.mark.parametrize(
    ("until", "withdrawn", "said"),
    [(None, False, ""), (LATER, False, ", revised since"), (LATER, True, ", withdrawn since")],
)
def test_a_list_of_the_past_says_what_became_of_each(
    until: datetime | None, withdrawn: bool, said: str
) -> None:
    """The moment is named, and of each report whether it is still live."""
    before = replace(report(until=until), withdrawn=withdrawn)
    output = shown(lambda console: show_list([before], THEN, console))
    assert output.startswith("1 report as of 2026-11-03 09:30:15 UTC\n")
    assert f"version 2{said} · metals" in output


def test_an_empty_list_is_said() -> None:
    """No report is no table."""
    assert shown(lambda console: show_list([], None, console)) == "0 reports\n"


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("title", [CHINESE, CHINESE * 3, "Copper " * 40, "x" * 300, ODD])
def test_nothing_of_a_title_is_lost_and_no_line_is_too_long(title: str, width: int) -> None:
    """However wide its letters, a title is broken to fit, whatever table it stands in."""
    event = Event(1, THEN, EventKind.ADDED, ID, 1, title)
    for show in (
        lambda console: show_list([report(title)], None, console),
        lambda console: show_events([event], console),
    ):
        output = shown(show, width)
        assert max(map(cell_len, output.splitlines())) <= width
        assert words_of(printable(title)) in words_of(output)


@given(st.sets(st.text("0123456789abcdef", min_size=16, max_size=16)))
def test_a_short_id_means_one_report(ids: set[str]) -> None:
    """Eight characters, or as many as it takes for no two to be the same."""
    shortened = short_ids(ids)
    assert set(shortened) == ids
    assert all(report_id.startswith(short) for report_id, short in shortened.items())
    assert len(set(shortened.values())) == len(ids)
    assert all(len(short) >= 8 for short in shortened.values())


def test_a_short_id_grows_where_two_begin_alike() -> None:
    """Two ids that differ in the tenth character are shown with ten."""
    alike = {"123456789a000000", "123456789b000000"}
    assert sorted(short_ids(alike).values()) == ["123456789a", "123456789b"]


def test_a_report_is_shown_with_all_that_is_known_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each field with where it is known from, every address, every version, every event."""
    monkeypatch.chdir(tmp_path)
    versions = [
        Version(1, described(), "0" * 64, THEN, LATER, swept=True, passages=0),
        version(
            2,
            replace(
                described(),
                kind=ReportKind.BROKER,
                tickers=("FCX", "0358.HK"),
                companies=("Freeport",),
                period=Period(date(2023, 10, 1), date(2023, 12, 31), "Q4 2023"),
                currency="USD",
                known_from={"title": "the top of the text", "publisher": "told by hand"},
            ),
        ),
    ]
    origins = [
        Origin(uri_of(tmp_path / "铜 a.md"), "铜 a.md", "metals", 2, None),
        Origin("file:///elsewhere/b%20%231.md", "b.md", "energy", 1, None),
        Origin("https://heron.example/c", "c", "", 1, LATER),
    ]
    events = [
        Event(1, THEN, EventKind.ADDED, ID, 1, "Copper"),
        Event(2, LATER, EventKind.DESCRIBED, ID, 2, "Copper"),
    ]
    output = shown(lambda console: show_report(ID, versions, origins, events, console))
    assert [line.rstrip() for line in output.splitlines()] == [
        "Copper in a hurry",
        "",
        "Report     18fe93d1a07c4e55",
        "Title      Copper in a hurry",
        "           the top of the text",
        "Publisher  Heron",
        "           told by hand",
        "Published  2024-02-08",
        "Kind       broker report",
        "Tickers    FCX, 0358.HK",
        "Companies  Freeport",
        "Period     Q4 2023: 2023-10-01 to 2023-12-31",
        "Currency   USD",
        "Language   en",
        "Pages      4",
        "Shelf      energy, metals, unknown",
        "State      live",
        "",
        "Read from                Shelf    Holds",
        "──────────────────────────────────────────────────────────",
        "铜 a.md                  metals   version 2",
        "/elsewhere/b #1.md       energy   version 1, older",
        "https://heron.example/c  unknown  version 1, older",
        "                                  gone 2026-11-04 10:00:01",
        "",
        "Version  Live from (UTC)      Until                Passages",
        "───────────────────────────────────────────────────────────",
        "      1  2026-11-03 09:30:15  2026-11-04 10:00:01     swept",
        "      2  2026-11-03 09:30:15  now                         7",
        "",
        "When (UTC)           What       Version",
        "───────────────────────────────────────",
        "2026-11-03 09:30:15  added            1",
        "2026-11-04 10:00:01  described        2",
    ]


def test_a_withdrawn_report_is_shown_as_such() -> None:
    """What its last version was is known still; what few reports tell is not told as unknown."""
    about = Description(ODD, None, None, None, None)
    output = shown(lambda console: show_report(ID, [version(1, about, LATER)], [], [], console))
    assert output.startswith(f"{ODD_AS_SHOWN}\n")
    for said in (
        "Publisher  unknown",
        "Published  undated",
        "Pages      none",
        "State      withdrawn",
    ):
        assert said in output
    assert "Tickers" not in output


def test_events_are_shown_with_their_reports() -> None:
    """One a row, in their order; that there are older ones is said."""
    events = [
        Event(number, THEN, kind, ID, number, ODD) for number, kind in enumerate(EventKind, start=1)
    ]
    lines = shown(lambda console: show_events(events, console, more=True)).splitlines()
    assert lines[0] == "the newest 5; --limit says how many, 0 for all"
    assert [line.split()[:5] for line in lines[4:]] == [
        ["2026-11-03", "09:30:15", str(kind), "18fe93d1", str(number)]
        for number, kind in enumerate(EventKind, start=1)
    ]
    assert all(line.rstrip().endswith(ODD_AS_SHOWN) for line in lines[4:])
    assert shown(lambda console: show_events([], console)) == "nothing happened\n"


def test_a_path_is_written_from_where_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies below the folder one is in is written from there, the rest from the root."""
    monkeypatch.chdir(tmp_path)
    assert path_of(str(tmp_path / "a" / "b.md")) == "a/b.md"
    assert path_of("/elsewhere/b.md") == "/elsewhere/b.md"


def test_a_row_is_a_line_where_the_output_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Other programs search lines; a width that is asked for is kept."""
    event = Event(1, THEN, EventKind.ADDED, ID, 1, "Copper " * 40)
    monkeypatch.delenv("COLUMNS", raising=False)
    show_events([event], console_of())
    assert "Copper " * 39 in capsys.readouterr().out
    monkeypatch.setenv("COLUMNS", "70")
    show_events([event], console_of(errors=True))
    assert max(map(len, capsys.readouterr().err.splitlines())) == 70
