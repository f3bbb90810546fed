"""The real filings that tests read, each parsed once for all of them."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from ingest.parse.dispatch import parse
from ingest.records import ParsedReport

EVAL_DIR = os.environ.get("EVAL_DIR")


@cache
def filing(name: str) -> ParsedReport:
    """A filing of `$EVAL_DIR/sec10q/pdfs` by its name, parsed under one that tells nothing."""
    path = Path(EVAL_DIR or "") / "sec10q" / "pdfs" / name
    return parse(path.read_bytes(), "report.pdf")
