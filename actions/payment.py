"""Payment that failed, is not shown, or was taken twice (facts pay.failed, pay.duplicate, pay.timeout)."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType, SlotSet

from actions.base import HUMAN_BUTTON, Say, TurnAction, back_to_form
from actions.cards import about, order_card
from actions.charges import settle_charge, taken_twice
from actions.knowledge import answer
from actions.orders import named_order
from actions.shop_api import Shop
from actions.turn import Turn
from bot.core.bands import ANSWER

_TAKEN_FOR_NOTHING = re.compile(r"(扣了|扣走|扣款成功|付了|付过|划走|支付成功|付款成功).{0,12}(没|不|未|还是|却|待)")


class PaymentProblem(TurnAction):
    def name(self) -> str:
        return "action_payment_problem"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        if taken_twice(turn.text):
            changed = await settle_charge(turn, say, shop)
            return [*(SlotSet(name, value) for name, value in changed.items()), *back_to_form(turn)]
        if _TAKEN_FOR_NOTHING.search(turn.text):
            say.response("utter_payment_unseen")
            say.open_check("system", f"已扣款但订单未显示付款：{turn.text[:200]}", named_order(turn) or turn.slot("focus_order"))
            return back_to_form(turn)
        unpaid = [o for o in await shop.orders() if o["status"] == "unpaid"] if turn.shopper_id else []
        if unpaid:
            say.response("utter_payment_unpaid", about=about(unpaid[0]), amount=unpaid[0]["amount"], buttons=[HUMAN_BUTTON])
            say.card(order_card(unpaid[0]))
        elif turn.hits and turn.band == ANSWER:
            answer(turn, say, turn.hits[0], human=True)
        else:
            say.response("utter_policy_payment_problem", buttons=[HUMAN_BUTTON])
        return back_to_form(turn)
