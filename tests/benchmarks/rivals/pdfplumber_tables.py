"""Tables as pdfplumber finds them, page by page, and how long that takes.

Run by the interpreter of the rivals, which has pdfplumber:

    python -m tests.benchmarks.rivals.pdfplumber_tables FILE…

Printed are, as JSON, the pages of the files and the seconds of processor time that their text
and their tables took.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Measure and print."""
    import pdfplumber  # type: ignore[import-not-found]  # installed for the rivals alone

    read = 0
    began = time.process_time()
    for file in arguments:
        with pdfplumber.open(file) as document:
            for page in document.pages:
                page.extract_text()
                page.extract_tables()
                page.close()
                read += 1
    print(json.dumps({"pages": read, "seconds": time.process_time() - began}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
