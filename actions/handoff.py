"""Asking for a person: a command to the server with reason, skill and priority (contract: Agents). The server answers the shopper."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping

from rasa_sdk.events import EventType

from actions.base import Say, TurnAction, end_of_form
from actions.shop_api import Shop
from actions.turn import Turn

_SKILL_BY_FORM = {
    "track_form": "logistics",
    "return_form": "aftersale",
    "exchange_form": "aftersale",
    "withdraw_form": "aftersale",
    "problem_form": "aftersale",
    "repair_form": "aftersale",
    "compensation_form": "complaint",
    "price_form": "payment",
    "lost_form": "logistics",
    "urge_form": "logistics",
    "refund_form": "aftersale",
    "refund_status_form": "aftersale",
    "cancel_form": "aftersale",
    "complain_form": "complaint",
    "guide_form": "aftersale",
    "invoice_form": "payment",
}
_SKILL_BY_REASON = {"security": "security", "complaint": "complaint"}
_PRIORITY_BY_REASON: Mapping[str, str] = {"security": "urgent", "angry": "high", "complaint": "high", "unknown_outcome": "high"}
_HIGH_LEVELS = ("gold", "diamond")


@functools.lru_cache(maxsize=1)
def after_fallbacks() -> int:
    """`handoff.after_fallbacks` of config.yml, as the launcher passes it."""
    return int(os.environ.get("ZHANGGUI_AFTER_FALLBACKS", "2"))


def hand_over(say: Say, turn: Turn, reason: str, *, skill: str | None = None, summary: str | None = None) -> None:
    """`summary` is what the agent reads first; `skill` where it does not follow from reason or form."""
    skill = skill or _SKILL_BY_REASON.get(reason) or _SKILL_BY_FORM.get(turn.active_form or "") or "presale"
    usual = "high" if turn.level in _HIGH_LEVELS or turn.mood == "angry" else "normal"
    more = {"summary": summary} if summary else {}
    say.command("handoff", reason=reason, skill=skill, priority=_PRIORITY_BY_REASON.get(reason, usual), **more)


class RequestHuman(TurnAction):
    """Explicit wish, or a rule of the server (`escalate`, its reason in the turn)."""

    def name(self) -> str:
        return "action_request_human"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        if turn.reason == "angry":  # nobody asked for it: say why
            say.response("utter_person_for_angry")
        hand_over(say, turn, turn.reason or "requested")
        return end_of_form()
