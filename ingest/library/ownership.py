"""Who owns a library: one process writes it, and says who it is.

Two processes on one embedded Chroma lose vectors silently, so whoever opens one, or writes
at all, takes this lock first. The kernel releases it when the process dies.
"""

from __future__ import annotations

import json
import os
import socket
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.errors import LibraryError, LibraryOwned

# whoever only asks whether the library is owned holds the lock for a moment
_PATIENCE_SECONDS = 0.5


class Ownership:
    """The lock of a library, held from `take` to `give_up`.

    Args:
        home: the library's folder.
    """

    def __init__(self, home: Path) -> None:
        self._lock = FileLock(home / "owner.lock", thread_local=False)
        self._card = home / "owner.json"

    def take(self, purpose: str) -> None:
        """Become the owner.

        Args:
            purpose: what the process does, for whoever finds the library owned.

        Raises:
            LibraryOwned: another process is the owner; the message names it.
            LibraryError: the library's folder cannot be written; it has no owner then.
        """
        try:
            self._lock.acquire(timeout=_PATIENCE_SECONDS)
        except Timeout:
            raise LibraryOwned(
                f"the library in {self._card.parent} is in use by {self.owner()}; ask that one, or "
                "stop it first. With a Chroma server (CHROMA_URL) several processes can answer"
            ) from None
        except OSError as error:
            raise _unwritable(self._card.parent, error) from error
        try:
            self._introduce(purpose)
        except OSError as error:
            self.give_up()
            raise _unwritable(self._card.parent, error) from error

    def is_ours(self) -> bool:
        """Whether this process is the owner, by way of this lock."""
        return self._lock.is_locked

    def is_held(self) -> bool:
        """Whether some process owns the library.

        Raises:
            LibraryError: the library's folder cannot be written.
        """
        probe = FileLock(self._card.with_name("owner.lock"), thread_local=False)
        try:
            probe.acquire(timeout=0)
        except Timeout:
            return True
        except OSError as error:
            raise _unwritable(self._card.parent, error) from error
        probe.release()
        return False

    def give_up(self) -> None:
        """Stop being the owner."""
        self._lock.release()

    def owner(self) -> str:
        """Who the owner is, or was last, in a few words."""
        try:
            card = json.loads(self._card.read_text(encoding="utf-8"))
            return f"{card['purpose']} (process {card['process']} on {card['host']})"
        except (OSError, ValueError, KeyError):
            return "another process"

    def _introduce(self, purpose: str) -> None:
        """Write who the owner is; whoever reads meanwhile reads who was."""
        card = {
            "purpose": purpose,
            "process": os.getpid(),
            "host": socket.gethostname(),
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        unfinished = self._card.with_suffix(".new")
        unfinished.write_text(json.dumps(card), encoding="utf-8")
        unfinished.replace(self._card)


def _unwritable(home: Path, error: OSError) -> LibraryError:
    return LibraryError(
        f"the library's folder {home} cannot be written ({error}); see that it may be and that "
        "its disk is not full, or set LIBRARY_DIR to another"
    )
