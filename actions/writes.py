"""What was confirmed is sent to the shop, once: return, exchange, refund, cancellation, address, invoice, other option,
withdrawal of a request, difference to a lower price.

The key of each write is made from the conversation, the instance of the form and what was shown for confirmation, so a turn that is run
again finds the write it made. Only this module says that something was done, and only from the shop's answer.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.amends import remember
from actions.base import HUMAN_BUTTON, Say, end_of_form
from actions.cards import order_card, refund_card
from actions.filling import NOT_NEEDED
from actions.remedies import TICKETED
from actions.shop_api import Refused, Shop
from actions.submit import Submit
from actions.turn import Turn
from actions.words import CHINESE, Word, in_language
from bot.core.errors import NotFound, ShopUnavailable
from bot.core.keys import idempotency_key


@dataclass(frozen=True)
class Write:
    method: str
    path: str
    body: dict[str, Any]


class SubmitWrite(Submit):
    writes = True

    @property
    @abstractmethod
    def form(self) -> str: ...

    def name(self) -> str:
        return f"action_submit_{self.form}"

    @abstractmethod
    def write(self, turn: Turn, order_id: str) -> Write: ...

    @abstractmethod
    def told(self, result: Mapping[str, Any], say: Say) -> None: ...

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        confirmed, frozen = turn.slot("confirm"), turn.slot("frozen") or {}
        number = frozen.get("order_id")
        if confirmed == "no" and not await self.told_if_done(turn, say, shop):
            say.response("utter_not_submitted")
        if confirmed != "yes":
            return end_of_form(number)
        write = self.write(turn, number)
        try:
            done = await shop.write(write.method, write.path, _key(turn, write), write.body)
        except Refused as refusal:
            say.response("utter_refused", why=refusal.message, buttons=[HUMAN_BUTTON])
        except NotFound:
            say.response("utter_order_not_found", order_id=number)
        else:
            self.told(done, say)
            if (done.get("pickup") or {}).get("slots"):
                return [*end_of_form(number), SlotSet("aftersale_id", done["aftersale_id"])]
        return end_of_form(number)

    async def told_if_done(self, turn: Turn, say: Say, shop: Shop) -> bool:
        """Before "nothing was submitted" is said: an earlier yes may have reached the shop although no answer came back."""
        number = (turn.slot("frozen") or {}).get("order_id")
        if not number:
            return False
        try:
            done = await shop.outcome(_key(turn, self.write(turn, number)))
        except Refused:
            return False
        except ShopUnavailable:
            say.response("utter_outcome_unknown", buttons=[HUMAN_BUTTON])
            return True
        if done is not None:
            self.told(done, say)
        return done is not None


def _key(turn: Turn, write: Write) -> str:
    return idempotency_key(turn.conversation, str(turn.slot("form_instance")), write.path, repr(sorted(write.body.items())))


class _Aftersale(SubmitWrite):
    @property
    @abstractmethod
    def kind(self) -> str: ...

    def write(self, turn: Turn, order_id: str) -> Write:
        frozen = turn.slot("frozen")
        body = {"order_id": order_id, "kind": self.kind, "reason": frozen["reason"]}
        if frozen.get("item", NOT_NEEDED) != NOT_NEEDED:
            body["sku"] = frozen["item"]
        if frozen.get("sku_option") and not frozen["same"]:
            body["option"] = frozen["sku_option"]
        return Write("POST", "/aftersales", body)

    def told(self, result: Mapping[str, Any], say: Say) -> None:
        say.response(f"utter_done_{self.form}", aftersale_id=result["aftersale_id"], amount=result.get("amount") or "")
        say.card(refund_card(result))


class SubmitReturn(_Aftersale):
    form, kind = "return_form", "return"


class SubmitExchange(_Aftersale):
    form, kind = "exchange_form", "exchange"


class SubmitRefund(_Aftersale):
    form, kind = "refund_form", "refund"


class SubmitCancel(SubmitWrite):
    form = "cancel_form"

    def write(self, turn: Turn, order_id: str) -> Write:
        return Write("POST", f"/orders/{order_id}/cancel", {"reason": turn.slot("frozen").get("reason") or "不想要了"})

    def told(self, result: Mapping[str, Any], say: Say) -> None:
        say.response("utter_done_cancel_form", order_id=result["order_id"])


class SubmitAddress(SubmitWrite):
    form = "address_form"

    def write(self, turn: Turn, order_id: str) -> Write:
        frozen = turn.slot("frozen")
        given = {name: frozen[name] for name in ("address", "receiver", "phone") if frozen.get(name) not in (None, NOT_NEEDED)}
        return Write("PUT", f"/orders/{order_id}/address", given)

    def told(self, result: Mapping[str, Any], say: Say) -> None:
        say.response("utter_done_address_form", order_id=result["order_id"])


class SubmitModify(SubmitWrite):
    form = "modify_form"

    def write(self, turn: Turn, order_id: str) -> Write:
        frozen = turn.slot("frozen")
        if frozen["note"] != NOT_NEEDED:
            return Write("PUT", f"/orders/{order_id}/note", {"note": frozen["note"]})
        return Write("PUT", f"/orders/{order_id}/options", {"to": frozen["sku_option"], "sku": frozen["item"]})

    def told(self, result: Mapping[str, Any], say: Say) -> None:
        say.response("utter_done_modify_form", order_id=result["order_id"])
        say.card(order_card(result))


class SubmitWithdraw(SubmitWrite):
    form = "withdraw_form"

    def write(self, turn: Turn, order_id: str) -> Write:
        return Write("POST", f"/aftersales/{turn.slot('frozen')['aftersale_id']}/cancel", {})

    def told(self, result: Mapping[str, Any], say: Say) -> None:
        booked = (result.get("pickup") or {}).get("booked")
        case = "_pickup" if booked else ""
        say.response(f"utter_done_withdraw_form{case}", aftersale_id=result["aftersale_id"], slot=booked or "")


class SubmitPrice(SubmitWrite):
    """The shop computes the difference again; what it will pay is told from its answer."""

    form = "price_form"

    def write(self, turn: Turn, order_id: str) -> Write:
        return Write("POST", "/aftersales", {"order_id": order_id, "kind": "refund", "reason": "降价，申请价保退差价"})

    def told(self, result: Mapping[str, Any], say: Say) -> None:
        say.response("utter_done_price_form", aftersale_id=result["aftersale_id"], amount=result["amount"])
        say.card(refund_card(result))


class SubmitProblem(SubmitWrite):
    """Damaged, wrong, missing or faulty: a request to the shop, or a ticket where people arrange it."""

    form = "problem_form"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        frozen = turn.slot("frozen") or {}
        if turn.slot("confirm") == "yes" and frozen.get("remedy") in TICKETED:
            if frozen["remedy"] == "repair":
                tell_repair(say, frozen)
            else:
                remedy = Word(f"remedy.{frozen['remedy']}")
                say.response("utter_done_problem_form_ticket", remedy=remedy)
                say.open_check("goods_aftersale", f"{in_language(remedy, CHINESE)}：{frozen['detail']}", frozen["order_id"])
            return end_of_form(frozen["order_id"])
        return await super().act(turn, say, shop)

    async def told_if_done(self, turn: Turn, say: Say, shop: Shop) -> bool:
        ticketed = (turn.slot("frozen") or {}).get("remedy") in TICKETED
        return False if ticketed else await super().told_if_done(turn, say, shop)

    def write(self, turn: Turn, order_id: str) -> Write:
        frozen = turn.slot("frozen")
        body = {"order_id": order_id, "kind": frozen["remedy"], "reason": frozen["detail"], "sku": frozen["item"]}
        return Write("POST", "/aftersales", body)

    def told(self, result: Mapping[str, Any], say: Say) -> None:
        say.response("utter_done_problem_form", aftersale_id=result["aftersale_id"])
        say.card(refund_card(result))


class SubmitCompensation(SubmitWrite):
    form = "compensation_form"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        number = (turn.slot("frozen") or {}).get("order_id")
        return [*await super().act(turn, say, shop), *([remember(turn, number)] if number else [])]

    def write(self, turn: Turn, order_id: str) -> Write:
        frozen = turn.slot("frozen")
        return Write("POST", f"/orders/{order_id}/compensation", {"amount": frozen["goodwill"], "reason": frozen["detail"]})

    def told(self, result: Mapping[str, Any], say: Say) -> None:
        say.response("utter_done_compensation_form", amount=result["amount"])


class SubmitRepair(Submit):
    def name(self) -> str:
        return "action_submit_repair_form"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        frozen = turn.slot("frozen") or {}
        if turn.slot("confirm") == "no":
            say.response("utter_not_submitted")
        elif turn.slot("confirm") == "yes":
            tell_repair(say, frozen)
        return end_of_form(frozen.get("order_id"))


def tell_repair(say: Say, frozen: Mapping[str, Any]) -> None:
    """People arrange a repair: a ticket with a number."""
    say.response("utter_done_repair_form")
    say.open_check("goods_aftersale", f"报修：{frozen['detail']}", frozen["order_id"])


class SubmitInvoice(SubmitWrite):
    form = "invoice_form"

    def write(self, turn: Turn, order_id: str) -> Write:
        frozen = turn.slot("frozen")
        company = frozen.get("tax_no") not in (None, "-")
        body = {"title": frozen["invoice_title"], "kind": frozen["invoice_kind"]}
        return Write("POST", f"/orders/{order_id}/invoice", {**body, "tax_no": frozen["tax_no"]} if company else body)

    def told(self, result: Mapping[str, Any], say: Say) -> None:
        invoice = result.get("invoice") or {}
        changed = "_changed" if invoice.get("changes") else ""
        say.response("utter_done_invoice_form_sent" if invoice.get("status") == "issued" else f"utter_done_invoice_form{changed}")


WRITES: dict[str, SubmitWrite] = {
    write.form: write
    for write in (
        SubmitReturn(),
        SubmitExchange(),
        SubmitRefund(),
        SubmitCancel(),
        SubmitAddress(),
        SubmitModify(),
        SubmitWithdraw(),
        SubmitPrice(),
        SubmitProblem(),
        SubmitCompensation(),
        SubmitInvoice(),
    )
}
"""The write at the end of each form."""
