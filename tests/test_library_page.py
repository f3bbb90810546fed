"""The commands of docs/library.md, typed as they stand there, say what stands there.

`python -m tests.test_library_page` types them and writes what they say into the page.
"""

from __future__ import annotations

import difflib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ingest.library.opening import open_library
from ingest.library.runs import Runs
from tests.ingest.mill import wait_until

_PROJECT = Path(__file__).parents[1]
PAGE = _PROJECT / "docs" / "library.md"
_FOLDER = "/home/you/research"
_LEAST_COMMANDS = 40
_END = "__end of what was said__"
# what is another each time
_OTHER_EACH_TIME = (
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"), "TIME"),
    (re.compile(r"\d+\.\d s\b"), "SECONDS"),
    (re.compile(r"\d+\.\d MB\b"), "SIZE"),
    (re.compile(r"\(process \d+ on \S+\)"), "PROCESS"),
)
_ID = re.compile(r"\b[0-9a-f]{8}(?:[0-9a-f]{8})?\b")


def commands_of(page: str) -> list[str]:
    """The commands of a page, in order."""
    return [line[2:] for line in page.splitlines() if line.startswith("$ ")]


def comparable(page: str) -> list[str]:
    """The lines of a page without times, seconds, sizes, processes and ids.

    An id becomes the number of its first appearance: where the page shows one report, one must
    be shown.
    """
    for pattern, instead in _OTHER_EACH_TIME:
        page = pattern.sub(instead, page)
    ids: dict[str, str] = {}
    page = _ID.sub(lambda found: ids.setdefault(found[0][:8], f"ID {len(ids)}"), page)
    return page.splitlines()


class Shell:
    """A shell in which one command after the other is typed.

    Args:
        process: bash, which reads from a pipe.
        folder: where it was started.
    """

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process = process
        self._folder = folder

    def type(self, command: str) -> str:
        """Type a command and wait for its end; what it says.

        Of a command that goes on in the background, it is waited until the library is at it.
        """
        if not command.endswith("&"):
            return self._typed(command)
        with closing(open_library(self._folder / ".footnote", None)) as library:
            before = _newest(library.runs)
            said = self._typed(command)
            wait_until(lambda: _is_at_it(library.runs, before))
        return said

    def _typed(self, command: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{command}\necho '{_END}'\n")
        self._process.stdin.flush()
        said = ""
        for line in self._process.stdout:
            if line == f"{_END}\n":
                return said.replace(str(self._folder), _FOLDER)
            # the page shows a library in a window: what is printed to its right edge is not kept
            said += f"{line.rstrip()}\n"
        raise AssertionError(f"the shell ended at: {command}")


@contextmanager
def shell_in(home: Path) -> Iterator[Shell]:
    """A shell in an empty folder of somebody whose home holds the project."""
    folder = home / "research"
    folder.mkdir()
    (home / "footnote").symlink_to(_PROJECT)
    env = {
        "HOME": str(home),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(_PROJECT),
        "COLUMNS": "80",
        "LC_ALL": "C.UTF-8",
        # how the libraries of the embedder end is nothing of the page
        "PYTHONWARNINGS": "ignore::UserWarning:multiprocessing.resource_tracker",
    }
    with subprocess.Popen(
        ["bash"],  # noqa: S607 (wherever it is)
        cwd=folder,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        try:
            yield Shell(process, folder)
        finally:
            # what it left in the background too
            os.killpg(process.pid, 9)


def typed(page: str, shell: Shell) -> str:
    """A page with what its commands say now in place of what stands there."""
    lines: list[str] = []
    inside = False
    for line in page.splitlines():
        if line.startswith("```"):
            inside = line == "```console"
        if not inside or line.startswith("```"):
            lines.append(line)
        elif line.startswith("$ "):
            lines += [line, *shell.type(line[2:]).splitlines()]
    return "\n".join(lines) + "\n"


def _newest(runs: Runs) -> int:
    """The number of the newest run that has not ended; 0 where there is none."""
    return max((run.id for run in runs.waiting()), default=0)


def _is_at_it(runs: Runs, before: int) -> bool:
    """Whether a newer run is queued, and the one being done, if there is one, knows its files."""
    running = runs.running()
    return _newest(runs) > before and running is not None and running.total > 0


def test_every_command_of_the_page_says_what_the_page_says(tmp_path: Path) -> None:
    """From an empty folder on, each command prints what is shown, but for ids and times."""
    page = PAGE.read_text(encoding="utf-8")
    assert len(commands_of(page)) >= _LEAST_COMMANDS
    with shell_in(tmp_path) as shell:
        now = typed(page, shell)
    stands, said = comparable(page), comparable(now)
    assert stands == said, "\n".join(difflib.unified_diff(stands, said, "page", "said", "", "", 2))


@pytest.mark.parametrize(
    ("stands", "said"),
    [
        ("2026-11-24 13:56:34  added", "2027-01-02 03:04:05  added"),
        ("all well · 0.7 s", "all well · 12.1 s"),
        ("vectors: 161, 0.3 MB", "vectors: 161, 0.4 MB"),
        ("in use by the bot (process 7 on vm)", "in use by the bot (process 12345 on a-b.c)"),
        ("18fe93d1 a\na88421eb b\n18fe93d1a07c4e55", "a88421eb a\n18fe93d1 b\na88421eb00000000"),
    ],
)
def test_what_is_another_each_time_is_not_compared(stands: str, said: str) -> None:
    """Times, seconds, sizes, processes, and which digits an id has."""
    assert comparable(stands) == comparable(said)


@pytest.mark.parametrize(
    ("stands", "said"),
    [
        ("Published  2024-02-08", "Published  2024-02-09"),
        ("vectors: 161, 0.3 MB", "vectors: 160, 0.3 MB"),
        ("1 added · 0.7 s", "2 added · 0.7 s"),
        ("18fe93d1 a\n18fe93d1 b", "18fe93d1 a\na88421eb b"),
        ("all well", "all well\n1 wrong"),
        ("all-MiniLM-L6-v2@53aa51172d14", "all-MiniLM-L6-v2@53aa51172d15"),
        ("  a", " a"),
    ],
)
def test_whatever_else_is_wrong_is_seen(stands: str, said: str) -> None:
    """A figure, a word, a space, a line more, or the id of another report."""
    assert comparable(stands) != comparable(said)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home, shell_in(Path(home)) as at_work:
        PAGE.write_text(typed(PAGE.read_text(encoding="utf-8"), at_work), encoding="utf-8")
