"""Small talk, stopping, repeating: short answers that never lose the form that is open."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Say, TurnAction, back_to_form, end_of_form
from actions.shop_api import Shop
from actions.turn import Turn


class SmallTalk(TurnAction):
    def name(self) -> str:
        return "action_small_talk"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        say.response(f"utter_{turn.intent}")
        return back_to_form(turn)


class Stop(TurnAction):
    def name(self) -> str:
        return "action_stop"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        say.response("utter_stopped" if turn.active_form else "utter_nothing_to_stop")
        return end_of_form()


class NoForm(TurnAction):
    """Yes, no or a bare value while nothing is being asked."""

    def name(self) -> str:
        return "action_no_form"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        if turn.source == "button":
            say.response("utter_stale_button")
        else:
            say.response(f"utter_loose_{turn.intent}")
        return back_to_form(turn)


class Repeat(TurnAction):
    """Says the last thing again, in its own words."""

    def name(self) -> str:
        return "action_repeat"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        said = [e["text"] for e in tracker.events if e.get("event") == "bot" and e.get("text")]
        if said and not (tracker.active_loop or {}).get("name"):
            dispatcher.utter_message(text=said[-1])
        else:
            dispatcher.utter_message(response="utter_repeat")
        return back_to_form(Turn.of(tracker))

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        raise NotImplementedError("Repeat reads the tracker itself")
