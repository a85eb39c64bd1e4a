"""The shopper's coupons."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from rasa_sdk.events import EventType

from actions.base import HUMAN_BUTTON, Say, TurnAction, back_to_form
from actions.cards import MOST_SHOWN
from actions.goods_talk import follow_up
from actions.knowledge import answer
from actions.shop_api import Shop
from actions.turn import Turn
from actions.words import Word, in_language, moment
from bot.core.bands import ANSWER

_NOT_USABLE = "promo.coupon_not_usable"
"""The article on why a coupon does not apply."""
_HOW_TO_GET = re.compile(
    r"(怎么|怎样|如何|咋|在?哪里?|哪儿|去哪).{0,4}(领|拿|抢|弄)|领券|how (do|can) i get|where .{0,12}get", re.IGNORECASE
)


class ShowCoupons(TurnAction):
    """The shopper's coupons with their conditions, and why one may not apply when that is the question; how to get more when nobody is
    signed in or a question is asked that an article answers."""

    def name(self) -> str:
        return "action_show_coupons"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        told = await follow_up(turn, say, shop)  # 便宜点的, after goods were shown, is no bargaining
        if told is not None:
            return told
        asks_why = turn.shopper_id is not None and _asks_why(turn)
        if not asks_why and turn.hits and turn.band == ANSWER:
            answer(turn, say, turn.hits[0])
            return back_to_form(turn)
        coupons = await shop.coupons() if turn.shopper_id else []
        usable = [c for c in coupons if c["status"] == "usable"]
        if usable:
            say.response("utter_coupons", count=len(usable), lines=_lines(usable, say.language))
        if asks_why:
            gone = [c for c in coupons if c["status"] != "usable"]
            if not usable:
                say.response("utter_coupons_none")
            if gone:
                say.response("utter_coupons_gone", lines=_lines(gone, say.language))
            say.response("utter_coupon_why", buttons=[HUMAN_BUTTON])
        elif not usable:
            say.response("utter_policy_claim_coupon", buttons=[HUMAN_BUTTON])
        return back_to_form(turn)


def _asks_why(turn: Turn) -> bool:
    """Whether it is about a coupon that they have and cannot use, not about how to get one."""
    near = [hit["id"] for hit in turn.hits[: 1 if turn.band == ANSWER else 2]]
    return _NOT_USABLE in near and not _HOW_TO_GET.search(turn.text)


def _lines(coupons: Sequence[Mapping[str, Any]], language: str) -> str:
    return "\n".join(in_language(_line(coupon), language) for coupon in coupons[:MOST_SHOWN])


def _line(coupon: Mapping[str, Any]) -> Word:
    threshold = Decimal(coupon["threshold"])
    from_ = Word("coupon_from", {"amount": f"{float(threshold):g}"}) if threshold else Word("coupon_any")
    until = moment(datetime.fromisoformat(coupon["valid_until"]))
    return Word(f"coupon_line.{coupon['status']}", {"title": coupon["title"], "from_": from_, "until": until})
