"""An account in danger goes before everything else (requirement R089): what to do at once, a ticket, a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import EventType

from actions.base import Say, TurnAction, end_of_form
from actions.cards import about, status_word
from actions.handoff import hand_over
from actions.orders import named_order, with_product
from actions.safety import TOLD_CODE, add_to_alarm, after_alarm, alarm, raised, repeat_alarm
from actions.shop_api import Shop
from actions.turn import Turn
from bot.core.errors import ZhangguiError

_KINDS = tuple(
    (kind, re.compile(words, re.IGNORECASE))
    for kind, words in (
        (
            "fraud",
            r"冒充|自称|假客服|骗|转账|转了|汇款|共享屏幕|扫码|刮奖|验证码.{0,8}(告诉|念|给|发|说)|(告诉|念|给|发|说).{0,8}验证码|链接"
            r"|scam|fraud|imperson|transfer",
        ),
        ("phone", r"(手机|电话卡|sim).{0,6}(丢|偷|掉了|不见|抢)|(丢|偷|抢).{0,4}手机|(lost|stole).{0,8}phone|phone.{0,12}(lost|stolen)"),
        ("charge", r"盗刷|被刷|刷了|扣款|扣了.{0,6}钱|免密|花呗|unknown charge|charged"),
        (
            "order",
            r"(不是我|没有?|谁).{0,8}(下|买|拍).{0,6}(单|的|了|东西)|(陌生|不认识|不明|多了).{0,6}(订单|单子)"
            r"|unknown order|did(n't| not) (order|buy)",
        ),
    )
)
"""What the danger is; anything else counts as a stolen account."""
_DANGER = re.compile(
    r"被盗|盗号|盗用|盗刷|异地登录|(陌生|不认识).{0,6}(设备|订单|登录|地址)|别人.{0,6}(登|用我)|不是我.{0,4}(登|下|买|改|操作)"
    r"|(手机.{0,4}(丢了|被偷)|丢手机)|stolen|hacked|not me",
    re.IGNORECASE,
)


_THIS_ORDER = re.compile(r"[这那]一?(单|个?订单)|(this|that) order", re.IGNORECASE)
_UNSHIPPED = ("unpaid", "paid")


def endangered(text: str) -> bool:
    """Whether a message about an account says that somebody else has hold of it."""
    return bool(_DANGER.search(text) or TOLD_CODE.search(text))


async def secure(turn: Turn, say: Say, shop: Shop) -> list[EventType]:
    """Never asks for anything: not for a password or code, not whether it is really so. A danger that was told before is not told
    again: what is asked of it is answered."""
    said = next((kind for kind, words in _KINDS if words.search(turn.text)), "stolen" if _DANGER.search(turn.text) else None)
    known = alarm(turn).get("kinds", [])
    if known and said in (None, *known):
        answered = after_alarm(turn, say)
        if answered is None:
            repeat_alarm(turn, say)
        return answered or [raised(turn, said)]
    kind = said or "stolen"
    order = await _meant_order(turn, shop) if kind == "order" else None
    if order is None:
        say.response(f"utter_security_{kind}")
    else:
        response = "utter_security_order_unshipped" if order["status"] in _UNSHIPPED else "utter_security_order_late"
        say.response(response, about=about(order), status=status_word(order))
    add_to_alarm(turn, say)
    hand_over(say, turn, "security", summary=f"账户安全：{turn.text[:200]}")
    return [raised(turn, kind)]


async def _meant_order(turn: Turn, shop: Shop) -> Mapping[str, Any] | None:
    """The strange order that the message is about; None when that is not clear, or the shop does not say: safety does not wait for it."""
    if turn.shopper_id is None:
        return None
    number = named_order(turn) or turn.page_order or (turn.focus if _THIS_ORDER.search(turn.text) else None)
    try:
        if number:
            return await shop.order(number)
        named = with_product(turn, await shop.orders())
    except ZhangguiError:
        return None
    return named[0] if len(named) == 1 else None


class AccountSecurity(TurnAction):
    def name(self) -> str:
        return "action_account_security"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        return [*await secure(turn, say, shop), *end_of_form()]
