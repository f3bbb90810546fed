"""Tests of the two commands as processes, over a library that ingestion made."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bot.evaluation.kept import place_of, read
from tests.e2e.processes import run

METALS = (
    *("Copper", "Tin", "Zinc", "Lead", "Nickel", "Cobalt", "Silver", "Gold", "Iron", "Titanium"),
    *("Lithium", "Tungsten", "Chromium", "Mercury", "Bismuth", "Antimony", "Gallium", "Indium"),
    *("Rhodium", "Palladium", "Iridium", "Osmium"),
)
UNSAID = (
    *("Who won the chess tournament?", "How do whales sleep?", "What is a sonnet?"),
    *("When was the cathedral built?", "Which bread needs no yeast?", "Who painted the ceiling?"),
    *("What do bees drink?", "Where does the river end?", "Who wrote the opera?"),
    *("How old is the oak?", "What is the rule of cricket?", "Why do cats purr?"),
)


def price_of(number: int) -> str:
    """What the reports say of a metal."""
    return f"{number + 3} dollars a kilo"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a library is kept that holds what metals cost."""
    folder = tmp_path_factory.mktemp("metals")
    (folder / "reports").mkdir()
    for number, metal in enumerate(METALS):
        text = f"# {metal} this month\n\n{metal} costs {price_of(number)} at the exchange.\n"
        (folder / "reports" / f"{metal.lower()}.md").write_text(text, encoding="utf-8")
    code, _, errors = asyncio.run(run("ingest", str(folder / "reports"), folder=folder))
    assert code == 0, errors
    return folder


def written(folder: Path, *lines: object) -> str:
    """A file of questions; what is no text is written as JSON."""
    path = folder / "questions.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts), encoding="utf-8")
    return str(path)


def priced(number: int) -> dict[str, object]:
    """A question that the reports answer."""
    metal = METALS[number]
    return {
        "question": f"What does {metal.lower()} cost at the exchange?",
        "must_quote": [price_of(number)],
        "report": f"{metal.lower()}.md",
    }


async def test_a_library_that_answers_passes(library: Path, tmp_path: Path) -> None:
    """Every threshold met ends with 0; the table is printed, page and JSON are written."""
    file = written(tmp_path, priced(0), priced(1), {"question": UNSAID[0], "answerable": False})
    html, told = tmp_path / "out.html", tmp_path / "out.json"
    code, output, errors = await run(
        *("bot", "evaluate", file, "--html", str(html), "--json", str(told)), folder=library
    )
    assert (code, errors) == (0, "")
    assert "Copper costs 3 dollars a kilo at the exchange." in output
    assert json.loads(told.read_text(encoding="utf-8"))["met"] is True
    assert "every threshold is met" in html.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([{"question": "What does tin cost?", "must_quote": ["99 dollars"]}], "answered"),
        ([priced(0), "{"], "line 2 is left out"),
    ],
)
async def test_what_is_not_good_enough_fails(
    library: Path, tmp_path: Path, lines: list[object], told: str
) -> None:
    """A threshold that is missed, and a line that is lost, end with 1; the rest is told."""
    file, html = written(tmp_path, *lines), tmp_path / "out.html"
    code, output, _ = await run("bot", "evaluate", file, "--html", str(html), folder=library)
    assert code == 1
    assert told in output + html.read_text(encoding="utf-8")


async def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    """Before anything is opened it is said which file cannot be read."""
    code, output, errors = await run(
        "bot", "evaluate", str(tmp_path / "none.jsonl"), folder=tmp_path
    )
    assert (code, output) == (1, "")
    assert errors.startswith("error: the questions in ")
    assert errors.count("\n") == 1
    assert not (tmp_path / "library").exists()


async def test_a_calibration_is_fitted_kept_and_used(library: Path, tmp_path: Path) -> None:
    """What was fitted lies beside the library, is for its embedder, and decides from then on."""
    unsaid = [{"question": each, "answerable": False} for each in UNSAID]
    file = written(tmp_path, *(priced(number) for number in range(len(METALS))), *unsaid)
    chart = tmp_path / "curve.svg"
    command = ("bot", "calibrate", file, "--refuse-wrongly", "0.1", "--chart", str(chart))

    code, output, _ = await run(*command, "--dry-run", folder=library)
    assert code == 0, output
    assert read(place_of(library / "library")) is None

    code, output, _ = await run(*command, folder=library)
    assert code == 0
    assert "of the questions answered" in output
    assert chart.read_text(encoding="utf-8").startswith("<svg")
    calibration = read(place_of(library / "library"))
    assert calibration is not None
    assert calibration.embedder.startswith("all-MiniLM-L6-v2@")

    kept = place_of(library / "library")
    fields = json.loads(kept.read_text(encoding="utf-8"))
    fields["read"]["bound"] = fields["unread"]["bound"] = 1.0  # which nothing reaches
    kept.write_text(json.dumps(fields), encoding="utf-8")
    code, output, _ = await run("bot", "ask", "What does tin cost?", folder=library)
    kept.unlink()
    assert "The reports do not say." in output


async def test_too_few_questions_are_refused(library: Path, tmp_path: Path) -> None:
    """Nothing is fitted to three questions, and that is said in a line."""
    file = written(tmp_path, *(priced(number) for number in range(3)))
    code, _, errors = await run("bot", "calibrate", file, folder=library)
    assert code == 1
    assert "there is too little to fit to" in errors
    assert read(place_of(library / "library")) is None
