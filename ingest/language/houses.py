"""Whether a name is a house's: a bank, a broker, a research institute."""

from __future__ import annotations

import re

_SUFFIX = (
    r"Securities|Research|Capital|Capital Markets|Bank|Banking|Bancorp|Institute|Partners"
    r"|Advisors|Advisers|Advisory|Analytics|Insights?|Asset Management|Wealth Management"
    r"|Investments?|Funds?|Economics|Strategies|Futures|Equities|Brokers|Brokerage|Ratings"
    r"|Associates|Consulting|Holdings|Group|Observatory"
)
_LEGAL = r"(?:,? (?:Inc|Ltd|LLC|LLP|LP|PLC|plc|AG|SA|GmbH|Co|Corp|Limited)\b\.?){0,2}"
_HOUSE = re.compile(
    rf"(?:(?:[A-Z][\w.'’&-]*|[&]|of|and|for|the) ){{1,5}}(?:{_SUFFIX}){_LEGAL}"
    r"(?: \([\w. ]{2,30}\))?"
    r"|[\w（）()·]{2,20}(?:证券|研究所|研究院|研究中心|资本|银行|基金|期货|资产管理|投资|咨询|智库)"
    r"(?:股份|有限|责任|公司){0,4}"
)


def looks_like_house(name: str) -> bool:
    """Tell whether a name has the form of a house's name.

    Args:
        name: a name alone, without anything around it.

    Returns:
        True for a few capitalised words that end as houses' names do ("Northfield
        Securities", "Bank of the North Research", "北方证券"). False also for a house named
        otherwise: the form is all that is looked at.
    """
    return _HOUSE.fullmatch(name.strip()) is not None
