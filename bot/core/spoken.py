"""Which language a shopper is answered in: that of the message, unless the message shows none. Pure rules."""

from __future__ import annotations

import re

_CODE = re.compile(r"[^\W_]*\d[\w-]*")
_NAMES = frozenset({"order_id", "phone_last4", "sku_option", "item", "invoice_title", "tax_no", "address"})
"""What a form asks for that may be written in any language."""


def spoken_language(text: str, detected: str, so_far: str | None, *, intent: str, asked_slot: str | None) -> str:
    """`so_far` is kept for numbers and codes (91330106MA2B1C3D4E) and for a bare name that was asked for; else `detected`."""
    shows_none = not any(char.isalpha() for char in _CODE.sub("", text))
    is_name = intent == "inform" and asked_slot in _NAMES
    return so_far if so_far and (shows_none or is_name) else detected
