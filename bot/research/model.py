"""The nouns of research: a question, what it was taken to mean, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.research.nearness import Stretches
from bot.research.telling import Kind
from bot.research.times import Times
from ingest.records import Company, Filter, Hit, Passage, Report


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the same conversation.

    Attributes:
        question: in the asker's words.
        answer: what was said to it, as plain text; empty where the reports did not say.
    """

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asked.

    Attributes:
        text: in their words.
        asked_at: when, with a time zone.
        filter: what they may read and what they limited the question to.
        history: the turns before it, the last one last.
        undone: kinds of limits that are not to be read out of the words.
    """

    text: str
    asked_at: datetime
    filter: Filter = field(default_factory=Filter)
    history: tuple[Turn, ...] = ()
    undone: frozenset[LimitKind] = frozenset()


class LimitKind(StrEnum):
    """By what a question limits the reports that it is asked of."""

    PUBLISHERS = "publishers"
    REPORTS = "reports"
    DATES = "dates"
    AS_OF = "as of"


@dataclass(frozen=True, slots=True)
class Limit:
    """What the words of a question were taken to limit the reports to.

    Attributes:
        kind: by what.
        names: of publishers or reports; empty of dates.
        since: the first day of publication; None where there is none.
        until: the last day of publication, or the day the library is asked as of.
    """

    kind: LimitKind
    names: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """Which reports a question wants before others, without ruling those out.

    Attributes:
        publishers: that it names, as the library writes them.
        strangers: publishers that it names and the library does not hold.
        reports: ids of the reports whose titles it names.
        companies: that it names.
        newest: it asks for the latest.
        across: it asks over several reports, quarters or publishers.
    """

    publishers: frozenset[str] = frozenset()
    strangers: tuple[str, ...] = ()
    reports: frozenset[str] = frozenset()
    companies: tuple[Company, ...] = ()
    newest: bool = False
    across: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is asked: all of a question, or some of it.

    Attributes:
        text: in words.
        terms: its content words, lower case, in order, none twice.
        times: that it names.
        wishes: which reports it wants before others.
        aliases: names in it that have others, each with these.
    """

    text: str
    terms: tuple[str, ...]
    times: Times
    wishes: Wishes
    aliases: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """What a question was taken to mean.

    Attributes:
        question: the question itself.
        text: the question in full: of a follow-up with what it refers to, and with the times
            that are counted from the day of asking written out.
        terms: its content words, lower case, in order, none twice.
        counted: words for what is counted where the question is how many, or for the office
            where it is who holds one, lower case; an answer holds them all. Units that are
            written as signs are not among them.
        codes: names made of letters and digits ("B100", "GPT-5"), lower case; an answer
            about another one is none.
        kind: what the answer must hold.
        filter: which reports to search, the limits among its words included.
        limits: those that were read out of its words.
        wishes: which reports it wants before others.
        measured: words for what a question for a figure measures ("gross margin"), lower case; an
            answer names it.
    """

    question: Question
    text: str
    terms: tuple[str, ...]
    counted: frozenset[str]
    codes: frozenset[str]
    kind: Kind
    filter: Filter
    limits: tuple[Limit, ...] = ()
    wishes: Wishes = field(default_factory=Wishes)
    measured: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may hold the answer.

    Attributes:
        hit: the passage and its report.
        score: of the fusion; higher is better, the scale means nothing.
        similarity: cosine to the question, -1 to 1.
        kept: its vectors and those of its sentences; None where the library keeps none.
    """

    hit: Hit
    score: float
    similarity: float = 0.0
    kept: Stretches | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a candidate passage, or a row of its table, weighed.

    Attributes:
        hit: its passage and report.
        sentences: all sentences and rows of the passage, as spans of its text.
        place: which of them this is.
        similarity: cosine to the question, -1 to 1, of the sentence or of the sentence
            with the one before it, whichever is more; of a row as it is told.
        named: it, or the sentence before it, names every code of the question and what the
            question counts; and its passage tells of every name in a question for a figure, a
            price or a time.
        coverage: share of the question's content words, each weighed by its rarity among
            the candidates, that the sentence, its neighbour before and the passage's header
            hold; 0 to 1.
        fits: it holds what an answer of the kind asked for must hold.
        score: what it is ranked by.
        own: share of the content words that it holds by itself, weighed likewise.
        told: a row in words, with its heads and unit; empty where the text speaks for itself.
    """

    hit: Hit
    sentences: tuple[tuple[int, int], ...]
    place: int
    similarity: float
    named: bool
    coverage: float
    fits: bool
    score: float
    own: float = 0.0
    told: str = ""

    @property
    def text(self) -> str:
        """The sentence or row, verbatim."""
        start, end = self.sentences[self.place]
        return self.hit.passage.text[start:end]


@dataclass(frozen=True, slots=True)
class Citation:
    """A footnote: which passage of which report a statement stands in.

    Attributes:
        number: the footnote's number in its answer, from 1.
        passage: the passage.
        report: its report.
    """

    number: int
    passage: Passage
    report: Report


@dataclass(frozen=True, slots=True)
class Statement:
    """One quoted sentence of an answer, or a row of a table.

    Attributes:
        text: the sentence or row, verbatim.
        lead: what stands before it and must be read with it: the sentence it goes on from,
            or the quotation it stands in from its beginning. Empty where there is none, and
            where another statement of the answer shows it.
        start: offset in the report's text of the first character shown, of the lead
            where there is one.
        end: offset behind the last character of the sentence.
        speaker: whose statement it is, as the report names them; None where the report
            speaks for itself.
        citation: its footnote.
        told: a row in words, with the heads and the unit of its figures, to be shown in place
            of the text; empty where the text speaks for itself.
        forecast: by its words it looks ahead of its report.
        years: whole years from its report to the day of asking, or to the day the library is
            asked as of; 0 where the report is undated.
        figures: spans of the figure that was asked for, in what is told if there is that, else in
            the text; none where none is asked for or it is not clear which it is.
        also: further footnotes, of other reports that tell the same figures in the same words.
        more: of a list of which this is the last item shown, how many items are not shown.
        newer: the footnote of a newer report that tells the same thing with another amount; None
            where none surely does.
    """

    text: str
    lead: str
    start: int
    end: int
    speaker: str | None
    citation: Citation
    told: str = ""
    forecast: bool = False
    years: int = 0
    figures: tuple[tuple[int, int], ...] = ()
    also: tuple[Citation, ...] = ()
    more: int = 0
    newer: Citation | None = None


@dataclass(frozen=True, slots=True)
class View:
    """What one of those that are compared says: a publisher, or a report of one publisher.

    Attributes:
        label: the publisher, or what the report covers ("Q3 2023"), or its title.
        published: day of its report; None where that is undated, and where there are several of
            other days.
        statements: places of its statements in those of the answer, from 0.
    """

    label: str
    published: date | None
    statements: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reports say.

    Attributes:
        question: what was asked.
        statements: quoted sentences, at least one; best first, the items of a list in their
            order, and of a comparison view by view; last, what newer reports say otherwise.
        citations: the footnotes in order of their number; each is cited by a statement.
        limits: what the question's words were taken to limit the reports to.
        views: of a comparison, in order of time; empty of all else. Each statement is of one.
    """

    question: Question
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    limits: tuple[Limit, ...] = ()
    views: tuple[View, ...] = ()


class Reason(StrEnum):
    """Why the reports do not say."""

    NOTHING = "nothing on the subject"
    NOT_THIS = "on the subject but not this"
    OTHER_DATES = "only outside the dates asked for"
    OTHER_PUBLISHERS = "only by others than those asked for"


@dataclass(frozen=True, slots=True)
class NotFound:
    """The reports do not say.

    Attributes:
        question: what was asked.
        nearest: the nearest passages, best first, numbered as citations; they are shown
            as the nearest and never as an answer. Empty where there is none.
        reason: why.
        limits: what the question's words were taken to limit the reports to.
    """

    question: Question
    nearest: tuple[Citation, ...]
    reason: Reason = Reason.NOT_THIS
    limits: tuple[Limit, ...] = ()
