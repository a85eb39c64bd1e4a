"""The sentences of a context packet that a person reads: the summary and the suggested reply, in Chinese."""

from __future__ import annotations

from collections.abc import Sequence

from server.shop_client import Snapshot
from server.store.records import Conversation, Handoff, Message

_WANTS = {
    "ask_knowledge": "咨询政策或商品",
    "recommend_product": "想要推荐",
    "check_stock": "问库存",
    "query_order": "查订单",
    "cancel_order": "取消订单",
    "modify_order": "修改订单",
    "change_address": "修改地址",
    "urge_shipment": "催发货",
    "track_package": "查物流",
    "urge_delivery": "催派送",
    "report_not_received": "反映没收到货",
    "payment_problem": "解决支付问题",
    "price_protection": "申请价保",
    "claim_coupon": "使用优惠券",
    "request_invoice": "开发票",
    "request_return": "退货",
    "request_exchange": "换货",
    "request_refund": "退款",
    "query_refund": "查退款进度",
    "cancel_aftersale": "撤销售后申请",
    "report_damaged": "反映商品破损",
    "report_wrong_or_missing": "反映错发漏发",
    "report_quality": "反映质量问题",
    "troubleshoot": "排查商品故障",
    "request_repair": "报修",
    "account_problem": "解决账号问题",
    "account_security": "处理账号安全问题",
    "complain": "投诉",
    "request_compensation": "要求赔偿",
    "query_ticket": "查工单进度",
    "give_suggestion": "提建议",
}
"""Wants worth telling; greetings, confirmations and bare values are left out."""
_REASONS = {
    "requested": "顾客要求人工",
    "not_understood": "助手连续没听懂",
    "angry": "情绪激动",
    "security": "账号安全",
    "over_authority": "超出助手权限",
    "complaint": "投诉",
    "unknown_outcome": "操作结果未确认",
    "bot_down": "助手故障",
    "policy": "客服主动接入",
}
_LEVELS = {"ordinary": "普通会员", "silver": "银卡会员", "gold": "金卡会员", "diamond": "钻石会员"}
_LAST_CHARS, _COMPLAINT_CHARS = 80, 400


def summary(handoff: Handoff, conversation: Conversation, asked: Sequence[Message]) -> str:
    """Who, why, what they wanted in order, which order, and what they said last (but for the wish for a person)."""
    level = conversation.shopper_level or ""
    wants = wants_of(asked)
    said = [message.text for message in asked if message.text and intent_of(message) != "request_human"]
    order = conversation.slots.get("focus_order")
    parts = [
        _LEVELS.get(level, f"{level} 会员") if conversation.shopper_id else "未登录顾客",
        f"转接原因：{_REASONS.get(handoff.reason, handoff.reason)}",
        f"诉求：{' → '.join(wants)}" if wants else "",
        f"订单 {order}" if order else "",
        f"最后说：“{said[-1][:_LAST_CHARS]}”" if said else "",
    ]
    return "；".join(part for part in parts if part)


def with_complaints(told: str, complaints: str) -> str:
    """A summary after what the shopper complained of while waiting: that is promised to be seen first."""
    return f"等待时投诉：“{'；'.join(complaints.splitlines())[:_COMPLAINT_CHARS]}”；{told}" if complaints else told


def suggested_reply(asked: Sequence[Message], snapshot: Snapshot, article_answer: str | None) -> str | None:
    """The answer of the article that fits, else a first sentence that shows the case is known."""
    if article_answer is not None:
        return article_answer
    wants = wants_of(asked)
    order = f"订单 {snapshot.order['order_id']}（{snapshot.order['status_text']}）" if snapshot.order else ""
    if wants:
        return f"您好，看到您想{wants[-1]}{'，' + order if order else ''}，我来帮您处理。"
    return f"您好，{order}我来帮您看一下。" if order else None


def wants_of(asked: Sequence[Message]) -> list[str]:
    """What the shopper wanted, in order, each once."""
    return list(dict.fromkeys(_WANTS[name] for message in asked if (name := intent_of(message)) in _WANTS))


def intent_of(message: Message) -> str:
    return str(((message.parse or {}).get("intent") or {}).get("name") or "")
