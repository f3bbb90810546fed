"""LlamaIndex's QueryFusionRetriever over BM25 and Chroma, without a language model.

Run by the interpreter of the rivals, which has LlamaIndex; Footnote's has not.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.quality.retrieval import Finder, Order, Search, run
from tests.benchmarks.rivals.bigrams import PATTERN
from tests.benchmarks.rivals.encoder import Encoder


class LlamaIndexFusion:
    """One library: the default splitter, what is known of a text as its metadata.

    Args:
        order: how many passages to find.
        search: what is searched.
        embedder: LlamaIndex's embedding.
    """

    def __init__(self, order: Order, search: Search, embedder: Any) -> None:
        import chromadb

        # installed for the rivals alone
        from llama_index.core import (  # type: ignore[import-not-found]
            Document,
            StorageContext,
            VectorStoreIndex,
        )
        from llama_index.core.llms import MockLLM  # type: ignore[import-not-found] # likewise
        from llama_index.core.node_parser import (  # type: ignore[import-not-found] # likewise
            SentenceSplitter,
        )
        from llama_index.core.retrievers import (  # type: ignore[import-not-found] # likewise
            QueryFusionRetriever,
        )
        from llama_index.retrievers.bm25 import (  # type: ignore[import-not-found] # likewise
            BM25Retriever,
        )
        from llama_index.vector_stores.chroma import (  # type: ignore[import-not-found] # likewise
            ChromaVectorStore,
        )

        keys = ("title", "publisher", "published")
        documents = [
            Document(
                text=text.text,
                metadata={
                    **dict(zip(keys, text.head.splitlines(), strict=False)),
                    "of": text.document,
                },
                excluded_embed_metadata_keys=["of"],
            )
            for text in search.texts
        ]
        nodes = SentenceSplitter().get_nodes_from_documents(documents)
        self.passages = len(nodes)
        collection = chromadb.EphemeralClient().create_collection(search.name)
        store = StorageContext.from_defaults(
            vector_store=ChromaVectorStore(chroma_collection=collection)
        )
        index = VectorStoreIndex(nodes, storage_context=store, embed_model=embedder)
        depth = min(order.depth, len(nodes))
        cut = {"token_pattern": PATTERN, "skip_stemming": True} if search.chinese else {}
        self._retriever = QueryFusionRetriever(
            [
                index.as_retriever(similarity_top_k=depth),
                BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=depth, **cut),
            ],
            llm=MockLLM(),  # asked for nothing: one query is the question itself
            num_queries=1,
            similarity_top_k=depth,
            mode="reciprocal_rerank",
            use_async=False,
        )

    def __call__(self, question: str) -> list[tuple[str, str]]:
        """The passages that answer best, best first."""
        found = self._retriever.retrieve(question)
        return [(each.node.metadata["of"], each.node.get_content()) for each in found]


def make(order: Order) -> Callable[[Search], Finder]:
    """Load the model, and give what makes a library."""
    # installed for the rivals alone
    from llama_index.core.embeddings import BaseEmbedding  # type: ignore[import-not-found]

    encoder = Encoder(order.model, Path(order.home))

    class Embedder(BaseEmbedding):  # type: ignore[misc] # its base is not known here
        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return encoder.passages(texts).tolist()  # type: ignore[no-any-return] # of numpy

        def _get_query_embedding(self, query: str) -> list[float]:
            return encoder.question(query).tolist()  # type: ignore[no-any-return] # of numpy

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    return lambda search: LlamaIndexFusion(order, search, Embedder(embed_batch_size=512))


if __name__ == "__main__":
    sys.exit(run(make, sys.argv[1:]))
