"""One trial: ingest, edit, ingest and die, look, go on, look again."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tests.crash import dying
from tests.crash.dying import Shown
from tests.crash.folder import Files, first_state, next_state, paragraphs, tell, write

_PATIENCE = 120.0  # seconds until a process that hangs fails the trial
_WRITING_SHARE = 0.75  # of the kills are aimed at a write; the others fall anywhere
_WRITE_SECONDS = 0.01  # that a write takes, more or less


@dataclass
class Tally:
    """What trials found.

    Attributes:
        trials: how many.
        kills: how many, by what the process was doing.
        wrong: how often something was lost, doubled, mixed or dead.
        stories: of each trial in which something was wrong, what and where it is kept.
    """

    trials: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    stories: list[str] = field(default_factory=list)


class _Death:
    """When a process is killed: at any moment, or a moment after it tells of some write.

    Args:
        chance: decides.
        usual: seconds that a run takes.
    """

    def __init__(self, chance: random.Random, usual: float) -> None:
        aimed = chance.random() < _WRITING_SHARE
        self.after = 2 * usual + 1 if aimed else chance.random() * usual
        self.soon = chance.random() * _WRITE_SECONDS
        self._waits = chance.randint(1, 9) if aimed else -1

    def comes_now(self) -> bool:
        """Count what the process tells; whether this was what death waited for."""
        self._waits -= 1
        return self._waits == 0


def run_trial(seed: int, tally: Tally) -> None:
    """Do one trial, which follows from its seed but for the moment at which death comes.

    Args:
        seed: of the trial.
        tally: takes what it finds.
    """
    chance = random.Random(seed)
    home = Path(mkdtemp(prefix=f"crash-{seed}-"))
    reports = home / "reports"
    reports.mkdir()
    before = first_state(chance)
    write(reports, {}, before)
    seconds, _ = _ingest(home, seed, sweep=False, dies=None)
    found = _judged(home, before, before)
    sweep = chance.random() < 0.4
    for _ in range(chance.randint(1, 2)):
        after = next_state(chance, before)
        write(reports, before, after)
        tell(reports, chance, before, after)
        for _ in range(chance.randint(1, 3)):
            dies = _Death(chance, seconds)
            _, doing = _ingest(home, seed, sweep=sweep, dies=dies)
            tally.kills[doing] += 1
            found += _judged(home, before, after)
        _ingest(home, seed, sweep=sweep, dies=None)
        found += _judged(home, after, after)
        before = after
    tally.trials += 1
    if found:
        tally.wrong.update(found)
        tally.stories.append(f"seed {seed}: {dict(found)}; kept in {home}")
    else:
        shutil.rmtree(home)


def judge(
    before: Files, after: Files, seen: tuple[list[str], Shown, Shown, list[str]]
) -> Counter[str]:
    """Hold what a library shows against two states of its folder.

    It may show either state of what changed between them, and nothing else.

    Args:
        before: the folder as it was ingested last.
        after: the folder as it is now.
        seen: reports listed, passages found by vectors and by words, and the ids of reports
            with two live versions.

    Returns:
        How often something was lost, doubled, mixed or dead.
    """
    listed, dense, lexical, twofold = seen
    wrong: Counter[str] = Counter()
    contents = {paragraphs(text): text for text in [*before.values(), *after.values()]}
    wrong["mixed"] += len(twofold)
    wrong["doubled"] += len(listed) - len(set(listed))
    shown: Counter[tuple[str, ...]] = Counter()
    for found in (dense, lexical):
        wrong["dead"] += len(found.keys() - set(listed))
        wrong["lost"] += len(set(listed) - found.keys())
        for report_id, texts in found.items():
            wrong["doubled"] += len(texts) - len(set(texts))
            said = tuple(sorted(part for text in set(texts) for part in text.split("\n\n")))
            if said in contents:
                if found is dense:
                    shown[said] += 1
                elif paragraphs_of(dense.get(report_id, [])) != said:
                    wrong["mixed"] += 1
                continue
            wholes = [set(each) for each in contents]
            if any(set(said) < whole for whole in wholes):
                wrong["lost"] += 1
            elif any(set(said) & whole for whole in wholes):
                wrong["mixed"] += 1
            else:
                wrong["dead"] += 1
    wrong["doubled"] += sum(count - 1 for count in shown.values())
    old = {paragraphs(text) for text in before.values()}
    new = {paragraphs(text) for text in after.values()}
    wrong["lost"] += len((old & new) - shown.keys())
    wrong["dead"] += len(shown.keys() - (old | new))
    for name in before.keys() & after.keys():
        # whatever a file said or says, one of the two is shown
        both = {paragraphs(before[name]), paragraphs(after[name])}
        if not both & shown.keys():
            wrong["lost"] += 1
        elsewhere = {
            paragraphs(text)
            for state in (before, after)
            for other, text in state.items()
            if other != name
        }
        if len(both) == 2 and both <= shown.keys() and not both & elsewhere:
            wrong["mixed"] += 1
    return +wrong


def paragraphs_of(texts: list[str]) -> tuple[str, ...]:
    """The paragraphs of a report's passages, in an order of their own."""
    return tuple(sorted(part for text in set(texts) for part in text.split("\n\n")))


def _judged(home: Path, before: Files, after: Files) -> Counter[str]:
    process, told = _started(dying.look, home)
    if not told.poll(_PATIENCE):
        raise TimeoutError(f"nothing was seen in {home}")
    seen = told.recv()
    told.close()
    process.join(_PATIENCE)
    return judge(before, after, seen)


def _ingest(
    home: Path,
    seed: int,
    *,
    sweep: bool,
    dies: _Death | None,
) -> tuple[float, str]:
    """Ingest in a process of its own, to its end or until it is killed.

    Args:
        home: of the trial.
        seed: of the trial.
        sweep: whether superseded versions are swept.
        dies: when it is killed; None to let it live.

    Returns:
        Seconds it ran, and what it was doing last.
    """
    process, told = _started(dying.ingest, home, seed, sweep=sweep)
    doing = told.recv() if told.poll(_PATIENCE) else "starting"
    began = time.monotonic()
    until = began + (_PATIENCE if dies is None else dies.after)
    try:
        while doing != "end" and told.poll(max(until - time.monotonic(), 0)):
            doing = told.recv()
            if dies is not None and dies.comes_now():
                until = time.monotonic() + dies.soon
    except EOFError:
        doing = f"failed while {doing}"
    if dies is None:
        process.join(_PATIENCE)
        if process.exitcode != 0:
            raise RuntimeError(f"ingestion failed by itself in {home}, after {doing!r}")
    elif process.pid is not None and process.is_alive():
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        with suppress(EOFError):
            while told.poll():
                doing = told.recv()  # what it had told before it died
    told.close()
    return time.monotonic() - began, "after the end" if doing == "end" else doing


def _started(work: Callable[..., None], *arguments: Any, **options: Any) -> tuple[Any, Connection]:
    """A process that works, and what it tells."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.crash.dying", "chromadb"])
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=work, args=arguments, kwargs={**options, "told": there})
    process.start()
    there.close()
    return process, here
