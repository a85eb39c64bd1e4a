"""Who pays for sending back, of the request that is being made or was made last (fact return.fee)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.base import Say
from actions.flows import AFTERSALE, REQUESTS
from actions.shop_api import Shop
from actions.turn import Turn
from bot.core.aftersales import fault_of, shop_pays_freight
from bot.core.orders import OPEN_AFTERSALE

_FREIGHT = re.compile(
    r"运费|邮费|快递[费钱]|寄[费钱]|谁(出|付|掏).{0,3}钱|(出|付|花|掏).{0,2}[寄邮运].{0,3}钱|寄[回过去].{0,6}(出|付|花|掏).{0,2}钱"
    r"|freight|postage|shipping (cost|fee)|pay for (the )?shipping",
    re.IGNORECASE,
)
_OUTWARD = re.compile(r"包邮|满\s*\d+|下单|再买|新单|free shipping", re.IGNORECASE)
"""The freight of an order, not of what goes back."""
_INSURED = frozenset({"clothing", "shoes"})
"""Goods that come with return freight insurance (fact return.insurance)."""


async def tell_freight(turn: Turn, say: Say, shop: Shop) -> bool:
    """Answer who pays for sending back these goods; False where it is not asked, or nothing goes back."""
    if turn.source != "text" or not turn.shopper_id or not _FREIGHT.search(turn.text) or _OUTWARD.search(turn.text):
        return False
    if _is_repaired(turn):
        return False
    number = turn.slot("order_id") if turn.active_form in REQUESTS else turn.focus
    order = await shop.order(str(number)) if number else {}
    request = _being_made(turn) or next((a for a in order.get("aftersales") or () if a["status"] in OPEN_AFTERSALE), None)
    if not order or request is None or request["kind"] == "refund":
        return False
    reason = await _reason(shop, str(number), request)
    if shop_pays_freight(fault_of(reason)):
        say.response("utter_freight_ours")
    elif request["kind"] == "return" and any(item.get("category") in _INSURED for item in order["items"]):
        say.response("utter_freight_theirs_insured")
    else:
        say.response("utter_freight_theirs")
    return True


def _is_repaired(turn: Turn) -> bool:
    """Whether the open form is for a repair: who pays for that goes by the days since delivery, and an article tells (warranty.how)."""
    return turn.active_form == "repair_form" or (turn.active_form == "problem_form" and turn.slot("remedy") == "repair")


def _being_made(turn: Turn) -> Mapping[str, Any] | None:
    """The request of the open form, once it is told why the goods go back."""
    form, reason = turn.active_form or "", turn.slot("detail") or turn.slot("reason")
    if form not in REQUESTS or not reason:
        return None
    other = "exchange" if "换" in turn.text else "return"  # asked before the request is changed to the other
    return {"kind": other if form not in AFTERSALE or form == "return_form" else form.removesuffix("_form"), "reason": reason}


async def _reason(shop: Shop, number: str, request: Mapping[str, Any]) -> str:
    if "reason" in request:
        return str(request["reason"])
    requests = await shop.aftersales(number)
    return next((str(a.get("reason") or "") for a in requests if a["aftersale_id"] == request["aftersale_id"]), "")
