"""Tests of what is logged, and where."""

from __future__ import annotations

import subprocess
import sys

import pytest

# a process of its own: logging is set up once a process, and for good
_PROGRAM = """
import logging
import sys
import structlog
from ingest.journal import configure_logging

configure_logging(sys.argv[1])
log = structlog.get_logger("ingest.somewhere")
log.debug("a debug line")
log.info("an info line", report="two\\nlines \\x1b[31m.txt")
log.warning("a warning line", name="价格")
logging.getLogger("another.library").info("chatter")
# as a library may do that wants to see everything
logging.getLogger().setLevel(logging.DEBUG)
for name in ("httpx", "httpcore", "httpcore.connection"):
    logging.getLogger(name).info("GET https://api.example/bot12345:SECRET/getMe")
    logging.getLogger(name).debug("SECRET")
logging.getLogger("httpx").warning("a line of httpx")

def ask(words):
    token = "SECRET"
    raise ValueError("no answer")

try:
    ask("SECRET words")
except ValueError:
    log.exception("an error line")
    logging.getLogger("another.library").exception("its error line")
"""


def logged(level: str) -> str:
    """What stands on standard error when everything is logged at a level."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, level], capture_output=True, check=True, encoding="utf-8"
    )
    assert done.stdout == ""
    return done.stderr


@pytest.mark.parametrize(
    ("level", "ours"), [("DEBUG", ["debug", "info", "warning", "error"]), ("ERROR", ["error"])]
)
def test_what_is_logged_goes_to_standard_error_alone(level: str, ours: list[str]) -> None:
    """From the level set on, nothing on standard output, nothing that could hold a secret."""
    lines = logged(level)
    assert [
        word for word in ("debug", "info", "warning", "error") if f"{word} line" in lines
    ] == ours
    # an address that httpx asks holds a token; a variable may hold one or somebody's words
    assert "SECRET" not in lines.replace('ask("SECRET words")', "")
    assert "chatter" not in lines
    assert lines.count("ValueError: no answer") == 2
    if level == "DEBUG":
        assert "a line of httpx" in lines
        assert "价格" in lines
        assert r"two\nlines \x1b[31m.txt" in lines
