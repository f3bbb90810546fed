"""Tests of telling an evaluation: in a terminal, on a page, to other programs."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.chat.conversation import answer_reply, not_found_reply
from bot.chat.model import (
    Block,
    Footnote,
    Heading,
    Note,
    Paragraph,
    PassageQuote,
    Quotation,
    Reply,
    Table,
)
from bot.evaluation.calibrating import calibrate
from bot.evaluation.export import json_of, write
from bot.evaluation.judge import Outcome
from bot.evaluation.page import html_of, page_of
from bot.evaluation.questions import Fault
from bot.evaluation.screen import calibration_told, evaluation_told
from bot.evaluation.totals import Evaluation, Thresholds, measures_of
from bot.research.model import Answer, NotFound, Reason
from bot.research.trust import SHIPPED
from ingest.errors import EvaluationError
from ingest.records import LibraryStatus
from tests.bot.evaluation.saying import answer, not_found, verdict
from tests.bot.evaluation.test_calibrating import known

NASTY = "<script>alert('x')</script> & \x1b[31m \ud800"
VERDICTS = (
    verdict(answer(), True, quoted=True, cited=True, line=1),
    verdict(answer(asked=NASTY), True, quoted=False, cited=False, line=2),
    verdict(not_found(Reason.NOTHING), False, line=3),
    verdict(not_found(), True, quoted=False, cited=False, line=4),
    verdict(answer(), None, verbatim=False, line=6),
)
EVALUATION = Evaluation(
    "my <questions>.jsonl",
    VERDICTS,
    (Fault(5, f"it is not JSON {NASTY}"),),
    measures_of(VERDICTS, Thresholds()),
)
EMPTY = LibraryStatus(0, 0, 0, None, None, None, 0, ())


def said(found: Answer | NotFound) -> Reply:
    """What people are told."""
    return answer_reply(found) if isinstance(found, Answer) else not_found_reply(found, EMPTY)


def page() -> str:
    """The page of the evaluation."""
    return page_of(EVALUATION, "words", datetime(2026, 11, 28, 9, tzinfo=UTC), said)


def printed(what: object) -> str:
    """What a pipe is given."""
    console = Console(file=io.StringIO(), width=300, emoji=False, highlight=False)
    console.print(what)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


class _Tags(HTMLParser):
    """Every tag with what it refers to, and all text."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        if tag != "meta":
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(html: str) -> _Tags:
    """A page as a browser reads it; every tag that is opened is closed in its place."""
    tags = _Tags()
    tags.feed(html)
    tags.close()
    assert tags.opened == []
    return tags


def test_a_terminal_shows_a_row_a_question_the_totals_and_what_was_lost() -> None:
    """Each is told in its own words, and nothing in them steers the terminal."""
    lines = printed(evaluation_told(EVALUATION)).splitlines()
    assert re.match(
        r"What does copper cost\?\s+yes\s+yes\s+yes\s+0\.90\s+It costs 9 dollars", lines[2]
    )
    assert re.search(r"What does zinc cost\?\s+no\s+yes\s+0\.90\s+\(nothing on the sub", lines[4])
    assert re.search(r"no\s+no\s+wrongly", lines[5])
    totals = "\n".join(lines[7:])
    assert re.search(r"quoted\s+1 of 3\s+33\.3%\s+at least 90%\s+✗", totals)
    assert re.search(r"rightly refused\s+1 of 1\s+100\.0%\s+at least 80%\s+✓", totals)
    assert re.search(r"wrongly refused\s+1 of 3\s+33\.3%\s+at most 5%\s+✗", totals)
    assert re.search(r"verbatim\s+2 of 3\s+66\.7%\s+all\s+✗", totals)
    assert lines[-1].startswith("line 5 is left out: it is not JSON <script>")
    assert "\x1b" not in totals


def test_the_page_needs_nothing_else_and_runs_nothing() -> None:
    """No script, no picture, no font and no address lies outside, and texts are no markup."""
    tags = parsed(page())
    assert not tags.tags & {"script", "link", "img", "iframe", "a", "object", "form"}
    assert not tags.attributes & {"src", "href", "onclick", "onload"}
    assert "default-src 'none'" in page()
    assert "url(" not in page()
    assert "<script>alert('x')</script>" in tags.text


def test_the_page_tells_all_of_it() -> None:
    """Verdicts, quotations, footnotes, reasons, thresholds and lost lines are there to be read."""
    text = " ".join(parsed(page()).text.split())
    for told in (
        "my <questions>.jsonl",
        "not good enough",
        "It costs 9 dollars a kilo.",
        "Heron Research",
        "nothing on the subject",
        "a statement differs from its report",
        "Line 5",
        "wanted: at least 90%",
        "1 rightly refused",
        *(outcome for outcome in Outcome if outcome in {v.outcome for v in VERDICTS}),
    ):
        assert told in text


texts = st.text()
spans = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=3).map(tuple)
blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, texts),
    st.builds(Paragraph, texts),
    st.builds(Note, texts),
    st.builds(Quotation, texts, texts, st.integers(1, 9), texts, st.booleans(), texts, spans),
    st.builds(Footnote, st.integers(1, 9), texts, st.tuples(texts, texts)),
    st.builds(PassageQuote, st.integers(1, 9), texts, texts),
    st.builds(Table, st.tuples(texts), st.lists(st.tuples(texts)).map(tuple)),
)


@given(blocks)
def test_no_text_of_a_block_is_markup(block: Block) -> None:
    """Whatever a text holds, the tags are those of the same block without it."""
    assert parsed(str(html_of(block))).tags <= {
        *("h3", "p", "span", "blockquote", "sup", "strong", "div", "pre"),
        *("table", "tr", "th", "td"),
    }


def test_a_quotation_says_whose_it_is() -> None:
    """Lead, sentence, speaker and footnote stand in the order in which people are told them."""
    block = Quotation("It was asked.", "It costs 9 dollars.", 2, "Heron")
    assert parsed(str(html_of(block))).text == (
        "It was asked. It costs 9 dollars. (according to Heron) [2]"
    )


def test_the_figure_asked_for_is_strong() -> None:
    """The figure stands out, escaped, and every footnote is shown."""
    block = Quotation("", "It costs <9>.", 2, "", figures=((9, 12),), also=(3,))
    assert "It costs <strong>&lt;9&gt;</strong>. <sup>[2][3]</sup>" in str(html_of(block))


def test_other_programs_are_told_the_same() -> None:
    """The JSON holds what the page does, in its own words."""
    told = json.loads(json_of(EVALUATION))
    assert told["met"] is False
    assert told["faults"][0]["line"] == 5
    assert [each["outcome"] for each in told["questions"]] == [v.outcome for v in VERDICTS]
    assert told["questions"][0]["quotations"][0]["text"] == "It costs 9 dollars a kilo."
    assert told["questions"][2]["reason"] == "nothing on the subject"
    assert told["measures"][0] == {
        "name": "quoted",
        "count": 1,
        "total": 3,
        "share": 1 / 3,
        "threshold": 0.9,
        "at_most": False,
        "met": False,
    }


def test_half_a_character_is_written_too(tmp_path: Path) -> None:
    """What JSON can name and no encoding can hold does not lose the rest of a page."""
    write(tmp_path / "page.html", page())
    assert "alert(&#39;x&#39;)" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """The error names the file."""
    with pytest.raises(EvaluationError, match=r"page\.html cannot be written"):
        write(tmp_path / "gone" / "page.html", "")


def test_a_calibration_is_told_beside_what_was_before() -> None:
    """Shares before and after, on questions that were not fitted to, and the curve are shown."""
    made = calibrate([*known(40, 20), *known(3, 3, reads=0.0)], SHIPPED, "words", 0.1)
    shown = printed(calibration_told(made))
    for row in ("as before", "as fitted", "on questions not fitted to"):
        assert re.search(rf"{row}\s+[\d.]+%\s+[\d.]+%\s+[\d.]+%\s+[\d.]+%", shown)
    assert "left as it was, since it has 3 answerable" in shown
    assert "●" in shown
