"""Chroma's own server as a process."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.e2e.processes import PATIENCE, Process


@asynccontextmanager
async def chroma_server(folder: Path, *, terminated: bool = False) -> AsyncIterator[str]:
    """A server that keeps its records in a folder, for the length of a block.

    Args:
        folder: of its records.
        terminated: it is told to end, as a service manager does; otherwise it is killed.

    Yields:
        Its address, once it listens.
    """
    port = _free_port()
    server = Process(
        *("run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)),
        folder=folder,
        program=(str(Path(sys.executable).with_name("chroma")),),
    )
    async with server:
        await _until_it_listens(port)
        yield f"http://127.0.0.1:{port}"
        if terminated:
            server.terminate()
            await server.ended()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _until_it_listens(port: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                await writer.wait_closed()
                return
