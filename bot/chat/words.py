"""Every word the bot says of its own, in one place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.research.model import Limit, LimitKind, NotFound, Reason, Statement
from ingest.records import LibraryStatus

COMMAND_DESCRIPTIONS = {
    "ask": "Ask the library a question",
    "reports": "List the reports, newest first",
    "status": "Show the library, its last ingest and what failed",
    "help": "Show what the bot can do",
    "start": "Say hello, or claim the bot with its code",
    "allow": "Let in a user or a chat (owner only)",
}

HELP = (
    "Ask me anything about the research reports in my library. I answer in the reports' own "
    "words, and every sentence carries a footnote: report, publisher, date and place. What the "
    "reports do not say, I do not know."
)
HELP_EVERYTHING = (
    "A question that names publishers, reports or dates is asked of those alone. Begin it with "
    "“everything:” to ask all reports."
)
HELP_GROUPS = "In a private chat just write. In a group mention me or reply to me."
NOT_ADVICE = "Quoted from reports. Not investment advice."

NOT_FOUND = "The reports do not say."
NEAREST = "Nearest passages, which do not answer the question:"
EMPTY_LIBRARY = (
    "The library holds no reports yet. 'python -m ingest PATH' puts some in, "
    "and so does laying them in the folder that the bot follows."
)
STILL_READING = "Reports are being read at this moment; ask again when that is done."
PASSAGES = "Passages"
SOURCES = "Sources"
ASK_WHAT = "What would you like to know? Write the question behind the command."

LONGEST_SECTION = 60
"""Characters of a section's name that a footnote shows."""

UNDATED = "undated"
UNKNOWN_PUBLISHER = "publisher unknown"

WELCOME = "Welcome. You are let in: ask away."
CLAIMED = "You are the owner now. Let others in with /allow."
WRONG_CODE = "That is not the claim code. The bot prints it where it was started."
TOO_MANY_CODES = "Too many wrong codes. Try again in an hour."
OWNER_ONLY = "Only the owner can let others in."
ALLOW_WHOM = "Whom? Reply to them with /allow, name an id, or send /allow in the group to let in."
ALREADY_ALLOWED = "They are let in already."
MISSED = "I was away when you wrote. Please ask again."
EVERYTHING = "For all reports begin the question with “everything:”."
REASONS = {
    Reason.NOTHING: "Nothing in the library is on this subject.",
    Reason.NOT_THIS: "The library has reports on the subject, but none says this.",
    Reason.OTHER_DATES: "Only reports outside the dates asked for tell of this.",
    Reason.OTHER_PUBLISHERS: "Only other reports than those asked for tell of this.",
}
LEAVE = "/quit or the end of the input leaves."
SHUTTING_DOWN = "I am about to restart. Please ask again in a minute."

COMMAND_HEADS = ("Command", "What it does")
STATUS_HEADS = ("Library", "")
FAILURES = "Not ingested"

NEWER = "‹ Newer"
OLDER = "Older ›"


def trouble(reference: str) -> str:
    """What is said when something broke; the reference leads to the log."""
    return f"Something went wrong on my side. Please try again. (reference {reference})"


def stranger(subject: str) -> str:
    """The one polite line to somebody who has not been let in."""
    return f"This bot answers invited people only. Its owner can let you in: /allow {subject}"


def allowed(kind: str, subject: str) -> str:
    """Said to the owner once somebody has been let in."""
    return f"Let in: {kind} {subject}."


def page(number: int) -> str:
    """A page of a report."""
    return f"page {number}"


def paragraph(number: int, *, more: bool) -> str:
    """A paragraph of a report without pages; `more` where others may follow it."""
    return f"from paragraph {number}" if more else f"paragraph {number}"


def within(place: str, section: str) -> str:
    """A place and the section it is in, a long name of which is cut at a word."""
    name = " ".join(section.split())
    if len(name) > LONGEST_SECTION:
        cut = name[:LONGEST_SECTION]
        name = f"{cut.rpartition(' ')[0].rstrip(' ,;:') or cut}…"
    return f"{place}, {name}" if name else place


def as_stated_by(speaker: str) -> str:
    """Whose figure or view a quotation is."""
    return f"according to {speaker}"


def below(speaker: str, remark: str) -> str:
    """What stands below a quotation: whose it is and what must be known of it; may be empty."""
    return " · ".join(each for each in (speaker and as_stated_by(speaker), remark) if each)


def disclaimer(numbers: Sequence[int], text: str) -> str:
    """The disclaimer of the reports that footnotes lead to, in their own words."""
    return f"{''.join(f'[{number}]' for number in numbers)} “{text}”"


def remark(statement: Statement) -> str:
    """That a statement is a forecast or old, that a newer report says otherwise, what is not shown.

    Empty where it is none of these.
    """
    published = statement.citation.report.description.published
    said = []
    if statement.forecast:
        said.append(f"forecast, {published:%b %Y}" if published else "forecast, undated")
    if statement.years:
        said.append("a year old" if statement.years == 1 else f"{statement.years} years old")
    if statement.newer:
        said.append(f"a newer report says otherwise [{statement.newer.number}]")
    if statement.more:
        said.append(more_items(statement.more))
    return " · ".join(said)


def more_items(number: int) -> str:
    """How many items of a list are not shown."""
    return f"and {number} more in the passage"


def view(label: str, published: date | None) -> str:
    """What stands above one side of a comparison."""
    return f"{label} · {day(published)}" if published else label


def reports_page(first: int, last: int, total: int) -> str:
    """Which reports of how many are listed."""
    return f"Reports {first}–{last} of {total}, newest first"


def more_failures(number: int) -> str:
    """How many failures are not shown."""
    return f"and {number} more; 'python -m ingest status' lists them all"


def day(on: date) -> str:
    """A day, such as "28 Feb 2024"."""
    return f"{on.day} {on:%b %Y}"


def understood(limits: Sequence[Limit]) -> str:
    """What a question was taken to be limited to, and how to undo that."""
    return f"Asked of: {' · '.join(map(_limit, limits))}. {EVERYTHING}"


def _limit(limit: Limit) -> str:
    since, until = limit.since, limit.until
    if limit.kind is LimitKind.AS_OF and until:
        return f"as of {day(until)}"
    if since and until:
        return f"published {day(since)} to {day(until)}" if since < until else f"on {day(since)}"
    if since:
        return f"since {day(since)}"
    if until:
        return f"until {day(until)}"
    return ", ".join(limit.names)


def reason(found: NotFound) -> str:
    """Why the reports do not say; of other dates or publishers, which come nearest."""
    told = REASONS[found.reason]
    described = [citation.report.description for citation in found.nearest]
    if found.reason is Reason.OTHER_DATES:
        dates = {each.published for each in described if each.published}
        nearest = [day(each) for each in sorted(dates) if _outside(each, found.limits)]
    elif found.reason is Reason.OTHER_PUBLISHERS:
        asked = {name for limit in found.limits for name in limit.names}
        names = (each.publisher for each in described if each.publisher)
        nearest = [name for name in dict.fromkeys(names) if name not in asked]
    else:
        nearest = []
    return f"{told} Nearest: {', '.join(nearest)}." if nearest else told


def _outside(published: date, limits: Sequence[Limit]) -> bool:
    return any(
        (limit.since is not None and published < limit.since)
        or (limit.until is not None and published > limit.until)
        for limit in limits
    )


def status_rows(status: LibraryStatus) -> tuple[tuple[str, str], ...]:
    """The library at a glance, a row each."""
    return (
        ("Reports", f"{status.reports} ({status.undated} undated)"),
        ("Passages", str(status.passages)),
        ("Newest", day(status.newest) if status.newest else "no dated report"),
        (
            "Last ingest",
            f"{status.last_ingest:%Y-%m-%d %H:%M} UTC" if status.last_ingest else "never",
        ),
        ("Now", f"ingesting {status.running}" if status.running else "at rest"),
    )
