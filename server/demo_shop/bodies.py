"""What the writes of the shop API take. Lengths and forms only; what the shop allows is decided by its rules."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
OrderId = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Last4 = Annotated[str, StringConstraints(pattern=r"^\d{4}$")]
Sku = Annotated[str, StringConstraints(min_length=1, max_length=20)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Verify(_Body):
    order_id: OrderId
    phone_last4: Last4


class CancelOrder(_Body):
    reason: Text | None = None


class Address(_Body):
    address: Text | None = None
    receiver: Short | None = None
    phone: Short | None = None


class Options(_Body):
    to: Short
    from_: Short | None = None
    sku: Sku | None = None

    model_config = ConfigDict(extra="forbid", alias_generator=lambda name: name.rstrip("_"))


class Note(_Body):
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class InvoiceRequest(_Body):
    title: Short
    tax_no: Short | None = None
    kind: Literal["ordinary", "special"] = "ordinary"


class AftersaleRequest(_Body):
    order_id: OrderId
    kind: Literal["return", "exchange", "refund"]
    reason: Text
    option: Short | None = None
    sku: Sku | None = None


class Pickup(_Body):
    slot: Short


class Compensation(_Body):
    amount: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4}\.[0-9]{2}$")]
    reason: Text


class Nothing(_Body):
    """No fields; the body may be left out."""
