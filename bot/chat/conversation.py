"""What the bot says to a request; the same on every platform.

Whether somebody may ask is decided first, before anything is looked up.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from concurrent.futures import Executor
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Protocol, TypeVar, TypeVarTuple

import structlog

from bot.chat import words
from bot.chat.faults import described
from bot.chat.memory import Memory
from bot.chat.model import (
    Allow,
    Ask,
    Asker,
    Block,
    Button,
    Footnote,
    Heading,
    ListReports,
    Missed,
    Note,
    Paragraph,
    PassageQuote,
    Quotation,
    Reply,
    Request,
    ShowHelp,
    ShowStatus,
    Start,
    Table,
)
from bot.desk.access import Claim
from bot.research.disclaimers import disclaimer_of
from bot.research.model import Answer, Citation, LimitKind, NotFound, Question, Statement, Turn
from ingest.errors import LibraryError
from ingest.records import Filter, LibraryStatus, Report

Given = TypeVarTuple("Given")
Got = TypeVar("Got")

REPORTS_A_PAGE = 8
_CODE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{8}")
_EVERYTHING = re.compile(r"everything\s*[:：]\s*", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:table of )?contents|目\s*录", re.IGNORECASE)
_FAILURES_SHOWN = 10  # a status is read at a glance
_DISCLAIMERS = 1000  # that are kept; more are read again

log = structlog.get_logger(__name__)


class Bookshelf(Protocol):
    """What the chat shows of the library itself."""

    def reports(self, wanted: Filter, offset: int, limit: int) -> list[Report]:
        """Live reports, newest first."""
        ...

    def status(self, wanted: Filter) -> LibraryStatus:
        """The library at a glance."""
        ...

    def text_of(self, report: Report) -> str:
        """The whole text of a report's version; LibraryError where its original is gone."""
        ...


class Doorkeeper(Protocol):
    """What the chat needs to know of who may ask; `bot.desk.access.Access` says more."""

    def claim(self, platform: str, user: str, code: str) -> Claim:
        """Make a user the owner if the code is right."""
        ...

    def is_owner(self, platform: str, user: str) -> bool:
        """Whether a user is the owner."""
        ...

    def may_ask(self, platform: str, user: str, chat: str) -> bool:
        """Whether the user or the chat has been let in."""
        ...

    def allow(self, platform: str, owner: str, kind: str, subject: str) -> bool:
        """Let in a user or chat; whether they were not in before."""
        ...


class Conversation:
    """Answers requests.

    Args:
        ask: answers a question.
        library: what is listed.
        access: who may ask.
        executor: threads for what is not asynchronous.
        clock: the time now, with a zone.
    """

    def __init__(
        self,
        ask: Callable[[Question], Awaitable[Answer | NotFound]],
        library: Bookshelf,
        access: Doorkeeper,
        executor: Executor,
        clock: Callable[[], datetime],
    ) -> None:
        self._ask = ask
        self._library = library
        self._access = access
        self._executor = executor
        self._clock = clock
        self._memory = Memory()
        self._disclaimer = lru_cache(_DISCLAIMERS)(self._read_disclaimer)

    async def answer(self, request: Request) -> AsyncGenerator[Reply]:
        """Yield what the bot says to a request, in order.

        Raises:
            FootnoteError: the library or the desk failed; the frontend's boundary tells so.
        """
        asker, command = request.asker, request.command
        if not await self._may_ask(asker):
            if code := _claim_code(request):
                yield await self._claim(asker, code)
            else:
                yield _said(words.stranger(asker.user if asker.private else asker.chat))
            return
        match command:
            case Ask(text) if text.strip():
                yield await self._research(asker, text.strip())
            case Ask():
                yield _said(words.ASK_WHAT)
            case ListReports(page):
                yield await self._reports(page)
            case ShowStatus():
                yield _status(await self._off_loop(self._library.status, Filter()))
            case ShowHelp():
                yield _help(asker)
            case Start():
                yield Reply((Paragraph(words.WELCOME), *_help(asker).blocks))
            case Allow():
                yield await self._allow(asker, command)
            case Missed():
                yield _said(words.MISSED)

    async def _off_loop(self, function: Callable[[*Given], Got], *arguments: *Given) -> Got:
        return await asyncio.get_running_loop().run_in_executor(
            self._executor, function, *arguments
        )

    async def _may_ask(self, asker: Asker) -> bool:
        if asker.platform == "console":
            return True  # whoever has the terminal has the library's files
        return await self._off_loop(self._access.may_ask, asker.platform, asker.user, asker.chat)

    async def _claim(self, asker: Asker, code: str) -> Reply:
        claim = await self._off_loop(self._access.claim, asker.platform, asker.user, code)
        said = {
            Claim.MADE: words.CLAIMED,
            Claim.WRONG: words.WRONG_CODE,
            Claim.TAKEN: words.stranger(asker.user),
            Claim.TOO_MANY: words.TOO_MANY_CODES,
        }
        return _said(said[claim])

    async def _allow(self, asker: Asker, command: Allow) -> Reply:
        if not await self._off_loop(self._access.is_owner, asker.platform, asker.user):
            return _said(words.OWNER_ONLY)
        if not command.subject:
            return _said(words.ALLOW_WHOM)
        new = await self._off_loop(
            self._access.allow, asker.platform, asker.user, command.kind, command.subject
        )
        return _said(words.allowed(command.kind, command.subject) if new else words.ALREADY_ALLOWED)

    async def _research(self, asker: Asker, text: str) -> Reply:
        everything = _EVERYTHING.match(text)
        asked = text[everything.end() :] if everything else text
        if not asked:
            return _said(words.ASK_WHAT)
        now = self._clock()
        undone = frozenset(LimitKind) if everything else frozenset[LimitKind]()
        history = self._memory.turns(asker, now)
        found = await self._ask(Question(asked, now, history=history, undone=undone))
        self._memory.keep(asker, Turn(asked, _plain(found)), now)
        if isinstance(found, Answer):
            return answer_reply(found, await self._off_loop(self._disclaimers, found))
        status = await self._off_loop(self._library.status, Filter())
        return not_found_reply(found, status)

    def _disclaimers(self, answer: Answer) -> dict[str, str]:
        """The disclaimers of the reports that are cited, by their ids; empty where one has none."""
        reports = {citation.report.id: citation.report for citation in answer.citations}
        found = {}
        for report_id, report in reports.items():
            try:
                found[report_id] = self._disclaimer(report)
            except LibraryError as error:  # what is quoted stands without it
                log.warning("disclaimer not read", report=report_id, **described(error))
        return found

    def _read_disclaimer(self, report: Report) -> str:
        text = self._library.text_of(report)
        span = disclaimer_of(text)
        return "" if span is None else text[slice(*span)]

    async def _reports(self, page: int) -> Reply:
        status = await self._off_loop(self._library.status, Filter())
        if not status.reports:
            return _said(words.STILL_READING if status.running else words.EMPTY_LIBRARY)
        pages = -(-status.reports // REPORTS_A_PAGE)
        page = min(max(page, 1), pages)
        first = (page - 1) * REPORTS_A_PAGE
        reports = await self._off_loop(self._library.reports, Filter(), first, REPORTS_A_PAGE)
        heading = words.reports_page(first + 1, first + len(reports), status.reports)
        listed = (
            Footnote(number, report.description.title, _details(report))
            for number, report in enumerate(reports, start=first + 1)
        )
        buttons = []
        if page > 1:
            buttons.append(Button(words.NEWER, ListReports(page - 1)))
        if page < pages:
            buttons.append(Button(words.OLDER, ListReports(page + 1)))
        return Reply((Heading(heading), *listed), tuple(buttons))


def answer_reply(answer: Answer, disclaimers: Mapping[str, str] = MappingProxyType({})) -> Reply:
    """An answer: quoted statements, their footnotes, the passages behind them.

    Args:
        answer: what the reports say.
        disclaimers: of the reports that are cited, verbatim, by the reports' ids.
    """
    blocks: list[Block] = [_quotation(statement) for statement in answer.statements]
    for view in reversed(answer.views):
        heading = Heading(words.view(view.label, view.published))
        blocks.insert(view.statements[0], heading)
    if answer.limits:
        blocks.insert(0, Note(words.understood(answer.limits)))
    blocks.append(Heading(words.SOURCES))
    blocks.extend(_footnote(citation) for citation in answer.citations)
    blocks.extend(_disclaimer_notes(answer, disclaimers))
    blocks.append(Heading(words.PASSAGES))
    blocks.extend(_passage(citation) for citation in answer.citations)
    blocks.append(Note(words.NOT_ADVICE))
    return Reply(tuple(blocks))


def not_found_reply(found: NotFound, status: LibraryStatus) -> Reply:
    """That the reports do not say, and what comes nearest."""
    blocks: list[Block] = [Paragraph(words.NOT_FOUND)]
    if status.running:
        blocks.append(Note(words.STILL_READING))
    elif not status.reports:
        blocks.append(Note(words.EMPTY_LIBRARY))
    else:
        blocks.append(Note(words.reason(found)))
    if found.limits:
        blocks.append(Note(words.understood(found.limits)))
    if found.nearest:
        blocks.append(Note(words.NEAREST))
        blocks.extend(_footnote(citation) for citation in found.nearest)
        blocks.extend(_passage(citation) for citation in found.nearest)
    return Reply(tuple(blocks))


def _quotation(statement: Statement) -> Quotation:
    text, figures = statement.told, statement.figures
    if not text:
        text = _flowing(statement.text)
        figures = tuple(
            (_flowing_to(statement.text, start), _flowing_to(statement.text, end))
            for start, end in figures
        )
    return Quotation(
        _flowing(statement.lead),
        text,
        statement.citation.number,
        statement.speaker or "",
        verbatim=not statement.told,
        remark=words.remark(statement),
        figures=figures,
        also=tuple(citation.number for citation in statement.also),
    )


def _disclaimer_notes(answer: Answer, disclaimers: Mapping[str, str]) -> list[Note]:
    """Each disclaimer once, with the footnotes of the reports that it is of."""
    numbers: dict[str, list[int]] = {}
    for citation in answer.citations:
        if disclaimer := disclaimers.get(citation.report.id):
            numbers.setdefault(_flowing(disclaimer), []).append(citation.number)
    return [Note(words.disclaimer(of, text)) for text, of in numbers.items()]


def _plain(found: Answer | NotFound) -> str:
    """What was said to a question as plain text; empty where the reports do not say."""
    if isinstance(found, NotFound):
        return ""
    return "\n".join(s.told or _flowing(f"{s.lead} {s.text}") for s in found.statements)


def _claim_code(request: Request) -> str:
    """The claim code a request carries in private, else nothing."""
    if not request.asker.private:
        return ""
    match request.command:
        case Start(code):
            return code.strip()
        case Ask(text) if _CODE.fullmatch(text.strip()):
            return text.strip()
        case _:
            return ""


def _said(text: str) -> Reply:
    return Reply((Paragraph(text),))


def _help(asker: Asker) -> Reply:
    here = asker.platform == "console"
    commands = tuple(
        (f"/{name}", does)
        for name, does in words.COMMAND_DESCRIPTIONS.items()
        # nobody is to be let in at a terminal
        if not (here and name in {"start", "allow"})
    )
    return Reply(
        (
            Paragraph(words.HELP),
            Paragraph(words.HELP_EVERYTHING),
            *(() if here else (Paragraph(words.HELP_GROUPS),)),
            Table(words.COMMAND_HEADS, commands),
            Note(words.NOT_ADVICE),
        )
    )


def _status(status: LibraryStatus) -> Reply:
    blocks: list[Block] = [Table(words.STATUS_HEADS, words.status_rows(status))]
    if status.failures:
        blocks.append(Heading(words.FAILURES))
        blocks.extend(
            Paragraph(f"{failure.name}: {failure.reason}")
            for failure in status.failures[:_FAILURES_SHOWN]
        )
        if len(status.failures) > _FAILURES_SHOWN:
            more = len(status.failures) - _FAILURES_SHOWN
            blocks.append(Note(words.more_failures(more)))
    return Reply(tuple(blocks))


def _footnote(citation: Citation) -> Footnote:
    details = (*_details(citation.report), _place(citation))
    return Footnote(citation.number, citation.report.description.title, details)


def _passage(citation: Citation) -> PassageQuote:
    label = f"{citation.report.description.title} · {_place(citation)}"
    return PassageQuote(citation.number, label, citation.passage.text)


def _flowing(text: str) -> str:
    """A sentence without the line breaks of the page it was set on; a table keeps its rows."""
    return text if " | " in text else " ".join(text.split())


def _flowing_to(text: str, place: int) -> int:
    """Where a place of a text lies once it flows."""
    if _flowing(text) == text:
        return place
    before = " ".join(text[:place].split())
    return len(before) + bool(before and text[place - 1].isspace())


def _details(report: Report) -> tuple[str, ...]:
    described = report.description
    return (
        described.publisher or words.UNKNOWN_PUBLISHER,
        words.day(described.published) if described.published else words.UNDATED,
    )


def _place(citation: Citation) -> str:
    """Page or paragraph, and the section where there is one: the last heading above."""
    passage = citation.passage
    section = passage.section.rpartition(" › ")[2]
    if _CONTENTS.fullmatch(section):  # a list of the sections is none
        section = ""
    if passage.page is not None:
        return words.within(words.page(passage.page), section)
    return words.within(words.paragraph(passage.paragraph, more="\n" in passage.text), section)
