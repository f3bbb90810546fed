"""txtai's hybrid index: dense vectors and BM25.

Run by the interpreter of the rivals, which has txtai; Footnote's has not.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.quality.retrieval import Finder, Order, Search, run
from tests.benchmarks.rivals.bigrams import PATTERN
from tests.benchmarks.rivals.encoder import Encoder


class TxtaiHybrid:
    """One library: parts of 1,000 characters, cut as LangChain cuts them, for txtai cuts none.

    Args:
        order: how many passages to find.
        search: what is searched.
        encoder: the model.
    """

    def __init__(self, order: Order, search: Search, encoder: Encoder) -> None:
        # installed for the rivals alone
        from langchain_text_splitters import (  # type: ignore[import-not-found]
            RecursiveCharacterTextSplitter,
        )
        from txtai import Embeddings  # type: ignore[import-not-found] # likewise

        splitter = RecursiveCharacterTextSplitter(chunk_size=1_000, chunk_overlap=200)
        self._parts = [
            (text.document, text.below_head(part))
            for text in search.texts
            for part in splitter.split_text(text.text)
        ]
        self.passages = len(self._parts)
        self._depth = min(order.depth, len(self._parts))
        encoder.passages([text for _, text in self._parts])
        asking = False

        def embed(texts: list[str]) -> object:
            if asking:
                return [encoder.question(text) for text in texts]
            return encoder.passages(texts)

        # what its `hybrid=True` stands for, and how Chinese is cut
        scoring: dict[str, object] = {"method": "bm25", "terms": True, "normalize": True}
        if search.chinese:
            scoring["tokenizer"] = {"regexp": PATTERN}
        self._index = Embeddings(method="external", transform=embed, scoring=scoring)
        self._index.index((place, text, None) for place, (_, text) in enumerate(self._parts))
        asking = True

    def __call__(self, question: str) -> list[tuple[str, str]]:
        """The passages that answer best, best first."""
        return [self._parts[int(place)] for place, _ in self._index.search(question, self._depth)]


def make(order: Order) -> Callable[[Search], Finder]:
    """Load the model, and give what makes a library."""
    encoder = Encoder(order.model, Path(order.home))
    return lambda search: TxtaiHybrid(order, search, encoder)


if __name__ == "__main__":
    sys.exit(run(make, sys.argv[1:]))
