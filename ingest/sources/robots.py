"""What a host asks of programs, in its robots.txt."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.errors import SourceError

if TYPE_CHECKING:
    from protego import Protego

_KEPT_SECONDS = 86_400.0
_TRIED_AGAIN_SECONDS = 600.0  # after a host could not be asked
_LONGEST_PAUSE_SECONDS = 30.0

MOST_HEEDED = 500_000
"""Bytes of a robots.txt that are heeded, as the standard has it; a longer one is an error."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a host asks concerning one address.

    Attributes:
        refused: why it may not be fetched; empty where it may.
        pause: seconds between two requests, at least.
    """

    refused: str
    pause: float


class Robots:
    """Asks each host once a day what it allows.

    Args:
        ask: fetches a robots.txt; its status and its bytes. A `SourceError` where the host does
            not answer.
        agent: the name that Footnote goes by, without its version.
        clock: gives the time in seconds.
    """

    def __init__(
        self, ask: Callable[[str], tuple[int, bytes]], agent: str, clock: Callable[[], float]
    ) -> None:
        self._ask = ask
        self._agent = agent
        self._clock = clock
        self._known: dict[str, tuple[float, Protego | str]] = {}
        self._lock = threading.Lock()

    def rule(self, origin: str, url: str) -> Rule:
        """What is asked concerning an address.

        A host that has no robots.txt allows everything. One that fails to say what it allows,
        with an error of its own or by not answering, is left alone until it says so.

        Args:
            origin: scheme, host and port of the address.
            url: the address.
        """
        said = self._said(origin)
        if isinstance(said, str):
            return Rule(said, 0.0)
        pause = min(float(said.crawl_delay(self._agent) or 0.0), _LONGEST_PAUSE_SECONDS)
        if said.can_fetch(url, self._agent):
            return Rule("", max(pause, 0.0))
        return Rule("its robots.txt asks programs not to fetch it", max(pause, 0.0))

    def _said(self, origin: str) -> Protego | str:
        """What a host said; a string says why it is left alone."""
        with self._lock:
            until, said = self._known.get(origin, (0.0, ""))
            if self._clock() < until:
                return said
        said = self._asked(origin)
        kept = _TRIED_AGAIN_SECONDS if isinstance(said, str) else _KEPT_SECONDS
        with self._lock:
            self._known[origin] = (self._clock() + kept, said)
        return said

    def _asked(self, origin: str) -> Protego | str:
        from protego import Protego

        try:
            status, content = self._ask(f"{origin}/robots.txt")
        except SourceError as error:
            return f"whether it may be fetched cannot be told: {error}"
        if status >= 500:
            return (
                f"whether it may be fetched cannot be told: its robots.txt is an error ({status})"
            )
        # what is not there forbids nothing
        written = content.decode("utf-8", "replace") if status == 200 else ""
        return Protego.parse(written.removeprefix("\ufeff"))
