"""The originals: the bytes of every version and the text read out of them, by hash.

Both indexes, and later the page a footnote leads to, can be made anew from here alone,
whatever became of the file or address a report came from.
"""

from __future__ import annotations

import json
import os
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
