"""Title, publisher, date and language of a parsed report.

What the document states of itself wins. Then the text is read as people print it: a title at
the top, a dateline near it ("13:09, 28 February 2024   Source: A Newspaper"), a house before
the title's colon. What is not found is unknown; a day named in the prose is not the day of
publication.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from ingest.language.datelines import Dateline, name_at_start, read_dateline, source_of
from ingest.language.dates import find_date
from ingest.language.houses import house_before_title, looks_like_house
from ingest.language.tongue import language_of
from ingest.records import Block, Description, ParsedReport

_TOP_BLOCKS = 8
_BOTTOM_BLOCKS = 3
_LINE = 160  # characters; what is longer is prose

_PUBLISHER = re.compile(
    r"\W*(?:(?:publisher|发布机构|发布单位|出版机构)\s*[:：]\s*"
    r"|(?:published|issued) by:?\s+)(?=\S)",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"\W*(?:source|publisher|authors?|analysts?|editors?|editor in charge|reporters?|contact|tel"
    r"|e-?mail|date|published|issued|updated|keywords|来源|作者|分析师|编辑|责任编辑|记者|日期|时间"
    r"|发布时间|发布日期)\s*[:：]|\W*(?:published|issued|written|posted) (?:by|on)\b"
    r"|\W*by [a-z]+ [a-z]+\W*\Z",
    re.IGNORECASE,
)
_TITLE_LABEL = re.compile(r"\W*(?:title|标题|题目)\s*[:：]\s*", re.IGNORECASE)
_CLOSED = re.compile(r"[.。;；,，、:：]\s*\Z")
_RUBRIC = re.compile(
    r"(?:(?:executive )?summary|abstract|(?:table of )?contents|introduction|disclaimer|page"
    r"|in brief|key points|摘要|目录|导读|正文)\W*",
    re.IGNORECASE,
)
# What a site's own lines are made of; a line with two of these may be one.
_SITE = re.compile(
    r"\b(?:home ?page|website|log ?in|sign in|register|subscribe|subscription|newsletter|menu"
    r"|search|wechat|weibo|mobile(?: phone)?|client|app|download|scan|qr code|follow|share"
    r"|your (?:position|location)|current (?:position|location)|skip to|channel|font|print)\b"
    r"|首页|登录|注册|订阅|客户端|微信|微博|手机|扫码|分享|您的位置|当前位置|字号|打印|[>»›]",
    re.IGNORECASE,
)

_LANGUAGES = {"english": "en", "chinese": "zh", "英文": "en", "中文": "zh", "汉语": "zh"}


def describe(parsed: ParsedReport, name: str) -> Description:
    """Tell what is known of a report.

    Args:
        parsed: the report.
        name: its file name, which is its title where it has none.

    Returns:
        The description; what neither the document states nor its first and last lines say is
        None.
    """
    stated = {key: " ".join(value.split()) for key, value in parsed.stated.items()}
    top, bottom = _top(parsed), _bottom(parsed)
    datelines = [read_dateline(line) for line in top]
    place = next((at for at, dateline in enumerate(datelines) if dateline), len(top))
    dateline = datelines[place] if place < len(top) else _foot(bottom)
    title = stated.get("title") or _title(top, place)
    published = find_date(stated.get("published", ""))
    return Description(
        title=title or PurePosixPath(name).name,
        publisher=stated.get("publisher") or _publisher(top, bottom, title, place, dateline),
        published=published or (dateline.day if dateline else None),
        language=_language(stated.get("language", "")) or language_of(parsed.text),
        pages=parsed.pages,
    )


def _top(parsed: ParsedReport) -> list[str]:
    """The lines at the top of a report, up to the first that is prose."""
    lines: list[str] = []
    for line in _lines(parsed, parsed.blocks[:_TOP_BLOCKS]):
        if len(line) > _LINE:
            break
        lines.append(line)
    return lines


def _bottom(parsed: ParsedReport) -> list[str]:
    """The short lines at the bottom of a report, the last first."""
    lines = _lines(parsed, parsed.blocks[_TOP_BLOCKS:][-_BOTTOM_BLOCKS:])
    return [line for line in reversed(lines) if len(line) <= _LINE]


def _lines(parsed: ParsedReport, blocks: Sequence[Block]) -> list[str]:
    """The lines of some blocks."""
    return [
        line.strip()
        for block in blocks
        for line in parsed.text[block.start : block.end].split("\n")
    ]


def _foot(bottom: Sequence[str]) -> Dateline | None:
    """The dateline at the bottom: there a day counts only if it is labelled or all there is."""
    found = (read_dateline(line) for line in bottom)
    return next((each for each in found if each and (each.labelled or each.bare)), None)


def _title(top: Sequence[str], place: int) -> str | None:
    """The title among the lines above the dateline, or above the prose where there is none.

    It is the first that has a title's form and is no line of the site it was saved from, nor
    the house's name alone.
    """
    titles = [_TITLE_LABEL.sub("", line) for line in top[:place] if _has_form_of_title(line)]
    reports = [line for line in titles if not looks_like_house(line)]
    own = [line for line in reports if len(_SITE.findall(line)) < 2]
    best = next(iter(own or reports or titles), None)
    return None if best is None else " ".join(best.split())


def _has_form_of_title(line: str) -> bool:
    """Whether a line may be a title: words, none of them a label, no full stop behind them."""
    return (
        any(map(str.isalpha, line))
        and not _CLOSED.search(line)
        and not _LABELLED.match(line)
        and not _RUBRIC.fullmatch(line)
        and line[0] not in "(（[【"
    )


def _publisher(
    top: list[str],
    bottom: list[str],
    title: str | None,
    place: int,
    dateline: Dateline | None,
) -> str | None:
    """Who published a report, by the most explicit of what its lines say."""
    for line in [*top, *bottom]:
        label = _PUBLISHER.match(line)
        named = name_at_start(line[label.end() :]) if label else None
        if named:
            return named
    if dateline and dateline.publisher:
        return dateline.publisher
    beside = top[max(place - 1, 0) : place] + top[place + 1 : place + 2]
    sources = (source_of(line) for line in beside if place < len(top))
    houses = (line for line in top if looks_like_house(line) and line != title)
    return (
        next(filter(None, sources), None) or next(houses, None) or house_before_title(title or "")
    )


def _language(stated: str) -> str | None:
    """The ISO 639-1 code of a language as documents state it: "en", "zh-CN", "English"."""
    code = re.split(r"[-_]", stated.lower(), maxsplit=1)[0]
    return _LANGUAGES.get(code) or (code if re.fullmatch(r"[a-z]{2}", code) else None)
