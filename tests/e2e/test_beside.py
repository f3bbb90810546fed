"""Tests of asking beside a running bot: it answers as alone, and leaves the bot's files alone."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.e2e.library_texts import (
    COPPER_FACT,
    COPPER_QUESTION,
    TIN,
    TIN_FACT,
    TIN_QUESTION,
    UNANSWERED_QUESTION,
    write_reports,
)
from tests.e2e.library_watch import wait_for
from tests.e2e.processes import Process, run

QUESTIONS = [
    {"question": COPPER_QUESTION, "must_quote": [COPPER_FACT], "report": "copper.md"},
    {"question": UNANSWERED_QUESTION, "answerable": False},
]


def chroma_of(folder: Path) -> dict[str, tuple[int, str]]:
    """Each file of the library's Chroma: when it was changed last, and the hash of its bytes."""
    files = [path for path in (folder / "library" / "chroma").rglob("*") if path.is_file()]
    assert files
    return {
        str(path): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in files
    }


async def evaluated(folder: Path) -> dict[str, object]:
    """What `evaluate` finds out about the questions."""
    questions = folder / "questions.jsonl"
    lines = [json.dumps(each) for each in QUESTIONS]
    questions.write_text("\n".join(lines), encoding="utf-8")
    out = folder / "found.json"
    code, _, errors = await run(
        "bot", "evaluate", str(questions), "--json", str(out), folder=folder
    )
    assert code == 0, errors
    found: dict[str, object] = json.loads(out.read_text(encoding="utf-8"))
    return found


async def test_beside_a_running_bot_questions_are_answered_as_without(tmp_path: Path) -> None:
    """The same words and footnotes, of reports that came meanwhile too; Chroma stays untouched."""
    reports = write_reports(tmp_path)
    await run("ingest", str(reports), folder=tmp_path)
    code, alone, errors = await run("bot", "ask", COPPER_QUESTION, folder=tmp_path)
    assert code == 0, errors
    assert COPPER_FACT in alone
    assert "[1] Copper in a hurry · Heron Research · 8 Feb 2024 · from paragraph 2" in alone
    found_alone = await evaluated(tmp_path)

    async with Process("bot", folder=tmp_path) as bot:
        await bot.replies(COPPER_QUESTION, COPPER_FACT)
        before = chroma_of(tmp_path)
        (code, beside, errors), found_beside = await asyncio.gather(
            run("bot", "ask", COPPER_QUESTION, folder=tmp_path), evaluated(tmp_path)
        )
        assert (code, beside) == (0, alone), errors
        assert found_beside == found_alone
        assert chroma_of(tmp_path) == before

        (reports / "tin.txt").write_text(TIN, encoding="utf-8")
        await wait_for(tmp_path, lambda status: status.reports == 3)
        code, beside, errors = await run("bot", "ask", TIN_QUESTION, folder=tmp_path)
        assert (code, TIN_FACT in beside) == (0, True), errors
        # the bot, which owned the library all along, answers on
        await bot.replies(TIN_QUESTION, TIN_FACT)


async def test_vectors_that_are_missing_are_made_by_repair(tmp_path: Path) -> None:
    """Beside a bot whose library lacks them, a question is told what to do, and that helps."""
    reports = write_reports(tmp_path)
    await run("ingest", str(reports / "copper.md"), folder=tmp_path)
    with closing(sqlite3.connect(tmp_path / "library" / "stretches.sqlite")) as kept:
        kept.execute("DELETE FROM stretches")
        kept.commit()
    async with Process("bot", folder=tmp_path, env={"FOLLOW_REPORTS": "false"}) as bot:
        await bot.replies(COPPER_QUESTION, COPPER_FACT)
        code, output, errors = await run("bot", "ask", COPPER_QUESTION, folder=tmp_path)
        assert (code, output) == (1, "")
        assert re.search(r"^error: the vectors of \d+ of .* 'python -m ingest repair'", errors)
        code, _, errors = await run("ingest", "repair", folder=tmp_path)
        assert code == 0, errors
        code, output, errors = await run("bot", "ask", COPPER_QUESTION, folder=tmp_path)
        assert (code, COPPER_FACT in output) == (0, True), errors
