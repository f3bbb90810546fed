"""The vectors of passages and of what can be quoted of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """The vectors of one passage.

    Attributes:
        whole: of all of it, of length 1.
        spans: n rows: offsets in its text of the first character of each of its n sentences and
            rows, and behind the last.
        vectors: of each of them, n rows of length 1.
    """

    whole: NDArray[np.float32]
    spans: NDArray[np.int32]
    vectors: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Embedded:
    """What an embedder made of passages.

    Attributes:
        vectors: n rows of length 1, one for each of n passages.
        stretches: of each of them; none where their vectors alone were asked for.
    """

    vectors: NDArray[np.float32]
    stretches: Sequence[Stretches] = ()
