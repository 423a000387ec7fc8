"""Finds the sites that a scan sentence names: where the scan happened, and where the parcel goes next.

Brackets come as 【】, [], () or not at all, nested or left open. Not every bracket holds a site: names, phone numbers,
scan types and advertising stand in them too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_OPEN = {"【": "】", "[": "]"}
_LONGEST = 40
_NOT_A_SITE = re.compile(
    r"\d{5}|\*{3}|[,。;!?:~]|电话|号段|请您|扫描$|^装袋$|^收件$|^签收$|^本人$|评价|客服|热线|投诉|^\s*$|^(?:https?|www)|派件员|快递员|业务员|无需|监督|问题|^家?门口$|^本人"
)
_PERSON_BEFORE = re.compile(r"(?:员|人|小哥|骑手)(?:姓名)?\s*[是为:]{0,2}\s*$|(?:交给|分配给)\s*$")
_NEXT_BEFORE = re.compile(r"(?:发往|下一站(?:是|为)?|目的地(?:是|为)?|运往|送往|前往|转往|去往|下级地点(?:扫描)?|目的城市)\s*[:,]?\s*-?\s*$", re.IGNORECASE)
_LAST_BEFORE = re.compile(r"上一站(?:是|为)?\s*:?\s*$|上级站点\s*:?\s*$")
_KIND = (
    "公司|分部|[一二三四五六七八九十]部|营业部|营业点|营业厅|营业所|网点|中转部|转运中心|分拨中心|集散中心|集散点|集运中心|枢纽|处理中心|分拣中心|中转站|"
    "投递部|支局|支行|邮局|揽投部|揽投站|服务部|服务站|速递部|经营部|承包区|区包|驿站|自提点|代理点|代收点|快递柜|自提柜|智能柜|超市|中心|大学城|营业站|分公司|邮政所"
)
_BARE = re.compile(rf"(?P<site>[\w·—]{{2,30}}?(?:{_KIND})(?:公司)?)(?![\w]{{0,1}}(?:部|站|点))")
_LEAD = re.compile(
    r"^(?:您的)?(?:快件|包裹|邮件|快递)?(?:已经?|现)?(?:在|由|从|被|到达|到|离开|已到达|已离开|抵达|进入)?(?:分拨中心(?=\w{2,20}分拨中心))?[\s\-]*"
)
_NAMED_FIRST = re.compile(r"^(?P<site>[\w]{2,20}) (?=已(?:发出|收入|到达|揽收|收件|打包))")
_DASHED = re.compile(r"^(?P<site>[^\s\-【】\[\]()]{2,30})-(?:已|[^\s\-]{1,12}\(|派件)")
_BEHIND_VERB = re.compile(
    r"(?:(?:已经?)?(?:到达|抵达|离开|到)|(?<![正存现])在|由|从)\s*-?\s*(?P<site>[\w·]{2,25}?)(?=\s|,|。|$|-|\(|发往|发出|出发|上一站|下一站|进行|已|准备|正在|完成|处理$)"
)
_NEXT_BARE = re.compile(
    r"(?:发往|下一站(?:是|为)?|目的地(?:是|为)?|运往|下级地点扫描,发往)\s*[:,]?\s*-?\s*(?!下一站)(?P<site>[\w·]{2,30}?)(?=\s|,|。|;|$|\(|-)"
)
_CITY = re.compile(r"^[\u4e00-\u9fff]{2,10}(?:市|自治州|地区|盟)$")
_VAGUE = re.compile(
    r"^(?:下一站|下站|目的地|目的地?网点|目的(?:地)?城市|附近街区|站点|网点|分拨中心|转运中心|中转站|营业部|派件网点|派送网点|收件网点|处理中心|本站|当地|您的?|海关|快递员|客户|收件人|快递驿站|驿站|代理点|代收点|快递柜|自提柜|丰巢|快递超市)$"
)


@dataclass(frozen=True, slots=True)
class Group:
    """A bracketed piece of a sentence: its words, and where it starts and ends with its brackets."""

    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sites:
    """The site of the scan, the next one, and the bracket groups that hold sites."""

    place: str | None
    next_place: str | None
    groups: tuple[Group, ...]


def find_sites(text: str) -> Sites:
    """The sites in a normalised sentence. In a departure the FIRST site is where the scan happened."""
    groups = tuple(group for group in _groups(text) if _is_site(text, group))
    here: list[str] = []
    then: str | None = None
    for group in groups:
        before = text[: group.start]
        if _NEXT_BEFORE.search(before):
            then = then or _named(text, group)
        elif not _LAST_BEFORE.search(before):
            here.append(_named(text, group))
    if len(here) == 1 and is_city(here[0]):
        here += [site for site in [_bare(text[groups[0].end :].strip(), ())] if site]
    place = _joined(here) or _bare(text, groups)
    return Sites(place, then or _bare_next(text), groups)


def _groups(text: str) -> list[Group]:
    """The outermost bracket groups; a bracket that is never closed opens none."""
    found: list[Group] = []
    place = 0
    while place < len(text):
        end = _closing(text, place) if text[place] in _OPEN else None
        if end is None:
            place += 1
        else:
            found.append(Group(text[place + 1 : end].strip(), place, end + 1))
            place = end + 1
    return found


def _closing(text: str, start: int) -> int | None:
    """Where the bracket that opens at `start` closes, counting brackets of its own kind within."""
    opening, closing = text[start], _OPEN[text[start]]
    depth = 0
    for place in range(start, min(len(text), start + 4 * _LONGEST)):
        if text[place] == opening:
            depth += 1
        elif text[place] == closing:
            depth -= 1
            if depth == 0:
                return place
    return None


def _is_site(text: str, group: Group) -> bool:
    words = re.split(r"[/／]", group.words)[0].strip()
    if not 1 < len(words) <= _LONGEST or _NOT_A_SITE.search(words) or _VAGUE.match(words):
        return False
    if "/" in group.words and re.search(r"\d{5}|\*{3}", group.words) and not re.search(_KIND, words):
        return False
    return not _PERSON_BEFORE.search(text[: group.start])


def _named(text: str, group: Group) -> str:
    """A group's site: without a phone behind a slash; a locker's site stands behind the brand in brackets."""
    words = re.split(r"[/／]", group.words)[0].strip()
    if text[group.start] == "[" and re.search(r"自提柜|快递柜|智能柜|丰巢", words):
        behind = re.match(r"\s*\(([^()]{2,40})\)|([\w]{2,40}?柜)(?=取|,|。|\s|$)", text[group.end :])
        if behind:
            return behind[1] or behind[2]
    return words


def _joined(sites: list[str]) -> str | None:
    """The scan's place: its site, with the city tag before it where there is one."""
    if not sites:
        return None
    if len(sites) > 1 and _CITY.match(sites[0]) and not sites[1].startswith(sites[0]):
        return f"{sites[0]} {sites[1]}"
    return sites[0]


def _bare(text: str, groups: tuple[Group, ...]) -> str | None:
    """The place of a sentence that brackets no site of its own."""
    if groups and re.search(r"【|\[", text[:1]):
        return None
    head = text[: groups[0].start] if groups else text
    first = _DASHED.match(head)
    if first:
        return _useful(first["site"])
    clause = re.split(r"[,。;!]|发往|下一站|上一站|目的地", _LEAD.sub("", head), maxsplit=1)[0]
    bare = _BARE.match(clause)
    if bare:
        return _useful(bare["site"])
    behind = _NAMED_FIRST.match(head) or _BEHIND_VERB.search(head)
    if behind and not _NEXT_BEFORE.search(head[: behind.start()]):
        return _useful(behind["site"])
    return None


def _bare_next(text: str) -> str | None:
    found = _NEXT_BARE.search(text)
    return _useful(found["site"]) if found else None


def _useful(site: str) -> str | None:
    """The site, unless it names no certain one."""
    site = re.sub(r"代收$", "", site.strip(" -·"))
    useless = _VAGUE.match(site) or re.search(r"\d{5}|\*{3}|快件|派送|派件|签收|取件|转入|扫描|投递|电话|处理中$|运输|揽收|订单", site)
    return None if useless or len(site) < 2 else site  # noqa: PLR2004  one character names no site


def is_city(site: str) -> bool:
    """Whether a place is a city and no site in it."""
    return bool(_CITY.match(site))
