"""What a text file says of itself in the YAML between two lines of three dashes at its top."""

from __future__ import annotations

import re

import yaml

from ingest.errors import ParseError

_FRONT_MATTER = re.compile(
    r"\s*---[ \t]*\n(.{0,20000}?)^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE
)
_LINE = re.compile(r"\s*([^\W\d_][\w -]*)(?::\s+|：)(.*)")
_NAMES = {
    "title": "title 标题",
    "publisher": "publisher source house 发布机构 来源",
    "published": "published publication_date date 日期 发布日期",
    "language": "language lang 语言",
    "tickers": "ticker tickers symbol symbols stock_code stock_codes 代码",
    "companies": "company companies issuer issuers 公司",
    "kind": "kind type category 类型",
    "period": "period quarter 报告期",
    "currency": "currency 货币",
}
_KEYS = {name: key for key, names in _NAMES.items() for name in names.split()}
_NESTED = re.compile(r"[\[{]")
_MOST_NESTED = 200  # lists within lists, each of which costs the reader of YAML more than the last
_NONE = frozenset({"", "~", "null", "none"})


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
        entries = _loaded(front_matter)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        pairs = _pairs(front_matter)
        if pairs is None:
            message = f"{name}: its front matter is no YAML; mend it or take it out"
            raise ParseError(message) from error
        return pairs
    if isinstance(entries, str):  # to YAML, lines with colons of full width are one text
        return _pairs(front_matter)
    return entries if isinstance(entries, dict) else None


def _loaded(front_matter: str) -> object:
    """What YAML makes of a front matter; a foreign YAMLError or a ValueError if nothing."""
    if len(_NESTED.findall(front_matter)) > _MOST_NESTED:
        raise ValueError("lists in lists without end")
    # scalars stay as written: 0700 is a stock code, not a number in base eight
    return yaml.load(front_matter, Loader=yaml.BaseLoader)  # noqa: S506 # makes strings only


def _pairs(front_matter: str) -> dict[object, object] | None:
    """Lines of "key: value" as written, None where one of them is something else."""
    lines = [line for line in front_matter.splitlines() if line.strip()]
    found = [_LINE.fullmatch(line) for line in lines]
    pairs = [(pair[1].strip(), pair[2].strip().strip("\"'")) for pair in found if pair is not None]
    return dict(pairs) if len(pairs) == len(lines) else None


def _written(value: object) -> str:
    """A value as a line of text, entries of a list parted by commas; empty for what is none."""
    if isinstance(value, list):
        return ", ".join(filter(None, (_written(each) for each in value if isinstance(each, str))))
    written = " ".join(value.split()) if isinstance(value, str) else ""
    return "" if written.lower() in _NONE else written
