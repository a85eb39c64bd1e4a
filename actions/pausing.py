"""A form that another want interrupts is taken up again when that one is done: an exchange that waits for its yes while an invoice is
asked for. One that competes with it for the same order was given up for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.base import Say
from actions.flows import FLOWS, REQUESTS
from actions.turn import Turn
from actions.words import Word

Paused = dict[str, Any]
"""`form`, and its `slots` with what was said."""
_CHANGES = REQUESTS | {"cancel_form", "address_form", "modify_form", "withdraw_form", "lost_form", "price_form"}
"""For one order, whoever begins another of these has changed their mind."""
_GIVES_BACK = frozenset({"cancel_form", "return_form", "refund_form"})
"""Once these are done, nothing but a complaint is left to be settled for the order."""
_KEPT = ("next_wants", "more_orders", "complaint_class", "focus_order")


def paused_by(form: str, turn: Turn) -> list[Paused]:
    """The forms that wait for the end of `form`, which opens now, last interrupted first."""
    waiting = list(turn.slot("paused") or [])
    before = str(turn.slot("form_instance") or "").split(":")[0]
    interrupts = before != form and turn.intent in FLOWS[form].wants and not (before in REQUESTS and form in REQUESTS)
    if not interrupts or not _is_worth_it(before, turn):
        return waiting
    flow = FLOWS[before]
    said = {name: turn.slot(name) for name in (*flow.slots, *flow.heard, *_KEPT) if name != "confirm" and turn.slot(name)}
    return [{"form": before, "slots": said}, *waiting]


def take_up(slots: Mapping[str, Any], say: Say) -> list[EventType]:
    """Go on with the form that was interrupted last, now that the one of these slots is over; nothing when there is none."""
    done = str(slots.get("form_instance") or "").split(":")[0]
    gone = done in _GIVES_BACK and slots.get("confirm") == "yes"
    waiting = [one for one in slots.get("paused") or [] if not _given_up(one, done, slots.get("order_id"), gone=gone)]
    if not waiting or say.called_a_person:
        return []
    form, said = waiting[0]["form"], {**waiting[0]["slots"], "paused": waiting[1:] or None}
    say.response("utter_taken_up", want=Word(f"want.{FLOWS[form].want}"))
    return [SlotSet("offered", {"form": form, "slots": said}), FollowupAction(form)]


def _is_worth_it(form: str, turn: Turn) -> bool:
    """What only reads is asked again in a word, and an offer of ours is over; what will be sent was made with care."""
    return (
        form in FLOWS
        and form != "compensation_form"
        and "confirm" in FLOWS[form].slots
        and bool(turn.slot("order_id") or turn.slot("detail"))
    )


def _given_up(one: Paused, done: str, order_id: str | None, *, gone: bool) -> bool:
    """`gone`: the order of the form that is over is settled with it."""
    instead = one["form"] == done or (one["form"] in _CHANGES and done in _CHANGES)
    return one["slots"].get("order_id") == order_id and (instead or (gone and one["form"] != "complain_form"))
