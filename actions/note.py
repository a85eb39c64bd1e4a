"""What else can be changed of an order before it is shipped: its note (fact order.note), also for the day of delivery; not how many."""

from __future__ import annotations

import re

from actions.base import HUMAN_BUTTON, want_button
from actions.filling import NOT_NEEDED, Filling
from bot.core.wordless import is_wordless

SHORTEST, LONGEST = 2, 200
_NOTE = re.compile(r"备注|留言|\bnote\b", re.IGNORECASE)
_DELIVERY = re.compile(
    r"(再|才|改天|晚点|晚些|推迟|等).{0,6}(送|派送|配送|发货|安装)|(送货?|派送|配送|安装|发货)(时间|日期|前)|(放|送到?)(门口|门卫|前台|驿站|快递柜|丰巢)"
    r"|deliver (it )?(on|after|before)|leave it",
    re.IGNORECASE,
)
_FILLER = r"(?:一下|下|改成|改为|写上?|加上?|里?[写加]|内容|:|：|，|,|\s|是|to|that)*"
_AFTER = re.compile(rf"(?:备注|留言|\bnote\b){_FILLER}(?P<note>.+)$", re.IGNORECASE)
_QUANTITY = re.compile(r"数量|件数|几件|多[买要加拍]|少[买要拍]|[加减]一?[件个双]|quantity|how many", re.IGNORECASE)
_NONE = re.compile(r"(算了|不(备注|加|写|留|用|要)了?|没有?了?|没什么)[吧啊呀。.!！]*")
_ASKING = re.compile(r"[吗呢吧啊呀么嘛?？。.!！\s]+$|^(怎么|咋|如何|能|可以|在哪|哪里?).{0,4}$")


def begin_change(f: Filling) -> None:
    """When the form opens: whether it is about the note or about an option, of which only one is asked for."""
    text = f.turn.text
    if _NOTE.search(text) or _DELIVERY.search(text):
        f.changed |= {"item": NOT_NEEDED, "sku_option": NOT_NEEDED}
    elif not f.turn.values("sku_option") and (_QUANTITY.search(text) or f.turn.value("quantity")):
        f.end("utter_quantity_fixed", buttons=[want_button("cancel_order"), HUMAN_BUTTON])
    else:
        f.changed["note"] = NOT_NEEDED


async def note(f: Filling) -> None:
    if f.ended or f.now("note") == NOT_NEEDED:
        return
    if f.asked("note") and _NONE.fullmatch(f.turn.text.strip()):
        f.end("utter_stopped", buttons=None)
        return
    said = _said(f)
    if said:
        f.changed["note"] = said.strip()[:LONGEST]


def _said(f: Filling) -> str | None:
    """What stands behind the word 备注, else the wish for a day or a place of delivery, else the answer to the question."""
    text = f.turn.text.strip()
    after = _AFTER.search(text)
    if f.turn.intent in f.flow.wants and after:
        written = _ASKING.sub("", after["note"])
        return None if len(written) < SHORTEST or is_wordless(written) or re.fullmatch(_FILLER, written) else written
    wishes = f.turn.intent in f.flow.wants and _DELIVERY.search(text) and not _NOTE.search(text)
    answers = f.asked("note") and f.turn.intent != "affirm" and not f.names_order
    says = len(text) > 1 and not is_wordless(text)
    return text if wishes or (answers and says) else None
