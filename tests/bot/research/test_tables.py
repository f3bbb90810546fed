"""Tests of answers from the tables of real files, from ingestion to what is stated."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest

from bot.research.model import Answer, NotFound, Question
from bot.research.researcher import Reading, Researcher
from tests.bot.research.reading_room import NOON
from tests.ingest.mill import Mill
from tests.ingest.parse.typesetting import Drawn, pdf_of_lines, table_row

RIGHTS = (290, 370, 450, 530)
ROWS = (
    ("Net sales:", ("", "", "", "")),
    ("Products", ("60,584", "63,355", "230,901", "245,241")),
    ("Services", ("21,213", "19,604", "62,886", "58,941")),
    ("Total net sales", ("81,797", "82,959", "293,787", "304,182")),
)
FILING = pdf_of_lines(
    list(
        chain(
            [Drawn(72, 780, "Heron Orchards", size=20, font="Helvetica-Bold")],
            [Drawn(320, 736, "Three Months Ended", "centre", 9)],
            [Drawn(480, 736, "Nine Months Ended", "centre", 9)],
            (
                Drawn(right, 720, day, "right", 9)
                for right, day in zip(RIGHTS, ("July 1, 2023", "June 25, 2022") * 2, strict=True)
            ),
            *(table_row(700 - 16 * at, *row, RIGHTS) for at, row in enumerate(ROWS)),
        )
    )
)
PAGE = """
<html><head><title>Generated content</title></head><body><article>
<h1>Generated content</h1>
<h2>Market size</h2>
<p>The market for generated content grows faster than anybody had thought it would.</p>
<table>
<tr><th></th><th>2028</th><th>2029</th><th>2030</th></tr>
<tr><td>AIGC market size (billion yuan)</td><td>340.5</td><td>655.1</td><td>1144.1</td></tr>
<tr><td>Short drama market size (billion yuan)</td><td>37.4</td><td>50.4</td><td>67.8</td></tr>
</table></article></body></html>
"""


@pytest.fixture(scope="module")
def mill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mill]:
    """A library of a filing with a table and a page with another."""
    mill = Mill(tmp_path_factory.mktemp("tables"))
    mill.write("filing.pdf", FILING)
    mill.write("page.html", PAGE)
    mill.run()
    yield mill
    mill.library.close()


def asked(mill: Mill, question: str) -> Answer | NotFound:
    """What the library says to a question."""
    with ThreadPoolExecutor(1) as executor:
        researcher = Researcher(lambda: Reading(mill.library, mill.embedder), executor)
        return researcher.ask_now(Question(question, NOON))


@pytest.mark.parametrize(
    ("question", "told", "text", "page"),
    [
        (
            "What were total net sales in the quarter ended July 1, 2023?",
            "Net sales: Total net sales, Three Months Ended July 1, 2023: 81,797",
            "Total net sales | 81,797 | 82,959 | 293,787 | 304,182",
            1,
        ),
        (
            "What were net sales of services in the nine months ended June 25, 2022?",
            "Net sales: Services, Nine Months Ended June 25, 2022: 58,941",
            "Services | 21,213 | 19,604 | 62,886 | 58,941",
            1,
        ),
        (
            "How large is the AIGC market in 2030?",
            "AIGC market size, 2030: 1144.1 billion yuan",
            "AIGC market size (billion yuan) | 340.5 | 655.1 | 1144.1",
            None,
        ),
    ],
)
def test_a_row_answers_with_the_column_asked_for(
    mill: Mill, question: str, told: str, text: str, page: int | None
) -> None:
    """The first statement tells the figure with its heads, and is the report's own row."""
    found = asked(mill, question)
    assert isinstance(found, Answer)
    first = found.statements[0]
    assert (first.told, first.text) == (told, text)
    assert first.citation.passage.page == page
    report = mill.library.text_of(first.citation.report)
    assert report[first.start : first.end] == text


@pytest.mark.parametrize(
    "question",
    [
        "What were total net sales in the quarter ended April 1, 2023?",
        "What were total net sales in fiscal year 2021?",
        "How large is the AIGC market in 2035?",
    ],
)
def test_no_figure_of_another_time_is_told(mill: Mill, question: str) -> None:
    """Where the table does not hold the time that is asked for, none of its figures answers."""
    found = asked(mill, question)
    rows = [s.text for s in found.statements if s.told] if isinstance(found, Answer) else []
    assert rows == []


@pytest.mark.parametrize(
    "question",
    ["Net sales?", "AIGC market size?", "Which market grows?", "What were net sales in 2023?"],
)
def test_rows_stand_at_their_offsets(mill: Mill, question: str) -> None:
    """Whatever is stated stands verbatim in its report, rows among it."""
    found = asked(mill, question)
    assert isinstance(found, Answer)
    for statement in found.statements:
        report = mill.library.text_of(statement.citation.report)
        assert report[statement.start : statement.end].endswith(statement.text)
        assert report[statement.start : statement.end].startswith(statement.lead)
