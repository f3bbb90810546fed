"""Tests of reading what a server sends."""

from __future__ import annotations

import gzip
import tracemalloc
from itertools import chain, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceError
from ingest.sources.body import read_body

NAME = "https://a.example/b"
LARGEST = 10_000
_BEGINNING = gzip.compress(b"")[:10]
_NOTHING = b"\x00\x00\x00\xff\xff"  # a block that unpacks to nothing


def test_a_bomb_takes_no_memory() -> None:
    """Of a body that unpacks to far more than may be read no more than that is unpacked."""
    bomb = gzip.compress(bytes(9_000_000))
    assert len(bomb) < LARGEST
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match="is larger than"):
            read_body([bomb], "gzip", LARGEST, NAME)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1_000_000


def test_what_unpacks_to_nothing_ends_too() -> None:
    """A packed body without an end is given up although nothing comes of it."""
    endless = chain([_BEGINNING], repeat(_NOTHING * 10))
    with pytest.raises(SourceError, match="is larger than"):
        read_body(endless, "gzip", LARGEST, NAME)


@given(
    st.lists(st.binary(max_size=200), max_size=4),
    st.sampled_from(["", "identity", "gzip", " GZIP "]),
    st.integers(1, 50),
)
def test_a_body_is_what_was_sent(parts: list[bytes], packing: str, size: int) -> None:
    """However it is packed and cut in pieces, a body within the bound comes whole."""
    packed = packing.strip().lower() == "gzip"
    sent = b"".join(map(gzip.compress, parts)) if packed else b"".join(parts)
    chunks = [sent[at : at + size] for at in range(0, len(sent), size)]
    if packed and not parts:
        with pytest.raises(SourceError, match="ends in the middle"):
            read_body(chunks, packing, LARGEST, NAME)
    else:
        assert read_body(chunks, packing, LARGEST, NAME) == b"".join(parts)


@given(st.binary(max_size=300), st.integers(1, 50))
def test_damage_is_found(content: bytes, at: int) -> None:
    """A packed body with a byte changed is an error, or unpacks to what it was."""
    packed = bytearray(gzip.compress(content))
    packed[-at % len(packed)] ^= 0x55
    try:
        said = read_body([bytes(packed)], "gzip", LARGEST, NAME)
    except SourceError:
        said = content
    assert said == content
