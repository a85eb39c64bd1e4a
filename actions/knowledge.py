"""Answers from the knowledge base. The hits came with the message; nothing is encoded or searched again, nothing is made up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.base import HUMAN_BUTTON, Say, TurnAction, back_to_form, button, end_of_form
from actions.goods_talk import follow_up
from actions.handoff import after_fallbacks, hand_over
from actions.shop_api import Shop
from actions.sizing import size_question
from actions.turn import Turn
from bot.core.bands import ANSWER, SUGGEST

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
    "troubleshoot": "一步步排查",
    "account_problem": "处理账号问题",
}
"""Offers of an article that the assistant can carry out itself; others stay in the text."""


class AnswerKnowledge(TurnAction):
    def name(self) -> str:
        return "action_answer_knowledge"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        sized = await size_question(turn, say, shop)
        if sized is not None:
            return [SlotSet("fallback_count", 0), *sized, *back_to_form(turn)]
        if turn.hits and turn.band == ANSWER:
            answer(turn, say, turn.hits[0])
        elif turn.hits and turn.band == SUGGEST:
            suggest(turn, say)
        else:
            return misunderstood(turn, say, "utter_no_answer")
        return [SlotSet("fallback_count", 0), *back_to_form(turn)]


class Fallback(TurnAction):
    """Not understood: suggestions when there are any, a question first, a person at the configured count in a row."""

    def name(self) -> str:
        return "action_fallback"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        told = await follow_up(turn, say, shop)
        if told is not None:
            return [SlotSet("fallback_count", 0), *told]
        return misunderstood(turn, say, "utter_not_understood")


def answer(turn: Turn, say: Say, hit: Mapping[str, Any], *, human: bool = False) -> None:
    """The article's answer, its source, and what can be done next (never inside a form, which asks its own question next)."""
    offers = [o for o in hit.get("offers") or [] if o in OFFERS] if not turn.active_form else []
    buttons = [button(OFFERS[o], o) for o in offers[:2]]
    if human and not turn.active_form:
        buttons.append(HUMAN_BUTTON)
    say.text(hit["answer"], buttons=buttons or None)
    say.card({"type": "knowledge", "article": hit["id"], "title": hit["title"], "score": hit["score"], "band": turn.band})


def suggest(turn: Turn, say: Say) -> None:
    say.response("utter_suggest")
    items = [button(h["title"], "ask_knowledge", article=h["id"]) for h in turn.hits[:3]]
    say.card({"type": "suggestions", "items": items})


def misunderstood(turn: Turn, say: Say, response: str) -> list[EventType]:
    """One more message that was not understood; hands over when it was the last that is allowed."""
    count = int(turn.slot("fallback_count") or 0) + 1
    if count >= after_fallbacks():
        hand_over(say, turn, "not_understood")
        return [SlotSet("fallback_count", 0), *end_of_form()]
    if turn.hits and turn.band == SUGGEST:
        suggest(turn, say)
    else:
        say.response(response, buttons=None if turn.active_form else [HUMAN_BUTTON])
    return [SlotSet("fallback_count", count), *back_to_form(turn)]
