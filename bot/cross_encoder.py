"""The cross-encoder: a model that reads a question and a text together, where one is set.

It is slower and surer than vectors, so it reads the best candidates alone. Like the embedder it
lives in a thread of its own, and neither importing this module nor making a `CrossEncoder` imports
torch; the first use does.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ingest.embed import fastest_device, prepare_to_load
from ingest.errors import EmbedderError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder as Model

_BATCH = 16  # as of the embedder: pairs of like length, so that little is padding
# what a model must be for to score a pair; others would be given a head of chance
_SCORING = ("ForSequenceClassification", "ForCausalLM", "ForConditionalGeneration")


class CrossEncoder:
    """A model that tells how well a text answers a question.

    Args:
        model: the folder or the hub name of a sentence-transformers cross-encoder with one score.
    """

    def __init__(self, model: str) -> None:
        self._model_name = model
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="cross-encoder")
        self._starting = Lock()
        self._loading: Future[Model] | None = None

    def warm(self) -> Future[Model]:
        """Begin to load the model, without waiting for it; the model once it is there."""
        with self._starting:
            if self._loading is None:
                self._loading = self._thread.submit(_load, self._model_name)
            return self._loading

    def close(self) -> None:
        """End the model's thread, after what it was asked."""
        self._thread.shutdown()

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Tell how well each text answers a question.

        Args:
            question: in words.
            texts: n texts; what is longer than the model reads is cut by it.

        Returns:
            n scores from 0 to 1, in the order of the texts; what they mean is the model's own.

        Raises:
            EmbedderError: the model cannot be loaded or fails.
        """
        model = self.warm().result()
        if not texts:
            return np.empty(0, dtype=np.float32)
        try:
            return self._thread.submit(_scores, model, question, list(texts)).result()
        except (RuntimeError, ValueError) as error:
            raise EmbedderError(
                f"the cross-encoder {self._model_name} failed on {len(texts)} texts ({error}); "
                "unset RERANKER, or set it to another"
            ) from error


def _scores(model: Model, question: str, texts: list[str]) -> NDArray[np.float32]:
    """The scores of a model; runs in its thread."""
    import torch

    # a model may be kept with an activation that leaves its logits as they are
    scores = model.predict(
        [(question, text) for text in texts],
        batch_size=_BATCH,
        show_progress_bar=False,
        activation_fn=torch.nn.Sigmoid(),
    )
    return np.asarray(scores, dtype=np.float32)


def _load(name: str) -> Model:
    """The model; runs in its thread."""
    prepare_to_load()
    from sentence_transformers import CrossEncoder as Model

    try:
        try:
            model: Model = Model(name, local_files_only=True, device=fastest_device())
        except OSError:
            if Path(name).is_dir():
                raise
            model = Model(name, device=fastest_device())
    except Exception as error:
        raise EmbedderError(
            f"the cross-encoder {name!r} cannot be loaded ({error}); RERANKER must be a folder, or "
            "a hub name that this machine can reach, or unset"
        ) from error
    kinds = tuple((model.config.architectures if model.config else None) or ())
    if model.num_labels != 1 or not any(kind.endswith(_SCORING) for kind in kinds):
        raise EmbedderError(
            f"the model {name!r} ({', '.join(kinds) or 'of no kind'}, {model.num_labels} labels) "
            "gives no score of a question and a text; set RERANKER to a cross-encoder with one "
            "label, or unset it"
        )
    return model
