"""What is asked once the alarm about an account was raised: each question its own answer; the case is one, and so is its ticket."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.base import HUMAN_BUTTON, Say
from actions.handoff import hand_over
from actions.turn import Turn

_CODE = r"(验证码|密码|口令|\bcode|\bpassword)"
_TOLD, _GIVEN = r"(告诉|报给?|念给?|泄露给?)", r"(发|给|发给|说给?)"
_WHOM = r"(他|她|对方|别人|人家|客服|骗子)"
TOLD_CODE = re.compile(
    rf"{_TOLD}了.{{0,8}}{_CODE}|{_CODE}.{{0,8}}{_TOLD}(了|过|{_WHOM})"
    rf"|{_GIVEN}了?{_WHOM}.{{0,8}}{_CODE}|{_CODE}.{{0,8}}{_GIVEN}了?{_WHOM}"
    rf"|把.{{0,6}}{_CODE}.{{0,6}}{_GIVEN}[^我]{{0,3}}[了过](?!.*(没有?收到|收不到))"
    rf"|\bI (just |already )?(gave|told) (?!you\b).{{0,12}}{_CODE}",
    re.IGNORECASE,
)
"""Codes are sent and given by the shop as well: those words count with whom the shopper gave it to."""
_MONEY_GONE = re.compile(
    r"(?<!没)(?<!没有)(转了.{0,6}([钱款块万元]|\d)|[打汇]了.{0,6}[钱款万元])|(?<!没)(?<!没有)被骗了|(钱|余额).{0,4}(没了|不见|被转)"
    r"|sent .{0,8}money",
    re.IGNORECASE,
)
_TO_THEM = re.compile(r"对方|骗|被转|(?<!其)他|她|\b(him|her|them|scam)", re.IGNORECASE)
_PRIVATE = r"(信息|资料|隐私|电话|地址|\b(data|info|details|number|address))"
_QUESTIONS = tuple(
    (name, re.compile(words, re.IGNORECASE))
    for name, words in (
        ("password", r"(改|换|修改|重[设置]).{0,6}密码|密码.{0,10}(改|换|在哪|怎么|重[设置])|(change|reset).{0,12}password"),
        ("freeze", r"冻结|停用|锁(住|定|掉|了)|(freeze|block|lock).{0,12}account"),
        (
            "leak",
            rf"泄露|(泄漏|leak).{{0,12}}{_PRIVATE}|{_PRIVATE}.{{0,12}}(泄漏|leak)|卖我.{{0,4}}信息|(他|对方|骗子|怎么).{{0,4}}知道我"
            r"|how (do|did) (they|he) (know|get)",
        ),
        ("police", r"报警(?!器)|报案|派出所|公安|警察|police"),
    )
)
"""What can be asked at any time of the talk."""
_NEXT = tuple(
    (name, re.compile(words, re.IGNORECASE))
    for name, words in (
        ("money", r"扣.{0,4}钱|扣款|盗刷|损失|(钱|余额|银行卡|支付).{0,8}(安全|会不会|有没有|会被)|(take|lose) .{0,8}money"),
        ("call", r"打(?!了.{0,2}个).{0,3}电话|来电|回电|联系我|(call|contact) me"),
        ("steps", r"怎么办|咋办|怎么弄|要做什么|该做什么|what (should|do|can) i do"),
    )
)
"""What can be asked right after something was said about the danger: in another place it is of another matter."""
_ONE_MATTER = timedelta(hours=24)
"""Within this time the case is answered; later the same danger is told anew."""
_MOST = 2
"""Answers to one message."""


def alarm(turn: Turn) -> Mapping[str, Any]:
    """The alarm of this talk, `kinds` of danger that were told and the `message` that was last about it; empty when there is none."""
    known = turn.slot("alarm") or {}
    return known if known and turn.now - datetime.fromisoformat(known["at"]) < _ONE_MATTER else {}


def raised(turn: Turn, kind: str | None) -> EventType:
    """What is remembered of the alarm after this message, which was about it."""
    kinds = [*alarm(turn).get("kinds", []), *([kind] if kind else [])]
    return SlotSet("alarm", {"kinds": list(dict.fromkeys(kinds)), "message": turn.message_id, "at": turn.now.isoformat()})


def after_alarm(turn: Turn, say: Say) -> list[EventType] | None:
    """Answer what is asked about the danger that was told before; None when there was no alarm, or nothing of it is asked."""
    asked = _asked(turn)
    if not asked:
        return None
    if "transferred" in asked:
        say.response("utter_safety_transferred")
        add_to_alarm(turn, say)
        hand_over(say, turn, "security", summary=f"账户安全：{turn.text[:200]}")
    else:
        for name in asked:
            say.response(f"utter_safety_{name}")
    if "leak" in asked:
        add_to_alarm(turn, say)
    return [raised(turn, None)]


def repeat_alarm(turn: Turn, say: Say) -> None:
    """The same danger once more: it goes to the case that is open, and the shopper is not sent to the queue again."""
    say.response("utter_security_again", buttons=[HUMAN_BUTTON])
    add_to_alarm(turn, say)


def add_to_alarm(turn: Turn, say: Say) -> None:
    """Open the case, or add to it. It is of no order: it must not join another check of the same order."""
    say.open_check("system", f"账户安全：{turn.text[:200]}", None, priority="urgent")


def _asked(turn: Turn) -> list[str]:
    known = alarm(turn)
    of_safety = turn.intent == "account_security"
    if not known or turn.source != "text" or (turn.values("product") and not of_safety):
        return []
    just_now = turn.previous_id in (None, known["message"])  # None: the shopper was with the people meanwhile
    if _MONEY_GONE.search(turn.text) and (just_now or of_safety or _TO_THEM.search(turn.text)):
        return ["transferred"]
    told = TOLD_CODE.search(turn.text)
    tables = (*_QUESTIONS, *_NEXT) if just_now or told else _QUESTIONS
    asked = [name for name, words in tables if words.search(turn.text)]
    return [name for name in asked if name != "steps"][:_MOST] or (["steps"] if asked or told else [])
