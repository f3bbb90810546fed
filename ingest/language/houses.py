"""Names of houses: banks, brokers, research institutes, and the press."""

from __future__ import annotations

import re

_FINANCE = (
    r"Securities|Research|Capital|Capital Markets|Bank|Banking|Bancorp|Institute|Partners"
    r"|Advisors|Advisers|Advisory|Analytics|Insights?|Asset Management|Wealth Management"
    r"|Investments?|Funds?|Economics|Strategies|Futures|Equities|Brokers|Brokerage|Ratings"
    r"|Associates|Consulting|Holdings|Group|Observatory"
)
_PRESS = (
    r"News|Times|Daily|Weekly|Monthly|Quarterly|Journal|Review|Post|Herald|Observer|Monitor"
    r"|Gazette|Bulletin|Letter|Notes|Desk|Press|Media|Network|Agency|Wire|Digest"
)
_LEGAL = r"(?:,? (?:Inc|Ltd|LLC|LLP|LP|PLC|plc|AG|SA|GmbH|Co|Corp|Limited)\b\.?){0,2}"
_WORDS = r"(?:(?:[A-Z][\w.'’&-]*|&|of|and|for|the) ){1,5}"
_PLACE = r"(?: ?[（(][\w. ]{2,30}[)）])?"
_CHINESE = (
    r"[\w·]{2,20}?(?:证券|研究所|研究院|研究中心|资本|银行|基金|期货|资产管理|投资管理|智库|咨询)"
    r"(?:股份|有限|责任|公司|集团){0,4}"
)
_CHINESE_PRESS = (
    r"[\w·]{2,20}?(?:[日晚早时周]报|证券报|商报|经济报|导报|[新闻财经证券济金融]{2}网|新闻|财经|在线"
    r"|通讯社|周刊|杂志)"
)
_HOUSE = re.compile(rf"(?:{_WORDS}(?:{_FINANCE}){_LEGAL}|{_CHINESE}){_PLACE}")
_PUBLISHER = re.compile(
    rf"(?:{_WORDS}(?:{_FINANCE}|{_PRESS}){_LEGAL}|{_CHINESE}|{_CHINESE_PRESS}){_PLACE}"
)

_REPORTERS = re.compile(
    rf"{_WORDS}(?:News|Times|Daily|Weekly|Journal|Post|Herald|Observer|Gazette|Press|Media|Network"
    rf"|Agency|Wire){_LEGAL}{_PLACE}|{_CHINESE_PRESS}{_PLACE}"
    rf"|Reuters|Bloomberg(?: News)?|Xinhua|CNBC"
)
_BROKER = re.compile(
    rf"{_WORDS}(?:Securities|Capital Markets|Equities|Brokers|Brokerage|Equity Research)"
    rf"{_LEGAL}{_PLACE}"
    rf"|[\w·]{{2,20}}?证券(?:研究所|研究院|研究中心|股份|有限|责任|公司|集团){{0,4}}{_PLACE}"
)

# Words of which a rubric is made ("Equity Research", "Daily Market Review"), no name.
_COMMON = re.compile(
    r"(?:equity|markets?|global|international|investments?|industry|sector|company|corporate"
    r"|macro|strategy|economics?|daily|weekly|monthly|quarterly|annual|fixed|income|credit"
    r"|commodity|technology|financial|finance|business|stocks?|latest|breaking|special|new|our"
    r"|the|of|and|for|&|in-depth|research|review|notes|news|report|letter|digest|bulletin"
    r"|securities|capital|analytics|insights?|funds?|futures|equities|ratings|group)",
    re.IGNORECASE,
)


def looks_like_house(name: str) -> bool:
    """Tell whether a name has the form of the name of a house or of a paper.

    Args:
        name: a name alone, without anything around it.

    Returns:
        True for a few capitalised words that end as such names do ("Northfield Securities",
        "Bank of the North Research", "北方证券"), one of them at least no word of rubrics. A
        house named otherwise is not known for one: the form is all that is looked at.
    """
    name = name.strip()
    return _PUBLISHER.fullmatch(name) is not None and _is_distinct(name)


def is_press(name: str) -> bool:
    """Tell whether a name is that of a paper, a wire or a news site ("北方证券报")."""
    return _REPORTERS.fullmatch(name.strip()) is not None


def is_broker(name: str) -> bool:
    """Tell whether a name is that of a securities house ("Northfield Securities", "北方证券")."""
    return _BROKER.fullmatch(name.strip()) is not None and not is_press(name)


def house_before_title(title: str) -> str | None:
    """Return the house that stands before a title's colon, None if none does.

    Args:
        title: such as "Northfield Securities: why prices rose".
    """
    before, colon, after = re.sub("：", ":", title, count=1).partition(":")
    house = before.strip()
    if colon and after.strip() and _HOUSE.fullmatch(house) and _is_distinct(house):
        return house
    return None


def _is_distinct(name: str) -> bool:
    """Whether a name has a word that rubrics do not have."""
    return any(not _COMMON.fullmatch(word) for word in name.split())
