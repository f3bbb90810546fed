"""What a revision changed: the passages of one version held against those of the next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from ingest.records import Passage

# half of the words and signs in common: less is another passage
_NEAR = 0.5
# the smallest things that change: a figure with its sign and points, a word, a sign, a space
_PIECE = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_\u3400-\u9fff]+|\s+|.", re.DOTALL)
# with what it counts: a currency before it; a percent sign, a scale or 亿 behind it
_FIGURE = re.compile(
    r"(?:[$€£¥￥]|US\$|RMB ?)?\d+(?:[.,]\d+)*"
    r"(?: ?(?:%|percent\b|per cent\b|billion\b|million\b|trillion\b|bn\b|万亿|亿|万)(?:元|美元)?)?",
    re.IGNORECASE,
)


class Edit(StrEnum):
    """What became of a stretch of text."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Change:
    """A passage that a revision changed.

    Attributes:
        before: the passage as it was; None where it is new.
        after: the passage as it is; None where it went.
        figures: the figures that changed in it, each as it was and as it is; empty is none.
    """

    before: Passage | None
    after: Passage | None
    figures: tuple[tuple[str, str], ...]


def changes(before: Sequence[Passage], after: Sequence[Passage]) -> list[Change]:
    """What changed between two versions of a report.

    Passages that say the same are no change, wherever they stand and whatever header they are
    embedded under. Between two that stayed, those that went and those that came are paired
    where half of their words are the same.

    Args:
        before: the passages of the earlier version, in order.
        after: those of the later one.

    Returns:
        The changes, those of figures first, each group in reading order.
    """
    found: list[Change] = []
    texts_before, texts_after = [p.text for p in before], [p.text for p in after]
    stayed = set(texts_before) & set(texts_after)
    matcher = SequenceMatcher(None, texts_before, texts_after, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        gone = [passage for passage in before[start:end] if passage.text not in stayed]
        come = [passage for passage in after[new_start:new_end] if passage.text not in stayed]
        found.extend(_paired(gone, come))
    # a stable sort: each group stays in reading order
    return sorted(found, key=lambda change: not change.figures)


def edits(before: str, after: str) -> list[tuple[Edit, str]]:
    """How one text becomes another, word for word and figure for figure.

    Returns:
        Stretches in order: those kept and removed together are the text before, those kept and
        added the text after.
    """
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    found: list[tuple[Edit, str]] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            found.append((Edit.KEPT, "".join(old[start:end])))
            continue
        if end > start:
            found.append((Edit.REMOVED, "".join(old[start:end])))
        if new_end > new_start:
            found.append((Edit.ADDED, "".join(new[new_start:new_end])))
    return found


def _paired(gone: Sequence[Passage], come: Sequence[Passage]) -> list[Change]:
    """Passages that went and came, paired where they are near; in reading order."""
    left = list(come)
    # a matcher counts its second text once, whatever it is held against
    others = [SequenceMatcher(None, [], _words(each.text), autojunk=False) for each in left]
    found: list[Change] = []
    for passage in gone:
        best = _nearest(_words(passage.text), others)
        if best is None:
            found.append(Change(passage, None, _figures(passage.text, "")))
            continue
        other = left.pop(best)
        del others[best]
        found.append(Change(passage, other, _figures(passage.text, other.text)))
    found.extend(Change(None, passage, _figures("", passage.text)) for passage in left)
    return sorted(found, key=_place)


def _place(change: Change) -> int:
    passage = change.after or change.before
    return passage.ordinal if passage else 0


def _nearest(words: list[str], others: Sequence[SequenceMatcher[str]]) -> int | None:
    """The place of the text that shares most with some words, the first of several; None of none.

    How much two share takes long to tell, that it cannot be more than so much is told at once:
    only what may be the nearest is looked at closely.
    """
    for other in others:
        other.set_seq1(words)
    most = [other.quick_ratio() for other in others]
    nearest, least = None, _NEAR
    for place in sorted(range(len(others)), key=most.__getitem__, reverse=True):
        if most[place] < least:
            break
        share = others[place].ratio()
        if share > least or (share == least and (nearest is None or place < nearest)):
            nearest, least = place, share
    return nearest


def _words(text: str) -> list[str]:
    """The words, figures and signs of a text: the spaces between them are alike everywhere."""
    return [piece for piece in _PIECE.findall(text) if not piece.isspace()]


def _figures(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """The figures that stand in one text and not at the same place of the other, paired."""
    old, new = _FIGURE.findall(before), _FIGURE.findall(after)
    found: list[tuple[str, str]] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        was, now = old[start:end], new[new_start:new_end]
        many = max(len(was), len(now))
        was += [""] * (many - len(was))
        now += [""] * (many - len(now))
        found.extend(zip(was, now, strict=True))
    return tuple(found)
