"""Whether ten thousand vectors are all there after Chroma was started again."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from ingest.library.vectors import Chroma, Vectors, embedded, served
from tests.e2e.chroma import chroma_server
from tests.ingest.library.restarting import MANY, fill, passage_ids, vectors

_EACH = 50  # of so many, one is asked to find itself


def assert_whole(index: Vectors) -> None:
    """Every vector is there as it was written, and the search finds it."""
    ids, rows = passage_ids(), vectors()
    assert index.count() == MANY
    assert index.ids() == set(ids)
    kept = index.of(ids)
    assert np.allclose(np.stack([kept[each] for each in ids]), rows, atol=1e-6)
    for place in range(0, MANY, _EACH):
        [(nearest, score)] = index.nearest(rows[place], 1, None)
        assert nearest == ids[place]
        assert score == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("end", ["closed", "left", "killed"])
def test_embedded_chroma_keeps_every_vector(end: str, tmp_path: Path) -> None:
    """However the process ends that wrote them, the next one has them all, and so has a third."""
    subprocess.run(
        [sys.executable, "-m", "tests.ingest.library.restarting", str(tmp_path), end], check=False
    )
    for _ in range(2):
        with closing(Chroma(partial(embedded, tmp_path))) as chroma:
            assert_whole(chroma.vectors("passages"))


def _filled(address: str) -> None:
    with closing(Chroma(partial(served, address))) as chroma:
        fill(chroma.vectors("passages"))


def _looked_at(address: str) -> None:
    with closing(Chroma(partial(served, address))) as chroma:
        assert_whole(chroma.vectors("passages"))


async def test_chromas_server_keeps_every_vector(tmp_path: Path) -> None:
    """Killed and started again, told to end and started again, it has them all."""
    # in threads: what the server says must be listened to meanwhile, or it waits for that
    async with chroma_server(tmp_path) as address:
        await asyncio.to_thread(_filled, address)
    for terminated in (True, False):
        async with chroma_server(tmp_path, terminated=terminated) as address:
            await asyncio.to_thread(_looked_at, address)
