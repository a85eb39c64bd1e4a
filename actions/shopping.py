"""The wants around goods that are not bought yet: is it there, what would you suggest."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType

from actions.base import Say, TurnAction, back_to_form
from actions.goods import GoodsTalk
from actions.knowledge import answer
from actions.recommend import asks_for_more, recommend
from actions.shop_api import Shop
from actions.sizing import size_question
from actions.stock import tell_stock
from actions.turn import Turn
from bot.core.bands import ANSWER

_WHEN = re.compile(r"补货|到货|再上|什么时候|啥时候|几号|多久|when|restock", re.IGNORECASE)


class CheckStock(TurnAction):
    """Stock of a product or of one of its options; when it will be there is an article's matter."""

    def name(self) -> str:
        return "action_check_stock"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        talk = GoodsTalk.of(turn)
        told = await size_question(turn, say, shop)
        if told is None and turn.hits and turn.band == ANSWER and (_WHEN.search(turn.text) or _about_no_product(turn, talk)):
            answer(turn, say, turn.hits[0])
            return back_to_form(turn)
        if told is None and not turn.values("product") and turn.source == "text" and asks_for_more(turn, talk):
            told = await recommend(turn, say, shop, talk)
        return [*(told or await tell_stock(turn, say, shop, talk)), *back_to_form(turn)]


def _about_no_product(turn: Turn, talk: GoodsTalk) -> bool:
    return not (turn.values("product") or turn.value("sku") or turn.values("sku_option") or turn.page_sku or talk.just_now(turn))


class RecommendProduct(TurnAction):
    def name(self) -> str:
        return "action_recommend_product"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        told = await size_question(turn, say, shop)
        return [*(told or await recommend(turn, say, shop, GoodsTalk.of(turn))), *back_to_form(turn)]
