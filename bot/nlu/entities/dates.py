"""Days in words and figures, against a given clock. One day only: durations and events (双11) are nothing; weeks start on Monday."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.nlu.entities.found import Found
from bot.nlu.entities.numbers import to_number

_RELATIVE = {
    "大前天": -3, "前天": -2, "前晚": -2, "前日": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "昨夜": -1, "昨儿个": -1, "昨儿": -1, "昨早": -1,
    "今天": 0, "今日": 0, "今晚": 0, "今早": 0, "今晨": 0, "今儿个": 0, "今儿": 0, "今夜": 0, "当天": 0,
    "明天": 1, "明日": 1, "明早": 1, "明晚": 1, "明儿个": 1, "明儿": 1, "明晨": 1, "后天": 2, "后日": 2, "大后天": 3,
    "the day before yesterday": -2, "yesterday": -1, "last night": -1, "today": 0, "tonight": 0, "tomorrow": 1,
    "the day after tomorrow": 2, "一昨日": -2, "おととい": -2, "きのう": -1, "きょう": 0, "あした": 1, "明後日": 2, "あさって": 2,
    "그저께": -2, "어제": -1, "오늘": 0, "내일": 1, "모레": 2, "anteayer": -2, "ayer": -1, "anoche": -1, "hoy": 0,
    "pasado mañana": 2,
}  # fmt: skip
del _RELATIVE["当天"]  # "the same day" of something else
_RELATIVE_WORD = re.compile(
    "|".join(re.escape(w) if ord(w[0]) > 0x2E80 else rf"\b{re.escape(w)}\b" for w in sorted(_RELATIVE, key=len, reverse=True))
)
_DAYS_AWAY = re.compile(
    r"(?<![几好\d])(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,2})(?P<unit>天|个星期|个礼拜|星期|周)(?P<side>之?前|以前|之?后|以后)"
)
_FULL = re.compile(r"(?<!\d)(20\d\d)[-/.年](1[0-2]|0?[1-9])[-/.月](3[01]|[12]\d|0?[1-9])(?!\d)[日号]?")
_CN_DAY = "[一二三四五六七八九十]{1,3}"
_MONTH_DAY = re.compile(
    rf"(?<![\d个])(?P<m>1[0-2]|0?[1-9]|十[一二]|[一二三四五六七八九十])月份?(?P<d>3[01]|[12]\d|0?[1-9]|{_CN_DAY})(?!\d|个|[{'百千'}])(?P<t>[日号])?"
)
_PREFIXED_DAY = re.compile(rf"(?P<which>上个?月|这个?月|本月|下个?月)(?P<d>3[01]|[12]\d|0?[1-9]|{_CN_DAY})(?P<t>[日号])")
_DAY = re.compile(
    rf"(?<![\d.第路街弄巷道型大小一二三四五六七八九十])(?P<d>3[01]|[12]\d|0?[1-9]|{_CN_DAY})(?P<t>[日号])(?!楼|院|店|线|柜|门|房|库|仓|码|链|电池|机|馆|地块|公寓|厅|坑|染|色|人)"
)
_UNITS = r"元|块|折|米|寸|升|l\b|g\b|kg|斤|cm|mm|w\b|码|分|星|倍|版|万|千|天|个|件|双|h\b|小时|号楼|kw|ml|v\b|a\b|工作日|年|期|岁|公斤|gb"
_FIGURES = re.compile(rf"(?<![\d./:])(?P<m>1[0-2]|0?[1-9])(?P<s>[./-])(?P<d>3[01]|[12]\d|0?[1-9])(?P<t>[日号])?(?![\d.%/]| ?(?:{_UNITS}))")
_A_SIZE = re.compile(r"[大小短长宽]了?$")
_EVENTS = {(6, 18), (11, 11), (12, 12)}
_WEEKDAY = re.compile(
    r"(?P<rel>上上个?|下下个?|上个?|下个?|这个?|本)?(?P<word>周|星期|礼拜)(?P<d>[一二三四五六日天](?![一二三四五六七八九十]?[个天月])|[1-7](?!\d|个|天|折|年|岁))"
)
_EN_WEEKDAY = re.compile(r"\b(?:(?P<rel>last|next|this) )?(?P<d>monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b")
_EN_MONTH = re.compile(r"\b(?P<m>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (?P<d>3[01]|[12]?\d)(?:st|nd|rd|th)?\b(?! ?\d)")
_JA_KO_MONTH = re.compile(r"(?P<m>1[0-2]|[1-9])월 ?(?P<d>3[01]|[12]?\d)일")
_FUTURE = re.compile(
    r"再|送|派|发|寄|取件|上门|安装|来装|到货|补货|约|改到|改成|改约|换成|以后|之后|之前|前能|能到|能不能|可以|才在|才回|有空|等|deliver"
)
_PAST = re.compile(
    r"买的|下的?单|下单|付的?款|拍的|收到|签收|到的|寄走|申请的|退的|那单|那个?订单|订的|说好|bought|ordered|点的|投诉的|发的|寄的|买了|拍了|付了"
)
_WINDOW = 8


def dates(text: str, today: date) -> list[Found]:
    """The days a text names, values as ISO dates; nothing overlaps, the more explicit form wins."""
    kept: list[Found] = []
    for found in _candidates(text, today):
        if not any(found.overlaps(other) for other in kept):
            kept.append(found)
    return sorted(kept, key=lambda f: f.start)


def _candidates(text: str, today: date) -> Iterator[Found]:
    for m in _FULL.finditer(text):
        yield from _day(m, _safe(int(m[1]), int(m[2]), int(m[3])))
    for m in (*_MONTH_DAY.finditer(text), *_JA_KO_MONTH.finditer(text)):
        yield from _day(m, _nearest_year(_int(m["m"]), _int(m["d"]), today, _tense(text, m)))
    for m in _EN_MONTH.finditer(text):
        month = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"].index(m["m"]) + 1
        yield from _day(m, _nearest_year(month, int(m["d"]), today, _tense(text, m)))
    for m in _PREFIXED_DAY.finditer(text):
        shift = {"上": -1, "下": 1}.get(m["which"][0], 0)
        yield from _day(m, _month_day(today, shift, _int(m["d"])))
    for m in _WEEKDAY.finditer(text):
        yield from _day(m, _weekday(m["rel"] or "", "一二三四五六日".find(_weekday_char(m["d"])), today, _tense(text, m)))
    for m in _EN_WEEKDAY.finditer(text):
        number = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday").index(m["d"])
        yield from _day(m, _weekday({"last": "上", "next": "下"}.get(m["rel"] or "", ""), number, today, _tense(text, m)))
    for m in _DAYS_AWAY.finditer(text):
        sign = -1 if "前" in m["side"] else 1
        yield from _day(m, today + timedelta(days=sign * _int(m["n"]) * (1 if m["unit"] == "天" else 7)))
    for m in _RELATIVE_WORD.finditer(text):
        yield from _day(m, today + timedelta(days=_RELATIVE[m[0]]))
    for m in _FIGURES.finditer(text):
        yield from _figures(text, m, today)
    for m in _DAY.finditer(text):
        if _int(m["d"]) == 1 and _A_SIZE.search(text[: m.start()][-2:]):
            continue  # 小了一号
        yield from _day(m, _nearest_month(_int(m["d"]), today, _tense(text, m)))


def _figures(text: str, m: re.Match[str], today: date) -> Iterator[Found]:
    month, day = int(m["m"]), int(m["d"])
    clear = bool(m["t"]) or (len(m["d"]) == 2 and m["s"] != "-") or (m["s"] == "/" and m["m"] != "1")
    if clear and ((month, day) not in _EVENTS or m["t"]):
        yield from _day(m, _nearest_year(month, day, today, _tense(text, m)))


def _day(match: re.Match[str], value: date | None) -> Iterator[Found]:
    if value is not None:
        yield Found("date", match.start(), match.end(), value.isoformat(), "rule")


def _tense(text: str, match: re.Match[str]) -> int:
    """-1 when the words around speak of the past, 1 of the future, 0 when they do not say."""
    after = text[match.end() : match.end() + _WINDOW]
    if _PAST.search(after):
        return -1
    around = text[max(0, match.start() - _WINDOW) : match.start()] + " " + after
    return 1 if _FUTURE.search(around) else 0


def _weekday(rel: str, number: int, today: date, tense: int) -> date | None:
    if number < 0:
        return None
    monday = today - timedelta(days=today.weekday())
    weeks = {"上上": -2, "上": -1, "下": 1, "下下": 2}.get(rel.removesuffix("个"), 0)
    day = monday + timedelta(days=number, weeks=weeks)
    if rel or tense == 0:
        return day
    if tense > 0 and day < today:
        return day + timedelta(weeks=1)
    return day - timedelta(weeks=1) if tense < 0 and day > today else day


def _nearest_year(month: int, day: int, today: date, tense: int) -> date | None:
    options = [d for year in (today.year - 1, today.year, today.year + 1) if (d := _safe(year, month, day))]
    return _nearest(options, today, tense)


def _nearest_month(day: int, today: date, tense: int) -> date | None:
    if tense == 0:
        return _month_day(today, 0, day)
    options = [d for shift in (-2, -1, 0, 1, 2) if (d := _month_day(today, shift, day))]
    return _nearest(options, today, tense)


def _nearest(options: list[date], today: date, tense: int) -> date | None:
    fitting = [d for d in options if (d - today).days * tense >= 0] or options
    return min(fitting, key=lambda d: abs((d - today).days), default=None)


def _month_day(today: date, shift: int, day: int) -> date | None:
    year, month = divmod(today.year * 12 + today.month - 1 + shift, 12)
    return _safe(year, month + 1, day)


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _int(text: str) -> int:
    return int(to_number(text) or 0)


def _weekday_char(text: str) -> str:
    return {"天": "日", "7": "日"}.get(text) or ("一二三四五六日"[int(text) - 1] if text.isdigit() else text)
