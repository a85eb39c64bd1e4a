"""The shop's orders, parcels and refunds as a shopper sees them: cards (docs/design.md), and the few words that name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from actions.base import Buttons, Say, payload
from actions.words import CHINESE, Word, moment, word, words

MOST_SHOWN = 5


def order_card(order: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "order_card",
        "order_id": order["order_id"],
        "status": order["status"],
        "status_text": status_word(order),
        "amount": order["amount"],
        "paid_at": order.get("paid_at"),
        "items": [{k: item.get(k) for k in ("sku", "name", "option", "quantity", "price")} for item in order["items"]],
        **({"note": order["note"]} if order.get("note") else {}),
        **more,
    }


def order_list(orders: Sequence[Mapping[str, Any]], title: Word, *, intent: str = "inform") -> dict[str, Any]:
    """A list to tap; each item carries the payload that names it, as a value for the open form or with a want of its own."""
    items = [order_card(o, payload=payload(intent, order_id=o["order_id"])) for o in orders[:MOST_SHOWN]]
    return {"type": "order_list", "title": title, "items": items}


def shown_in(want: str, orders: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What is kept of a list that was shown (slot `listed`): the want that it is for, and the orders in their places."""
    return {"want": want, "orders": [str(o["order_id"]) for o in orders[:MOST_SHOWN]]}


def status_word(order: Mapping[str, Any]) -> Word | str:
    return word("order_status", order["status"], str(order["status"]))


def about(order: Mapping[str, Any]) -> Word | str:
    """A few words that name an order: its first product, and how many more."""
    names = [item["name"] for item in order["items"]]
    return names[0] if len(names) == 1 else Word("several_items", {"name": names[0], "count": len(names), "more": len(names) - 1})


def refund_card(aftersale: Mapping[str, Any]) -> dict[str, Any]:
    fields = ("order_id", "aftersale_id", "kind", "status", "status_text", "amount", "steps")
    due = aftersale.get("deadline")
    steps = [{**step, "text": _step_word(str(step["text"]), due)} for step in aftersale.get("steps") or ()]
    shown = {name: aftersale.get(name) for name in fields if name != "amount" or aftersale.get("kind") != "exchange"}  # pays nothing back
    return {"type": "refund_card", **shown, "status_text": aftersale_status(aftersale), "steps": steps}


def _step_word(text: str, due: str | None) -> Word | str:
    """A step of the shop that we have a word for, with until when it is due or what stands in brackets behind it; else the shop's text."""
    step, _, more = text.removesuffix("）").partition("（")
    name = next((name for name, said in words().items() if name.startswith("aftersale_step.") and said[CHINESE] == step), None)
    if name is None or not more:
        return Word(name) if name else text
    if due and more.startswith("预计"):
        return Word("step_due", {"step": Word(name), "due": moment(datetime.fromisoformat(due))})
    return Word("step_more", {"step": Word(name), "more": more})


def tell_aftersale(say: Say, aftersale: Mapping[str, Any], *, buttons: Buttons | None = None) -> None:
    """How a request stands; an exchange pays nothing back."""
    case = "exchange" if aftersale.get("kind") == "exchange" else "refund"
    say.response(f"utter_{case}_status", status=aftersale_status(aftersale), amount=aftersale["amount"], buttons=buttons)
    say.card(refund_card(aftersale))


def aftersale_status(aftersale: Mapping[str, Any]) -> Word | str:
    return word("aftersale_status", aftersale["status"], str(aftersale.get("status_text")))


def parcel_card(parcel: Mapping[str, Any], number: str) -> dict[str, Any]:
    return {
        "type": "parcel_card",
        "order_id": number,
        "courier": parcel["courier"],
        "tracking_no": parcel["tracking_no"],
        "status": parcel["status"],
        "status_text": parcel_status(parcel),
        "eta": parcel.get("eta"),
        "scans": [{"time": s["time"], "text": s["text"]} for s in parcel["scans"][:5]],
    }


def parcel_status(parcel: Mapping[str, Any]) -> Word | str:
    return word("parcel_status", parcel["status"], str(parcel["status"]))


def still_for(parcel: Mapping[str, Any], now: datetime) -> timedelta:
    """Time since the last scan; none when there is no scan."""
    scans = parcel["scans"]
    return now - datetime.fromisoformat(scans[0]["time"]) if scans else timedelta()
