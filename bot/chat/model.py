"""What people ask of the bot and what it says back, without a word of any platform.

A frontend turns its platform's message into a `Request` at its door and renders each
`Reply` in its platform's own manner. Every string in a reply is plain text: what a
platform would interpret, its renderer escapes.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and where.

    Attributes:
        platform: "telegram", "discord" or "console".
        user: the platform's id of the person.
        name: what the platform calls them.
        chat: the platform's id of the chat or channel.
        private: nobody but the person reads the chat.
    """

    platform: str
    user: str
    name: str
    chat: str
    private: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to the library; one that begins with "everything:" is not limited by its words."""

    text: str


@dataclass(frozen=True, slots=True)
class ListReports:
    """The reports of the library, newest first, a page at a time (pages count from 1)."""

    page: int = 1


@dataclass(frozen=True, slots=True)
class ShowStatus:
    """The library, its last ingest and what failed."""


@dataclass(frozen=True, slots=True)
class ShowHelp:
    """What the bot can do."""


@dataclass(frozen=True, slots=True)
class Start:
    """A first hello; `code` is the claim code where one came with it, else empty."""

    code: str = ""


@dataclass(frozen=True, slots=True)
class Allow:
    """Let somebody in.

    Attributes:
        kind: "user" or "chat".
        subject: the platform's id of the user or chat; empty where none was named.
    """

    kind: str
    subject: str


@dataclass(frozen=True, slots=True)
class Missed:
    """Something was asked while the bot was away, too long ago to answer now."""


Command = Ask | ListReports | ShowStatus | ShowHelp | Start | Allow | Missed


@dataclass(frozen=True, slots=True)
class Request:
    """One command and who gave it."""

    asker: Asker
    command: Command


@dataclass(frozen=True, slots=True)
class Heading:
    """A short line above what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph in the bot's own words."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A remark in the bot's own words, less prominent than a paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quoted statement.

    Attributes:
        lead: the sentence before it that names the speaker; empty where there is none.
        text: the sentence, verbatim, or a row of a table, told with its heads and unit.
        number: its footnote.
        speaker: whose statement it is; empty where the report speaks for itself.
        verbatim: the text is the report's own; if not, it stands without quotation marks.
        remark: what must be known of it, in the bot's words; empty where there is nothing.
        figures: spans of the text that are the figure asked for.
        also: further footnotes, of other reports that say the same.
    """

    lead: str
    text: str
    number: int
    speaker: str
    verbatim: bool = True
    remark: str = ""
    figures: tuple[tuple[int, int], ...] = ()
    also: tuple[int, ...] = ()

    @property
    def runs(self) -> list[tuple[str, bool]]:
        """The text in stretches, and of each whether it is a figure asked for."""
        figure = [False] * len(self.text)
        for start, end in self.figures:
            for place in range(max(start, 0), min(end, len(figure))):
                figure[place] = True
        marked = groupby(zip(self.text, figure, strict=True), key=itemgetter(1))
        return [("".join(letter for letter, _ in run), which) for which, run in marked]

    @property
    def footnotes(self) -> str:
        """The numbers of its footnotes as they are printed: "[1][3]"."""
        return "".join(f"[{number}]" for number in (self.number, *self.also))

    @property
    def marks(self) -> tuple[str, str]:
        """The quotation marks around it, empty where it is not verbatim."""
        return ("“", "”") if self.verbatim else ("", "")


@dataclass(frozen=True, slots=True)
class Footnote:
    """Where a quotation stands.

    Attributes:
        number: the footnote's number.
        title: the report's title.
        details: publisher, date and place, each a few words ("undated",
            "page 3, Risks").
    """

    number: int
    title: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PassageQuote:
    """A whole passage behind a footnote; folded away where the platform can fold.

    Attributes:
        number: the footnote it belongs to.
        label: what stands above it (title and place).
        text: the passage, verbatim.
    """

    number: int
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under column heads; every row has as many cells as there are heads."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Note | Quotation | Footnote | PassageQuote | Table


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press that gives a command."""

    label: str
    command: ListReports


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing the bot says.

    Attributes:
        blocks: in the order they are read.
        buttons: below them, in one row.
    """

    blocks: tuple[Block, ...]
    buttons: tuple[Button, ...] = ()
