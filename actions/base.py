"""The frame of our actions: read the turn, act, answer; a shop that does not answer is told to the shopper, never hidden."""

from __future__ import annotations

import json
import logging
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.amends import declines_offer
from actions.shop_api import Refused, Shop, shop_api
from actions.turn import Turn
from actions.words import Word, in_language
from bot.core.errors import NotFound, RateLimited, ShopUnavailable

logger = logging.getLogger(__name__)

Button = dict[str, Any]
Buttons = list[Button]
FORM_SLOTS = (
    "order_id",
    "more_orders",
    "phone_last4",
    "reason",
    "item",
    "remedy",
    "sku_option",
    "note",
    "address",
    "receiver",
    "phone",
    "invoice_title",
    "tax_no",
    "invoice_kind",
    "detail",
    "complaint_class",
    "rating",
    "comment",
    "confirm",
    "form_instance",
    "frozen",
    "shown_orders",
    "refused_order",
    "aside",
    "next_wants",
    "paused",
    "guide",
    "guide_step",
    "guide_path",
    "outcome",
    "offered",
    "aftersale_id",
    "pickup_slot",
)
"""Every slot that belongs to a form; reset on submit, stop and hand-off."""


class TurnAction(Action, ABC):
    """`writes` marks an action that changes something in the shop: its failure must fail the turn, so that the turn is run
    again under the same idempotency key, and is handed over if that does not help."""

    writes = False

    @abstractmethod
    def name(self) -> str: ...

    @abstractmethod
    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]: ...

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = Turn.of(tracker)
        say = Say(dispatcher, turn.language)
        try:
            return await self.act(turn, say, shop_api().asked_by(turn))
        except ShopUnavailable:
            if self.writes:
                raise
            logger.warning("shop did not answer action=%s conversation=%s", self.name(), turn.conversation)
            say.response("utter_shop_down", buttons=[HUMAN_BUTTON])
        except RateLimited:
            say.response("utter_locked", buttons=[HUMAN_BUTTON])
        except NotFound:
            number = turn.value("order_id") or turn.slot("order_id") or ""
            say.response("utter_order_not_found", order_id=number, buttons=[HUMAN_BUTTON])
        except Refused as refusal:
            say.response("utter_refused", why=refusal.message, buttons=[HUMAN_BUTTON])
        return self.given_up(turn)

    def given_up(self, turn: Turn) -> list[EventType]:
        """What follows when the shop gave no answer that could be used: an open form asks again."""
        return back_to_form(turn)


class AskAction(TurnAction, ABC):
    """`action_ask_<slot>`."""

    def given_up(self, turn: Turn) -> list[EventType]:
        """The form stays open and waits; asking again at once would fail again."""
        return []


class Say:
    """What goes to the shopper; wording by name (`bot/domain/responses`), cards as in docs/design.md, commands to the server."""

    def __init__(self, dispatcher: CollectingDispatcher, language: str) -> None:
        self._dispatcher = dispatcher
        self.language = language

    def response(self, name: str, *, buttons: Buttons | None = None, **values: Any) -> None:
        self._dispatcher.utter_message(response=name, buttons=in_language(buttons, self.language), **in_language(values, self.language))

    def text(self, text: str, *, buttons: Buttons | None = None) -> None:
        """Text that is not wording: an article's answer, a sentence of the shop."""
        self._dispatcher.utter_message(text=text, buttons=in_language(buttons, self.language))

    def card(self, card: dict[str, Any]) -> None:
        self._dispatcher.utter_message(json_message=in_language(card, self.language))

    def command(self, name: str, /, **fields: Any) -> None:
        self._dispatcher.utter_message(json_message={"command": {"type": name, **fields}})

    @property
    def called_a_person(self) -> bool:
        """Whether this action hands over."""
        said = [(message.get("custom") or {}).get("command") or {} for message in self._dispatcher.messages]
        return any(command.get("type") == "handoff" for command in said)

    def open_check(self, class_: str, detail: str, order_id: str | None, *, priority: str = "normal") -> None:
        """A ticket for people to look into; an open one of the same order is used again."""
        fields = {"class": class_, "detail": detail[:500], "order_id": order_id, "priority": priority}
        self.command("open_ticket", kind="check", **fields)


def button(title: Word | str, intent: str, **values: str) -> Button:
    """A button in Rasa's form; the server turns its payload into an opaque token."""
    return {"title": title, "payload": payload(intent, **values)}


def payload(intent: str, **values: str) -> str:
    return f"/{intent}{json.dumps(values, ensure_ascii=False)}" if values else f"/{intent}"


def want_button(want: str, **values: str) -> Button:
    """A button that opens a want."""
    return button(Word(f"want.{want}"), want, **values)


HUMAN_BUTTON = button(Word("human"), "request_human")


def end_of_form(focus_order: str | None = None) -> list[EventType]:
    """Leave the active form, if any, and forget what it asked; the order stays the one the conversation is about."""
    events: list[EventType] = [ActiveLoop(None), SlotSet("requested_slot", None)]
    events += [SlotSet(name, None) for name in FORM_SLOTS]
    return events + ([SlotSet("focus_order", focus_order)] if focus_order else [])


def back_to_form(turn: Turn) -> list[EventType]:
    """After a digression the form asks its question again; an offer that the same message turned down is over."""
    if declines_offer(turn):
        return end_of_form()
    return [FollowupAction(turn.active_form)] if turn.active_form else []
