"""Tests of the commands without a platform: what is printed, where, and what is left."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from ingest.library.runs import State, Task, Wish
from ingest.records import Filter, IngestRun
from tests.e2e.library_texts import (
    COPPER_FACT,
    COPPER_QUESTION,
    TIN_QUESTION,
    UNANSWERED_QUESTION,
    write_reports,
)
from tests.e2e.library_watch import catalog_of
from tests.e2e.processes import Process, run


async def test_questions_on_standard_input_are_answered_on_standard_output(tmp_path: Path) -> None:
    """Each line is answered, a broken file stops nothing, and a second start embeds nothing."""
    write_reports(tmp_path)
    questions = f"{COPPER_QUESTION}\n\n{UNANSWERED_QUESTION}\n"
    code, output, errors = await run("bot", folder=tmp_path, questions=questions)
    assert code == 0, errors
    answered, _, refused = output.partition("The reports do not say.")
    assert f"reaches {COPPER_FACT} in 2030.”" in answered
    said = answered.partition("(according to Quill Institute) (forecast, Feb 2024 · ")[2]
    assert re.match(r"\d+ years old\) \[1\]\n", said)
    assert "[1] Copper in a hurry · Heron Research · 8 Feb 2024 · from paragraph 2" in answered
    assert "Nearest passages" in refused
    assert "broken.pdf" in errors
    assert "broken.pdf" not in output
    library = catalog_of(tmp_path)
    first = library.runs.last_done()
    assert first is not None
    code, again, _ = await run("bot", folder=tmp_path, questions=questions)
    assert (code, again) == (0, output)
    last = library.runs.last_done()
    assert last is not None
    assert last.id > first.id
    assert isinstance(last.result, IngestRun)
    assert sum(row.passages for row in last.result.rows) == 0


_WATCHED = """
import sys
import bot.__main__ as command
from ingest.errors import IndexUnavailable
from ingest.library.opening import open_library

opened = []

def opening(*where):
    opened.append(open_library(*where))
    return opened[0]

class Watched(command.Ownership):
    def give_up(self):
        try:
            opened[0].search().vectors.count()
        except IndexUnavailable:
            print("Chroma was closed before")
        super().give_up()

command.open_library = opening
command.Ownership = Watched
sys.exit(command.main(sys.argv[1:]))
"""


async def test_one_question_leaves_the_queue_to_others(tmp_path: Path) -> None:
    """It begins nothing that it would break off, and closes Chroma before another may own it."""
    library = catalog_of(tmp_path)
    left = library.runs.queue(Wish(task=Task.CHECK))
    program = (sys.executable, "-c", _WATCHED)
    async with Process("ask", TIN_QUESTION, folder=tmp_path, program=program) as process:
        assert await process.told("") == 0
    assert "The reports do not say." in process.output
    assert process.output.endswith("Chroma was closed before\n")
    assert library.runs.run(left).state is State.QUEUED
    library.close()


async def test_ingest_says_what_became_of_each_file(tmp_path: Path) -> None:
    """Added, failed and unchanged files are told apart, in the table and by the exit code."""
    reports = write_reports(tmp_path)
    code, output, _ = await run("ingest", str(reports), folder=tmp_path)
    assert code == 3
    assert "2 added, 1 failed" in output
    assert "cut off" in output
    (reports / "broken.pdf").unlink()
    code, output, _ = await run("ingest", str(reports), folder=tmp_path)
    assert (code, "2 unchanged" in output) == (0, True)
    (reports / "wheat.txt").unlink()
    code, output, _ = await run("ingest", str(reports), folder=tmp_path)
    assert (code, "--prune" in output) == (0, True)
    code, output, _ = await run("ingest", str(reports), "--prune", folder=tmp_path)
    assert (code, "1 dropped" in output) == (0, True)
    code, output, _ = await run("ingest", "drop", str(reports), folder=tmp_path)
    assert (code, "1 dropped" in output) == (0, True)
    assert catalog_of(tmp_path).status(Filter()).reports == 0


async def test_ingest_that_can_do_nothing_says_so(tmp_path: Path) -> None:
    """A missing folder changes nothing and exits with 1, the one meant without a path too."""
    code, _, errors = await run("ingest", str(tmp_path / "nowhere"), folder=tmp_path)
    assert code == 1
    assert "is not there" in errors
    code, _, errors = await run("ingest", folder=tmp_path)
    assert code == 1
    assert "reports is not there" in errors


async def test_an_ingest_that_changes_nothing_does_not_import_torch(tmp_path: Path) -> None:
    """Only a report that must be embedded pays for the model."""
    reports = write_reports(tmp_path)
    await run("ingest", str(reports / "wheat.txt"), folder=tmp_path)
    imports = {"PYTHONPROFILEIMPORTTIME": "1"}
    code, _, errors = await run("ingest", str(reports / "wheat.txt"), folder=tmp_path, env=imports)
    assert code == 0
    assert "ingest.pipeline" in errors
    assert " torch\n" not in errors
    assert " chromadb\n" not in errors


async def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """A wrong value is an error that names the setting, not a traceback."""
    code, output, errors = await run("bot", folder=tmp_path, env={"LARGEST_FILE_MB": "many"})
    assert (code, output) == (1, "")
    assert "LARGEST_FILE_MB" in errors
    assert "Traceback" not in errors
