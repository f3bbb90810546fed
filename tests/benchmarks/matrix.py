"""How much of a machine's matrix rate embedding reaches.

The rate is that of torch's best product of two square matrices of 32-bit numbers. What
embedding computes is counted from the shapes that really go through the model: two operations
for each weight of the encoder and token, and the products of attention.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ingest.embed import Embedder

_SIZES = (1_024, 2_048, 3_072, 4_096)
_ROUNDS = 3
_GIGA = 1e9


@dataclass(frozen=True, slots=True)
class Shape:
    """One batch that went through the model.

    Attributes:
        lengths: tokens of each of its texts, markers included.
        padded: tokens each was made long.
    """

    lengths: tuple[int, ...]
    padded: int


@dataclass(frozen=True, slots=True)
class Encoder:
    """What an encoder computes with.

    Attributes:
        weights: of its linear layers.
        layers: how many there are.
        width: numbers of a token between them.
    """

    weights: int
    layers: int
    width: int

    def operations(self, length: int) -> int:
        """Additions and multiplications for one text of so many tokens."""
        attention = self.layers * 4 * length * length * self.width
        return 2 * self.weights * length + attention


@dataclass(frozen=True, slots=True)
class Reached:
    """What embedding reached, rates in GFLOP/s.

    Attributes:
        best: the machine's matrix rate.
        computed: the rate of embedding, padding counted as work.
        useful: the rate of embedding, padding not counted.
        tokens: embedded in a second, markers included.
        threads: that torch computed with.
    """

    best: float
    computed: float
    useful: float
    tokens: float
    threads: int


def matrix_rate() -> float:
    """The best GFLOP/s of a product of two square matrices."""
    import torch

    best = 0.0
    for size in _SIZES:
        left, right = torch.rand(size, size), torch.rand(size, size)
        torch.mm(left, right)
        for _ in range(_ROUNDS):
            began = time.perf_counter()
            torch.mm(left, right)
            best = max(best, 2 * size**3 / (time.perf_counter() - began) / _GIGA)
    return best


def reached(embedder: Embedder, texts: Sequence[str]) -> Reached:
    """Embed texts as ingestion does, beside the matrix rate measured before and after.

    Args:
        embedder: the one that ingestion uses.
        texts: passages; more than a few hundred take long.

    Returns:
        What was reached.
    """
    import torch

    embedder.embed_passages(texts[:32])
    before = matrix_rate()
    seconds, shapes, encoder = _watched(embedder, texts)
    best = max(before, matrix_rate())
    computed = sum(len(each.lengths) * encoder.operations(each.padded) for each in shapes)
    lengths = [length for each in shapes for length in each.lengths]
    return Reached(
        best=best,
        computed=computed / seconds / _GIGA,
        useful=sum(map(encoder.operations, lengths)) / seconds / _GIGA,
        tokens=sum(lengths) / seconds,
        threads=torch.get_num_threads(),
    )


def _watched(embedder: Embedder, texts: Sequence[str]) -> tuple[float, list[Shape], Encoder]:
    """Seconds that embedding takes, the batches it makes, and what they go through."""
    from torch import Tensor, nn

    model = embedder.warm().result()[0]
    first = model[0]
    inner: Any = first.auto_model
    shapes: list[Shape] = []

    def note(_module: object, given: tuple[dict[str, Tensor], ...]) -> None:
        mask = given[0]["attention_mask"]
        shapes.append(Shape(tuple(mask.sum(dim=1).tolist()), int(mask.shape[1])))

    hook = first.register_forward_pre_hook(note)
    began = time.perf_counter()
    embedder.embed_passages(texts)
    seconds = time.perf_counter() - began
    hook.remove()
    linear = [
        module.weight.numel()
        for name, module in inner.named_modules()
        if isinstance(module, nn.Linear) and name.startswith("encoder.")
    ]
    config = inner.config
    return seconds, shapes, Encoder(sum(linear), config.num_hidden_layers, config.hidden_size)
