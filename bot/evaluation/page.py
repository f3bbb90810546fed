"""An evaluation as one page of HTML that needs nothing else.

Everything that a question, a report or a file name holds is escaped, and the page forbids
itself scripts and whatever lies elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from importlib import resources

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from bot.chat import words
from bot.chat.model import (
    Block,
    Footnote,
    Heading,
    Note,
    Paragraph,
    PassageQuote,
    Quotation,
    Reply,
    Table,
)
from bot.evaluation.judge import Outcome
from bot.evaluation.screen import sign_of, wanted_of
from bot.evaluation.totals import Evaluation
from bot.research.model import Answer, NotFound

_MANNERS = {True: "good", False: "bad", None: "plain"}


def page_of(
    evaluation: Evaluation,
    embedder: str,
    made_at: datetime,
    said: Callable[[Answer | NotFound], Reply],
) -> str:
    """Write the page.

    Args:
        evaluation: what came of a file of questions.
        embedder: identity of the one that answered.
        made_at: when.
        said: gives what people are told.

    Returns:
        HTML, to be kept as UTF-8.
    """
    template = resources.files("bot.evaluation").joinpath("page.html.jinja")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    counts = Counter(verdict.outcome for verdict in evaluation.verdicts)
    return environment.from_string(template.read_text(encoding="utf-8")).render(
        evaluation=evaluation,
        outcomes=[(outcome, counts[outcome]) for outcome in Outcome if counts[outcome]],
        embedder=embedder,
        made_at=made_at,
        said=said,
        html_of=html_of,
        manner_of=lambda outcome: _MANNERS[outcome.good],
        reason_of=lambda v: v.found.reason if isinstance(v.found, NotFound) else "",
        sign_of=sign_of,
        wanted_of=wanted_of,
    )


def html_of(block: Block) -> Markup:
    """A block of a reply as HTML, every text in it escaped."""
    match block:
        case Heading(text):
            return Markup("<h3>{}</h3>").format(text)
        case Paragraph(text):
            return Markup("<p>{}</p>").format(text)
        case Note(text):
            return Markup('<p class="soft small">{}</p>').format(text)
        case Quotation():
            return _quotation(block)
        case Footnote(number, title, details):
            return Markup(
                '<p class="small"><span class="number">[{}]</span> {} '
                '<span class="soft">· {}</span></p>'
            ).format(number, title, " · ".join(details))
        case PassageQuote(number, label, text):
            return Markup(
                '<div class="small"><span class="number">[{}]</span> {}</div><pre>{}</pre>'
            ).format(number, label, text)
        case Table():
            return _table(block)


def _quotation(block: Quotation) -> Markup:
    lead = Markup('<span class="lead">{}</span> ').format(block.lead) if block.lead else ""
    below = words.below(block.speaker, block.remark)
    speaker = f" ({below})" if below else ""
    text = Markup("").join(
        Markup("<strong>{}</strong>").format(run) if figure else run for run, figure in block.runs
    )
    return Markup("<blockquote>{}{}{} <sup>{}</sup></blockquote>").format(
        lead, text, speaker, block.footnotes
    )


def _table(block: Table) -> Markup:
    heads = Markup("").join(Markup("<th>{}</th>").format(head) for head in block.heads)
    rows = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(Markup("<td>{}</td>").format(cell) for cell in row)
        )
        for row in block.rows
    )
    return Markup('<div class="scroll"><table><tr>{}</tr>{}</table></div>').format(heads, rows)
