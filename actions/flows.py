"""The forms as data: what each is for and what it asks, in order. The domain lists the same slots; a test compares them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.keys import idempotency_key


@dataclass(frozen=True)
class Flow:
    """`want` is the intent that opens the form ("": it follows another form, as a pick-up does a return), `also` further ones;
    `anonymous` says whether an order may be read after number and phone match.

    `slots` are asked for, in order; `heard` are taken when they are said, and sent along, but never asked for. `implied`: the want
    itself says how its order stands (a refund under way, goods received), so an order of the talk that stands otherwise is not meant.
    `or_whole`: its `item` may be the order as a whole.
    """

    form: str
    want: str
    slots: tuple[str, ...]
    anonymous: bool = False
    heard: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    implied: bool = False
    or_whole: bool = False

    @property
    def wants(self) -> tuple[str, ...]:
        return (self.want, *self.also) if self.want else ()


PICKUP_FORM = "pickup_form"
_ALL = (
    Flow("track_form", "track_package", ("order_id", "phone_last4"), anonymous=True),
    Flow("order_form", "query_order", ("order_id", "phone_last4"), anonymous=True),
    Flow("refund_status_form", "query_refund", ("order_id", "phone_last4"), anonymous=True, implied=True),
    Flow("return_form", "request_return", ("order_id", "item", "reason", "confirm"), or_whole=True),
    Flow("exchange_form", "request_exchange", ("order_id", "item", "sku_option", "confirm"), heard=("reason",)),
    Flow("refund_form", "request_refund", ("order_id", "item", "reason", "confirm"), or_whole=True),
    Flow(
        "problem_form",
        "report_quality",
        ("order_id", "item", "detail", "remedy", "confirm"),
        also=("report_damaged", "report_wrong_or_missing"),
        implied=True,
    ),
    Flow("repair_form", "request_repair", ("order_id", "item", "detail", "confirm"), implied=True),
    Flow("cancel_form", "cancel_order", ("order_id", "confirm"), heard=("reason",)),
    Flow("address_form", "change_address", ("order_id", "address", "confirm"), heard=("receiver", "phone")),
    Flow("modify_form", "modify_order", ("order_id", "item", "sku_option", "note", "confirm")),
    Flow("withdraw_form", "cancel_aftersale", ("order_id", "confirm"), heard=("next_wants",)),
    Flow("price_form", "price_protection", ("order_id", "confirm"), implied=True),
    Flow("urge_form", "urge_shipment", ("order_id", "phone_last4"), anonymous=True, implied=True),
    Flow("lost_form", "report_not_received", ("order_id", "phone_last4"), anonymous=True),
    Flow("invoice_form", "request_invoice", ("order_id", "invoice_title", "tax_no", "confirm"), heard=("invoice_kind",)),
    Flow("compensation_form", "request_compensation", ("order_id", "detail", "confirm")),
    Flow(PICKUP_FORM, "", ("pickup_slot",)),
    Flow("complain_form", "complain", ("detail", "confirm")),
    Flow("guide_form", "troubleshoot", ("guide", "outcome"), also=("account_problem",)),
    Flow("suggestion_form", "give_suggestion", ("detail",)),
    Flow("rating_form", "rate_service", ("rating", "comment")),
)
FLOWS = {flow.form: flow for flow in _ALL}
FORM_OF = {want: flow.form for flow in _ALL for want in flow.wants}
AFTERSALE = frozenset({"return_form", "exchange_form", "refund_form"})
REQUESTS = AFTERSALE | {"problem_form", "repair_form"}
"""A shopper who changes from one of these to another keeps the item, and what was said about it."""
TOLD_IN_GUIDE = ("order_id", "item", "detail", "guide")
"""What a form that follows a guide takes over from it."""


def confirmation(form_instance: str, frozen: Mapping[str, Any]) -> str:
    """What a confirm button is good for: this form, and exactly what was shown (contract: one action and object)."""
    return idempotency_key("confirm", form_instance, repr(sorted(frozen.items())))[:16]
