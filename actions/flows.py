"""The forms as data: what each is for and what it asks, in order. The domain lists the same slots; a test compares them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Flow:
    """`want` is the intent that opens the form; `anonymous` says whether an order may be read after number and phone match."""

    form: str
    want: str
    slots: tuple[str, ...]
    anonymous: bool = False


_ALL = (
    Flow("track_form", "track_package", ("order_id", "phone_last4"), anonymous=True),
    Flow("order_form", "query_order", ("order_id", "phone_last4"), anonymous=True),
    Flow("refund_status_form", "query_refund", ("order_id", "phone_last4"), anonymous=True),
    Flow("return_form", "request_return", ("order_id", "reason", "confirm")),
    Flow("exchange_form", "request_exchange", ("order_id", "sku_option", "confirm")),
    Flow("refund_form", "request_refund", ("order_id", "reason", "confirm")),
    Flow("cancel_form", "cancel_order", ("order_id", "confirm")),
    Flow("address_form", "change_address", ("order_id", "address", "confirm")),
    Flow("invoice_form", "request_invoice", ("order_id", "invoice_title", "tax_no", "confirm")),
    Flow("complain_form", "complain", ("detail", "confirm")),
)
FLOWS = {flow.form: flow for flow in _ALL}
READS = frozenset(flow.form for flow in _ALL if flow.anonymous)
