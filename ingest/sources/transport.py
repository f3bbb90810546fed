"""Where bytes leave: connections to the addresses that the guard has judged, and none else.

Importing this module loads httpcore; `web` does so when it fetches first.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore

from ingest.sources.guard import Guard

_ADDRESSES = 4  # of a host that are tried


class OutOfTimeError(Exception):
    """A request took longer in all than it may."""


class Deadline:
    """The end of the time that a request may take in all.

    Args:
        seconds: from now.
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def most(self, seconds: float | None) -> float:
        """So many seconds, or what is left where that is less.

        Raises:
            OutOfTimeError: nothing is left.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise OutOfTimeError
        return left if seconds is None else min(left, seconds)


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to hosts that the guard admits.

    The host's name is resolved once, here. TLS, further up, still proves the name.

    Args:
        guard: judges the hosts.
        deadline: until when everything is to be read.
    """

    def __init__(self, guard: Guard, deadline: Deadline) -> None:
        self._guard = guard
        self._deadline = deadline
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a host that answers.

        Raises:
            SourceError: the host is closed.
            OutOfTimeError: it took too long.
            httpcore.ConnectError: no address answers, or the host has none.
        """
        try:
            addresses = self._guard.addresses(host, port)
        except OSError as error:
            raise httpcore.ConnectError(f"no address is known of {host}") from error
        failure: Exception = httpcore.ConnectError(f"no address is known of {host}")
        for address in addresses[:_ADDRESSES]:
            try:
                stream = self._plain.connect_tcp(
                    address, port, self._deadline.most(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """Refuse: no report is read from a socket of this machine."""
        raise httpcore.UnsupportedProtocol(f"{path} is no host")


class _TimedStream(httpcore.NetworkStream):
    """A connection on which nothing goes on beyond a deadline, however it drips."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return self._stream.read(max_bytes, self._deadline.most(timeout))
        except httpcore.ReadTimeout:
            self._deadline.most(None)
            raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.most(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.most(timeout)
        return _TimedStream(
            self._stream.start_tls(ssl_context, server_hostname, left), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
