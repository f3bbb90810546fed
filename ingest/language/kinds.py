"""What sort of report a report is: a broker's, a company's filing, or news."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.language.houses import is_broker, is_press
from ingest.records import ReportKind

_WRITTEN = {
    ReportKind.BROKER: re.compile(
        r"broker(?:'s)?(?: (?:report|note|research))?|(?:equity |investment |sell-side )?research"
        r"(?: (?:report|note))?|(?:证券|行业|公司|券商)?研究报告|研报|券商研报",
        re.IGNORECASE,
    ),
    ReportKind.FILING: re.compile(
        r"filings?|(?:company |regulatory |sec )filing|(?:form )?(?:10-[qk]|8-k|20-f|6-k)(?:/a)?"
        r"|(?:annual|quarterly|interim) report|公告|公司公告|财报|年报|季报|半年报"
        r"|(?:半?年度|季度)报告",
        re.IGNORECASE,
    ),
    ReportKind.NEWS: re.compile(
        r"news(?: article| report)?|newsarticle|press|新闻|资讯|快讯", re.IGNORECASE
    ),
}

_RUBRICS = (
    r"证券研究报告|(?:公司|行业|策略|宏观|固定收益|个股)(?:研究|深度|点评|动态)(?:报告)?"
    r"|(?:global |americas? |asia |china )?equity research|investment research"
    r"|company (?:update|note|report)|initiation of coverage|initiating coverage"
)
_RUBRIC = re.compile(rf"\W*(?:{_RUBRICS})\b", re.IGNORECASE)
_RUBRIC_ALONE = re.compile(rf"\W*(?:(?:{_RUBRICS})(?:\W+|\Z)){{1,3}}", re.IGNORECASE)
_GRADE = (
    r"(?:strong )?(?:buy|sell|hold|outperform|underperform|overweight|underweight|neutral"
    r"|accumulate|reduce|market perform|equal[- ]weight)|强烈推荐|买入|增持|持有|减持|卖出|推荐"
    r"|中性|优于大市|强于大市|跑赢行业|同步大市|审慎增持"
)
_RATING = re.compile(
    rf"\W*(?:(?:(?:investment|stock|our|current) )?(?:rating|recommendation)|投资评级|评级)"
    rf"\s*[:：|]?\s*(?:[|“\"]\s*)?(?:{_GRADE})"
    rf"|\W*(?:(?:{_GRADE})\s*[(（|]\s*(?:maintained?|reiterated?|维持|首次|上调|下调))"
    rf"|\W*(?:maintain|reiterate|initiate(?: at| with)?) (?:{_GRADE})\b"
    rf"|\W*(?:维持|首次覆盖，?给予|给予)[“\"”]?(?:{_GRADE})",
    re.IGNORECASE,
)
_WIRE = re.compile(
    r"\((?:Reuters|Bloomberg|AP|AFP|Dow Jones|Xinhua)\)\s*[-–—]|[（(]记者[^）)]{1,12}[）)]"
)


def read_kind(text: str) -> ReportKind | None:
    """Read a sort of report as people write it ("filing", "broker", "10-K", "新闻")."""
    written = " ".join(text.split())
    return next((kind for kind, form in _WRITTEN.items() if form.fullmatch(written)), None)


def is_rubric(line: str) -> bool:
    """Tell whether a line says nothing but what sort of research a report is."""
    return _RUBRIC_ALONE.fullmatch(line) is not None


def kind_of_report(
    lines: Sequence[str], beginning: str, publisher: str | None
) -> tuple[ReportKind, str] | None:
    """Tell a broker's report and news by what they print; filings are known by their covers.

    What the press published is news, whatever it quotes. A broker's report calls itself one at
    its top, prints a rating there on a line of its own, or comes from a house that is called a
    broker.

    Args:
        lines: those at the top of the report.
        beginning: its first paragraphs.
        publisher: who published it, as far as that is known.

    Returns:
        The kind and the words that tell it; None where nothing does.
    """
    if publisher and is_press(publisher):
        return ReportKind.NEWS, publisher
    wire = _WIRE.search(beginning)
    if wire:
        return ReportKind.NEWS, wire[0]
    for line in lines:
        if _RUBRIC.match(line) or _RATING.match(line):
            return ReportKind.BROKER, line
    if publisher and is_broker(publisher):
        return ReportKind.BROKER, publisher
    return None
