"""The originals: the bytes of every version and the text read out of them, by hash.

Both indexes, and later the page a footnote leads to, can be made anew from here alone,
whatever became of the file or address a report came from.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from ingest.errors import LibraryError
from ingest.records import Block, BlockKind, ParsedReport


class Originals:
    """A folder of originals.

    Args:
        folder: where they are kept; made where it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, content_hash: str, content: bytes, parsed: ParsedReport) -> None:
        """Keep the bytes and the parsed text of a version; kept ones stay as they are.

        Raises:
            LibraryError: the disk does not take them.
        """
        text = json.dumps(asdict(parsed), ensure_ascii=False).encode()
        self._write(self._path(content_hash, "original"), content)
        self._write(self._path(content_hash, "json"), text)

    def content(self, content_hash: str) -> bytes:
        """The bytes of a version.

        Raises:
            LibraryError: they are not there.
        """
        return self._read(self._path(content_hash, "original"))

    def parsed(self, content_hash: str) -> ParsedReport:
        """The parsed text of a version.

        Raises:
            LibraryError: it is not there.
        """
        kept = json.loads(self._read(self._path(content_hash, "json")))
        blocks = tuple(
            Block(**{**block, "kind": BlockKind(block["kind"])}) for block in kept["blocks"]
        )
        return ParsedReport(kept["text"], blocks, kept["stated"], kept["pages"])

    def fault(self, content_hash: str) -> str:
        """What is wrong with the original of a version; empty where nothing is."""
        try:
            if hashlib.sha256(self.content(content_hash)).hexdigest() != content_hash:
                return "its original is damaged"
        except LibraryError:
            return "its original is missing"
        return ""

    def text_fault(self, content_hash: str) -> str:
        """What is wrong with the parsed text of a version; empty where nothing is."""
        try:
            self.parsed(content_hash)
        except (LibraryError, ValueError, KeyError, TypeError):
            return "its parsed text is missing or damaged"
        return ""

    def files(self) -> Iterator[Path]:
        """Every file that is kept, finished ones alone."""
        return iter(sorted(self._folder.glob("*/[0-9a-f]*")))

    def remove(self, content_hash: str) -> None:
        """Remove the original and the parsed text of a version, if they are there.

        Raises:
            LibraryError: they cannot be removed.
        """
        self.remove_text(content_hash)
        self._remove(self._path(content_hash, "original"))

    def remove_text(self, content_hash: str) -> None:
        """Remove the parsed text of a version, if it is there.

        Raises:
            LibraryError: it cannot be removed.
        """
        self._remove(self._path(content_hash, "json"))

    def _remove(self, path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise LibraryError(
                f"the original {path} cannot be removed ({error}); mend its permissions"
            ) from error

    def _path(self, content_hash: str, ending: str) -> Path:
        return self._folder / content_hash[:2] / f"{content_hash}.{ending}"

    def _read(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise LibraryError(
                f"the original {path} cannot be read ({error}); ingest its report again"
            ) from error

    def _write(self, path: Path, content: bytes) -> None:
        if path.exists():
            return
        unfinished = path.with_name(f".{path.name}.unfinished")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with unfinished.open("wb") as file:
                file.write(content)
                file.flush()
                # a crash must never leave a short file under the final name
                os.fsync(file.fileno())
            unfinished.replace(path)
        except OSError as error:
            raise LibraryError(
                f"the original {path} cannot be written ({error}); is the disk full?"
            ) from error
