"""The questions that need the shop to be asked: which order, which option, and what exactly is to be confirmed."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.amends import LATE
from actions.base import Buttons, Say, TurnAction, button
from actions.fill import PERSONAL
from actions.flows import FLOWS, confirmation
from actions.orders import MOST_SHOWN, about, fitting_orders, order_list
from actions.remedies import goodwill, in_warranty, remedies
from actions.shop_api import Shop
from actions.turn import Turn
from actions.words import Word
from bot.core.errors import NotFound
from bot.core.orders import open_aftersale, price_drop

MOST_OPTIONS = 6


class _Ask(TurnAction, ABC):
    def given_up(self, turn: Turn) -> list[EventType]:
        """The form stays open and waits; asking again at once would fail again."""
        return []


class AskOrder(_Ask):
    def name(self) -> str:
        return "action_ask_order_id"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        if turn.shopper_id is None:
            say.response("utter_ask_order_number")
            return []
        orders = (await fitting_orders(turn, shop, FLOWS[turn.active_form or "order_form"].want))[:MOST_SHOWN]
        say.response("utter_ask_order_id")
        say.card(order_list(orders, Word("choose_order")))
        return [SlotSet("shown_orders", [str(o["order_id"]) for o in orders])]


class AskItem(_Ask):
    def name(self) -> str:
        return "action_ask_item"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        order = await shop.order(str(turn.slot("order_id")))
        say.response("utter_ask_item", buttons=[button(_item_words(i), "inform", sku=i["sku"]) for i in order["items"][:MOST_OPTIONS]])
        return []


class AskOption(_Ask):
    """The other options of the item that are in stock, as buttons."""

    def name(self) -> str:
        return "action_ask_sku_option"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        order = await shop.order(str(turn.slot("order_id")))
        item = next(i for i in order["items"] if i["sku"] == turn.slot("item"))
        options = await _options(shop, item)
        buttons = [button(o, "inform", sku_option=o) for o in options[:MOST_OPTIONS]]
        say.response("utter_ask_sku_option", item=item["name"], option=item.get("option") or Word("no_option"), buttons=buttons or None)
        return []


async def _options(shop: Shop, item: Mapping[str, Any]) -> list[str]:
    try:
        return neighbours(await shop.product(item["sku"]), item.get("option") or "")
    except NotFound:  # no longer sold: the shopper types what they want, the shop decides
        return []


def neighbours(product: Mapping[str, Any], present: str) -> list[str]:
    """Options in stock that differ from the present one in one dimension only, as the catalogue writes them ("黑色/L")."""
    have = present.split("/")
    in_stock = [s["option"] for s in product["stock"] if s["quantity"] > 0]
    return [o for o in in_stock if sum(a != b for a, b in zip(o.split("/"), have)) == 1]


class AskRemedy(_Ask):
    """What can be done about it, as buttons; a photo helps the check."""

    def name(self) -> str:
        return "action_ask_remedy"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        order = await shop.order(str(turn.slot("order_id")))
        item = next(i for i in order["items"] if i["sku"] == turn.slot("item"))
        possible = remedies(order, item, str(turn.slot("detail")), turn.now)
        say.response("utter_ask_remedy", buttons=[button(Word(f"remedy.{name}"), "inform", remedy=name) for name in possible])
        say.card({"type": "upload_request"})
        return []


class AskConfirm(_Ask):
    """Shows what will be done, word for word what is then sent; from here on the order is frozen."""

    def name(self) -> str:
        return "action_ask_confirm"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        form = turn.active_form or ""
        flow = FLOWS[form]
        shown = {name: turn.slot(name) for name in flow.slots if name != "confirm"}
        shown |= {name: turn.slot(name) for name in flow.heard if turn.slot(name)}
        order: dict[str, Any] = await shop.order(str(shown["order_id"])) if shown.get("order_id") else {}
        facts = _facts(form, order, turn)
        shown |= facts.pop("shown", {})
        buttons = _yes_no(form, confirmation(str(turn.slot("form_instance")), shown))
        say.response(f"utter_confirm_{form}{_kind(form, order, shown)}", buttons=buttons, **_words(shown, order), **facts)
        return [SlotSet("frozen", shown), SlotSet("focus_order", shown.get("order_id") or turn.slot("focus_order"))]


def _kind(form: str, order: Mapping[str, Any], shown: Mapping[str, Any]) -> str:
    """The end of the name of a confirmation that is worded in another way than usual."""
    if form == "cancel_form" and order.get("status") == "unpaid":
        return "_unpaid"
    return "_late" if form == "compensation_form" and shown.get("detail") == LATE else ""


def _facts(form: str, order: Mapping[str, Any], turn: Turn) -> dict[str, Any]:
    """What a confirmation tells besides what the shopper said; `shown` is frozen with it."""
    if form == "withdraw_form":
        under_way = open_aftersale(order) or {}
        return {"shown": {"aftersale_id": under_way.get("aftersale_id")}, "kind": Word(f"aftersale_kind.{under_way.get('kind', 'other')}")}
    if form == "repair_form":
        item = next((i for i in order["items"] if i["sku"] == turn.slot("item")), order["items"][0])
        return {"cost": Word("in_warranty" if in_warranty(order, item, turn.now) else "out_of_warranty")}
    if form == "compensation_form":
        given = goodwill(order, str(turn.slot("detail")), turn.now)
        return {"shown": {"goodwill": given}, "goodwill": given}
    if form == "problem_form":
        return {"remedy": Word(f"remedy.{turn.slot('remedy')}")}
    if form == "price_form":
        return {"difference": f"{price_drop(order):.2f}"}
    return {}


def _item_words(item: Mapping[str, Any]) -> str:
    return f"{item['name']} {item.get('option') or ''}".strip()


def _yes_no(form: str, shown: str) -> Buttons:
    return [button(Word(f"confirm.{form}"), "affirm", instance=shown), button(Word("not_now"), "deny", instance=shown)]


def _words(shown: dict[str, Any], order: dict[str, Any]) -> dict[str, Any]:
    words = {f"given_{name}": value for name, value in shown.items()}
    if order:
        words |= {"about": about(order), "amount": order["amount"]}
        words["item"] = next((_item_words(i) for i in order["items"] if i["sku"] == shown.get("item")), "")
    if shown.get("invoice_title") == PERSONAL:
        words["given_invoice_title"] = Word("personal")
    tax_no = shown.get("tax_no")
    words["tax_words"] = Word("with_tax_no", {"tax_no": tax_no}) if tax_no and tax_no != "-" else ""
    return words
