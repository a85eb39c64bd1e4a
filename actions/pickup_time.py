"""When the courier may come, as a shopper says it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.places import place_in
from actions.turn import Turn

NOON = 12
_PICKUP = re.compile(
    r"取件|上门来?[取拿收]|(?<!怎么)[来过]来?[取拿](?!消)|揽[件收]|pick(?:ing|ed)?[ -]?(?:it |them |this )?up|collect", re.IGNORECASE
)
_CHANGES = re.compile(r"改|换|挪|推迟|提前|延|错|约|时间|resched|move|change|another|different|instead", re.IGNORECASE)
_NEW_TIME = re.compile(
    r"[改换][到成约期为在]|改个?时间|[时日]间.{0,4}[改换错]|挪到|推迟|提前到|延(到|后)|resched|move (it )?to|make it", re.IGNORECASE
)
_OF_ELSE = re.compile(r"备注|地址|送货|派送|配送|送[到来]|发货|不退|不换|撤|取消|deliver|address|cancel", re.IGNORECASE)
_SELF = re.compile(r"自己(寄|送|叫)|自行寄|不(用|要|需要)?(上门|取件|约)|send it myself", re.IGNORECASE)
_HOUR = re.compile(r"(\d{1,2}|十[一二]?|[一二两三四五六七八九])\s*[点:：]")
_NUMERALS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "十一": 11, "十二": 12}
_AFTERNOON, _MORNING = (
    re.compile(r"下午|晚上|傍晚|\bpm\b|afternoon", re.IGNORECASE),
    re.compile(r"上午|早上|早晨|\bam\b|morning", re.IGNORECASE),
)


def sends_it_themselves(turn: Turn) -> bool:
    return bool(_SELF.search(turn.text))


def names_time(turn: Turn) -> bool:
    return bool(turn.values("date") or _hour(turn.text) is not None or _AFTERNOON.search(turn.text) or _MORNING.search(turn.text))


def about_pickup(turn: Turn) -> bool:
    """Whether a message says that the courier is to come, or to come at another time."""
    moves = _CHANGES.search(turn.text) or names_time(turn)
    return bool(_PICKUP.search(turn.text) and moves) and not _OF_ELSE.search(turn.text)


def changes_time(turn: Turn) -> bool:
    """Whether a message changes something to a day or an hour, and says of nothing else than a pick-up: 改约明天9点."""
    return names_time(turn) and bool(_NEW_TIME.search(turn.text)) and not _OF_ELSE.search(turn.text)


def windows_meant(turn: Turn, slots: Sequence[str], *, booked: str | None = None) -> list[str]:
    """The windows that a tap, a day and a time of day, or a position name; all of a day when only the day is said. A position counts
    among the windows of the time that is said with it, else among those that were shown. With another day, that of `booked` is the old
    one: 改到大后天 后天有事."""
    said = turn.value("pickup") or turn.text.strip()
    if said in slots or turn.value("pickup"):
        return [slot for slot in slots if slot == said]
    days = [f"{int(day[5:7])}月{int(day[8:10])}日" for day in turn.values("date")]
    new = [day for day in days if not (booked or "").startswith(day)] or days
    open_ones = slots if new else _of_one_day(_shown(turn, slots)) or slots
    meant = [slot for slot in open_ones if (not new or any(slot.startswith(day) for day in new)) and _at_the_hour(turn.text, slot)]
    position = place_in(turn.text)
    if position is None:
        return meant if names_time(turn) else []
    return (meant if names_time(turn) else _shown(turn, slots))[position - 1 : position]


def _of_one_day(slots: Sequence[str]) -> Sequence[str]:
    """Those windows, where the day is settled: after 后天呢, 下午一点 is one of that day."""
    return slots if len({slot.split(" ")[0] for slot in slots}) == 1 else ()


def _shown(turn: Turn, slots: Sequence[str]) -> list[str]:
    """The windows of the question that the message answers."""
    titles = [button.get("title") for said in turn.said_before for button in said.get("buttons") or ()]
    return [str(title) for title in titles if title in slots] or list(slots)


def _at_the_hour(text: str, slot: str) -> bool:
    """Whether a window (11月22日 09:00-11:00) holds the hour that is said, or lies in the half of the day that is."""
    opens, closes = (int(clock[:2]) for clock in slot.split(" ")[1].split("-"))
    hour = _hour(text)
    if hour is not None:
        return opens <= hour < closes
    afternoon, morning = bool(_AFTERNOON.search(text)), bool(_MORNING.search(text))
    return afternoon == morning or (opens < NOON) == morning


def _hour(text: str) -> int | None:
    found = _HOUR.search(text)
    if found is None:
        return None
    hour = _NUMERALS.get(found[1]) or int(found[1])
    return hour + NOON if hour < NOON and _AFTERNOON.search(text) else hour
