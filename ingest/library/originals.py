"""The originals: the bytes of every version and the text read out of them, by hash.

Both indexes, and later the page a footnote leads to, can be made anew from here alone,
whatever became of the file or address a report came from.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from ingest.errors import LibraryError
from ingest.records import Block, BlockKind, LineBox, ParsedReport, Table

_BYTES, _TEXT = "original", "json"
_HASH = re.compile(r"[0-9a-f]{64}").fullmatch


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
        self._write(self._path(content_hash, _BYTES), content)
        self._write(self._path(content_hash, _TEXT), _written(parsed))

    def mend(
        self, content_hash: str, content: bytes | None = None, parsed: ParsedReport | None = None
    ) -> None:
        """Put the bytes of a version, or its parsed text, in place of what is kept of them.

        Raises:
            LibraryError: the disk does not take them.
        """
        if content is not None:
            self._replace(self._path(content_hash, _BYTES), content)
        if parsed is not None:
            self._replace(self._path(content_hash, _TEXT), _written(parsed))

    def content(self, content_hash: str) -> bytes:
        """The bytes of a version.

        Raises:
            LibraryError: they are not there.
        """
        return self._read(self._path(content_hash, _BYTES))

    def parsed(self, content_hash: str) -> ParsedReport:
        """The parsed text of a version.

        Raises:
            LibraryError: it is not there, or damaged.
        """
        path = self._path(content_hash, _TEXT)
        written = self._read(path)
        try:
            kept = json.loads(written)
            return ParsedReport(
                text=kept["text"],
                blocks=tuple(
                    Block(**{**block, "kind": BlockKind(block["kind"])}) for block in kept["blocks"]
                ),
                stated=kept["stated"],
                pages=kept["pages"],
                # what an older Footnote kept has none of these
                tables=tuple(
                    Table(
                        **{
                            **table,
                            "heads": tuple(table["heads"]),
                            "groups": tuple(table["groups"]),
                        }
                    )
                    for table in kept.get("tables", ())
                ),
                boxes=tuple(
                    LineBox(**{**box, "edges": tuple(box["edges"])})
                    for box in kept.get("boxes", ())
                ),
                stated_in=kept.get("stated_in", ""),
                remark=kept.get("remark", ""),
            )
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise LibraryError(
                f"the parsed text {path} is damaged; run 'python -m ingest repair'"
            ) from error

    def kept(self, content_hash: str) -> ParsedReport | None:
        """The parsed text of a version, where it is kept and not damaged; else None."""
        try:
            return self.parsed(content_hash)
        except LibraryError:
            return None

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
        return "" if self.kept(content_hash) else "its parsed text is missing or damaged"

    def files(self) -> Iterator[Path]:
        """Every file that is kept, finished ones alone."""
        return iter(sorted(self._folder.glob("*/[0-9a-f]*")))

    def hashes(self) -> set[str]:
        """The hash of every version of which something is kept."""
        return {path.stem for path in self.files()}

    def remove(self, content_hash: str) -> None:
        """Remove the original and the parsed text of a version, if they are there.

        Raises:
            LibraryError: they cannot be removed.
        """
        for ending in (_TEXT, _BYTES):
            path = self._path(content_hash, ending)
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise LibraryError(
                    f"the original {path} cannot be removed ({error}); mend its permissions"
                ) from error

    def _path(self, content_hash: str, ending: str) -> Path:
        if not _HASH(content_hash):
            # whatever a catalog says, nothing outside the folder is read or removed
            raise LibraryError(f"{content_hash!r} is no hash of an original; restore a backup")
        return self._folder / content_hash[:2] / f"{content_hash}.{ending}"

    def _read(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise LibraryError(
                f"the original {path} cannot be read ({error}); ingest its report again"
            ) from error

    def _write(self, path: Path, content: bytes) -> None:
        if not path.exists():
            self._replace(path, content)

    def _replace(self, path: Path, content: bytes) -> None:
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


def _written(parsed: ParsedReport) -> bytes:
    kept = {
        "text": parsed.text,
        "blocks": [asdict(block) for block in parsed.blocks],
        "stated": dict(parsed.stated),
        "pages": parsed.pages,
        "tables": [asdict(table) for table in parsed.tables],
        # by hand: asdict would copy every one of a hundred thousand edges by itself
        "boxes": [
            {name: getattr(box, name) for name in LineBox.__dataclass_fields__}
            for box in parsed.boxes
        ],
        "stated_in": parsed.stated_in,
        "remark": parsed.remark,
    }
    return json.dumps(kept, ensure_ascii=False).encode()
