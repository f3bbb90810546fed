"""Tests of how the commands of `python -m ingest` are typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.commands import command_of, said_of, wish_of
from ingest.errors import SourceError
from ingest.library.runs import Task, Wish


@pytest.mark.parametrize("word", [[], ["add"]])
def test_the_word_add_may_be_left_out(word: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A path is to be ingested; options may stand before it."""
    monkeypatch.chdir("/")
    options = command_of([*word, "--prune", "reports", "/a.md"])
    assert wish_of(options) == Wish(("/reports", "/a.md"), prune=True)
    assert options.command == "add"


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        (["drop", "/a"], Wish(("/a",), task=Task.DROP)),
        (["drop", "HTTPS://a.example/b"], Wish(("HTTPS://a.example/b",), task=Task.DROP)),
        (["add", "/a", "--force"], Wish(("/a",), force=True)),
        (["add", "/check"], Wish(("/check",))),
        ([], Wish(task=Task.REFRESH)),
        (["refresh"], Wish(task=Task.REFRESH)),
        (["check"], Wish(task=Task.CHECK)),
        (["repair"], Wish(task=Task.REPAIR)),
        (["rebuild"], Wish(task=Task.REBUILD)),
        (["reembed", "--model", "m"], Wish(task=Task.REEMBED, model="m")),
        (["export", "/a.tar.gz"], Wish(("/a.tar.gz",), task=Task.EXPORT)),
    ],
)
def test_what_changes_the_library_is_wished_of_its_owner(typed: list[str], wish: Wish) -> None:
    """Each such command is one task, with absolute paths."""
    assert wish_of(command_of(typed)) == wish


@pytest.mark.parametrize(
    ("typed", "as_of", "since"),
    [
        ("2026-11-01", "2026-11-01T23:59:59.999999+00:00", "2026-11-01T00:00:00+00:00"),
        ("20261101", "2026-11-01T23:59:59.999999+00:00", "2026-11-01T00:00:00+00:00"),
        ("2026-11-01T09:30", "2026-11-01T09:30:00+00:00", "2026-11-01T09:30:00+00:00"),
        ("2026-11-01T09:30Z", "2026-11-01T09:30:00+00:00", "2026-11-01T09:30:00+00:00"),
        ("2026-11-01 09:30:15", "2026-11-01T09:30:15+00:00", "2026-11-01T09:30:15+00:00"),
        ("2026-11-01T09:30+08:00", "2026-11-01T01:30:00+00:00", "2026-11-01T01:30:00+00:00"),
    ],
)
def test_a_day_is_meant_to_its_end_or_from_its_beginning(
    typed: str, as_of: str, since: str
) -> None:
    """As of a day is as of its end, since a day is since its beginning; in UTC unless it says."""
    assert command_of(["list", "--as-of", typed]).as_of.isoformat() == as_of
    assert command_of(["history", "--since", typed]).since.isoformat() == since


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--prune"], "PATH"),
        (["drop", "reports", "--prune"], "unrecognized arguments: --prune"),
        (["list", "--as-of", "yesterday"], "'yesterday' is no date like 2026-11-01"),
        (["list", "--as-of", "0001-01-01T00:00+14:00"], "is no date like"),
        (["history", "--limit", "-1"], "'-1' is no number from 0 up"),
        (["history", "--limit", "²"], "'²' is no number from 0 up"),
        (["cancel", "x"], "invalid int value"),
        (["reembed"], "--model"),
        (["describe"], "REPORT"),
        (["describe", "a", "--clear", "colour"], "invalid choice: 'colour'"),
        (["refresh", "reports"], "unrecognized arguments: reports"),
    ],
)
def test_what_cannot_be_understood_is_a_usage_error(
    arguments: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code is 2, and what was expected is said."""
    with pytest.raises(SystemExit) as ended:
        command_of(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "usage: python -m ingest" in said
    assert hint in said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ([], {}),
        (["--date", "28 February 2024"], {"published": "2024-02-28"}),
        (["--published", "2024-02-28"], {"published": "2024-02-28"}),
        (["--tickers", "mu, 000660.KS"], {"tickers": "MU; 000660.KS;"}),
        (["--companies", "Amazon.com, Inc."], {"companies": "Amazon.com, Inc.;"}),
        (["--period", "Q3 2023"], {"period": "2023-07-01..2023-09-30"}),
        (["--kind", "Filing"], {"kind": "filing"}),
        (["--clear", "title", "--clear", "kind"], {"title": "", "kind": ""}),
        (["--clear", "title", "--title", "Tin"], {"title": "Tin"}),
    ],
)
def test_what_is_said_of_a_report_is_written_in_one_way(
    typed: list[str], said: dict[str, str]
) -> None:
    """However it is typed, it is kept as it will be read; what is taken back is empty."""
    assert said_of(command_of(["describe", "a", *typed])) == said


def test_all_that_was_said_is_taken_back_at_once() -> None:
    """It need not be named field by field; what is said in the same breath is said after it."""
    said = said_of(command_of(["describe", "a", "--clear", "all", "--publisher", "Heron"]))
    assert said.pop("publisher") == "Heron"
    assert sorted(said) == [
        *("companies", "currency", "kind", "language", "period", "published", "tickers", "title")
    ]
    assert set(said.values()) == {""}


@pytest.mark.parametrize(
    ("typed", "allowed"),
    [
        (["--date", "soon"], 'a day from 1990 to today, such as "2024-02-28"'),
        (["--date", "2999-01-01"], "a day from 1990 to today"),
        (["--kind", "rumour"], '"broker report", "filing" or "news"'),
        (["--currency", "shells"], 'a code of ISO 4217, such as "USD" or "CNY"'),
        (["--tickers", "MU; not one"], "tickers, such as"),
        (["--language", "Elvish"], 'a language, such as "en" or "zh"'),
        (["--period", "once"], '"Q3 2023", "H1 2023"'),
        (["--title", " "], "a text"),
    ],
)
def test_what_cannot_be_said_of_a_report_is_refused(typed: list[str], allowed: str) -> None:
    """The error says what is allowed."""
    with pytest.raises(SourceError, match="cannot be read; write ") as refused:
        said_of(command_of(["describe", "a", *typed]))
    assert allowed in str(refused.value)


def test_every_command_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """The page of the library shows each command that there is."""
    with pytest.raises(SystemExit):
        command_of(["--help"])
    said = capsys.readouterr().out
    page = (Path(__file__).parents[2] / "docs" / "library.md").read_text(encoding="utf-8")
    names = [
        line.split()[0]
        for line in said.splitlines()
        if line.startswith("    ") and line[4:5].isalpha()
    ]
    assert {"add", "history", "import"} <= set(names)
    assert [
        name for name in names if f"python -m ingest {name}" not in page and name != "add"
    ] == []
