"""What is to be known of real reports, read by people off their covers and signatures.

The first day of a quarter is the day behind the end of the quarter before it, as the company's own
reports name it.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class FilingCase(NamedTuple):
    """A filing and what its pages say of it.

    Attributes:
        file: its file name in the folder of filings.
        publisher: the company that files.
        ticker: of its common stock.
        published: the day it was signed.
        first: first day of its quarter.
        last: last day of its quarter.
        quarter: the quarter as the filing lets one call it.
    """

    file: str
    publisher: str
    ticker: str
    published: date
    first: date
    last: date
    quarter: str


APPLE, AMAZON, INTEL = "Apple Inc.", "Amazon.com, Inc.", "Intel Corporation"
MICROSOFT, NVIDIA = "Microsoft Corporation", "NVIDIA Corporation"


def _case(file: str, publisher: str, *days: str, quarter: str) -> FilingCase:
    """A case of a file; `days` are those of signature, first and last day of the quarter."""
    published, first, last = map(date.fromisoformat, days)
    return FilingCase(f"{file}.pdf", publisher, file.split()[-1], published, first, last, quarter)


FILINGS = (
    _case("2022 Q3 AAPL", APPLE, "2022-07-28", "2022-03-27", "2022-06-25", quarter="Q3 FY 2022"),
    _case("2022 Q3 AMZN", AMAZON, "2022-10-27", "2022-07-01", "2022-09-30", quarter="Q3 2022"),
    _case("2022 Q3 INTC", INTEL, "2022-10-27", "2022-07-03", "2022-10-01", quarter="Q3 2022"),
    _case(
        "2022 Q3 MSFT", MICROSOFT, "2022-10-25", "2022-07-01", "2022-09-30", quarter="Q1 FY 2023"
    ),
    _case("2022 Q3 NVDA", NVIDIA, "2022-11-18", "2022-08-01", "2022-10-30", quarter="Q3 FY 2023"),
    _case("2023 Q1 AAPL", APPLE, "2023-02-02", "2022-09-25", "2022-12-31", quarter="Q1 FY 2023"),
    _case("2023 Q1 AMZN", AMAZON, "2023-04-27", "2023-01-01", "2023-03-31", quarter="Q1 2023"),
    _case("2023 Q1 INTC", INTEL, "2023-04-27", "2023-01-01", "2023-04-01", quarter="Q1 2023"),
    _case(
        "2023 Q1 MSFT", MICROSOFT, "2023-01-24", "2022-10-01", "2022-12-31", quarter="Q2 FY 2023"
    ),
    _case("2023 Q1 NVDA", NVIDIA, "2023-05-26", "2023-01-30", "2023-04-30", quarter="Q1 FY 2024"),
    _case("2023 Q2 AAPL", APPLE, "2023-05-04", "2023-01-01", "2023-04-01", quarter="Q2 FY 2023"),
    _case("2023 Q2 AMZN", AMAZON, "2023-08-03", "2023-04-01", "2023-06-30", quarter="Q2 2023"),
    _case("2023 Q2 INTC", INTEL, "2023-07-27", "2023-04-02", "2023-07-01", quarter="Q2 2023"),
    _case(
        "2023 Q2 MSFT", MICROSOFT, "2023-04-25", "2023-01-01", "2023-03-31", quarter="Q3 FY 2023"
    ),
    _case("2023 Q2 NVDA", NVIDIA, "2023-08-25", "2023-05-01", "2023-07-30", quarter="Q2 FY 2024"),
    _case("2023 Q3 AAPL", APPLE, "2023-08-03", "2023-04-02", "2023-07-01", quarter="Q3 FY 2023"),
    _case("2023 Q3 AMZN", AMAZON, "2023-10-26", "2023-07-01", "2023-09-30", quarter="Q3 2023"),
    _case("2023 Q3 INTC", INTEL, "2023-10-26", "2023-07-02", "2023-09-30", quarter="Q3 2023"),
    _case(
        "2023 Q3 MSFT", MICROSOFT, "2023-10-24", "2023-07-01", "2023-09-30", quarter="Q1 FY 2024"
    ),
    _case("2023 Q3 NVDA", NVIDIA, "2023-11-21", "2023-07-31", "2023-10-29", quarter="Q3 FY 2024"),
)
"""Twenty quarterly reports of five companies."""


class SeedCase(NamedTuple):
    """A report the project began with, and what its lines say of it.

    Attributes:
        beginning: what its file name begins with.
        title: how its title begins.
        publisher: who published it.
        published: the day it was published, None where it prints none.
    """

    beginning: str
    title: str
    publisher: str
    published: date | None


SEEDS = (
    SeedCase("000", "CITIC Securities: Why is Sora", "CITIC Securities", None),
    SeedCase("004", "Sora shocked to release", "Shanghai Securities News", date(2024, 2, 28)),
)
"""Two reports of February 2024; neither names a ticker or a period."""
