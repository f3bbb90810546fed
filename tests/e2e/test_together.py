"""Test of several processes on one library: what comes of it is what one alone would have made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.chat import words
from bot.research.model import Answer, Question
from bot.research.researcher import Reading, Researcher
from ingest.embed import Embedder
from ingest.library.library import Library
from ingest.library.opening import open_library
from ingest.library.runs import Wish
from ingest.owner import Tasks
from ingest.records import Filter, Hit, IngestRun, Outcome
from ingest.settings import LibrarySettings
from tests.e2e.chroma import chroma_server
from tests.e2e.library_texts import (
    COPPER,
    COPPER_FACT,
    COPPER_QUESTION,
    TIN,
    TIN_FACT,
    TIN_QUESTION,
    UNANSWERED_QUESTION,
    WHEAT,
)
from tests.e2e.processes import PATIENCE, Process, run

_PAUSE_SECONDS = 0.3  # between two rounds of questions
REVISED_FACT = "33 million tonnes"
LEAD_QUESTION = "How much lead do car batteries take?"
LEAD_FACT = "86 per cent"
NICKEL_QUESTION = "How much nickel does Indonesia refine?"
ZINC_QUESTION = "What does galvanising take of the zinc?"
QUESTIONS = (
    COPPER_QUESTION,
    TIN_QUESTION,
    LEAD_QUESTION,
    NICKEL_QUESTION,
    ZINC_QUESTION,
    UNANSWERED_QUESTION,
)
# the same bytes lie in both folders: one report, whoever comes first
SHARED = """Zinc keeps iron from rusting

Published: 9 February 2024

Galvanising takes 61 per cent of all zinc.
"""
TEXTS = {
    "base/copper.md": COPPER,
    "base/wheat.txt": WHEAT,
    "base/tin.txt": TIN,
    "base/lead.txt": f"Lead, the heavy one\n\nCar batteries take {LEAD_FACT} of all lead.\n",
    "one/nickel.txt": "Nickel and its sources\n\nIndonesia refines 1.6 million tonnes of nickel.\n",
    "one/cobalt.md": "# Cobalt in Congo\n\nMines in Congo give 74 per cent of the cobalt.\n",
    "one/zinc.txt": SHARED,
    "two/gold.txt": "Gold in vaults\n\nCentral banks bought 1,037 tonnes of gold in 2023.\n",
    "two/silver.md": "# Silver in the sun\n\nSolar panels use 193 million ounces of silver.\n",
    "two/zinc.txt": SHARED,
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a library shows, without the ids that follow from where its files lie.

    Attributes:
        reports: title, number of the version, texts of its passages and, below the folder that
            holds all, the addresses it is read from; for each live report.
        found: for each question and search, title and text of what is found, best first; of what
            scores the same, the order follows from the ids, and is left out.
        scores: of these.
        answers: for each question, title and text of what is answered; None of a refusal.
    """

    reports: list[tuple[str, int, list[str], list[str]]]
    found: list[list[tuple[str, str]]]
    scores: list[list[float]]
    answers: list[list[tuple[str, str]] | None]


class Asked(Process):
    """A bot that is asked on its standard input, one question after the other."""

    async def answers(self, question: str) -> str:
        """What it says to a question.

        Raises:
            TimeoutError: it says nothing.
        """
        assert self._process.stdin is not None
        told = len(self.output)
        # the question that asks nothing is answered after it, and marks its end
        self._process.stdin.write(f"{question}\n/ask\n".encode())
        await self._process.stdin.drain()
        async with asyncio.timeout(PATIENCE), self._heard:
            while words.ASK_WHAT not in self.output[told:]:
                assert any(not task.done() for task in self._listening), self.errors
                await self._heard.wait()
        return self.output[told:].partition("> /ask")[0]


@pytest.fixture(scope="module")
def embedder() -> Iterator[Embedder]:
    """The real one, for the questions of this module."""
    embedder = Embedder()
    embedder.warm()
    yield embedder
    embedder.close()


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Seen:
    """What a library shows that was filled by one command after the other."""
    folder = tmp_path_factory.mktemp("alone")
    write(folder)
    settings = LibrarySettings(library_dir=folder / "library")
    with closing(open_library(settings.library_dir, None)) as library:
        tasks = Tasks(library, settings)
        try:
            ingest(tasks, folder / "base")
            revise(folder)
            for name in ("base", "one", "two"):
                ingest(tasks, folder / name)
        finally:
            tasks.close()
        return seen(library, folder, embedder)


def ingest(tasks: Tasks, path: Path) -> None:
    """Do what `python -m ingest PATH --prune` does, and see that no file failed."""
    result = tasks.do(Wish((str(path),), prune=True), lambda *_: None, lambda: False)
    assert isinstance(result, IngestRun)
    assert result.count(Outcome.FAILED) == 0


def write(folder: Path) -> None:
    """Write every report at its first state."""
    for name, text in TEXTS.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def revise(folder: Path) -> None:
    """Revise one of the reports that are ingested already, rename one and remove one."""
    base = folder / "base"
    (base / "copper.md").write_text(COPPER.replace(COPPER_FACT, REVISED_FACT), encoding="utf-8")
    (base / "wheat.txt").rename(base / "grain.txt")
    (base / "tin.txt").unlink()


def seen(library: Library, folder: Path, embedder: Embedder) -> Seen:
    """What a library shows: its reports, what both searches find, and what is answered."""
    history = library.history
    reports = [
        (
            report.description.title,
            report.version,
            [each.text for each in history.passages_of(report.id, report.version)],
            sorted(
                each.uri.removeprefix(folder.as_uri())
                for each in history.origins_of(report.id)
                if each.gone_at is None
            ),
        )
        for report in library.reports(Filter(), 0, 99)
    ]
    searches = [
        sorted(hits, key=lambda hit: (-round(hit.score, 4), said(hit)))
        for question in QUESTIONS
        for hits in (
            library.nearest(embedder.embed_query(question), Filter(), 50),
            library.matching(question, Filter(), 50),
        )
    ]
    with ThreadPoolExecutor(1) as executor:
        answers = [answer(library, embedder, executor, question) for question in QUESTIONS]
    return Seen(
        reports,
        [[said(hit) for hit in hits] for hits in searches],
        [[hit.score for hit in hits] for hits in searches],
        answers,
    )


def said(hit: Hit) -> tuple[str, str]:
    """What a hit is, wherever its file lies."""
    return hit.report.description.title, hit.passage.text


def answer(
    library: Library, embedder: Embedder, executor: Executor, question: str
) -> list[tuple[str, str]] | None:
    """What is quoted of which report; None where the reports do not say."""
    researcher = Researcher(lambda: Reading(library, embedder), executor)
    found = researcher.ask_now(Question(question, datetime(2024, 3, 1, tzinfo=UTC)))
    if not isinstance(found, Answer):
        return None
    return [(each.citation.report.description.title, each.text) for each in found.statements]


@asynccontextmanager
async def chroma_of(folder: Path, *, is_served: bool) -> AsyncIterator[str | None]:
    """The address of a Chroma server for the length of a block; None where it is embedded."""
    if not is_served:
        yield None
        return
    async with chroma_server(folder / "chroma") as address:
        yield address


async def read_until(done: asyncio.Event, bot: Asked) -> None:
    """Ask again and again; whatever comes is an answer or a refusal, of one version alone."""
    is_over = False
    while not is_over:
        is_over = done.is_set()  # once more at the end
        copper = await bot.answers(COPPER_QUESTION)
        assert (COPPER_FACT in copper) + (REVISED_FACT in copper) == 1, copper
        assert words.NOT_FOUND not in copper
        tin = await bot.answers(TIN_QUESTION)
        assert (TIN_FACT in tin) != (words.NOT_FOUND in tin), tin
        assert LEAD_FACT in await bot.answers(LEAD_QUESTION)
        assert words.NOT_FOUND in await bot.answers(UNANSWERED_QUESTION)
        # what ingests yields to whoever asks, and must come to its turn
        await asyncio.sleep(_PAUSE_SECONDS)
    assert REVISED_FACT in copper
    assert words.NOT_FOUND in tin


@pytest.mark.parametrize("is_served", [False, True], ids=["embedded", "served"])
async def test_processes_together_make_what_one_alone_makes(
    tmp_path: Path, embedder: Embedder, alone: Seen, is_served: bool
) -> None:
    """Three commands at once and a bot that answers meanwhile lose, mix and double nothing."""
    write(tmp_path)

    async def command(*arguments: str) -> str:
        code, output, errors = await run("ingest", *arguments, folder=tmp_path, env=env)
        assert code == 0, output + errors
        return output

    async def commands() -> None:
        try:
            await asyncio.gather(
                command(str(tmp_path / "one")),
                command(str(tmp_path / "two")),
                command(str(tmp_path / "base"), "--prune"),
            )
        finally:
            done.set()

    done = asyncio.Event()
    async with chroma_of(tmp_path, is_served=is_served) as address:
        env = {"FOLLOW_REPORTS": "no", **({"CHROMA_URL": address} if address else {})}
        # with Chroma embedded the bot is the owner and works the queue that the commands fill;
        # with a server it only reads, and the commands own the library one after the other
        async with Asked("bot", folder=tmp_path, env=env) as bot:
            if not is_served:
                assert words.NOT_FOUND in await bot.answers(COPPER_QUESTION)
            await asyncio.gather(bot.answers(UNANSWERED_QUESTION), command(str(tmp_path / "base")))
            revise(tmp_path)
            await asyncio.gather(commands(), read_until(done, bot))
            assert "all well" in await command("check")
            assert await bot.told("") == 0
        assert words.trouble("")[:20] not in bot.output
        assert "error" not in bot.errors
        library = await asyncio.to_thread(open_library, tmp_path / "library", address)
        with closing(library):
            together = await asyncio.to_thread(seen, library, tmp_path, embedder)
    assert together.reports == alone.reports
    assert together.found == alone.found
    for scores, expected in zip(together.scores, alone.scores, strict=True):
        assert scores == pytest.approx(expected, abs=1e-4)
    assert together.answers == alone.answers
