"""Tests of who owns a library."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.errors import LibraryError, LibraryOwned
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


def test_only_the_owner_knows_the_library_as_its_own(tmp_path: Path) -> None:
    """Whoever holds the lock is told so, and nobody else."""
    first, second = Ownership(tmp_path), Ownership(tmp_path)
    assert not first.is_ours()
    first.take("first")
    assert (first.is_ours(), second.is_ours()) == (True, False)
    first.give_up()
    assert not first.is_ours()


def test_who_cannot_say_that_it_owns_does_not(tmp_path: Path) -> None:
    """A card that cannot be written is an error that says what to do, and leaves no owner."""
    first = Ownership(tmp_path)
    (tmp_path / "owner.json").mkdir()
    with pytest.raises(LibraryError, match=r"cannot be written .* its disk is not full"):
        first.take("first")
    assert not first.is_held()


def test_who_reads_the_card_reads_all_of_it(tmp_path: Path) -> None:
    """A new owner puts its card in place of the old one, which whoever reads it keeps."""
    ownership = Ownership(tmp_path)
    ownership.take("first")
    with (tmp_path / "owner.json").open(encoding="utf-8") as card:
        ownership.give_up()
        ownership.take("second")
        assert json.load(card)["purpose"] == "first"
    assert ownership.owner().startswith("second (process ")
    ownership.give_up()
