"""The commands of `python -m bot`, as they are typed."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

from bot.evaluation.totals import Thresholds

_ENDS = "exit codes: 0 all well; 1 nothing could be done, or not good enough; 2 wrong usage"
_ENOUGH = Thresholds()
_REFUSED = 0.04  # share of the answerable questions that a calibration may refuse


def command_of(arguments: Sequence[str]) -> argparse.Namespace:
    """What was typed behind `python -m bot`, as options.

    What is no command ends the process with 2, as argparse does it.
    """
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="Answer questions from a library of reports.",
        epilog=_ENDS,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("run", help="answer until stopped (what happens without a command)")
    ask = commands.add_parser("ask", help="answer one question from the library as it is")
    ask.add_argument("question", nargs="+")
    _evaluate(
        commands.add_parser(
            "evaluate",
            help="ask questions of which it is known what should come of them",
            epilog="exit codes: 0 every threshold is met; 1 one is not, a line could not be read, "
            "or nothing could be done; 2 wrong usage",
        )
    )
    _calibrate(
        commands.add_parser(
            "calibrate",
            help="fit what decides between answering and not knowing to such questions",
        )
    )
    return parser.parse_args(arguments)


def thresholds_of(options: argparse.Namespace) -> Thresholds:
    """What is enough for the command `evaluate`."""
    return Thresholds(
        quoted=options.min_quoted,
        cited=options.min_cited,
        refused=options.min_refused,
        wrongly_refused=options.max_wrongly_refused,
    )


def _evaluate(parser: argparse.ArgumentParser) -> None:
    _questions(parser)
    parser.add_argument("--html", type=Path, metavar="OUT", help="write a page of all of it")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write it for other programs")
    for name, enough, what in (
        ("--min-quoted", _ENOUGH.quoted, "quote a fragment that must be quoted"),
        ("--min-cited", _ENOUGH.cited, "cite what must be cited"),
        ("--min-refused", _ENOUGH.refused, "are refused, of those that the reports do not answer"),
    ):
        parser.add_argument(
            name,
            type=_share,
            default=enough,
            metavar="SHARE",
            help=f"at least so many {what} ({enough})",
        )
    parser.add_argument(
        "--max-wrongly-refused",
        type=_share,
        default=_ENOUGH.wrongly_refused,
        metavar="SHARE",
        help="at most so many are refused, of those that the reports answer "
        f"({_ENOUGH.wrongly_refused})",
    )


def _calibrate(parser: argparse.ArgumentParser) -> None:
    _questions(parser)
    parser.add_argument(
        "--refuse-wrongly",
        type=_share,
        default=_REFUSED,
        metavar="SHARE",
        help=f"at most so many of the questions that the reports answer are refused ({_REFUSED})",
    )
    parser.add_argument("--dry-run", action="store_true", help="keep what decides now")
    parser.add_argument("--chart", type=_svg, metavar="OUT.svg", help="draw the curve")


def _questions(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="the questions, a JSON object in each line"
    )


def _share(text: str) -> float:
    """A share such as 0.9 or 90%."""
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = math.nan
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no share; write one such as 0.9 or 90%%")
    return share


def _svg(text: str) -> Path:
    if not text.casefold().endswith(".svg"):
        raise argparse.ArgumentTypeError(f"{text!r} does not end in .svg; that is what is drawn")
    return Path(text)
