"""Order, tracking, phone and tax numbers, amounts of money and quantities, by their written form. Works on normalised (lower case) text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.entities.found import Found

_SEP = r"[ \-]?"
_NOT_IN_CODE = r"(?<![a-z0-9])"
_END_OF_CODE = r"(?![a-z0-9])"

_TAX = re.compile(rf"{_NOT_IN_CODE}[0-9a-z]{{2}}{_SEP}\d(?:{_SEP}\d){{5}}(?:{_SEP}[0-9a-z]){{10}}{_END_OF_CODE}")
_TAX_CUE = re.compile(r"税号|识别号|信用代码|tax")
_MOBILE = re.compile(rf"{_NOT_IN_CODE}(?:\+?86[ \-]?|0086[ \-]?)?1[3-9](?:{_SEP}\d){{9}}(?!\d)")
_LANDLINE = re.compile(r"(?<![a-z\d])(?:0\d{2,3}[ \-]\d{7,8}|400[ \-]?\d{3}[ \-]?\d{4}|400[ \-]?\d{4}[ \-]?\d{3})(?!\d)")
_FOREIGN = re.compile(r"\+(?!86)\d[\d \-]{7,16}\d")
_ORDER = re.compile(rf"(?<![a-z0-9])20[1-4]\d(?:{_SEP}\d){{10}}(?!{_SEP}\d{{1,3}}(?!\d))(?!\d)")
_DATED_ORDER = re.compile(r"(?<![a-z0-9])20[1-4]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3,10}(?!\d)")
_TRACKING = re.compile(
    rf"{_NOT_IN_CODE}(?:[a-z]{{2}}{_SEP}\d{{9}}{_SEP}cn|jd[a-z0-9]{{0,3}}{_SEP}\d{{9,15}}|[a-z]{{2,4}}{_SEP}\d(?:{_SEP}\d){{9,15}}){_END_OF_CODE}"
)
_LONG_NUMBER = re.compile(r"(?<![a-z0-9.])\d{8,18}(?![a-z0-9])")
_ORDER_CUE = re.compile(r"订单|单号是$|编号|order|dd号|注文|주문|pedido")
_PARCEL_CUE = re.compile(r"快递|运单|物流|tracking|顺丰|sf|圆通|中通|申通|韵达|极兔|邮政|ems|追跡|송장|退货单|寄")

_CN = "零〇一二两三四五六七八九十百千万"
_NUMERAL = rf"(?:\d+(?:,\d{{3}})*(?:\.\d+)?[百千万]?|[{_CN}]+(?:点[{_CN}]+)?)"
_NOT_MONEY = r"(?!\d|表|布|肥皂|香皂|巧克力|电池|屏|毛巾|地毯|石|板|皮|肉|儿|寄|发|退|拍|买|送|玩)"
_AMOUNT = re.compile(
    r"(?P<sign>[¥￥$]|rmb ?|cny ?)(?P<signed>\d+(?:,\d{3})*(?:\.\d+)?)(?P<unit0> ?(?:元|块钱|块))?"
    rf"|(?P<number>{_NUMERAL})(?P<unit> ?(?:块钱|元钱|块大洋|元|块{_NOT_MONEY}|圆(?!通|领|形|的)|rmb|yuan|毛钱|角钱))"
)
_YUAN_JIAO = re.compile(r"(?<![\d.])(?P<yuan>\d+)块(?P<jiao>\d)(?!\d|[件双个条盒])")
_MEASURES = "件双个条盒包瓶箱袋台套只支份张部把组对枚罐桶副束床本辆提串筒板册款顶盏根片斤听"
_QUANTITY = re.compile(
    rf"(?<![第\d.{_CN}几])(?P<number>{_NUMERAL}|俩|仨)(?P<unit> ?[{_MEASURES}])"
    r"(?!月|小时|钟头|工作日|星期|礼拜|周|多月|半月|人|问题|字|忙|电话|事|办法|码|装|意思|以上的?会员|起|劲|价)"
)
_PAIR = re.compile(r"(?<![a-z0-9第])(?:俩|仨)(?![口人])")


def codes(text: str, *, requested_slot: str | None = None) -> list[Found]:
    """Order, tracking, phone and tax numbers of a text; nothing overlaps."""
    found: list[Found] = []
    for candidate in _codes(text, requested_slot or ""):
        if not any(candidate.overlaps(other) for other in found):
            found.append(candidate)
    return found


def amounts(text: str) -> list[Found]:
    """Amounts with a currency sign or unit; the value in yuan with two decimals."""
    found = []
    for match in _AMOUNT.finditer(text):
        raw = match["signed"] or match["number"]
        value = to_number(raw)
        if value is None or (match["number"] == "一" and (match["unit"] or "").strip() == "块"):
            continue  # 一块 is mostly a piece, or "together"
        unit = (match["unit"] or match["unit0"] or "").strip()
        found.append(_found("amount", match, f"{value * (0.1 if unit in ('毛钱', '角钱') else 1):.2f}"))
    found += [_found("amount", m, f"{m['yuan']}.{m['jiao']}0") for m in _YUAN_JIAO.finditer(text)]
    return [f for f in found if not any(f is not g and g.start <= f.start and f.end < g.end for g in found)]


def quantities(text: str) -> list[Found]:
    """Counts with their measure word; the value is the number in digits."""
    found = []
    for match in _QUANTITY.finditer(text):
        value = to_number(match["number"])
        if value is not None:
            found.append(_found("quantity", match, plain_number(value)))
    found += [_found("quantity", m, "2" if m[0] == "俩" else "3") for m in _PAIR.finditer(text)]
    return found


def to_number(text: str) -> float | None:
    """Digits (with thousands separators) or Chinese numerals as a number, None when it is neither."""
    from cn2an import cn2an  # loads tables

    text = {"俩": "二", "仨": "三"}.get(text.strip(), text.strip()).replace(",", "").replace("〇", "零")
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return float(cn2an(text, "smart"))
    except (ValueError, KeyError, IndexError):
        return None


def plain_number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:g}"


def compact(text: str) -> str:
    """An id as its value: upper case without spaces, dashes or dots."""
    return re.sub(r"[ \-.]", "", text).upper()


def _codes(text: str, slot: str) -> Iterator[Found]:
    for match in _TAX.finditer(text):
        letters = re.search(r"[a-z]", match[0]) is not None
        if (letters and not _TRACKING.fullmatch(match[0])) or "tax" in slot or _TAX_CUE.search(text[: match.start()][-8:]):
            yield _found("tax_no", match, compact(match[0]))
    for match in _MOBILE.finditer(text):
        yield _found("phone", match, compact(match[0].replace("+", ""))[-11:])
    for match in _ORDER.finditer(text):
        yield _found("order_id", match, compact(match[0]))
    for match in _TRACKING.finditer(text):
        yield _found("tracking_no", match, compact(match[0]))
    for match in _LANDLINE.finditer(text):
        yield _found("phone", match, compact(match[0]))
    for match in _FOREIGN.finditer(text):
        yield from _foreign_phone(match)
    for match in _DATED_ORDER.finditer(text):
        yield _found("order_id", match, match[0])
    for match in _LONG_NUMBER.finditer(text):
        yield from _long_number(text, match, slot)
    if "phone" in slot and (tail := re.search(r"(?<!\d)\d{4}(?!\d)", text)):
        yield _found("phone", tail, tail[0])


def _foreign_phone(match: re.Match[str]) -> Iterator[Found]:
    import phonenumbers

    try:
        number = phonenumbers.parse(match[0], None)
    except phonenumbers.NumberParseException:
        return
    if phonenumbers.is_possible_number(number):
        yield _found("phone", match, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _long_number(text: str, match: re.Match[str], slot: str) -> Iterator[Found]:
    """A bare number: what stands before it, or what was asked for, says what it is; else its length does."""
    before = text[: match.start()][-10:]
    digits = len(match[0])
    if ("tax" in slot and digits in (15, 18)) or (_TAX_CUE.search(before) and digits >= 15):
        yield _found("tax_no", match, match[0])
    elif _last_cue(before) == "order" or (slot == "order_id" and _last_cue(before) != "parcel"):
        yield _found("order_id", match, match[0])
    elif _last_cue(before) == "parcel" or "tracking" in slot or 12 <= digits <= 15:
        yield _found("tracking_no", match, match[0])


def _last_cue(before: str) -> str | None:
    cues = [(m.end(), "order") for m in _ORDER_CUE.finditer(before)] + [(m.end(), "parcel") for m in _PARCEL_CUE.finditer(before)]
    return max(cues)[1] if cues else None


def _found(entity: str, match: re.Match[str], value: str) -> Found:
    return Found(entity, match.start(), match.end(), value, "rule")
