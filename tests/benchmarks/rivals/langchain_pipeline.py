"""The usual pipeline of LangChain: PyPDFLoader, RecursiveCharacterTextSplitter, Chroma.

Run by the interpreter of the rivals, which has LangChain; Footnote's has not.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.trial import BEST, Filed, Trial, run, solid


class LangChainPipeline:
    """What LangChain's guides build for a folder of PDFs, with the numbers they give.

    Args:
        trial: where the model is and where Chroma goes.
    """

    def __init__(self, trial: Trial) -> None:
        # installed for the rivals alone
        from langchain_huggingface import HuggingFaceEmbeddings  # type: ignore[import-not-found]
        from langchain_text_splitters import (  # type: ignore[import-not-found] # likewise
            RecursiveCharacterTextSplitter,
        )

        self._home = trial.home
        self._embedder = HuggingFaceEmbeddings(model_name=trial.model)
        self._splitter = RecursiveCharacterTextSplitter(chunk_size=1_000, chunk_overlap=200)
        self._chroma: Any = None

    def take(self, folder: str) -> Callable[[], Filed]:
        """Load each PDF, split its pages, and embed the parts into Chroma."""
        from langchain_chroma import Chroma  # type: ignore[import-not-found] # likewise
        from langchain_community.document_loaders import (  # type: ignore[import-not-found] # likewise
            PyPDFLoader,
        )

        pages = [
            page for file in sorted(Path(folder).iterdir()) for page in PyPDFLoader(file).load()
        ]
        parts = self._splitter.split_documents(pages)
        self._chroma = Chroma.from_documents(parts, self._embedder, persist_directory=self._home)

        def tell() -> Filed:
            texts = tuple(part.page_content for part in parts)
            window = int(self._embedder._client.max_seq_length)
            return Filed(texts, window, sum(solid(page.page_content) for page in pages), len(pages))

        return tell

    def ask(self, question: str) -> list[str]:
        """The names of the files of the best passages."""
        found = self._chroma.similarity_search(question, k=BEST)
        return [Path(part.metadata["source"]).name for part in found]

    def close(self) -> None:
        """Nothing is held that does not end with the process."""


if __name__ == "__main__":
    sys.exit(run(LangChainPipeline, sys.argv[1:]))
