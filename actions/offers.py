"""What a button calls each want that the assistant can carry out, and those that can be done next about an order: a shopper whose want
does not fit is never left without a way on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.base import HUMAN_BUTTON, button

OFFERS = {
    "request_return": "申请退货",
    "request_exchange": "申请换货",
    "request_refund": "申请退款",
    "query_refund": "查退款进度",
    "track_package": "查物流",
    "query_order": "查订单",
    "cancel_order": "取消订单",
    "change_address": "修改地址",
    "request_invoice": "申请开票",
    "complain": "我要投诉",
    "modify_order": "修改规格",
    "urge_shipment": "催发货",
    "report_not_received": "没收到货",
    "price_protection": "申请价保",
    "cancel_aftersale": "撤销售后申请",
    "report_damaged": "反馈破损",
    "report_wrong_or_missing": "反馈错发漏发",
    "report_quality": "反馈质量问题",
    "request_repair": "申请保修",
    "request_compensation": "申请补偿",
    "urge_delivery": "催快递",
    "payment_problem": "付款有问题",
    "claim_coupon": "优惠券",
    "troubleshoot": "一步步排查",
    "account_problem": "处理账号问题",
    "query_ticket": "查处理进度",
    "rate_service": "评价服务",
    "give_suggestion": "提建议",
    "recommend_product": "推荐商品",
    "check_stock": "查库存",
}
_BY_STATUS = {
    "paid": ("cancel_order", "change_address"),
    "shipped": ("track_package",),
    "delivered": ("request_return", "request_exchange"),
    "completed": ("request_invoice",),
    "aftersale": ("query_refund",),
}


def offers_for(order: Mapping[str, Any]) -> list[dict[str, str]]:
    """The wants that fit the state of an order."""
    return [button(OFFERS[want], want) for want in _BY_STATUS.get(order["status"], ())]


def ways_on(order: Mapping[str, Any] | None, *, without: tuple[str, ...] = ()) -> list[dict[str, str]]:
    """What fits this order, or a look at the orders; and a person. `without` are wants that were just refused."""
    fitting = offers_for(order) if order else [button(OFFERS["query_order"], "query_order")]
    refused = {f"/{want}" for want in without}
    return [*(b for b in fitting if b["payload"] not in refused), HUMAN_BUTTON]
