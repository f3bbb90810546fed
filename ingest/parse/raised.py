"""Letters set above the line, which would make another figure of the one they stand behind."""

from __future__ import annotations

import re

_NOTE = re.compile(r"\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*|[A-Za-z]")
_POWER = re.compile(r"[-−–+]?\d{1,3}")
_BASE = re.compile(r"[×x*·⋅]\s*10\s*\Z", re.IGNORECASE)
_LOOKED_BACK = 20  # characters


def raised(before: str, text: str) -> str:
    """Return how a text set above the line is written in plain letters.

    Args:
        before: what stands before it, down to a few characters.
        text: what is set above the line.

    Returns:
        Behind a figure the number or letter of a note in brackets: of 1,234 and a raised 1 comes
        "1,234(1)". A power behind "× 10" has its mark, "^6". Anything else as it is: "m2", "4th".
    """
    behind = before[-_LOOKED_BACK:].rstrip()
    mark = text.strip()
    if not behind or not (behind[-1].isdigit() or behind[-1] in "%)）"):
        return text
    if _BASE.search(behind) and _POWER.fullmatch(mark):
        return f"^{mark}"
    return f"({mark})" if _NOTE.fullmatch(mark) else text
