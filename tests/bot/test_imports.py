"""What importing the project does not do, and who alone reads the environment."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILES = sorted(path for side in ("bot", "ingest") for path in (ROOT / side).rglob("*.py"))

HEAVY = ("chromadb", "discord", "sentence_transformers", "telegram", "torch", "transformers")

# Prints what a module's import loads; the module's name is the argument.
LOADED = "import importlib, json, sys; importlib.import_module(sys.argv[1]); " + (
    "print(json.dumps(sorted(sys.modules)))"
)

# Imports modules and writes into a file what that changed; everything else would be printed.
CHANGED = """
import importlib, json, os, sys, threading
out, *names = sys.argv[1:]
before = dict(os.environ)
for name in names:
    importlib.import_module(name)
found = {
    "imported": [name for name in names if name in sys.modules],
    "environment": sorted(set(before.items()) ^ set(os.environ.items())),
    "threads": [t.name for t in threading.enumerate()],
}
with open(out, "w") as file:
    json.dump(found, file)
"""


def module_of(path: Path) -> str:
    """The name by which a file is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_the_bots_start_pays_for_no_platform_and_no_model() -> None:
    """Importing the bot imports neither the model, nor Chroma, nor a platform's library."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, "bot.__main__"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = json.loads(done.stdout)
    assert {"bot.research.rank", "ingest.embed", "ingest.library.vectors"} <= set(loaded)
    assert [name for name in HEAVY if name in loaded] == []


def test_nothing_happens_on_import(tmp_path: Path) -> None:
    """Importing every module sets no variable, prints nothing, writes nothing, starts nothing."""
    # what Alembic runs as a script, on a connection that it was given
    script = "ingest.library.migrations.env"
    names = [module_of(path) for path in FILES if module_of(path) != script]
    assert len(names) == len(FILES) - 1
    assert {"bot.__main__", "bot.frontends.discord.client", "ingest.parse.pdf"} <= set(names)
    empty = tmp_path / "empty"
    empty.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", CHANGED, str(tmp_path / "found.json"), *names],
        cwd=empty,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    found = json.loads((tmp_path / "found.json").read_text())
    assert found == {"imported": names, "environment": [], "threads": ["MainThread"]}
    assert list(empty.iterdir()) == []


def reads(path: Path) -> set[str]:
    """What a file reads settings or the environment by."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Attribute(value=ast.Name("os"), attr=name) if "env" in name:
                found.add(f"os.{name}")
            case ast.ImportFrom(module="os", names=names):
                found.update(f"os.{alias.name}" for alias in names if "env" in alias.name)
            case ast.ImportFrom(module=str(module)):
                found.add(module)
            case ast.Import(names=names):
                found.update(alias.name for alias in names)
    settings = {"bot.settings", "dotenv", "ingest.settings", "pydantic_settings"}
    return {name for name in found if name in settings or name.startswith(("os.env", "os.getenv"))}


def test_settings_are_read_in_the_two_starting_points_alone() -> None:
    """Every other module is handed what it needs; two set defaults for libraries."""
    assert len(FILES) > 50
    readers = {module_of(path): found for path in FILES if (found := reads(path))}
    # torch, the tokenizers and OpenBLAS take how they use threads from the environment alone
    assert readers.pop("ingest.embed") == readers.pop("ingest.parse.ocr") == {"os.environ"}
    for file in ("embed.py", "parse/ocr.py"):
        text = (ROOT / "ingest" / file).read_text(encoding="utf-8")
        assert text.count("os.environ") == text.count("os.environ.setdefault(")
    assert set(readers) == {"bot.__main__", "bot.settings", "ingest.__main__", "ingest.settings"}
    assert readers["ingest.settings"] == {"pydantic_settings"}
    assert all(name.endswith("settings") for found in readers.values() for name in found)
