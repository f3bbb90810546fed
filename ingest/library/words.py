"""The lexical index: BM25 over passages in tantivy.

One process writes at a time, under the library's lock; any number may read. What it finds
is confirmed by the catalog.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import tantivy

from ingest.errors import IndexUnavailable
from ingest.language.words import searchable
from ingest.records import Passage

_WRITER_BYTES = 64_000_000
_TOKEN = re.compile(r"[^\W_]+")
_FIELDS = ["text", "header"]


class Words:
    """The words of one library's passages.

    Every method raises `IndexUnavailable` when tantivy fails.

    Args:
        folder: where the index is kept; made where it is missing.
    """

    def __init__(self, folder: Path) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        builder.add_text_field("report", tokenizer_name="raw")
        builder.add_text_field("header", tokenizer_name="en_stem")
        builder.add_text_field("text", tokenizer_name="en_stem")
        self.folder = folder
        self._schema = builder.build()
        with _wrapped("opened"):
            folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(self._schema, path=str(folder), reuse=True)

    def count(self) -> int:
        """How many passages the index holds, superseded ones included."""
        with _wrapped("read"):
            self._index.reload()
            return self._index.searcher().num_docs

    def add(self, passages: Sequence[Passage]) -> None:
        """Add passages in one commit; one that is there already is replaced by itself.

        Args:
            passages: none twice.
        """
        with _wrapped("written"):
            writer = self._index.writer(_WRITER_BYTES, num_threads=1)
            for passage in passages:
                writer.delete_documents_by_term("id", passage.id)
                document = tantivy.Document()
                document.add_text("id", passage.id)
                document.add_text("report", passage.report)
                document.add_text("header", searchable(passage.header))
                document.add_text("text", searchable(passage.text))
                writer.add_document(document)
            writer.commit()
            writer.wait_merging_threads()

    def remove(self, passage_ids: Sequence[str]) -> None:
        """Remove passages in one commit; ids of none are passed over."""
        with _wrapped("written"):
            writer = self._index.writer(_WRITER_BYTES, num_threads=1)
            for passage_id in passage_ids:
                writer.delete_documents_by_term("id", passage_id)
            writer.commit()
            writer.wait_merging_threads()

    def ids(self) -> list[str]:
        """The id of every passage that the index holds, one held twice named twice."""
        with _wrapped("read"):
            self._index.reload()
            searcher = self._index.searcher()
            if not searcher.num_docs:
                return []
            hits = searcher.search(tantivy.Query.all_query(), searcher.num_docs).hits
            return [str(searcher.doc(address).get_first("id")) for _, address in hits]

    def matching(
        self, text: str, limit: int, reports: Sequence[str] | None
    ) -> list[tuple[str, float]]:
        """The passages that match a text's words best.

        Args:
            text: words in any order; nothing in it is query syntax.
            limit: how many at most.
            reports: only passages of these reports; None for all.

        Returns:
            Passage ids with their BM25 score (0 upwards), best first.
        """
        tokens = _TOKEN.findall(searchable(text).casefold())
        if not tokens or (reports is not None and not reports):
            return []
        with _wrapped("searched"):
            # lower-cased bare words: neither operators nor field names can be among them
            query = self._index.parse_query(" ".join(tokens), _FIELDS)
            if reports is not None:
                among = tantivy.Query.term_set_query(self._schema, "report", list(reports))
                query = tantivy.Query.boolean_query(
                    [(tantivy.Occur.Must, query), (tantivy.Occur.Must, among)]
                )
            self._index.reload()
            searcher = self._index.searcher()
            hits = searcher.search(query, limit).hits
            return [
                (str(searcher.doc(address).get_first("id")), float(score))
                for score, address in hits
                if score is not None
            ]


@contextmanager
def _wrapped(done: str) -> Iterator[None]:
    try:
        yield
    except (ValueError, OSError) as error:
        raise IndexUnavailable(
            f"the lexical index could not be {done} ({error}); "
            "see that its folder is writable and the disk not full, then try again"
        ) from error
