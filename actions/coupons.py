"""The shopper's coupons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
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


class ShowCoupons(TurnAction):
    """The shopper's usable coupons; how to get more when nobody is signed in or a question is asked that an article answers."""

    def name(self) -> str:
        return "action_show_coupons"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        told = await follow_up(turn, say, shop)  # 便宜点的, after goods were shown, is no bargaining
        if told is not None:
            return told
        if turn.hits and turn.band == ANSWER:
            answer(turn, say, turn.hits[0])
            return back_to_form(turn)
        usable = [c for c in await shop.coupons() if c["status"] == "usable"] if turn.shopper_id else []
        if usable:
            lines = [in_language(_line(coupon), say.language) for coupon in usable[:MOST_SHOWN]]
            say.response("utter_coupons", count=len(usable), lines="\n".join(lines))
        else:
            say.response("utter_policy_claim_coupon", buttons=[HUMAN_BUTTON])
        return back_to_form(turn)


def _line(coupon: Mapping[str, Any]) -> Word:
    return Word("coupon_line", {"title": coupon["title"], "until": moment(datetime.fromisoformat(coupon["valid_until"]))})
