"""Footnote's commands as processes of their own, as a user starts them."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

PROJECT = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds until a test that waits in vain fails; torch alone may take many


class Process:
    """A command that runs while the block is open: `async with Process("bot", env=…) as bot`.

    Args:
        *command: what stands behind `python -m`.
        folder: where its library is kept.
        env: further settings; none of this process' own reach it.
        program: what stands between the interpreter and the command.
    """

    def __init__(
        self,
        *command: str,
        folder: Path,
        env: Mapping[str, str] | None = None,
        program: tuple[str, ...] = (sys.executable, "-m"),
    ) -> None:
        self._command = (*program, *command)
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self._env = {
            **kept,
            "LIBRARY_DIR": str(folder / "library"),
            "REPORTS_DIR": str(folder / "reports"),
            # no model hub: a test that reaches for one must fail
            "HF_HUB_OFFLINE": "1",
            **(env or {}),
        }
        self.output = ""
        self.errors = ""
        self._heard = asyncio.Condition()

    async def __aenter__(self) -> Self:
        """Start the command."""
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            cwd=PROJECT,
            env=self._env,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        self._listening = [
            asyncio.create_task(self._listen("output", self._process.stdout)),
            asyncio.create_task(self._listen("errors", self._process.stderr)),
        ]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it, the hard way if it is still there."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        await asyncio.gather(*self._listening)
        if error is not None:
            print(f"{self._command} said:\n{self.output}\n{self.errors}")

    def terminate(self) -> None:
        """Ask it to end."""
        self._process.send_signal(signal.SIGTERM)

    async def ended(self) -> int:
        """Wait until it has ended; its exit code."""
        async with asyncio.timeout(PATIENCE):
            code = await self._process.wait()
            await asyncio.gather(*self._listening)
        return code

    async def told(self, questions: str) -> int:
        """Give it all of standard input and wait for its end; its exit code."""
        assert self._process.stdin is not None
        self._process.stdin.write(questions.encode())
        self._process.stdin.close()
        return await self.ended()

    async def replies(self, question: str, pattern: str) -> re.Match[str]:
        """Give it a line of standard input and wait until its standard output matches a pattern.

        Raises:
            TimeoutError: it does not.
            AssertionError: it ended without.
        """
        assert self._process.stdin is not None
        self._process.stdin.write(f"{question}\n".encode())
        return await self._matches("output", pattern)

    async def says(self, pattern: str) -> re.Match[str]:
        """Wait until its standard error matches a pattern.

        Raises:
            TimeoutError: it does not.
            AssertionError: it ended without.
        """
        return await self._matches("errors", pattern)

    async def _matches(self, name: str, pattern: str) -> re.Match[str]:
        async with asyncio.timeout(PATIENCE), self._heard:
            while (found := re.search(pattern, getattr(self, name))) is None:
                assert any(not task.done() for task in self._listening), self.errors
                await self._heard.wait()
        return found

    async def _listen(self, name: str, stream: asyncio.StreamReader | None) -> None:
        assert stream is not None
        while chunk := await stream.read(4096):
            async with self._heard:
                setattr(self, name, getattr(self, name) + chunk.decode(errors="replace"))
                self._heard.notify_all()
        async with self._heard:
            self._heard.notify_all()


async def run(
    *command: str, folder: Path, env: Mapping[str, str] | None = None, questions: str = ""
) -> tuple[int, str, str]:
    """Run a command to its end; its exit code, standard output and standard error."""
    async with Process(*command, folder=folder, env=env) as process:
        code = await process.told(questions)
    return code, process.output, process.errors
