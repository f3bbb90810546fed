"""What a text file says of itself in the YAML between two lines of three dashes at its top."""

from __future__ import annotations

import re
from datetime import date

import yaml

from ingest.errors import ParseError

_FRONT_MATTER = re.compile(
    r"\s*---[ \t]*\n(.{0,20000}?)^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE
)
_LINE = re.compile(r"\s*([A-Za-z][\w -]*?)\s*:\s+(.*?)\s*")
_KEYS = {
    "title": "title",
    "publisher": "publisher",
    "source": "publisher",
    "house": "publisher",
    "published": "published",
    "publication_date": "published",
    "date": "published",
    "language": "language",
    "lang": "language",
}


def split_front_matter(text: str, name: str) -> tuple[dict[str, str], str]:
    """Part a text from its front matter.

    Args:
        text: the whole file.
        name: its name, for the message.

    Returns:
        What the front matter states under the keys of `ParsedReport.stated`, and the text
        without it. A text whose first lines merely look like one keeps them.

    Raises:
        ParseError: it begins with a front matter that nobody can read.
    """
    match = _FRONT_MATTER.match(text)
    if match is None:
        return {}, text
    entries = _entries(match[1], name)
    if entries is None:
        return {}, text
    stated: dict[str, str] = {}
    for key, value in entries.items():
        known = _KEYS.get(str(key).strip().lower().replace(" ", "_").replace("-", "_"))
        written = _written(value)
        if known is not None and written and known not in stated:
            stated[known] = written
    return stated, text[match.end() :]


def _entries(front_matter: str, name: str) -> dict[object, object] | None:
    """The entries of a front matter, None if it is something else between two rules.

    Titles hold colons ("House: why it rose"), which YAML forbids outside quotes and people
    write all the same; so where YAML fails, plain lines of "key: value" are taken as written.
    """
    try:
        entries = yaml.safe_load(front_matter)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        lines = [line for line in front_matter.splitlines() if line.strip()]
        pairs = [_LINE.fullmatch(line) for line in lines]
        if not all(pairs):
            message = f"{name}: its front matter is no YAML; mend it or take it out"
            raise ParseError(message) from error
        return {pair[1]: pair[2].strip("\"'") for pair in pairs if pair is not None}
    return entries if isinstance(entries, dict) else None


def _written(value: object) -> str:
    """A value as a line of text; empty for what is none."""
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(value.split()) if isinstance(value, str) else ""
