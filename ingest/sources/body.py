"""What a server sends, read within bounds and unpacked."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from ingest.errors import SourceError

_MEGABYTE = 1_000_000
_GZIP = 16 + zlib.MAX_WBITS
_PACKINGS = frozenset({"gzip", "x-gzip"})


def read_body(chunks: Iterable[bytes], packing: str, largest: int, name: str) -> bytes:
    """Read a body to its end.

    Bytes are counted as they come and as they are unpacked, so that neither a body without an
    end nor one that unpacks to far more than was sent takes memory.

    Args:
        chunks: what is sent.
        packing: the header that says how it is packed; empty where it is not.
        largest: size in bytes above which it is given up, packed or not.
        name: its address, for messages.

    Raises:
        SourceError: it is too large, packed in a way that was not asked for, or damaged.
    """
    content = bytearray()
    for part in _unpacked(_counted(chunks, largest, name), packing, largest, name):
        content += part
        _check(len(content), largest, name)
    return bytes(content)


def _counted(chunks: Iterable[bytes], largest: int, name: str) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        _check(size, largest, name)
        yield chunk


def _check(size: int, largest: int, name: str) -> None:
    if size > largest:
        raise SourceError(
            f"{name} is larger than {largest / _MEGABYTE:g} MB, the most that is read of it; "
            "leave it out"
        )


def _unpacked(chunks: Iterator[bytes], packing: str, largest: int, name: str) -> Iterator[bytes]:
    written = packing.strip().lower()
    if written in {"", "identity"}:
        yield from chunks
        return
    if written not in _PACKINGS:
        raise SourceError(
            f"{name} is packed as {written[:40]!r}, which was not asked for; save it as a file"
        )
    unpacker = zlib.decompressobj(_GZIP)
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                if unpacker.eof:  # one archive behind the other is one content
                    unpacker = zlib.decompressobj(_GZIP)
                yield unpacker.decompress(rest, largest + 1)
                rest = unpacker.unconsumed_tail or unpacker.unused_data
        yield unpacker.flush()
    except zlib.error as error:
        raise SourceError(f"{name} is packed and damaged ({error}); try again") from error
    if not unpacker.eof:
        raise SourceError(f"{name} is packed and ends in the middle; try again")
