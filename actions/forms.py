"""Form validation: opens a form, lets digressions pass, fills its slots."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from rasa_sdk.events import EventType, SlotSet

from actions.allowed import check_allowed
from actions.amends import declines_offer, is_offered, offered_slots
from actions.aside import answer_aside, chosen_aside, is_aside
from actions.base import FORM_SLOTS, HUMAN_BUTTON, Say, TurnAction, end_of_form
from actions.charges import settle_charge, wants_extra_back
from actions.checked import after_check
from actions.complaint import answered_late
from actions.correction import correct, means_this_order
from actions.digression import asks_an_article, is_digression, names_value_of_asked, wants_size_advice
from actions.fill import FILLERS, begin_refund
from actions.filling import ENDED, NOT_NEEDED, SWITCHED, Filling
from actions.flows import AFTERSALE, FLOWS, FORM_OF, PICKUP_FORM, REQUESTS, TOLD_IN_GUIDE
from actions.guiding import GUIDE_FILLERS
from actions.knowledge import answer
from actions.moved_pickup import other_pickup
from actions.note import begin_change
from actions.pausing import paused_by
from actions.second_thoughts import think_again, thinks_again, wants_for_another
from actions.shop_api import Shop
from actions.sizing import size_question
from actions.turn import Turn
from bot.core.errors import ShopUnavailable

Told = TypeVar("Told")

_FILLERS = {**FILLERS, **GUIDE_FILLERS}
_MONEY_BACK = frozenset({"return_form", "refund_form"})


class ValidateForm(TurnAction):
    """`validate_<form>`: one call a turn. Returning no event rejects the form, and a rule answers the message instead."""

    @property
    @abstractmethod
    def form(self) -> str: ...

    def name(self) -> str:
        return f"validate_{self.form}"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        flow = FLOWS[self.form]
        opening = not str(turn.slot("form_instance") or "").startswith(f"{self.form}:")
        if not opening and turn.slot("aside") and await _told_aside(chosen_aside(turn, say, shop), say):
            return _kept_open(turn, {"aside": None})
        if not opening and declines_offer(turn) and is_digression(turn, flow):
            return []
        filling = Filling(flow, replace(turn, requested_slot=None) if opening else turn, shop, say, opening=opening)
        again = not opening and await thinks_again(filling)
        if not opening and turn.intent not in flow.wants and (told := await after_check(turn, say, shop)) is not None:
            return [*told, *([SlotSet("confirm", ENDED), SlotSet("requested_slot", None)] if is_offered(turn) else _kept_open(turn))]
        if not opening and await wants_for_another(filling):
            return []
        charged = self.form in _MONEY_BACK and wants_extra_back(turn)
        if not opening and not again and not charged and is_digression(turn, flow):
            return _kept_open(turn, await _told_aside(answer_aside(turn, say, shop), say) or {}) if is_aside(turn, flow) else []
        if not opening and not again and not charged and turn.source == "text" and asks_an_article(turn) and not names_value_of_asked(turn):
            answer(turn, say, turn.hits[0])
            return _kept_open(turn)
        if not opening and wants_size_advice(turn) and (advised := await size_question(turn, say, shop)) is not None:
            return [*advised, *_kept_open(turn)]
        if opening and self.form != PICKUP_FORM and (moved := await other_pickup(turn, shop)):
            return [SlotSet("aftersale_id", moved), *_over_at_once(self.form, turn, SWITCHED)]
        if opening and turn.intent in flow.wants and (told := await _told_of_case(turn, say, shop)) is not None:
            return [*told, *_over_at_once(self.form, turn, ENDED)]
        return await self._filled(filling, turn, again=again, charged=charged)

    async def _filled(self, filling: Filling, turn: Turn, *, again: bool, charged: bool) -> list[EventType]:
        """What the message gives the form. `again`: it takes the request back; `charged`: it is about money that was taken twice."""
        flow, say, shop, opening = filling.flow, filling.say, filling.shop, filling.opening
        if opening:
            filling.changed = _opened(self.form, turn)
            if self.form == "modify_form":
                begin_change(filling)
        else:
            filling.changed = {"aside": None} if turn.slot("aside") else {}
            correct(filling)
        if again:
            think_again(filling)
        if charged:
            filling.changed |= await settle_charge(turn, say, shop)
            filling.ended = True
        elif self.form == "refund_form":
            await begin_refund(filling)
        if turn.source == "upload" and not opening:
            filling.tell("utter_photo")
        emptied = {filling.emptied} - {"order_id"}  # another order may be named in the same message
        for slot in (*flow.heard, *flow.slots):
            if not filling.ended and turn.source != "upload" and slot not in emptied:
                await _FILLERS[slot](filling)
                await check_allowed(filling, slot)
        if not opening and (filling.changed or filling.told) and turn.slot("refused_order"):
            filling.changed["refused_order"] = None  # the message was for this form: it goes on asking
        if say.called_a_person:
            filling.changed |= {"paused": None, "next_wants": None}
        events: list[EventType] = [SlotSet(name, value) for name, value in filling.changed.items()]
        if filling.ended:
            return [*events, SlotSet("confirm", filling.ending), SlotSet("requested_slot", None)]
        if events:
            return [*events, SlotSet("fallback_step", 0)]
        return _kept_open(turn) if filling.told or again or turn.intent in flow.wants or means_this_order(turn) else []

    def given_up(self, turn: Turn) -> list[EventType]:
        return end_of_form()


def _over_at_once(form: str, turn: Turn, ending: str) -> list[EventType]:
    """The form is over before it asked anything; one that it interrupts waits for its last step."""
    opened = {
        "form_instance": f"{form}:{turn.message_id}",
        "paused": paused_by(form, turn) or None,
        "confirm": ending,
        "requested_slot": None,
    }
    return [SlotSet(name, value) for name, value in opened.items()]


async def _told_of_case(turn: Turn, say: Say, shop: Shop) -> list[EventType] | None:
    """What is answered from a case that people work on, and needs no form."""
    late = answered_late(turn, say) if turn.intent == "request_compensation" else None
    return await after_check(turn, say, shop) if late is None else late


async def _told_aside(answer: Awaitable[Told], say: Say) -> Told | None:
    """What is told beside a form never ends the form, whatever the shop answers."""
    try:
        return await answer
    except ShopUnavailable:
        say.response("utter_shop_down", buttons=[HUMAN_BUTTON])
        return None


def _opened(form: str, turn: Turn) -> dict[str, Any]:
    """A form starts clean, but for what was said in another form that it takes over from (a return becomes an exchange)."""
    before = str(turn.slot("form_instance") or "").split(":")[0]
    both_requests = before in REQUESTS and form in REQUESTS
    taken_over: tuple[str, ...] = ("reason", "detail", "remedy") if both_requests else ()
    if both_requests and turn.slot("item") != NOT_NEEDED:  # the whole order is no item of a form for one
        taken_over = (*taken_over, "item")
    if before == "guide_form" and "detail" in FLOWS[form].slots:
        taken_over = TOLD_IN_GUIDE
    if form == PICKUP_FORM:
        taken_over = ("aftersale_id",)
    offered = offered_slots(turn, form)
    cleared: dict[str, Any] = {name: None for name in FORM_SLOTS if name not in taken_over and turn.slot(name) is not None}
    if form in AFTERSALE and (before == "guide_form" or (both_requests and before not in AFTERSALE)):
        cleared["reason"] = turn.slot("detail")
    if both_requests and form == "repair_form" and not turn.slot("detail"):
        cleared["detail"] = turn.slot("reason")
    waiting, stopped = _waiting(form, turn, both_requests) or None, paused_by(form, turn) or None
    return {**cleared, "form_instance": f"{form}:{turn.message_id}", "next_wants": waiting, "paused": stopped, **offered}


def _waiting(form: str, turn: Turn, both_requests: bool) -> list[str]:
    """The wants that come after this form. One that follows another form takes over what waited for that one: it would name it as the
    next, and so on without end, if it read the message again."""
    begins = turn.intent in FLOWS[form].wants
    waited = turn.slot("next_wants") or [] if both_requests or not begins else []
    others = [want for want in turn.wants if want != "rate_service"] if begins else []
    return [want for want in dict.fromkeys([*waited, *others]) if FORM_OF.get(want, form) != form]


def _kept_open(turn: Turn, changed: Mapping[str, Any] | None = None) -> list[EventType]:
    """The message gave no value, but the form goes on: the same question again, not a rejection."""
    return [SlotSet("form_instance", turn.slot("form_instance")), *(SlotSet(name, value) for name, value in (changed or {}).items())]


class ValidateTrackForm(ValidateForm):
    form = "track_form"


class ValidateOrderForm(ValidateForm):
    form = "order_form"


class ValidateRefundStatusForm(ValidateForm):
    form = "refund_status_form"


class ValidateReturnForm(ValidateForm):
    form = "return_form"


class ValidateExchangeForm(ValidateForm):
    form = "exchange_form"


class ValidateRefundForm(ValidateForm):
    form = "refund_form"


class ValidateCancelForm(ValidateForm):
    form = "cancel_form"


class ValidateAddressForm(ValidateForm):
    form = "address_form"


class ValidateInvoiceForm(ValidateForm):
    form = "invoice_form"


class ValidateComplainForm(ValidateForm):
    form = "complain_form"


class ValidateSuggestionForm(ValidateForm):
    form = "suggestion_form"


class ValidateRatingForm(ValidateForm):
    form = "rating_form"


class ValidateModifyForm(ValidateForm):
    form = "modify_form"


class ValidateWithdrawForm(ValidateForm):
    form = "withdraw_form"


class ValidatePriceForm(ValidateForm):
    form = "price_form"


class ValidateUrgeForm(ValidateForm):
    form = "urge_form"


class ValidateLostForm(ValidateForm):
    form = "lost_form"


class ValidateProblemForm(ValidateForm):
    form = "problem_form"


class ValidateRepairForm(ValidateForm):
    form = "repair_form"


class ValidateCompensationForm(ValidateForm):
    form = "compensation_form"


class ValidateGuideForm(ValidateForm):
    form = "guide_form"


class ValidatePickupForm(ValidateForm):
    form = "pickup_form"
