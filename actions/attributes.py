"""What the catalogue says of a product (保修多久, 防水吗), for questions that no article and no sheet answers surely enough."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType

from actions.base import Say
from actions.goods import MOST_CARDS, GoodsTalk, Product, meant
from actions.shop_api import Shop
from actions.turn import Turn

_CALLED = {
    "质保": "保修|保多久|warrant|guarantee",
    "防水": "waterproof|water.?resist",
    "续航": "battery life|能用多久|撑多久",
    "重量": "多重|几斤|重不重|weigh",
    "材质": "料子|什么做的|material",
    "面料": "料子|什么做的|材质|fabric|material",
    "鞋面": "什么皮|真皮|材质",
    "保质期": "过期|放多久|shelf life",
    "产地": "哪里产|哪产|made in",
    "跟高": "几厘米的跟|鞋跟|heel",
    "尺寸": "多大|多高|多宽|dimension",
}
"""What shoppers also call an attribute of docs/shop-api.yaml, as patterns."""


async def tell_attribute(turn: Turn, say: Say, shop: Shop, *, attribute: str | None = None) -> list[EventType] | None:
    """The attribute that the message asks for, or the given one, of the product that is meant; None when there is no such thing."""
    talk = GoodsTalk.of(turn)
    if not (turn.values("product") or turn.page_sku or talk.just_now(turn)):
        return None
    products = (await meant(turn, shop, talk)).products
    if not 0 < len(products) <= MOST_CARDS:
        return None
    asked = next((name for product in products for name in _attributes(product) if name == attribute or _asks_for(turn.text, name)), None)
    told = [product for product in products if asked in _attributes(product)]
    if asked is None or not told:
        return None
    for product in told:
        say.response("utter_product_attribute", product=product["name"], attribute=asked, value=_attributes(product)[asked])
    return talk.go_on(turn, topic="attribute", attribute=asked, sku=told[0]["sku"] if len(told) == 1 else None, shown=[])


def _attributes(product: Product) -> dict[str, str]:
    return product.get("attributes") or {}


def _asks_for(text: str, attribute: str) -> bool:
    return attribute in text or (attribute in _CALLED and re.search(_CALLED[attribute], text, re.IGNORECASE) is not None)
