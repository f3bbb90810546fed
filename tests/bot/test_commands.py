"""Tests of what may be typed behind `python -m bot`."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands import command_of, thresholds_of
from bot.evaluation.totals import Thresholds


def test_nothing_runs_the_bot() -> None:
    """Without a command the bot runs."""
    assert command_of([]).command is None
    assert command_of(["run"]).command == "run"


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ([], Thresholds()),
        (["--min-quoted", "0.5"], Thresholds(quoted=0.5)),
        (["--min-cited", "75%"], Thresholds(cited=0.75)),
        (["--min-refused", "1"], Thresholds(refused=1.0)),
        (["--max-wrongly-refused", "0"], Thresholds(wrongly_refused=0.0)),
    ],
)
def test_each_threshold_can_be_chosen(typed: list[str], wanted: Thresholds) -> None:
    """A share is written as a number or in percent; what is not typed is as it is documented."""
    assert thresholds_of(command_of(["evaluate", "questions.jsonl", *typed])) == wanted


def test_what_an_evaluation_writes_is_named() -> None:
    """Page and JSON go where they are told to, and nowhere else."""
    options = command_of(["evaluate", "q.jsonl", "--html", "out.html", "--json", "out.json"])
    assert (options.file, options.html) == (Path("q.jsonl"), Path("out.html"))
    assert options.json == Path("out.json")
    assert command_of(["evaluate", "q.jsonl"]).html is None


def test_a_calibration_refuses_few_and_is_kept() -> None:
    """Four in a hundred may be refused, and what is fitted is kept unless it is only tried."""
    options = command_of(["calibrate", "q.jsonl"])
    assert (options.refuse_wrongly, options.dry_run, options.chart) == (0.04, False, None)
    options = command_of(
        ["calibrate", "q.jsonl", "--refuse-wrongly", "2%", "--dry-run", "--chart", "a.SVG"]
    )
    assert (options.refuse_wrongly, options.dry_run) == (0.02, True)
    assert options.chart == Path("a.SVG")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["sing"], "invalid choice"),
        (["ask"], "required: question"),
        (["evaluate"], "required: FILE"),
        (["evaluate", "q.jsonl", "--min-quoted", "90"], "is no share"),
        (["evaluate", "q.jsonl", "--min-quoted", "-0.1"], "is no share"),
        (["evaluate", "q.jsonl", "--min-refused", "most"], "is no share"),
        (["evaluate", "q.jsonl", "--max-wrongly-refused", "nan"], "is no share"),
        (["calibrate", "q.jsonl", "--chart", "out.png"], "does not end in .svg"),
    ],
)
def test_wrong_usage_is_told(
    typed: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is no command ends with 2 and says why."""
    with pytest.raises(SystemExit) as ended:
        command_of(typed)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("command", ["evaluate", "calibrate"])
def test_help_is_shown(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every option's help can be written out, percent signs included."""
    with pytest.raises(SystemExit) as ended:
        command_of([command, "--help"])
    assert ended.value.code == 0
    assert "FILE" in capsys.readouterr().out
