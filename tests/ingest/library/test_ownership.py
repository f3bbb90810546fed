"""Tests of who owns a library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ingest.errors import LibraryOwned
from ingest.library.ownership import Ownership

_OWNER = """
import sys
from pathlib import Path
from ingest.library.ownership import Ownership
ownership = Ownership(Path(sys.argv[1]))
ownership.take("the other one")
print("taken", flush=True)
sys.stdin.read()
"""


def test_there_is_one_owner_and_it_is_named(tmp_path: Path) -> None:
    """A second process is told who the owner is; once that one dies it may own."""
    command = [sys.executable, "-c", _OWNER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"taken\n"
        here = Ownership(tmp_path)
        with pytest.raises(LibraryOwned, match=rf"the other one \(process {other.pid} on "):
            here.take("this one")
        other.kill()
        other.wait()
        here.take("this one")
        assert here.owner().startswith("this one")
        here.give_up()


def test_an_owner_that_gave_up_leaves_the_library_free(tmp_path: Path) -> None:
    """Giving up lets the next one own."""
    first, second = Ownership(tmp_path), Ownership(tmp_path)
    first.take("first")
    first.give_up()
    second.take("second")
    second.give_up()
