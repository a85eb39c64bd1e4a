"""Order numbers, order states, and what may be done with an order until when. The facts are those of the knowledge topics
`order.*`, `return.*`, `refund.*` and `invoice.*`; the shop decides in the end, these rules say what is worth offering."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.core.delivery import in_618, in_double11

ORDER_NUMBER = re.compile(r"(?<!\d)20\d{12}(?!\d)")
"""Fourteen digits that start with the year."""

STATUS_TEXT = {
    "unpaid": "待付款",
    "paid": "待发货",
    "shipped": "待收货",
    "delivered": "待收货",
    "completed": "已完成",
    "aftersale": "售后中",
    "closed": "已关闭",
}
AFTERSALE_TEXT = {"return": "退货退款", "exchange": "换货", "refund": "仅退款"}

RETURN_DAYS, EXCHANGE_DAYS, QUALITY_DAYS, ALLERGY_DAYS = 7, 15, 15, 30
"""Days after the day of receipt (facts return.seven_days, return.exchange, return.quality, return.cosmetics_allergy)."""
INVOICE_DAYS, INVOICE_CHANGE_DAYS = 365, 30
"""Days after completion to ask for one (fact order.invoice_with_order); days after issue to change its title (fact invoice.change)."""
PRICE_PROTECTION_DAYS, PRICE_PROTECTION_DAYS_SALE = 15, 30
"""Days after payment (fact promo.price_protection)."""
_PAID_BACK = frozenset({"refunding", "refunded"})
OPEN_AFTERSALE = frozenset({"requested", "approved", "pickup_scheduled", "returned", "refunding"})


_OF_ITEMS = frozenset(
    {
        "request_return",
        "request_exchange",
        "request_refund",
        "request_repair",
        "report_quality",
        "report_damaged",
        "report_wrong_or_missing",
    }
)


def fits(order: Mapping[str, Any], want: str, now: datetime) -> bool:
    """Whether an order (shape `Order` of docs/shop-api.yaml) is a sensible object of a want (an intent name) at `now`.

    Used to shorten the list that the shopper taps; an unknown want fits every order.
    """
    status: str = standing(order) if want in _OF_ITEMS else order["status"]
    if want == "track_package":
        return status in ("shipped", "delivered", "completed")
    if want == "urge_delivery":
        return status in ("shipped", "delivered")
    if want == "report_not_received":
        return status in ("shipped", "delivered", "completed")
    if want in ("urge_shipment", "change_address", "modify_order"):
        return status == "paid"
    if want == "cancel_order":
        return status in ("unpaid", "paid")
    if want == "request_refund":
        return status in ("paid", "delivered", "completed")
    if want == "request_return":
        return status in ("delivered", "completed") and within_days(order, _longest_return(order), now)
    if want == "request_exchange":
        return status in ("delivered", "completed") and within_days(order, EXCHANGE_DAYS, now)
    if want in ("report_quality", "report_damaged", "report_wrong_or_missing", "request_repair"):
        return status in ("delivered", "completed")
    if want == "request_compensation":
        return status not in ("unpaid", "closed")
    if want == "cancel_aftersale":
        return status != "closed" and open_aftersale(order) is not None
    if want == "price_protection":
        return status in ("paid", "shipped", "delivered", "completed") and price_drop(order) > 0 and price_protected(order, now)
    if want == "query_refund":
        return status == "aftersale" or bool(order.get("aftersales"))
    if want == "request_invoice":
        return status in ("paid", "shipped", "delivered", "completed") or bool(order.get("invoice"))
    return True


def _longest_return(order: Mapping[str, Any]) -> int:
    """Days in which some fault may still bring it back."""
    return ALLERGY_DAYS if any(item.get("category") == "beauty" for item in order.get("items") or ()) else QUALITY_DAYS


def open_aftersale(order: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The latest return, exchange or refund of an order that is still under way."""
    return next((a for a in order.get("aftersales") or () if a["status"] in OPEN_AFTERSALE), None)


def free_items(order: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The items of an order that no open request is about."""
    if order["status"] != "aftersale":
        return list(order["items"])
    busy = {a.get("sku") for a in order.get("aftersales") or () if a["status"] in OPEN_AFTERSALE}
    return [] if None in busy else [item for item in order["items"] if item["sku"] not in busy]


def standing(order: Mapping[str, Any]) -> str:
    """The status of an order as its free items stand: those received can go back although another one does."""
    if order["status"] != "aftersale" or not order.get("delivered_at") or not free_items(order):
        return str(order["status"])
    return "completed" if order.get("completed_at") else "delivered"


def amount_kept(order: Mapping[str, Any]) -> Decimal:
    """Yuan paid for an order less what was paid back, or is on its way back."""
    back = [Decimal(a["amount"]) for a in order.get("aftersales") or () if a["kind"] != "exchange" and a["status"] in _PAID_BACK]
    return Decimal(order["amount"]) - sum(back, Decimal("0.00"))


def price_protected(order: Mapping[str, Any], now: datetime) -> bool:
    """Whether a lower price is still made good (fact promo.price_protection)."""
    paid = datetime.fromisoformat(order["paid_at"]) if order.get("paid_at") else None
    return paid is not None and now <= paid + timedelta(days=price_protection_days(paid))


def price_protection_days(paid_at: datetime) -> int:
    """Days after payment in which a lower price is made good; more in the big sales."""
    return PRICE_PROTECTION_DAYS_SALE if in_double11(paid_at) or in_618(paid_at) else PRICE_PROTECTION_DAYS


def price_drop(order: Mapping[str, Any]) -> Decimal:
    """Yuan by which the items cost less today than on the day of purchase; 0 or more."""
    drops = ((Decimal(i["price"]) - Decimal(i.get("current_price") or i["price"])) * i["quantity"] for i in order["items"])
    return sum((drop for drop in drops if drop > 0), Decimal("0.00"))


def within_days(order: Mapping[str, Any], days: int, now: datetime) -> bool:
    """Whether `now` is at most `days` days after the day of receipt; an order not yet received is within."""
    received = order.get("delivered_at")
    if not received:
        return True
    day_of_receipt = datetime.fromisoformat(received).astimezone(now.tzinfo).date()
    return now.date() <= day_of_receipt + timedelta(days=days)


_PLACE_MARKS = frozenset("省市区县旗镇乡村路街道巷弄号楼栋室座单元")
_PLACE_WORDS = re.compile(
    r"\b(road|rd|street|st|avenue|ave|lane|alley|district|county|city|province|town|village|building|block|unit|room|apartment|apt|floor|no)\b",
    re.IGNORECASE,
)


def is_clear_address(address: str) -> bool:
    """Whether a courier could find it: a place and a door, not only a town."""
    if len(address) < 6:
        return False
    in_english = len(set(_PLACE_WORDS.findall(address.lower()))) >= 2 and any(char.isdigit() for char in address)
    return in_english or len(_PLACE_MARKS & set(address)) >= 2


def may_be_address(text: str) -> bool:
    """Whether a text that was asked for as an address may be one, complete or not: it names a place or a number."""
    return bool(_PLACE_MARKS & set(text) or _PLACE_WORDS.search(text) or re.search(r"\d", text))


def mask_phone(phone: str) -> str:
    """138****5678: enough to recognise, not enough to call."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 7 else "****"


def mask_name(name: str) -> str:
    """王**: the family name only."""
    return name[:1] + "*" * max(len(name) - 1, 1)


_REGION = re.compile(r"^.*?(?:自治区|[省市])?.*?(?:[市区县旗]|自治州)(?:.{1,8}?[区县旗市])?")


def mask_address(address: str) -> str:
    """浙江省杭州市西湖区****: down to the district, never the street."""
    found = _REGION.match(address)
    return f"{found.group(0) if found else address[:3]}****"


_TAX_NO = re.compile(r"[0-9A-Z]{15,20}")


def plain_tax_no(said: str) -> str | None:
    """A tax number in its plain form, None when it cannot be one: 15 to 20 digits and letters."""
    plain = re.sub(r"[\s-]", "", said).upper()
    return plain if _TAX_NO.fullmatch(plain) else None


_COMPANY = re.compile(
    r"公司|集团|工厂|[店厂社馆院]$|中心|学校|学院|大学|医院|事务所|银行|协会|合作社|有限|\b(inc|ltd|llc|co|corp)\b", re.IGNORECASE
)


def is_company_title(title: str) -> bool:
    """Whether an invoice title names a company, which needs a tax number (fact invoice.company)."""
    return bool(_COMPANY.search(title))
