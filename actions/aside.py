"""A want that only reads, inside an open form: it is answered and the form goes on.

When several orders could be meant they are shown to be tapped; a choice in the next message is for that list, not for the form.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actions.amends import is_offer
from actions.base import Say
from actions.cards import MOST_SHOWN, about, order_list
from actions.charges import about_a_charge
from actions.filling import Filling
from actions.flows import FLOWS, FORM_OF, Flow
from actions.knowledge import answer
from actions.orders import chosen_from_list, fitting_orders, named_order
from actions.reads import SubmitOrder, SubmitRefundStatus, SubmitTrack
from actions.shop_api import Shop
from actions.turn import Turn
from actions.urging import SubmitLost, SubmitUrge
from actions.which_order import order_id
from actions.words import Word
from bot.core.bands import ANSWER

_READS = {read.form: read for read in (SubmitTrack(), SubmitOrder(), SubmitRefundStatus(), SubmitUrge(), SubmitLost())}
_PAYS_BACK = frozenset({"cancel_form", "return_form", "refund_form"})
"""At the end of which money is paid back."""


def is_aside(turn: Turn, flow: Flow) -> bool:
    """Anonymous shoppers must give number and phone first: that is a form of its own."""
    reads = FORM_OF.get(turn.intent) in _READS and flow.form not in _READS
    return reads and turn.shopper_id is not None and not is_offer(turn)


async def answer_aside(turn: Turn, say: Say, shop: Shop) -> dict[str, Any]:
    """Tells what is asked for, or shows the orders that it may be about; returns the slots that change."""
    if turn.intent == "query_refund" and await _refund_to_come(turn, say, shop):
        return {}
    flow = FLOWS[FORM_OF[turn.intent]]
    # Which order is meant is found as when the want opens its form, the order of the open form being the one of the talk.
    talk = {
        "focus_order": turn.slot("order_id") or turn.slot("focus_order"),
        "focus_page": turn.page_order,
        "charge_check": turn.slot("charge_check"),
    }
    of_its_own = replace(turn, slots=talk, active_form=None, requested_slot=None)
    filling = Filling(replace(flow, implied=True), of_its_own, shop, say)
    await order_id(filling)
    number = filling.changed.get("order_id")
    if number:
        await _READS[flow.form].tell(turn, say, shop, number)
    elif not filling.told and not filling.ended:
        shown = await _which(of_its_own, flow, say, shop)
        return {} if turn.requested_slot == "order_id" else shown  # the form's own list comes last: a choice is of that one
    return {name: value for name, value in filling.changed.items() if name == "charge_check"}


async def _refund_to_come(turn: Turn, say: Say, shop: Shop) -> bool:
    """Whether it is asked for the money of the open form's order, of which nothing is paid back yet: no other order's refund answers."""
    number = turn.slot("order_id")
    if (
        turn.active_form not in _PAYS_BACK
        or not number
        or turn.values("product")
        or named_order(turn) not in (None, number)
        or about_a_charge(turn)
    ):
        return False
    order = await shop.order(str(number))
    if order.get("aftersales"):
        return False
    if turn.hits and turn.band == ANSWER:
        answer(turn, say, turn.hits[0])
    else:
        say.response("utter_refund_to_come", about=about(order))
    return True


async def chosen_aside(turn: Turn, say: Say, shop: Shop) -> bool:
    """Whether the message chose from the orders shown besides the form, and was answered."""
    want = turn.slot("aside")
    number = chosen_from_list(turn) or named_order(turn)
    if not want or turn.source == "button" or number not in (turn.slot("shown_orders") or ()):
        return False
    await _READS[FORM_OF[want]].tell(turn, say, shop, str(number))
    return True


async def _which(turn: Turn, flow: Flow, say: Say, shop: Shop) -> dict[str, Any]:
    orders = (await fitting_orders(turn, shop, flow.want))[:MOST_SHOWN]
    say.response("utter_aside_which")
    say.card(order_list(orders, Word("choose_order"), intent=flow.want))
    return {"aside": flow.want, "shown_orders": [str(o["order_id"]) for o in orders]}
