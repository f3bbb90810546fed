"""Telegram's HTML as its server reads it, refused where the server refuses it.

The rules and the words of the refusals follow the official description
(https://core.telegram.org/bots/api#html-style) and the behaviour of the open-source Bot
API server. In three things this reader is stricter: it refuses what the description
forbids and the server lets pass, for each is the mark of text that was not escaped or of a
message that looks different from what was meant: a bare "&" or ">", an entity that is none
of Telegram's, and tags nested where they may not be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html import unescape

LONGEST_SOURCE = 32_768
LONGEST_TEXT = 4096
MOST_ENTITIES = 100

_ENTITY_OF_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_PLAIN = re.compile(r"[^<>&]+")
_CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});")
_TAG = re.compile(r"<(/?)([^\s<>]*)([^<>]*)>")
_ATTRIBUTES = re.compile(r"""(?:\s+[^\s=<>"'/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[\w.-]+))?)*\s*""")
_ATTRIBUTE = re.compile(r"""([^\s=<>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+)))?""")

# control characters become spaces; carriage returns, marks of writing direction and three
# combining lines vanish
_CLEANED = {
    **dict.fromkeys((*range(10), *range(11, 32)), " "),
    **dict.fromkeys((ord("\r"), *range(0x2028, 0x202F), 0x030A, 0x0333, 0x033F), ""),
}


class Refused(Exception):
    """Telegram refuses a request; the message is the description of its answer."""

    def __init__(self, description: str, code: int = 400, retry_after: float = 0) -> None:
        super().__init__(description)
        self.description = description
        self.code = code
        self.retry_after = retry_after


@dataclass(frozen=True)
class Entity:
    """A stretch of a text with a meaning of its own.

    Attributes:
        type: Telegram's name of it.
        offset: UTF-16 code units before it.
        length: UTF-16 code units in it.
        url: where a link leads; empty for anything else.
    """

    type: str
    offset: int = 0
    length: int = 0
    url: str = ""

    def as_json(self) -> dict[str, object]:
        """The Bot API's MessageEntity."""
        link = {"url": self.url} if self.url else {}
        return {"type": self.type, "offset": self.offset, "length": self.length, **link}


@dataclass(frozen=True)
class FormattedText:
    """A text as it is shown, without markup, and the entities in it."""

    text: str
    entities: list[Entity] = field(default_factory=list)


def cleaned(text: str) -> str:
    """The text without the characters that Telegram takes out."""
    return text.translate(_CLEANED)


def units(text: str) -> int:
    """Length in UTF-16 code units, in which Telegram counts offsets."""
    return len(text.encode("utf-16-le")) // 2


def formatted(source: str, parse_mode: str) -> FormattedText:
    """The text of a message as Telegram shows it.

    Args:
        source: what was sent.
        parse_mode: "HTML", or empty for plain text.

    Raises:
        Refused: Telegram does not take it.
    """
    if not source:
        raise Refused("Bad Request: message text is empty")
    if len(source.encode()) > LONGEST_SOURCE:
        raise Refused("Bad Request: text is too long")
    if parse_mode.lower() not in {"", "html"}:
        raise Refused("Bad Request: unsupported parse_mode")
    shown = _trimmed(_Reader(source).read() if parse_mode else FormattedText(cleaned(source)))
    if not shown.text:
        raise Refused("Bad Request: text must be non-empty")
    if len(shown.text) > LONGEST_TEXT:
        raise Refused("Bad Request: message is too long")
    return FormattedText(shown.text, shown.entities[:MOST_ENTITIES])


def _trimmed(shown: FormattedText) -> FormattedText:
    """The text without spaces and line breaks around it, its entities moved along."""
    text = shown.text.rstrip(" \n")
    longest = units(text)
    kept = [entity for entity in shown.entities if entity.offset < longest]
    first = min((entity.offset for entity in kept), default=longest)
    # white space within a leading entity stays; before it every character is one unit
    dropped = min(first, len(text) - len(text.lstrip(" \n")))
    return FormattedText(
        text[dropped:],
        [
            replace(
                entity,
                offset=entity.offset - dropped,
                length=min(entity.length, longest - entity.offset),
            )
            for entity in sorted(kept, key=lambda entity: (entity.offset, -entity.length))
        ],
    )


class _Reader:
    """Reads one text, from its beginning to its end."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._position = 0
        self._text = ""
        self._open: list[tuple[str, Entity]] = []
        self._entities: list[Entity] = []

    def read(self) -> FormattedText:
        while self._position < len(self._source):
            match self._source[self._position]:
                case "<":
                    self._tag(self._expect(_TAG, "Unclosed start tag"))
                case "&":
                    self._text += cleaned(unescape(self._expect(_CHARACTER, 'Bare "&"')[0]))
                case _:
                    self._text += cleaned(self._expect(_PLAIN, 'Bare ">"')[0])
        if self._open:
            raise _refusal(f'Can\'t find end tag corresponding to start tag "{self._open[-1][0]}"')
        return FormattedText(self._text, self._entities)

    def _expect(self, form: re.Pattern[str], otherwise: str) -> re.Match[str]:
        match = form.match(self._source, self._position)
        if match is None:
            raise self._refused(otherwise)
        self._position = match.end()
        return match

    def _tag(self, match: re.Match[str]) -> None:
        name = match[2].lower()
        self._position = match.start()  # what a refusal names
        if match[1]:
            self._close(name)
        else:
            entity = replace(self._entity(name, match[3]), offset=units(self._text))
            self._open.append((name, entity))
        self._position = match.end()

    def _close(self, name: str) -> None:
        if not self._open:
            raise self._refused("Unexpected end tag")
        opened, entity = self._open.pop()
        if name != opened:
            raise _refusal(
                f"Unmatched end tag at byte offset {self._offset()}, "
                f'expected "</{opened}>", found "</{name}>"'
            )
        held = self._text.encode("utf-16-le")[2 * entity.offset :].decode("utf-16-le")
        within_pre = any(tag == "pre" for tag, _ in self._open)
        if held.strip(" \n") and not within_pre:
            self._entities.append(replace(entity, length=units(held)))

    def _entity(self, name: str, attributes: str) -> Entity:
        """The entity that a start tag opens, without its place."""
        kind = _ENTITY_OF_TAG.get(name)
        if kind is None:
            raise self._refused(f'Unsupported start tag "{name}"')
        if _ATTRIBUTES.fullmatch(attributes) is None:
            raise self._refused(f'Malformed attributes of the tag "{name}"')
        given = {
            found[1]: found[2] or found[3] or found[4] or ""
            for found in _ATTRIBUTE.finditer(attributes)
        }
        around = [tag for tag, _ in self._open]
        if ("pre" in around or "code" in around) and (around[-1], name) != ("pre", "code"):
            raise self._refused(f'Tag "{name}" within code')
        if name == "blockquote" and name in around:
            raise self._refused("Blockquote within a blockquote")
        if name == "span" and given.get("class") != "tg-spoiler":
            raise self._refused('Tag "span" must have class "tg-spoiler"')
        if name == "blockquote" and "expandable" in given:
            kind = "expandable_blockquote"
        return Entity(kind, url=unescape(given.get("href", "")))

    def _offset(self) -> int:
        return len(self._source[: self._position].encode())

    def _refused(self, what: str) -> Refused:
        return _refusal(f"{what} at byte offset {self._offset()}")


def _refusal(what: str) -> Refused:
    return Refused(f"Bad Request: can't parse entities: {what}")
