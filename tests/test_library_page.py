"""The commands of docs/library.md, typed as they stand there, say what stands there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

_PROJECT = Path(__file__).parents[1]
_PAGE = (_PROJECT / "docs" / "library.md").read_text(encoding="utf-8")
_END = "__end of what was said__"
# what is another each time: ids, times, seconds, sizes, where the archive lies
_OTHER_EACH_TIME = (
    (re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{8}(?:[0-9a-f]{8})?\b"), "ID"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"), "TIME"),
    (re.compile(r"\d+\.\d s\b"), "SECONDS"),
    (re.compile(r"\d+\.\d MB"), "SIZE"),
    (re.compile(r"/\S+/(?=library\.tar\.gz)"), ""),
)
_LEAST_COMMANDS = 25


def steps() -> list[tuple[str, str]]:
    """The commands of the page in order, each with what it is said to print."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```$", _PAGE, re.MULTILINE | re.DOTALL):
        for step in re.split(r"(?m)^\$ ", block)[1:]:
            command, _, output = step.partition("\n")
            found.append((command, output))
    return found


def comparable(output: str) -> list[str]:
    """The lines of an output without what is another each time; empty ones are left out.

    An id may sort or fold differently, so lines are compared without their inner spaces.
    """
    for pattern, instead in _OTHER_EACH_TIME:
        output = pattern.sub(instead, output)
    lines = ("".join(line.split()) for line in output.splitlines())
    return [line for line in lines if line]


def test_every_command_of_the_page_says_what_the_page_says(tmp_path: Path) -> None:
    """From an empty folder with the sample library, each command prints what is shown."""
    shutil.copytree(_PROJECT / "reports", tmp_path / "reports")
    commands = steps()
    assert len(commands) >= _LEAST_COMMANDS
    programs = Path(sys.executable).parent
    env = {
        "HOME": os.environ.get("HOME", str(tmp_path)),
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PYTHONPATH": str(_PROJECT),
        "COLUMNS": "80",
        "HF_HUB_OFFLINE": "1",
    }
    typed = "\n".join(f"{command}\necho '{_END}'" for command, _ in commands)
    ran = subprocess.run(
        ["/bin/bash"],
        cwd=tmp_path,
        env=env,
        input=typed,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    said = ran.stdout.split(f"{_END}\n")
    assert len(said) == len(commands) + 1
    for (command, expected), printed in zip(commands, said, strict=False):
        assert comparable(printed) == comparable(expected), command
