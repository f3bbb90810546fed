"""Title, publisher, date and language of a parsed report.

What the document states of itself wins. Then the text is read as people print it: a title at
the top, a dateline near it ("13:09, February 28, 2024   Source: A Newspaper"), a house before
the title's colon. What is not found is unknown; a day named in the prose is not the day of
publication.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import PurePosixPath

from ingest.language.dates import find_date, printed_dates
from ingest.language.houses import house_before_title, looks_like_house
from ingest.language.tongue import language_of
from ingest.records import BlockKind, Description, ParsedReport

_TOP = 8  # blocks at the top among which title and dateline stand
_BOTTOM = 3  # blocks at the bottom that may be a dateline
_LINE = 160  # characters of a title or a dateline, at most
_PARTS = re.compile(r"\s*[|·•／\t]\s*|\s{2,}|\s+[-–—]\s+")

_PUBLISHED = re.compile(
    r"\W*(?:(?:first )?(?:published|posted|released|issued)(?: on| at)?|date(?: of publication)?"
    r"|publication date|release date|dated|发布(?:日期|时间)?|发表(?:于|日期|时间)?|日期|时间|出版日期)\s*[:：]?\s*",
    re.IGNORECASE,
)
_PUBLISHER = re.compile(
    r"\W*(?:source|publisher|published by|issued by|来源|发布(?:机构|单位)|出处)(?:\s*[:：]\s*|(?<=by)\s+)(?P<name>\S.*)",
    re.IGNORECASE,
)
