"""The usual pipeline of LlamaIndex: SimpleDirectoryReader, SentenceSplitter, ChromaVectorStore.

Run by the interpreter of the rivals, which has LlamaIndex; Footnote's has not.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from tests.benchmarks.trial import BEST, Filed, Trial, run, solid


class LlamaIndexPipeline:
    """What LlamaIndex's guides build for a folder of PDFs, with the defaults of its parts.

    Args:
        trial: where the model is and where Chroma goes.
    """

    def __init__(self, trial: Trial) -> None:
        import chromadb

        # installed for the rivals alone
        from llama_index.core import StorageContext  # type: ignore[import-not-found]
        from llama_index.embeddings.huggingface import (  # type: ignore[import-not-found] # likewise
            HuggingFaceEmbedding,
        )
        from llama_index.vector_stores.chroma import (  # type: ignore[import-not-found] # likewise
            ChromaVectorStore,
        )

        self._embedder = HuggingFaceEmbedding(model_name=trial.model)
        client = chromadb.PersistentClient(path=trial.home)
        store = ChromaVectorStore(chroma_collection=client.get_or_create_collection("reports"))
        self._storage = StorageContext.from_defaults(vector_store=store)
        self._index: Any = None

    def take(self, folder: str) -> Callable[[], Filed]:
        """Read each PDF, split its pages into nodes, and embed these into Chroma."""
        # installed for the rivals alone
        from llama_index.core import SimpleDirectoryReader, VectorStoreIndex
        from llama_index.core.node_parser import (  # type: ignore[import-not-found] # likewise
            SentenceSplitter,
        )
        from llama_index.core.schema import MetadataMode  # type: ignore[import-not-found] # likewise

        pages = SimpleDirectoryReader(folder).load_data()
        nodes = SentenceSplitter().get_nodes_from_documents(pages)
        self._index = VectorStoreIndex(
            nodes, storage_context=self._storage, embed_model=self._embedder
        )

        def tell() -> Filed:
            texts = tuple(node.get_content(metadata_mode=MetadataMode.EMBED) for node in nodes)
            window = int(self._embedder.max_length)
            return Filed(texts, window, sum(solid(page.text) for page in pages), len(pages))

        return tell

    def ask(self, question: str) -> list[str]:
        """The names of the files of the best passages."""
        found = self._index.as_retriever(similarity_top_k=BEST).retrieve(question)
        return [each.node.metadata["file_name"] for each in found]

    def close(self) -> None:
        """Nothing is held that does not end with the process."""


if __name__ == "__main__":
    sys.exit(run(LlamaIndexPipeline, sys.argv[1:]))
