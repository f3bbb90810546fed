"""Tests of how a revision is shown."""

from __future__ import annotations

import re
from datetime import date

from ingest.changes import Change, changes
from ingest.records import Description, Passage
from ingest.showing_changes import show_changes
from tests.ingest.screen import ID, ODD, ODD_AS_SHOWN, described, shown, version


def passages(*texts: str) -> list[Passage]:
    """The passages of a version, one a text."""
    return [
        Passage(text, ID, place, 0, len(text), None, place + 1, "", text)
        for place, text in enumerate(texts)
    ]


def differing(
    before: list[str],
    after: list[str],
    about: Description | None = None,
    *,
    terminal: bool = False,
) -> str:
    """What is shown of a revision."""
    found = changes(passages(*before), passages(*after))
    first, second = version(1, described()), version(2, about or described())
    return shown(lambda console: show_changes(first, second, found, console), terminal=terminal)


def test_a_changed_passage_is_marked_word_by_word() -> None:
    """Changed figures stand first, in a line of their own; what went and came is bracketed."""
    output = differing(
        ["Tin is calm now.", "Copper costs $9,000 a tonne."],
        ["Tin is quite calm now.", "Copper costs $9,100 a tonne, up 1%."],
    )
    assert output.splitlines() == [
        "Copper in a hurry",
        "version 1 (2026-11-03 09:30:15) → version 2 (2026-11-03 09:30:15 UTC)",
        "2 passages changed",
        "",
        "changed: paragraph 2",
        "figures: $9,000 → $9,100 · 1% is new",
        "Copper costs $[-9,000-]{+9,100+} a tonne{+, up 1%+}.",
        "",
        "changed: paragraph 1",
        "Tin is{+ quite+} calm now.",
    ]


def test_a_terminal_colours_what_went_and_came() -> None:
    """Red and struck out, green; no brackets are put between the words."""
    output = differing(["Copper costs 9,000 now."], ["Copper costs 9,100 now."], terminal=True)
    assert "\x1b[9;31m9,000\x1b[0m\x1b[32m9,100\x1b[0m" in output
    assert "[-" not in output
    assert "{+" not in output


def test_passages_that_came_and_went_are_shown_whole() -> None:
    """A passage without another side is added or removed."""
    output = differing(["Tin is calm.", "Copper is dear, says Heron."], ["Tin is calm."])
    assert "removed: paragraph 2\n[-Copper is dear, says Heron.-]\n" in output
    output = differing(["Tin is calm."], ["Tin is calm.", "Lead fell 3% last week."])
    assert "added: paragraph 2\nfigures: 3% is new\n{+Lead fell 3% last week.+}\n" in output


def test_a_revision_of_the_description_alone_is_shown() -> None:
    """Another publisher or date is a change, although no passage says another thing."""
    about = Description("Copper in a hurry", "Heron", date(2024, 2, 9), "en", None)
    output = differing(["Tin is calm."], ["Tin is calm."], about)
    assert "no passage changed\n" in output
    assert "published: 2024-02-08 → 2024-02-09\n" in output
    assert "pages: 4 → none\n" in output
    assert "publisher" not in output


def test_what_a_passage_holds_is_not_obeyed() -> None:
    """Line breaks and tabs of a report stay; nothing else of it is obeyed."""
    output = differing(["Tin"], [f"{ODD}\nnext\tcell"], terminal=True)
    assert f"{ODD_AS_SHOWN}\nnext    cell" in re.sub(r"\x1b\[\d*m", "", output)


def test_a_page_is_named_where_there_are_pages() -> None:
    """A passage is found by its page and paragraph."""
    passage = Passage("p", ID, 0, 0, 3, 12, 80, "", "Tin")
    found = [Change(None, passage, ())]
    output = shown(
        lambda console: show_changes(
            version(1, described()), version(2, described()), found, console
        )
    )
    assert "added: page 12, paragraph 80\n" in output
