"""A few short reports for the tests of whole processes."""

from __future__ import annotations

from pathlib import Path

COPPER = """---
title: Copper in a hurry
publisher: Heron Research
published: 2024-02-08
---

# Copper in a hurry

According to the forecast of Quill Institute, demand for copper reaches 31 million tonnes in 2030.

Electric cars hold four times the copper of others.

# Risks

New mines may open sooner than expected.
"""

WHEAT = """Wheat at rest

Published: 3 January 2024

Wheat stocks cover 97 days of use, more than in any of the last six years.
"""

TIN = """Tin, the small metal

Published: 5 February 2024

Smelters in Peru made 28,000 tonnes of tin last year.
"""

COPPER_QUESTION = "How much copper is demanded in 2030?"
COPPER_FACT = "31 million tonnes"
UNANSWERED_QUESTION = "What is the population of Lisbon?"
TIN_QUESTION = "How many tonnes of tin did smelters in Peru make?"
TIN_FACT = "28,000 tonnes"


def write_reports(folder: Path) -> Path:
    """Write the reports (all but the one on tin) and a broken one; the folder they lie in."""
    reports = folder / "reports"
    reports.mkdir()
    (reports / "copper.md").write_text(COPPER, encoding="utf-8")
    (reports / "wheat.txt").write_text(WHEAT, encoding="utf-8")
    (reports / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    return reports
