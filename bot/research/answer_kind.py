"""The kind of answer that a question wants, by the words in which it asks."""

from __future__ import annotations

import re

from bot.research.telling import Kind

HOW_MUCH = re.compile(
    r"\bhow (?:much|many|big|large|high|low|long|fast|far|often|old)\b", re.IGNORECASE
)
"""Words that ask for a figure."""

_MEASURES = (
    r"(?:(?:gross|net|operating|free|cash|market|price|target|tax|interest|dividend|growth|capital"
    r"|average|current|effective|inflation|unemployment|exchange|profit|trading|total) )*"
    r"(?:revenues?|sales|turnover|incomes?|profits?|earnings|loss(?:es)?|margins?|expenses?"
    r"|expenditures?|spending|capex|cash flows?|debts?|dividends?|eps|assets|liabilities|equity"
    r"|cap(?:itali[sz]ation)?|value|size|prices?|targets?|yields?|rates?|growth|share"
    r"|inventor(?:y|ies)|headcount|shipments?|deliveries|output|capacity|production|consumption"
    r"|volumes?|ratio|multiple|backlog|buybacks?|fees?|costs?|gdp|cpi|ppi|inflation|deficit"
    r"|surplus|budget|population|valuation|turnout|tariffs?)"
)
# no word before it leads to another thing: "the impact of exchange rates" is no rate
_UP_TO = (
    r"(?:(?!(?:of|in|for|on|from|to|about|between|behind|with|that|which|and|or|said|at|by|as)\b"
    r"|(?!operating|trading|financing|outstanding)\w+ing\b)[\w'’&.%-]+ ){0,8}?"
)
_AUXILIARY = r"(?:did|does|do|has|have|had|will|would|is|are|was|were)"
ATTRIBUTE = re.compile(
    rf"(?:\bwhat(?:['’]s| is| are| was| were| will| would)"
    rf"|(?P<how>\bhow (?:much|far|fast|strongly) {_AUXILIARY})) {_UP_TO}(?P<attribute>{_MEASURES})"
    r"(?(how)\b|(?=\s*(?:[?,.;]|$)|\s+(?:figures?|of|in|for|from|at|by|during|as|on|per|last|this"
    r"|reported|generated|stated|be|to|over|before|after|next|expected|forecast|according)\b))",
    re.IGNORECASE,
)
"""What asks for a figure by the name of what it measures, that name as the group `attribute`."""
CHINESE_ATTRIBUTE = re.compile(
    r"(?P<attribute>营业收入|营收|收入|净利润|利润|毛利率|净利率|市值|目标价|股价|规模|份额|占比"
    r"|研发投入|研发费用|资本开支|资本支出|现金流|负债率|负债|资产|股息率|销量|销售额|出货量|产量|产能"
    r"|用电量|成本|市盈率|利率|税率|人数|投资额|融资额|成交额|票房)"
    r"(?:分别|预计|同比|将|会)*(?:是|为|有|约|超过?|达到?|增长|增加|上涨|下降|减少|下跌)?了?"
    r"(?:多少|多大|多高|几)"
)
"""Likewise of Chinese questions."""

_COUNT = re.compile(
    r"\bhow many\b|\bwhat number of\b|几(?:个|家)|多少(?:个|家|人|名)", re.IGNORECASE
)
_SHARE = re.compile(
    r"\b(?:what|which|how (?:large|big|much) (?:an?|is the|was the|of an?)) (?:\w+ )?"
    r"(?:share|percentage|proportion|percent|fraction)\b|百分之几|占比|(?:几|多少)成|份额(?:是|为)?多少",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    rf"{HOW_MUCH.pattern}"
    r"|\bwhat (?:number|amount|multiple)\b"
    r"|\bwhat (?:did|does|do|will|would)\b[^?]{1,60}"
    r"\b(?:earn|make|raise|spend|pay|invest)(?= (?:in|for|on|during|last|this|per)\b|\s*[?,.]|\s*$)"
    r"|多少|多大|多高|多长|多久|几(?:倍|成|亿|万)",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"\bhow (?:long|old|often|soon|far (?:back|ahead|behind))\b"
    r"|\bhow many (?:\w+ )?(?:seconds|minutes|hours|days|weeks|months|quarters|years)\b"
    r"|多久|多长|(?<![这近前去])几(?:年|天|个月)|多少(?:年|天|日|个月|小时)",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\bhow (?:much|fast|far|strongly|quickly)\b[^?]*\b(?:gr[eo]w|grown|rise|risen|rose|increased?"
    r"|fall|fallen|fell|declined?|drop(?:ped)?|decreased?|gain(?:ed)?|shr[aiu]nk|expand(?:ed)?"
    r"|(?<!climate )changed?)\b"
    r"|(?:增长|下降|上涨|下跌|增加|减少|上升|上调|下调)了?多少"
    r"|(?:涨幅|跌幅|增幅|降幅|增速|增长率)(?:是|为|有|达到?)?多[少大]",
    re.IGNORECASE,
)
_PRICE = re.compile(
    r"\bhow much (?:do(?:es)?|did|will|would|is|are|was|were)\b[^?]*"
    r"\b(?:costs?|priced?|worth|charged?)\b"
    # "what does it cost", not "what is said about the cost"
    r"|\bwhat (?:do(?:es)?|did|will|would)\b[^?]*(?<! the)(?<! about)(?<! on)(?<! of)"
    r" (?:cost|charge)\b"
    r"|\bwhat(?:'s| is| are| was| were)\b[^?]*\b(?:price|fees?|cost|charge|valuation|yield)\b"
    r"(?! (?:war|cut|rise|increase|competition|pressure|trend|control|structure|curve)s?\b)"
    r"|(?:[股售报]?价格?|费用|费率|股息率|目标价|估值)(?:是|为)?多少|多少(?:钱|元|美元)",
    re.IGNORECASE,
)
_WHEN = re.compile(
    # "when it fell, who sold?" asks of another thing
    r"^\s*(?:and\s+|but\s+)?when\b(?![^?]*,\s*(?:do|does|did|is|are|was|were|has|have|had|will|would"
    r"|what|who|how|which|why)\b)|\b(?:what|which) (?:day|date|month|year|quarter)\b"
    r"|什么时候|何时|哪一?[年天]|何年|几月",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"^\s*(?:and\s+|but\s+|so\s+)?why\b|[,;] why\b|\bwhat (?:caused|drove|led to|explains)\b"
    r"|\bwhat (?:is|was|are|were) the (?:\w+ )?(?:reasons?|causes?|drivers?)\b|\bhow come\b"
    r"|为什么|为何|什么原因|原因(?:是|有)|因何|何以",
    re.IGNORECASE,
)
_COMPARISON = re.compile(
    r"^\s*compare (?:how|what)\b|\bcompare\b.*\b(?:and|with|to|against|across|between|over)\b"
    r"|\bcompar(?:ed?|es|ing|ison)\b.*\b(?:with|to|against|between|of)\b"
    r"|\b(?:differ(?:s|ed)?|differences?|contrast)\b.*\b(?:from|between|with|and|on|about)\b"
    r"|\b(?:versus|vs\.?)\s|\bagree (?:with|on)\b|\bsame as\b"
    r"|相比|对比|比较[^高低大小多少快慢强弱好]|差异|区别|有何不同|有什么不同",
    re.IGNORECASE,
)
_RISKS = re.compile(
    r"\b(?:what|which|list|name|any|main|key|biggest|summari[sz]e)\b[^?.]*\brisk(?:s| factors?)\b"
    r"|\brisks (?:of|to|for|in|facing)\b|\bwhat could go wrong\b"
    r"|风险(?:有|是|因素|提示|$|[？?])|[些么]风险",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"^\s*(?:and\s+|but\s+)?who\b|\bwho (?:is|are|was|were|said|wrote|leads|runs)\b|\bwhose\b"
    r"|\bwhich (?:person|individual|analyst|executive|founder|minister|manager|author|player)\b"
    r"|谁|哪位|何人|哪个人",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"^\s*(?:list|name|enumerate)\b|\b(?:please|can you|could you) (?:list|name)\b"
    r"|\bwhich (?:two|three|four|five|six|several|\w+ and \w+)\b"
    r"|\bwhich (?:\w+ ){0,2}?(?:companies|chips|stocks|products|models|countries|sectors|industries"
    r"|funds|banks|cities|firms|reports|brokers|markets|segments|directions|areas)\b"
    r"|\bwhat (?:are|were) (?:all |some of )?the (?:\w+ ){0,2}?(?!news|economics|sales|earnings)"
    r"\w{3,}s\b|哪些|列出|列举|分别是|有哪几",
    re.IGNORECASE,
)
# what everybody knows is not asked for: "what is the revenue" wants a figure
_DEFINITION = re.compile(
    r"^\s*what(?:'s| is| are) (?:(?-i:[A-Z])[\w.&-]*(?: (?-i:[A-Z])[\w.&-]*){0,3}"
    r"|an? (?:[\w-]+ ){0,3}[\w-]+)\s*\?*\s*$"
    r"|^\s*define\b|\bwhat (?:do|does|is) .{1,60}\b(?:mean|meant by|stand for)\b|\bdefinition of\b"
    r"|^\s*什么是|^[^，。、的\d]{1,12}是什么[？?]?\s*$|是什么意思|的(?:定义|含义)",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\b(?:(?:should|shall) (?:i|we|one|investors?)|would you|do you (?:recommend|advise))\b"
    r"[^?]{0,30}?\b(?:buy(?:ing)?|sell(?:ing)?|hold on|short|invest in|avoid|own|keep)\b"
    r"(?! (?:if|when|after)\b)"
    r"|\b(?:a |the )?(?:good|right|bad|best) (?:time|moment) to (?:buy|sell|invest|enter|exit)\b"
    r"|\b(?:a|an) (?:good |bad |strong )?(?:buy|sell|investment)\s*\??\s*$"
    r"|\bworth (?:buying|owning)\b"
    r"|(?:应该|该不该|要不要|能不能|可不可以|可以|适合|值得)[^？?]{0,8}(?:买|卖|抛|投资|持有|入手)",
    re.IGNORECASE,
)
_IN_ORDER = (
    (_ADVICE, Kind.ADVICE),
    (_PRICE, Kind.PRICE),
    (_SHARE, Kind.SHARE),
    (_DURATION, Kind.DURATION),
    (_COUNT, Kind.COUNT),
    (_CHANGE, Kind.CHANGE),
    (_FIGURE, Kind.FIGURE),
    (ATTRIBUTE, Kind.FIGURE),
    (_WHEN, Kind.TIME),
    (_WHY, Kind.WHY),
    (_RISKS, Kind.RISKS),
    (_PERSON, Kind.PERSON),
    (_COMPARISON, Kind.COMPARISON),
    (_LIST, Kind.LIST),
    (_DEFINITION, Kind.DEFINITION),
)


def kind_of(text: str) -> Kind:
    """Return the kind of answer that a question wants, the more exact first.

    Args:
        text: the question.

    Returns:
        `Kind.ANYTHING` where its words tell none.
    """
    return next((kind for asks, kind in _IN_ORDER if asks.search(text)), Kind.ANYTHING)
