"""The questions that need the shop to be asked: which order, which option, and what exactly is to be confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.addressee import contact, contact_is_asked
from actions.amends import LATE
from actions.base import AskAction, Buttons, Say, button, end_of_form
from actions.cards import MOST_SHOWN, about, order_list, shown_in
from actions.correction import Correction, change_buttons, correction
from actions.filling import NOT_NEEDED
from actions.flows import FLOWS, REQUESTS, confirmation
from actions.invoice import PERSONAL, is_for_later
from actions.orders import fitting_orders, mentions
from actions.remedies import goodwill, remedies, remedy_word, warranty
from actions.shop_api import Shop
from actions.turn import Turn
from actions.words import Word
from bot.core.aftersales import fault_of, shop_pays_freight
from bot.core.errors import NotFound
from bot.core.options import neighbours
from bot.core.orders import OPEN_AFTERSALE, amount_kept, free_items, price_drop

MOST_OPTIONS = 6
_OTHER_OPTION = "更换规格"
"""The reason of an exchange, as the shop takes it, where none was given."""
_SHOP_WORDS = {PERSONAL: Word("personal"), _OTHER_OPTION: Word("other_option")}
"""What the shop is sent in its own words."""


class AskOrder(AskAction):
    def name(self) -> str:
        return "action_ask_order_id"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        if turn.shopper_id is None:
            say.response("utter_ask_order_number")
            return []
        opened_now = str(turn.slot("form_instance")).endswith(f":{turn.message_id}")
        if turn.slot("refused_order") and turn.source == "text" and not opened_now:
            return end_of_form()  # other orders were only an offer, and the message was about something else
        want = FLOWS[turn.active_form or "order_form"].want
        orders = (await fitting_orders(turn, shop, want))[:MOST_SHOWN]
        say.response("utter_ask_order_id" if len(orders) > 1 else "utter_ask_order_id_one")
        say.card(order_list(orders, Word("choose_order")))
        listed = shown_in(want, orders)
        return [SlotSet("shown_orders", listed["orders"]), SlotSet("listed", listed)]


class AskAddress(AskAction):
    def name(self) -> str:
        return "action_ask_address"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        response = "utter_ask_contact" if contact_is_asked(turn) else "utter_ask_address"
        say.response(response, about=about(await shop.order(str(turn.slot("order_id")))))
        return []


class AskItem(AskAction):
    def name(self) -> str:
        return "action_ask_item"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        order = await shop.order(str(turn.slot("order_id")))
        free = free_items(order) if turn.active_form in REQUESTS else order["items"]
        buttons = [button(_item_words(i), "inform", sku=i["sku"]) for i in free[:MOST_OPTIONS]]
        if FLOWS[str(turn.active_form)].or_whole and len(free) == len(order["items"]):
            buttons.append(button(Word("whole_order"), "inform", sku=NOT_NEEDED))
        say.response("utter_ask_item", buttons=buttons)
        return []


class AskOption(AskAction):
    """The other options of the item that are in stock, as buttons."""

    def name(self) -> str:
        return "action_ask_sku_option"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        order = await shop.order(str(turn.slot("order_id")))
        item = _item_of(order, turn)
        options = await _options(shop, item)
        buttons = [button(o, "inform", sku_option=o) for o in options[:MOST_OPTIONS]]
        if turn.active_form == "exchange_form" and shop_pays_freight(fault_of(str(turn.slot("reason") or ""))):
            buttons.insert(0, button(Word("same_again"), "inform", sku_option=item["option"]))
        say.response("utter_ask_sku_option", item=item["name"], option=item.get("option") or Word("no_option"), buttons=buttons or None)
        return []


async def _options(shop: Shop, item: Mapping[str, Any]) -> list[str]:
    try:
        return neighbours(await shop.product(item["sku"]), item.get("option") or "", item["quantity"])
    except NotFound:  # no longer sold: the shopper types what they want, the shop decides
        return []


class AskTaxNo(AskAction):
    def name(self) -> str:
        return "action_ask_tax_no"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        say.response("utter_take_your_time" if is_for_later(turn) else "utter_ask_for_tax_no")
        return []


class AskRemedy(AskAction):
    """What can be done about it, as buttons; a photo helps the check."""

    def name(self) -> str:
        return "action_ask_remedy"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        order = await shop.order(str(turn.slot("order_id")))
        item = _item_of(order, turn)
        possible = remedies(order, item, str(turn.slot("detail")), turn.now)
        buttons = [button(remedy_word(name, order, item, turn.now), "inform", remedy=name) for name in possible]
        say.response("utter_ask_remedy_pictured" if turn.pictured else "utter_ask_remedy", buttons=buttons)
        if not turn.pictured:
            say.card({"type": "upload_request"})
        return []


class AskConfirm(AskAction):
    """Shows what will be done, word for word what is then sent; from here on the order is frozen."""

    def name(self) -> str:
        return "action_ask_confirm"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        form = turn.active_form or ""
        flow = FLOWS[form]
        if turn.slot("frozen") and correction(turn, flow) == Correction():
            say.response("utter_what_to_change", buttons=change_buttons(turn, flow))
            return []
        shown = {name: turn.slot(name) for name in flow.slots if name != "confirm"}
        shown |= {name: turn.slot(name) for name in flow.heard if turn.slot(name)}
        order: dict[str, Any] = await shop.order(str(shown["order_id"])) if shown.get("order_id") else {}
        facts = _facts(form, order, turn)
        shown |= facts.pop("shown", {})
        if order.get("status") == "unpaid":  # nothing is paid back, so the shop asks for no reason
            shown.pop("reason", None)
        buttons = _yes_no(form, confirmation(str(turn.slot("form_instance")), shown))
        say.response(f"utter_confirm_{form}{_case(form, shown, order)}", buttons=buttons, **{**_words(shown, order), **facts})
        return [SlotSet("frozen", shown), SlotSet("focus_order", shown.get("order_id") or turn.slot("focus_order"))]


def _case(form: str, shown: Mapping[str, Any], order: Mapping[str, Any]) -> str:
    """The ending of a confirmation's name where one form can come to different ends."""
    if form == "cancel_form":
        return "_unpaid" if order["status"] == "unpaid" else "_reason" if shown.get("reason") else ""
    if form == "refund_form":
        return "_unshipped" if order["status"] == "paid" and shown["item"] == NOT_NEEDED else ""
    if form == "compensation_form":
        return "_late" if shown.get("detail") == LATE else ""
    if form == "complain_form":
        return "_order" if shown.get("concerns") else ""
    if form == "address_form" and contact(shown):
        return "_contact" if shown["address"] == NOT_NEEDED else "_both"
    if form == "invoice_form" and order.get("invoice"):
        present = order["invoice"]
        same = (present["title"], present["kind"]) == (shown["invoice_title"], shown["invoice_kind"])
        same = same and (present["tax_no"] or NOT_NEEDED) == shown["tax_no"]
        return "_again" if same else "_change"
    if form == "problem_form":
        return "_repair" if shown["remedy"] == "repair" else ""
    if form == "modify_form" and shown["note"] != NOT_NEEDED:
        return "_note"
    return "_same" if shown.get("same") else ""


def _facts(form: str, order: Mapping[str, Any], turn: Turn) -> dict[str, Any]:
    """What a confirmation tells besides what the shopper said; `shown` is frozen with it."""
    if form == "withdraw_form":
        under_way = _request_meant(order, turn)
        return {
            "shown": {"aftersale_id": under_way.get("aftersale_id"), "item": under_way.get("sku")},
            "kind": Word(f"aftersale_kind.{under_way.get('kind', 'other')}"),
        }
    if form == "repair_form":
        return {"cost": Word(warranty(order, _item_of(order, turn), turn.now))}
    if form == "compensation_form":
        given = goodwill(order, str(turn.slot("detail")), turn.now)
        return {"shown": {"goodwill": given}, "goodwill": given}
    if form == "invoice_form":
        kind = turn.slot("invoice_kind") or "ordinary"
        return {"shown": {"invoice_kind": kind}, "kind": Word(f"invoice_kind.{kind}"), "amount": f"{amount_kept(order):.2f}"}
    if form == "address_form":
        return {"contact": contact({"receiver": turn.slot("receiver"), "phone": turn.slot("phone")})}
    if form == "complain_form":
        return {"shown": {"concerns": turn.focus}}
    if form == "problem_form":
        item, name = _item_of(order, turn), str(turn.slot("remedy"))
        return {"remedy": remedy_word(name, order, item, turn.now), "cost": Word(warranty(order, item, turn.now))}
    if form == "price_form":
        return {"difference": f"{price_drop(order):.2f}"}
    if form == "exchange_form":
        return {
            "shown": {"reason": turn.slot("reason") or _OTHER_OPTION, "same": turn.slot("sku_option") == _item_of(order, turn)["option"]}
        }
    return {}


def _request_meant(order: Mapping[str, Any], turn: Turn) -> Mapping[str, Any]:
    """The open request that is named by its item, the one that was shown before, or the latest."""
    requests = [a for a in order.get("aftersales") or () if a["status"] in OPEN_AFTERSALE]
    named = [a for a in requests if any(mentions(turn, item) for item in order["items"] if item["sku"] == a.get("sku"))]
    shown = [a for a in requests if a["aftersale_id"] == (turn.slot("frozen") or {}).get("aftersale_id")]
    return next(iter([*named, *shown, *requests]), {})


def _item_of(order: Mapping[str, Any], turn: Turn) -> Mapping[str, Any]:
    """The item that the form is about."""
    return next(i for i in order["items"] if i["sku"] == turn.slot("item"))


def _item_words(item: Mapping[str, Any]) -> str:
    return f"{item['name']} {item.get('option') or ''}".strip()


def _yes_no(form: str, shown: str) -> Buttons:
    return [button(Word(f"confirm.{form}"), "affirm", instance=shown), button(Word("not_now"), "deny", instance=shown)]


def _words(shown: dict[str, Any], order: dict[str, Any]) -> dict[str, Any]:
    words = {f"given_{name}": _SHOP_WORDS.get(value, value) if isinstance(value, str) else value for name, value in shown.items()}
    if order:
        item = next((_item_words(i) for i in order["items"] if i["sku"] == shown.get("item")), "")
        words |= {"about": item or about(order), "amount": order["amount"], "item": item}
    tax_no = shown.get("tax_no")
    words["tax_words"] = Word("with_tax_no", {"tax_no": tax_no}) if tax_no and tax_no != "-" else ""
    return words
