"""The trials of `make crash`: some of them, and whether their judge would see what is wrong."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from ingest.sidecar import read_sidecar
from tests.crash.dying import Shown
from tests.crash.folder import first_state, next_state, tell, write
from tests.crash.trials import Tally, judge, run_trial

_TRIALS = 4

Seen = tuple[list[str], Shown, Shown, list[str]]

OLD = {"a.txt": "Title\n\nCopper was 1.\n\nTin was 2.", "b.txt": "Other\n\nLead was 3."}
NEW = {"a.txt": "Title\n\nCopper was 9.\n\nTin was 2.", "b.txt": "Other\n\nLead was 3."}
A_OLD, A_NEW = ["Title\n\nCopper was 1.", "Tin was 2."], ["Title\n\nCopper was 9.", "Tin was 2."]
B = ["Other\n\nLead was 3."]


def seen(shown: Shown, lexical: Shown | None = None, twofold: tuple[str, ...] = ()) -> Seen:
    """A library that lists what its vectors find; its words find the same unless told."""
    return list(shown), shown, dict(shown) if lexical is None else lexical, list(twofold)


@pytest.mark.parametrize("seed", range(1_000, 1_000 + _TRIALS))
def test_what_is_killed_loses_doubles_and_mixes_nothing(seed: int) -> None:
    """Killed at random moments, ingestion leaves every report whole, before or after."""
    tally = Tally()
    run_trial(seed, tally)
    assert not tally.wrong, tally.stories
    assert tally.trials == 1
    assert tally.kills.total() >= 1
    assert "failed" not in " ".join(tally.kills)


@pytest.mark.parametrize(
    "found",
    [
        seen({"1": A_OLD, "2": B}),
        seen({"1": A_NEW, "2": B}),
        seen({"1": [*reversed(A_NEW)], "2": B}),
    ],
)
def test_the_state_before_and_the_one_after_are_both_right(found: Seen) -> None:
    """What changed is shown as it was or as it is, in whatever order."""
    assert judge(OLD, NEW, found) == Counter()


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        (seen({"1": A_OLD}), "lost"),
        (seen({"2": B}), "lost"),
        (seen({"1": A_OLD[:1], "2": B}), "lost"),
        (seen({"1": A_OLD, "2": B}, {"1": A_OLD}), "lost"),
        (seen({"1": A_OLD, "2": B, "3": B}), "doubled"),
        (seen({"1": [*A_OLD, A_OLD[0]], "2": B}), "doubled"),
        (seen({"1": A_OLD, "2": B, "3": A_NEW}), "mixed"),
        (seen({"1": [A_OLD[0], A_NEW[0], "Tin was 2."], "2": B}), "mixed"),
        (seen({"1": A_OLD, "2": B}, {"1": A_NEW, "2": B}), "mixed"),
        (seen({"1": A_OLD, "2": B}, twofold=("1",)), "mixed"),
        (seen({"1": A_OLD, "2": B, "3": ["Wheat was 4."]}), "dead"),
        ((["2"], {"1": A_OLD, "2": B}, {"2": B}, []), "dead"),
    ],
)
def test_whatever_is_wrong_is_seen(found: Seen, wrong: str) -> None:
    """The judge names what is lost, doubled, mixed or dead, in either search or in the list."""
    assert judge(OLD, NEW, found)[wrong] >= 1


def test_a_removed_report_is_dead_once_its_removal_is_done() -> None:
    """What is in neither state of the folder may not be shown."""
    without = {"b.txt": OLD["b.txt"]}
    assert judge(without, without, seen({"1": A_OLD, "2": B}))["dead"] >= 1
    assert judge(OLD, without, seen({"1": A_OLD, "2": B})) == Counter()


def test_what_is_told_of_files_stands_beside_those_that_are_alone(tmp_path: Path) -> None:
    """Over some folders something is said of many files, of none that has or had a copy."""
    told = 0
    for seed in range(30):
        chance = random.Random(seed)
        folder = tmp_path / str(seed)
        before = first_state(chance)
        after = next_state(chance, before)
        write(folder, {}, after)
        tell(folder, chance, before, after)
        for path in folder.rglob("*.toml"):
            name = str(path.relative_to(folder)).removesuffix(".toml")
            others = [(n, t) for state in (before, after) for n, t in state.items() if n != name]
            assert after[name] not in [text for _, text in others]
            assert read_sidecar(path.read_bytes(), path.name).fields.keys() == {"publisher"}
            told += 1
    assert told > 20


def test_folders_change_in_every_way(tmp_path: Path) -> None:
    """Over some trials files are revised, added, removed and moved, and written as they are."""
    changes: Counter[str] = Counter()
    for seed in range(20):
        chance = random.Random(seed)
        folder = tmp_path / str(seed)
        before = first_state(chance)
        after = next_state(chance, before)
        write(folder, {}, before)
        write(folder, before, after)
        stands = {
            str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*.txt")
        }
        assert stands == after
        both = before.keys() & after.keys()
        changes["revised"] += sum(before[name] != after[name] for name in both)
        changes["added"] += len(set(after.values()) - set(before.values()))
        changes["removed"] += len(set(before.values()) - set(after.values()))
        changes["moved"] += len(
            {text for name, text in after.items() if name not in before} & set(before.values())
        )
    assert all(changes[what] >= 5 for what in ("revised", "added", "removed", "moved")), changes
