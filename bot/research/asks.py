"""What is looked for: a question, its parts, the question before it, the event that dates it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.research.glossary import Glossary
from bot.research.model import Part, Query, Question
from bot.research.parts import Span, anchor_of, parts_of
from bot.research.sought import stands_in
from bot.research.times import times_in


@dataclass(frozen=True, slots=True)
class Asks:
    """All that is looked for to answer one question.

    Attributes:
        whole: the question; without the event that dates it, where there is one.
        parts: the things it asks of, where there are several.
        earlier: the question before it in the conversation; None where there was none.
        event: what happened at the time that is asked of; None where no event dates it.
        span: how near in time to the event.
    """

    whole: Part
    parts: tuple[Part, ...] = ()
    earlier: Part | None = None
    event: Part | None = None
    span: Span = Span.DAY

    @property
    def all(self) -> tuple[Part, ...]:
        """Each of them, the whole first, then the parts, the question before, the event."""
        return (self.whole, *self.parts, *filter(None, (self.earlier, self.event)))


def asks_of(
    query: Query,
    understood: Callable[[Question], Query],
    glossary: Glossary = Glossary(),  # noqa: B008  (it is never changed)
) -> Asks:
    """Return what is to be looked for.

    Args:
        query: what a question was taken to mean.
        understood: takes a text to mean something, as the question was.
        glossary: knows other names of what is asked for.
    """
    question = query.question

    def part(text: str) -> Part:
        return of(understood(replace(question, text=text, history=())))

    def of(query: Query) -> Part:
        named = glossary.aliases(query.text)
        return Part(query.text, query.terms, times_in(query.text), query.wishes, named)

    before = question.history[-1].question if question.history else ""
    earlier = part(before) if before else None
    anchor = anchor_of(query.text)
    if anchor is not None:
        return Asks(part(anchor.rest), (), earlier, part(anchor.event), anchor.span)
    alone = part(question.text)
    if query.text == alone.text:
        return Asks(alone, tuple(map(part, parts_of(query.text))), earlier)
    # what a follow-up refers to is a reading of it: what it says itself comes first
    return Asks(alone, (of(query),), earlier)


def in_their_words(part: Part, texts: Sequence[str]) -> str:
    """Return what is asked, each name that no text uses exchanged for one that they use.

    Who asks for Douyin where reports write "dithering" is near to none of their sentences.

    Args:
        part: what is asked.
        texts: of what was found, best first.
    """
    asked = part.text
    for name, others in part.aliases:
        if any(stands_in(name, text) for text in texts):
            continue
        used = (other for text in texts for other in others if stands_in(other, text))
        if other := next(used, None):
            asked = asked.replace(name, other)
    return asked
