"""The last step of a form, and of those that only read and tell."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Say, TurnAction, end_of_form
from actions.checked import left_by_check
from actions.filling import ENDED, PASSED_ON, SWITCHED
from actions.flows import FORM_OF, PICKUP_FORM
from actions.pausing import take_up
from actions.shop_api import Shop
from actions.turn import Turn
from actions.words import Word

_KEPT = ("form_instance", "item", "reason", "detail", "remedy")
"""What the form that takes over may know of the one before."""
_HOLDS_FOR_ALL = ("invoice_title", "tax_no", "invoice_kind", "reason")


class Submit(TurnAction, ABC):
    """The last step of a form: when it cannot be done, the form is over all the same. What goes back is picked up next, or at
    another time, then comes another want of the message that opened the form."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        events = await super().run(dispatcher, tracker, domain)
        waiting, ending = left_by_check(Turn.of(tracker), tracker.slots.get("next_wants") or [], events), tracker.slots.get("confirm")
        paused = SlotSet("paused", tracker.slots.get("paused"))
        if ending == "no" and tracker.slots.get("form_instance", "").startswith("withdraw_form:"):
            return [*events, *take_up(tracker.slots, Say(dispatcher, Turn.of(tracker).language))]  # what was to come instead goes with it
        if ending == SWITCHED and (moved := tracker.slots.get("aftersale_id")):
            return [*events, SlotSet("aftersale_id", moved), paused, FollowupAction(PICKUP_FORM)]
        if any(event.get("name") == "aftersale_id" and event.get("value") for event in events):
            return [*events, SlotSet("next_wants", waiting), paused, FollowupAction(PICKUP_FORM)]
        if any(event.get("event") == "followup" for event in events):
            return [*events, SlotSet("next_wants", waiting), paused]
        following = _next_order(tracker)
        if following:
            return [*events, SlotSet("offered", following), SlotSet("next_wants", waiting), paused, FollowupAction(str(following["form"]))]
        want = next((want for want in waiting if want in FORM_OF), None)
        if want is None:
            return [*events, *take_up(tracker.slots, Say(dispatcher, Turn.of(tracker).language))]
        if ending != PASSED_ON:
            say = Say(dispatcher, Turn.of(tracker).language)
            say.response("utter_switched" if ending == SWITCHED else "utter_next_want", want=Word(f"want.{want}"))
        kept = [SlotSet(name, tracker.slots.get(name)) for name in _KEPT] if ending in (SWITCHED, PASSED_ON) else []
        later = [other for other in waiting if other != want]
        return [*events, *kept, SlotSet("next_wants", later or None), paused, FollowupAction(FORM_OF[want])]

    def given_up(self, turn: Turn) -> list[EventType]:
        return end_of_form()


def _next_order(tracker: Tracker) -> dict[str, Any] | None:
    """The same form for the next of several orders, with what was confirmed for this one and holds for it too."""
    more, frozen = tracker.slots.get("more_orders") or [], tracker.slots.get("frozen") or {}
    if not more or tracker.slots.get("confirm") != "yes":
        return None
    form = str(tracker.slots.get("form_instance")).split(":")[0]
    kept = {name: frozen[name] for name in _HOLDS_FOR_ALL if frozen.get(name)}
    return {"form": form, "slots": {**kept, "order_id": more[0], "more_orders": more[1:] or None}}


class SubmitRead(Submit, ABC):
    """A form that asks for an order alone and tells something of it."""

    @property
    @abstractmethod
    def form(self) -> str: ...

    def name(self) -> str:
        return f"action_submit_{self.form}"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        number = turn.slot("order_id")
        if turn.slot("confirm") in (ENDED, SWITCHED, PASSED_ON) or not number:
            return end_of_form()
        return [*end_of_form(number), *await self.tell(turn, say, shop, number)]

    @abstractmethod
    async def tell(self, turn: Turn, say: Say, shop: Shop, number: str) -> list[EventType]:
        """`number` is an order that the shopper may read. Returns what comes next; nothing does where this is told inside another form,
        which goes on."""
