"""What is said after an answer about goods and is short for it: 黑色的呢, 便宜点的, 第二个, 那这个呢."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType

from actions.attributes import tell_attribute
from actions.base import Say
from actions.goods import GoodsTalk
from actions.places import place_in
from actions.recommend import asks_for_more, recommend, tell_one
from actions.shop_api import Shop
from actions.sizing import size_question
from actions.stock import tell_stock
from actions.turn import Turn
from bot.core.wishes import budget_in

_THIS = re.compile(r"^那?(这|那|它)(个|款|件|双|种|条)?(呢|怎么样|有吗|有货吗|还有吗)", re.IGNORECASE)
_STOCK = re.compile(r"有货|现货|库存|还有|in stock", re.IGNORECASE)


async def follow_up(turn: Turn, say: Say, shop: Shop) -> list[EventType] | None:
    """The answer, or None when the message does not go on from goods. Never inside a form, which has its own question open."""
    if turn.active_form or turn.source != "text":
        return None
    sized = await size_question(turn, say, shop)
    if sized is not None:
        return sized
    talk = GoodsTalk.of(turn)
    place = place_in(turn.text)
    if place and place <= len(talk.shown):
        stock = talk.topic == "stock" or _STOCK.search(turn.text)
        return await (tell_stock(turn, say, shop, talk) if stock else tell_one(turn, say, shop, talk, talk.shown[place - 1]))
    if not talk.just_now(turn):
        return None
    if asks_for_more(turn, talk):
        return await recommend(turn, say, shop, talk)
    if talk.topic == "recommend" and (turn.values("product") or budget_in(turn.text, turn.values("amount"))):
        return await recommend(turn, say, shop, talk)
    if talk.topic == "attribute" and (_THIS.search(turn.text) or turn.values("product")):
        return await tell_attribute(turn, say, shop, attribute=talk.attribute)
    if talk.topic == "stock" and (_THIS.search(turn.text) or turn.values("sku_option") or turn.values("product")):
        return await tell_stock(turn, say, shop, talk)
    return None
