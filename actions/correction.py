"""What a shopper says at a confirmation to change what was shown: a new value, or only what is wrong, which is then asked for again."""

from __future__ import annotations

import re
from dataclasses import dataclass

from actions.base import Buttons, button
from actions.filling import NOT_NEEDED, Filling
from actions.flows import FLOWS, FORM_OF, Flow
from actions.orders import refuses_goods
from actions.turn import Turn
from actions.words import Word, words

_WRONG = re.compile(r"不对|不是|[写填选说弄搞]?错了|有误|改一?下|想改|要改|wrong|not right|incorrect|mistake|change", re.IGNORECASE)
_TO = re.compile(r"(?:应该?是|应为|改成|改为|而是|should be|change (?:it |that )?to)[:：，, ]*(?P<value>.{2,})$", re.IGNORECASE | re.DOTALL)
_IS = re.compile(r"(?<=[^不还就])(?:是(?![的啊呀吧])|\bis )[:：，, ]*(?P<value>.{2,})$", re.DOTALL)
_LEAD = re.compile(r"^(?:(?:不对|不是的|不是(?=[，,。.\s])|错了)[，,。.\s]*)+")
_BARE = re.compile(
    r"(?:等一?下|等等)?[，,\s]*我?(?:(?:不对的?[，,\s]*)+|(?:有|[写填选说弄搞])?错了?|有误|[想要]?(?:改|修改)一?下?"
    r"|that'?s wrong|wrong|not right)[了啊呀吧。.!！\s]*",
    re.IGNORECASE,
)
_GIVES_UP = re.compile(r"算了|先不|不(想|要)?(退|换|取消|改|办|弄|投诉|买|用|了)")
_THIS_ORDER = re.compile(r"(还是|就是?|我说的?|是|刚才|刚刚|上面|前面)*[这那]一?[单个件][的啊呀吧。.!！]*")
"""Which order is meant: the one that is shown."""
_ORDER = re.compile(r"[这那另]一?单|另一[个件]|别的单|订单|\border\b", re.IGNORECASE)
_FIELDS = (
    ("order_id", _ORDER),
    ("note", re.compile(r"备注|留言|\bnote\b", re.IGNORECASE)),
    ("reason", re.compile(r"原因|理由|reason", re.IGNORECASE)),
    ("receiver", re.compile(r"收[件货]人|姓名|名字|receiver|recipient", re.IGNORECASE)),
    ("address", re.compile(r"地址|address", re.IGNORECASE)),
    ("tax_no", re.compile(r"税号|信用代码|识别号|tax", re.IGNORECASE)),
    ("invoice_title", re.compile(r"抬头|公司名|title", re.IGNORECASE)),
    ("sku_option", re.compile(r"规格|尺码|颜色|码数|尺寸|size|colou?r|option", re.IGNORECASE)),
    ("remedy", re.compile(r"处理方式|处理办法|方案|remedy", re.IGNORECASE)),
    ("detail", re.compile(r"内容|描述|情况|经过|问题|投诉的|detail", re.IGNORECASE)),
    ("item", re.compile(r"[这那哪]件|商品|item", re.IGNORECASE)),
)
_FAULTS = frozenset({"report_damaged", "report_wrong_or_missing", "report_quality"})
_FREE_TEXT = ("detail", "reason", "address", "note", "invoice_title", "receiver")


@dataclass(frozen=True)
class Correction:
    """`slot` None: it is not said what is wrong. `value` None: the new value is not said. `heard`: it stands in an entity, which the
    filler of its slot takes."""

    slot: str | None = None
    value: str | None = None
    heard: bool = False


def correction(turn: Turn, flow: Flow) -> Correction | None:
    """What a message changes of the confirmation that is open; None when it changes nothing."""
    if turn.requested_slot != "confirm" or turn.active_form != flow.form or turn.intent in ("affirm", "stop"):
        return None
    if turn.source != "text":
        tapped = turn.value("change")
        return Correction(tapped) if tapped in changeable(turn, flow) else None
    text = turn.text.strip()
    if _BARE.fullmatch(text):
        possible = changeable(turn, flow)
        return Correction(possible[0] if len(possible) == 1 else None)
    if means_this_order(turn):
        return None
    slots = (*flow.slots, *flow.heard)
    to = _TO.search(text) or _said_to_be(text, slots)
    if not (to or _WRONG.search(text) or _is_a_field(text)) or (_GIVES_UP.search(text) and not to):
        return None
    if any(turn.values(slot) for slot in slots) or ("order_id" in slots and refuses_goods(turn)):
        return Correction(heard=True)
    about = text[: to.start()] if to else text
    if _is_of_another_form(turn, about, slots):
        return None
    slot = _field(about, slots)
    if to and _ORDER.search(to["value"]) and "order_id" in slots:
        slot = "order_id"
    if slot == "order_id":  # 还没发货那单改下地址 is another want, about another order
        return Correction(slot) if FORM_OF.get(turn.intent, flow.form) == flow.form else None
    if slot is None and not to and _is_another_want(turn, flow):
        return None
    slot = slot or next((name for name in _FREE_TEXT if name in slots and (to or _LEAD.match(text))), None)
    new = to["value"] if to else "" if slot in changeable(turn, flow) and _field(text, slots) else _LEAD.sub("", text)
    value = new.strip()[:500] if slot in _FREE_TEXT else ""
    if slot is None or (not value and slot not in changeable(turn, flow)):
        return None
    return Correction(slot, value or None)


def means_this_order(turn: Turn) -> bool:
    """刚才那单, where an order is shown to be confirmed."""
    return turn.requested_slot == "confirm" and turn.source == "text" and bool(_THIS_ORDER.fullmatch(turn.text.strip()))


def _is_another_want(turn: Turn, flow: Flow) -> bool:
    """不对，我要换货: no new reason. 不对，是质量问题 is one."""
    return turn.intent not in _FAULTS and FORM_OF.get(turn.intent, flow.form) != flow.form


def _is_of_another_form(turn: Turn, about: str, slots: tuple[str, ...]) -> bool:
    """Another want that names what only its own form asks for: 那单改下地址, inside a return."""
    other = FLOWS.get(FORM_OF.get(turn.intent, ""))
    named = _field(about, slots)
    return other is not None and named in (None, "order_id") and _field(about, tuple(set(other.slots) - set(slots))) is not None


def _said_to_be(text: str, slots: tuple[str, ...]) -> re.Match[str] | None:
    """不对，是…; 原因是…: after nothing else does 是 begin a new value."""
    found = _IS.search(text)
    return found if found and (_WRONG.search(text[: found.start()]) or _field(text[: found.start()], slots)) else None


def _field(text: str, slots: tuple[str, ...]) -> str | None:
    return next((slot for slot, named in _FIELDS if slot in slots and named.search(text)), None)


def _is_a_field(text: str) -> bool:
    """原因: the answer to what is to be changed."""
    return len(text) <= len("处理方式吧") and any(named.search(text) for _, named in _FIELDS)


def changeable(turn: Turn, flow: Flow) -> list[str]:
    """What can be asked for again of what a form has shown; not what it never asked for."""
    return [slot for slot in flow.slots if f"change.{slot}" in words() and turn.slot(slot) != NOT_NEEDED]


def change_buttons(turn: Turn, flow: Flow) -> Buttons:
    return [button(Word(f"change.{slot}"), "inform", change=slot) for slot in changeable(turn, flow)]


def correct(f: Filling) -> None:
    """Before the slots are filled: the new value, or the slot emptied so that it is asked for again."""
    found = correction(f.turn, f.flow)
    if found is None or found.heard:
        return
    if found.slot is None:
        f.changed["confirm"] = None
    elif found.value is None:
        f.changed[found.slot], f.emptied = None, found.slot
        if found.slot == "invoice_title":
            f.changed["tax_no"] = None
    else:
        f.changed[found.slot] = found.value
