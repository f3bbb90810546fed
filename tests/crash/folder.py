"""A folder of reports that changes, known to the last paragraph."""

from __future__ import annotations

import random
from pathlib import Path

_METALS = ["copper", "tin", "zinc", "lead", "gold", "iron"]
_SHELVES = ["", "metals/", "rates/"]
_MOST_FILES = 10
_TOLD_SHARE = 0.3  # of the files, something is said beside them

Files = dict[str, str]
"""The files of a folder: each name with what stands in it."""


def first_state(chance: random.Random) -> Files:
    """A folder to begin with."""
    return {_name(chance): _text(chance) for _ in range(chance.randint(3, _MOST_FILES))}


def next_state(chance: random.Random, files: Files) -> Files:
    """The folder after some edits: files revised, added, removed, renamed, copied, swapped."""
    new = dict(files)
    for _ in range(chance.randint(2, 7)):
        names = sorted(new)
        edit = chance.choice(["revise", "revise", "add", "remove", "rename", "copy", "swap"])
        if edit == "add" or len(names) < 2:
            new[_name(chance)] = _text(chance)
            continue
        one, other = chance.sample(names, 2)
        match edit:
            case "revise":
                new[one] = _revised(chance, new[one])
            case "remove":
                del new[one]
            case "rename":
                new[_name(chance)] = new.pop(one)
            case "copy":
                new[_name(chance)] = new[one]
            case _:
                new[one], new[other] = new[other], new[one]
    return new


def write(folder: Path, before: Files, after: Files) -> None:
    """Bring a folder from one state to another."""
    for name in before.keys() - after.keys():
        (folder / name).unlink()
    for name, text in after.items():
        if before.get(name) != text:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")


def tell(folder: Path, chance: random.Random, before: Files, after: Files) -> None:
    """Say something of some files beside them; of none that is or was a copy of another.

    What is said of one copy may make two reports of them.
    """
    texts = [*before.values(), *after.values()]
    for name, text in after.items():
        alone = sum(each == text for each in texts) == 1 + (before.get(name) == text)
        if alone and chance.random() < _TOLD_SHARE:
            house = chance.choice(["Heron", "Egret", "Wader"])
            beside = (folder / name).with_name(f"{Path(name).name}.toml")
            beside.write_text(f'publisher = "{house}"\n', encoding="utf-8")


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a text, in an order that does not depend on where they stand."""
    return tuple(sorted(part for part in text.split("\n\n") if part))


def _name(chance: random.Random) -> str:
    return f"{chance.choice(_SHELVES)}note-{chance.randrange(1_000_000)}.txt"


def _text(chance: random.Random) -> str:
    # no two texts have a title in common: one that had would pass for a revision of the other
    title = f"Note number {chance.randrange(10**9)} on the price of metals"
    return "\n\n".join([title, *(_paragraph(chance) for _ in range(chance.randint(1, 12)))])


def _revised(chance: random.Random, text: str) -> str:
    """A text with another title and some other paragraphs; the rest stays."""
    old = text.split("\n\n")[1:]
    kept = [each if chance.random() < 0.7 else _paragraph(chance) for each in old]
    title = f"Note number {chance.randrange(10**9)} on the price of metals"
    return "\n\n".join([title, *kept])


def _paragraph(chance: random.Random) -> str:
    metal, price = chance.choice(_METALS), chance.randrange(10**9)
    return f"The price of {metal} was {price} dollars, and the market said nothing of it."
