"""Where an order goes and who receives it: a new address, a new name or phone number, or both."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.digression import is_question
from actions.filling import NOT_NEEDED, Filling
from actions.turn import Turn
from actions.words import Word
from bot.core.orders import is_clear_address, may_be_address

_CONTACT = re.compile(r"电话|手机号?|号码|联系方式|收[件货]人|姓名|名字|\b(phone|mobile|number|receiver|recipient|name)\b", re.IGNORECASE)
_PLACE = re.compile(
    r"(?:收货|寄货|送货)?地址(?!(?:都|还是|就)?(?:不变|不用|不改|没错|没问题|一样|照旧))|address(?! (?:stays|is right))", re.IGNORECASE
)
_NAMED = re.compile(
    r"(?:收[件货]人|姓名|名字)(?:姓名|名字)?(?:要|想|请|帮我)?(?:改成|改为|换成|是|写|叫)[:：\s]*(?P<name>[\u4e00-\u9fff·]{2,6}?)(?=[，,。.;；\s\d]|$)"
)
_SAID_BEFORE = re.compile(r"(刚才|刚刚|前面|上面|之前|已经).{0,4}[发说给写报]过?|(already|just) (sent|told|gave|said)", re.IGNORECASE)


def is_of_contact(turn: Turn) -> bool:
    """Whether a message is about who receives the parcel, and not about where it goes."""
    return turn.source == "text" and bool(_CONTACT.search(turn.text)) and not (_PLACE.search(turn.text) or turn.value("address"))


def contact_is_asked(turn: Turn) -> bool:
    """Whether who receives it is what is to change: so it stays until a place is spoken of."""
    if is_of_contact(turn) or turn.requested_slot != "address" or _PLACE.search(turn.text) or turn.value("address"):
        return is_of_contact(turn)
    spoken = next((said for said in reversed(turn.earlier) if _CONTACT.search(said.text) or _PLACE.search(said.text) or said.address), None)
    return spoken is not None and not (_PLACE.search(spoken.text) or spoken.address)


def contact(shown: Mapping[str, Any]) -> Word | str:
    """Who receives it, in words; empty when that stays as it is."""
    said = {name: str(shown[name]) for name in ("receiver", "phone") if shown.get(name)}
    return Word(f"contact.{'_and_'.join(said)}", said) if said else ""


async def receiver(f: Filling) -> None:
    named = _NAMED.search(f.turn.text)
    person = f.turn.value("person") if f.asked("address") or _CONTACT.search(f.turn.text) else None
    if named or person:
        f.changed["receiver"] = named["name"] if named else person


async def phone(f: Filling) -> None:
    if f.turn.value("phone"):
        f.changed["phone"] = f.turn.value("phone")


async def address(f: Filling) -> None:
    """Said now, or before in the talk, where it need not be typed again; none is needed when only who receives it changes."""
    turn = f.turn
    said = turn.value("address") or _answered(f) or _said_before(f)
    if said:
        f.changed["address"] = said
    elif not f.now("address") and _new_contact(f) and (is_of_contact(turn) or f.asked("address")):
        f.changed["address"] = NOT_NEEDED


def _new_contact(f: Filling) -> bool:
    return bool(f.changed.get("phone") or f.changed.get("receiver"))


def _answered(f: Filling) -> str | None:
    text = f.turn.text.strip()
    answers = f.asked("address") and f.turn.intent not in ("affirm", "deny") and not f.names_order and not is_of_contact(f.turn)
    long_enough = sum(char.isalnum() for char in text) >= 6 and (is_clear_address(text) or not f.turn.value("phone"))
    return text[:200] if answers and may_be_address(text) and long_enough and not is_question(text) and not _repeats(f) else None


def _said_before(f: Filling) -> str | None:
    """The last full address of the talk, when the change is wanted again or it is said that it was given."""
    wanted_again = f.opening and f.turn.intent in f.flow.wants and not is_of_contact(f.turn)
    if f.now("address") or f.turn.source != "text" or not (wanted_again or _repeats(f)):
        return None
    return next((said.address for said in reversed(f.turn.earlier) if said.address and is_clear_address(said.address)), None)


def _repeats(f: Filling) -> bool:
    return f.asked("address") and bool(_SAID_BEFORE.search(f.turn.text))
