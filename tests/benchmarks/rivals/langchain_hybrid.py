"""LangChain's EnsembleRetriever over BM25 and Chroma, as its guides set it up.

Run by the interpreter of the rivals, which has LangChain; Footnote's has not.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.quality.retrieval import Finder, Order, Search, run
from tests.benchmarks.rivals.bigrams import bigrams
from tests.benchmarks.rivals.encoder import Encoder


class LangChainHybrid:
    """One library: parts of 1,000 characters, both retrievers weighed alike.

    Args:
        order: how many passages to find.
        search: what is searched.
        embedder: LangChain's embeddings.
    """

    def __init__(self, order: Order, search: Search, embedder: Any) -> None:
        # installed for the rivals alone
        from langchain_chroma import Chroma  # type: ignore[import-not-found]
        from langchain_classic.retrievers import (  # type: ignore[import-not-found] # likewise
            EnsembleRetriever,
        )
        from langchain_community.retrievers import (  # type: ignore[import-not-found] # likewise
            BM25Retriever,
        )
        from langchain_core.documents import Document  # type: ignore[import-not-found] # likewise
        from langchain_text_splitters import (  # type: ignore[import-not-found] # likewise
            RecursiveCharacterTextSplitter,
        )

        splitter = RecursiveCharacterTextSplitter(chunk_size=1_000, chunk_overlap=200)
        parts = [
            Document(page_content=text.below_head(part), metadata={"document": text.document})
            for text in search.texts
            for part in splitter.split_text(text.text)
        ]
        self.passages = len(parts)
        chroma = Chroma.from_documents(parts, embedder, collection_name=search.name)
        cut = {"preprocess_func": bigrams} if search.chinese else {}
        depth = min(order.depth, len(parts))
        lexical = BM25Retriever.from_documents(parts, k=depth, **cut)
        dense = chroma.as_retriever(search_kwargs={"k": depth})
        self._retriever = EnsembleRetriever(retrievers=[lexical, dense], weights=[0.5, 0.5])

    def __call__(self, question: str) -> list[tuple[str, str]]:
        """The passages that answer best, best first."""
        found = self._retriever.invoke(question)
        return [(each.metadata["document"], each.page_content) for each in found]


def make(order: Order) -> Callable[[Search], Finder]:
    """Load the model, and give what makes a library."""
    # installed for the rivals alone
    from langchain_core.embeddings import Embeddings  # type: ignore[import-not-found]

    encoder = Encoder(order.model, Path(order.home))

    class Embedder(Embeddings):  # type: ignore[misc] # its base is not known here
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return encoder.passages(texts).tolist()  # type: ignore[no-any-return] # of numpy

        def embed_query(self, text: str) -> list[float]:
            return encoder.question(text).tolist()  # type: ignore[no-any-return] # of numpy

    return lambda search: LangChainHybrid(order, search, Embedder())


if __name__ == "__main__":
    sys.exit(run(make, sys.argv[1:]))
