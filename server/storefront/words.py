"""Names and times as the storefront's templates show them."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from jinja2 import Environment

from bot.core.orders import STATUS_TEXT

CATEGORIES = {"clothing": "服饰", "shoes": "鞋靴", "electronics": "数码", "home": "家居", "beauty": "美妆", "food": "食品"}
FEATURED = ("10102", "10202", "10308", "10401", "10509", "10605")
"""Shown at the top of the first page, one of each category."""

LEVELS = {"ordinary": "普通会员", "silver": "银卡会员", "gold": "金卡会员", "diamond": "钻石会员"}
_STATUS_TAG = {"unpaid": "warning", "paid": "notice", "shipped": "notice", "delivered": "notice", "completed": "ok", "aftersale": "warning"}
_KINDS = {"return": "退货退款", "exchange": "换货", "refund": "仅退款"}


def add_filters(env: Environment) -> None:
    """Make the functions below known to the templates."""
    env.filters.update(money=money, moment=moment, status_text=status_text, status_tag=status_tag, picture_url=picture_url)
    env.filters.update(level=lambda name: LEVELS.get(name, name), kind=lambda name: _KINDS.get(name, name))


def money(amount: str) -> str:
    """399.00 → ¥399, 39.90 → ¥39.9"""
    return "¥" + (amount.rstrip("0").rstrip(".") if "." in amount else amount)


def moment(iso: str | None, now: datetime) -> str:
    """今天 14:02, 昨天 14:02, 11-20 14:02, with the year when it is another one."""
    if not iso:
        return ""
    at = datetime.fromisoformat(iso).astimezone(now.tzinfo)
    days = (now.date() - at.date()).days
    if days in (0, 1):
        return f"{'今天' if days == 0 else '昨天'} {at:%H:%M}"
    return f"{at:%m-%d %H:%M}" if at.year == now.year else f"{at:%Y-%m-%d %H:%M}"


def status_text(status: str) -> str:
    return STATUS_TEXT.get(status, status)


def status_tag(status: str) -> str:
    """The class of a status tag."""
    tag = _STATUS_TAG.get(status)
    return f"tag tag-{tag}" if tag else "tag"


def picture_url(sku: str, option: str = "") -> str:
    return f"/store/pictures/{sku}.svg" + (f"?option={quote(option)}" if option and option != "默认" else "")
