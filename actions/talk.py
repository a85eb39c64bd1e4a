"""Small talk, stopping, repeating: short answers that never lose the form that is open."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.amends import had_offer
from actions.base import HUMAN_BUTTON, Say, TurnAction, back_to_form, end_of_form, want_button
from actions.cards import about, order_card, status_word
from actions.checked import after_check, named_ticket
from actions.complaint import gives_up_complaint, tell_kept, tell_ticket
from actions.fallback import misunderstood
from actions.flows import PICKUP_FORM
from actions.going_on import go_on
from actions.knowledge import answer, suggested_by_place
from actions.offers import offers_for, ways_on
from actions.orders import named_order
from actions.pausing import take_up
from actions.safety import after_alarm
from actions.shop_api import Shop
from actions.turn import Turn
from actions.writes import WRITES
from bot.core.bands import ANSWER
from bot.core.errors import NotFound
from bot.core.feedback import comment_in, score_of

_PICTURED = ("report_damaged", "report_wrong_or_missing", "report_quality")


class SmallTalk(TurnAction):
    def name(self) -> str:
        return "action_small_talk"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        stars = score_of(turn.values("rating"), "") if turn.intent == "insult" else None
        if stars is None:
            say.response(f"utter_{turn.intent}")
        else:  # 一分 太慢: a score with its reason, said in anger
            say.response("utter_rate_low", buttons=[want_button("complain"), HUMAN_BUTTON])
            say.command("rate", stars=stars, text=comment_in(turn.text))
        found = (after_alarm(turn, say) or await after_check(turn, say, shop)) if turn.intent == "thank" else None
        return [*(found or []), *back_to_form(turn)]


class Stop(TurnAction):
    def name(self) -> str:
        return "action_stop"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        if turn.active_form == PICKUP_FORM:
            booked = (await shop.aftersale(str(turn.slot("aftersale_id"))))["pickup"]["booked"]
            if booked:
                say.response("utter_pickup_stays", slot=booked, buttons=[HUMAN_BUTTON])
            else:
                say.response("utter_pickup_later")
            return [*end_of_form(), *take_up(turn.slots, say)]
        told = None if turn.active_form else await after_check(turn, say, shop)
        if told is not None:
            return told
        write = WRITES.get(turn.active_form or "")
        if write is None or not await write.told_if_done(turn, say, shop):
            say.response("utter_stopped" if turn.active_form else "utter_nothing_to_stop")
        if gives_up_complaint(turn):
            tell_kept(say)
        return [*end_of_form(), *take_up(turn.slots, say)]


class NoForm(TurnAction):
    """Yes, no or a bare value that no form can use: while nothing is being asked, or inside a form that asks for something else."""

    def name(self) -> str:
        return "action_no_form"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        number = named_order(turn)
        if number and turn.shopper_id and not turn.active_form:
            return await self._order(number, turn, say, shop)
        chosen = suggested_by_place(turn)
        if chosen is not None:
            answer(turn, say, chosen)
            return [SlotSet("fallback_step", 0), *back_to_form(turn)]
        told = await go_on(turn, say, shop)
        if told is not None:
            return told
        if turn.source == "upload":
            _photo(turn, say)
        elif turn.intent == "inform" and named_ticket(turn):
            tell_ticket(turn, say)
        elif turn.source == "button":
            say.response("utter_stale_button", buttons=None if turn.active_form else ways_on(None))
        elif turn.intent == "inform" and turn.hits and turn.band == ANSWER:
            answer(turn, say, turn.hits[0])
        elif turn.active_form:
            return misunderstood(turn, say, "utter_not_understood")
        elif turn.intent == "deny" and turn.values("coupon") and had_offer(turn):
            say.response("utter_coupon_given")
        else:
            say.response(f"utter_loose_{turn.intent}")
        return [SlotSet("fallback_step", 0), *back_to_form(turn)]

    async def _order(self, number: str, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        """A bare order number: how it stands, and it is what the talk is about from now on."""
        try:
            order = await shop.order(number)
        except NotFound:
            say.response("utter_order_not_found", order_id=number, buttons=ways_on(None))
            return []
        say.response("utter_order_status", about=about(order), status=status_word(order), buttons=offers_for(order))
        say.card(order_card(order))
        return [SlotSet("focus_order", number), SlotSet("focus_page", turn.page_order), SlotSet("fallback_step", 0)]


def _photo(turn: Turn, say: Say) -> None:
    """A picture without words: inside a form the form goes on, else it is asked what the picture is about."""
    if turn.active_form:
        say.response("utter_photo")
    else:
        say.response("utter_photo_alone", buttons=[want_button(want) for want in _PICTURED])


class Repeat(TurnAction):
    """Says the last answer again, with its buttons and cards."""

    def name(self) -> str:
        return "action_repeat"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = Turn.of(tracker)
        if named_ticket(turn):  # whoever names a ticket asks for it: 刚才不是登记了T2026112366048吗
            tell_ticket(turn, Say(dispatcher, turn.language))
            return back_to_form(turn)
        if not turn.active_form and not turn.said_before and sum(e.get("event") == "user" for e in tracker.events) < 2:
            return misunderstood(turn, Say(dispatcher, turn.language), "utter_not_understood")
        if turn.active_form or turn.said_before:
            dispatcher.utter_message(response="utter_repeat")
            for said in [] if turn.active_form else turn.said_before:
                dispatcher.utter_message(text=said["text"], buttons=said["buttons"], json_message=said["custom"])
        else:  # the server answered: a ticket, a rating
            dispatcher.utter_message(response="utter_above")
        return back_to_form(turn)

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        raise NotImplementedError("Repeat reads the tracker itself")
