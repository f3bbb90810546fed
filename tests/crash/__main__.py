"""python -m tests.crash: kill ingestion at random moments and see what the library shows.

    python -m tests.crash [--trials 200] [--seed 0]

Each trial ingests a folder, edits it (files revised, added, removed, renamed, copied,
swapped, described anew by what is said beside them), and kills the process that ingests the
change, up to three times in a row, at a random moment or in the middle of a write. After each
death, and after ingestion was let to its end without any repair, both searches must show every
report whole, once, in its state before or after, and nothing else. Some trials sweep what is
superseded, too.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.progress import track
from rich.table import Table

from tests.crash.trials import Tally, run_trial


def main(arguments: Sequence[str]) -> int:
    """Run the trials and print what was found; 1 where anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash")
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0, help="of the first trial")
    options = parser.parse_args(arguments)
    tally = Tally()
    seeds = range(options.seed, options.seed + options.trials)
    for seed in track(seeds, "killing", console=Console(stderr=True), transient=True):
        run_trial(seed, tally)
    table = Table("Killed while", "Times", title=f"{tally.kills.total()} kills")
    for doing, times in tally.kills.most_common():
        table.add_row(doing, str(times))
    Console().print(table)
    told = ", ".join(f"{tally.wrong[what]} {what}" for what in ("lost", "doubled", "mixed", "dead"))
    print(f"{tally.trials} trials: {told}")
    for story in tally.stories:
        print(story)
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
