"""What the known facts already forbid is said at once, with what is possible instead (requirement R070: verify before acting). The shop's
own refusal after the yes stays as the safety net."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Awaitable, Callable
from decimal import Decimal

from actions.base import HUMAN_BUTTON, want_button
from actions.filling import NOT_NEEDED, Filling
from actions.handoff import hand_over
from actions.remedies import is_free_repair
from bot.core.aftersales import no_return_if_damaged, restriction, window_over
from bot.core.delivery import shipping_fee_fen
from bot.core.errors import ShopUnavailable
from bot.core.orders import QUALITY_DAYS, is_clear_address, standing, within_days

_UNDO = re.compile(r"改回|换回|恢复|还原|原来的|[改搞弄]错|change (it )?back|undo|revert|wrong order|by mistake", re.IGNORECASE)
_FAULTS = [want_button(want) for want in ("report_quality", "report_damaged", "report_wrong_or_missing")]


async def check_allowed(f: Filling, slot: str) -> None:
    """After a slot was filled: ends the form, or drops the value, when the facts forbid it. A shop that is silent is asked later."""
    last, check = _CHECKS.get(f.flow.form, ("", None))
    if check and slot == last and not f.ended and f.now("order_id"):
        with contextlib.suppress(ShopUnavailable):
            await check(f)


async def _goods_back(f: Filling) -> None:
    """A return or an exchange. Without a reason it is checked as a change of mind: the faults that would allow it are offered."""
    order, reason = await f.order(), str(f.now("reason") or "")
    kind = "exchange" if f.flow.form == "exchange_form" else "return"
    concerned = [i for i in order["items"] if f.now("item") in (None, NOT_NEEDED, i["sku"])]
    notes = [restriction(i, reason) for i in concerned]
    days = window_over(order, kind, reason, f.turn.now)
    if days is not None:
        f.end("utter_return_window_over", days=days, buttons=[*_FAULTS, HUMAN_BUTTON])
    elif all(notes) or (f.now("item") and any(notes)):  # until the item is known, one that can go back is enough
        f.end("utter_not_returnable", note=next(filter(None, notes)), buttons=[*_FAULTS, HUMAN_BUTTON])


async def _money_back(f: Filling) -> None:
    """Goods that were received come back, but for cheap damage (fact refund.only), which `fill.begin_refund` hands to its own form."""
    order, reason = await f.order(), str(f.now("reason") or "")
    received = standing(order) in ("delivered", "completed")
    cheap = any(
        no_return_if_damaged(order, item, f.turn.now) for item in order["items"] if f.now("item") in (None, NOT_NEEDED, item["sku"])
    )
    if received and (reason or not cheap):
        kept = {"reason": reason} if reason else {}
        f.end("utter_needs_return", buttons=[want_button("request_return", **kept), HUMAN_BUTTON])


async def _other_address(f: Filling) -> None:
    order, said = await f.order(), f.changed.get("address")
    if said == NOT_NEEDED:
        return
    if order.get("address_changes", 0) >= 1 and _UNDO.search(f.turn.text):
        f.ended = True
        f.say.response("utter_address_undo", order_id=order["order_id"])
        hand_over(f.say, f.turn, "over_authority", skill="aftersale", summary=f"{order['order_id']}：{f.turn.text[:200]}")
    elif order.get("address_changes", 0) >= 1:
        f.end("utter_address_changed_once", order_id=order["order_id"], buttons=[HUMAN_BUTTON])
    elif said and not is_clear_address(said):
        f.changed["address"] = None
        f.tell("utter_address_unclear", address=said)
    elif said and shipping_fee_fen(_goods_fen(order["items"]), said) > round(Decimal(order.get("shipping_fee", "0")) * 100):
        f.changed["address"] = None
        f.tell("utter_address_fee_differs", address=said)


async def _free_first(f: Filling) -> None:
    """Where a repair is charged for, but a return or an exchange is still free (fact return.quality), it is one of three choices."""
    item = await f.item()
    if item is None or not f.now("detail"):
        return
    order = await f.order()
    if within_days(order, QUALITY_DAYS, f.turn.now) and not is_free_repair(order, item, f.turn.now):
        f.say.response("utter_repair_free_first")
        f.pass_on("report_quality")


def _goods_fen(items: list[dict[str, str]]) -> int:
    return round(sum(Decimal(i["price"]) * int(i["quantity"]) for i in items) * 100)


_CHECKS: dict[str, tuple[str, Callable[[Filling], Awaitable[None]]]] = {
    "return_form": ("reason", _goods_back),
    "exchange_form": ("item", _goods_back),
    "refund_form": ("reason", _money_back),
    "address_form": ("address", _other_address),
    "repair_form": ("detail", _free_first),
}
"""By form: the slot after which everything that the check looks at has been heard."""
