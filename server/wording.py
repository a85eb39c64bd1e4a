"""What the system itself says to a shopper, in Chinese and English: calm, short, 您. What the bot says stands in the domain."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.core.messages import Reply

_ZH = {
    "queued": "正在为您转接人工客服，您前面还有 {ahead} 位，预计等待约 {wait}。您可以先留言，客服都能看到。",
    "queued_first": "正在为您转接人工客服，您排在第 1 位，预计等待约 {wait}。您可以先留言，客服都能看到。",
    "passed_on": "已转给人工客服，您排在第 {position} 位，约 {wait}。不想等的话，说“不等了”，我接着帮您。",
    "passed_on_complaint": "您的投诉已记下，同事接手时会先看到。您排在第 {position} 位，约 {wait}；说“不等了”，我马上为您登记投诉。",
    "left_queue": "好的，不再排队了，我接着为您处理。需要人工时随时说“转人工”。",
    "leave_queue": "不等了，继续问助手",
    "bot_down": "抱歉，系统这会儿没能处理好您的问题，已为您转接人工客服。您排在第 {position} 位，预计等待约 {wait}。",
    "unknown_outcome": "抱歉，刚才的操作没有得到确认，请先不要重复提交。已转人工客服核实，您排在第 {position} 位，约 {wait}。",
    "closed_desk": "人工客服 {opens} 上班。您的留言已记下，单号 {ticket_no}，上班后优先联系您；现在也可以继续问我。",
    "closed_desk_down": "抱歉，系统这会儿没能处理好您的问题，人工客服 {opens} 上班。已为您登记，单号 {ticket_no}，上班后优先处理。",
    "closed_desk_unknown": "抱歉，刚才的操作没有得到确认，请先不要重复提交。人工客服 {opens} 上班后会核实，单号 {ticket_no}。",
    "joined": "客服{agent}为您服务，前面的对话已经看到，您不用重复说明。",
    "transferred": "正在为您转给更合适的同事，请稍等。前面的对话会一并转过去。",
    "agent_gone": "抱歉让您久等，正在为您换一位客服继续处理。",
    "returned": "人工服务先到这里，接下来由智能助手继续为您服务，需要时随时说“转人工”。",
    "queue_timeout": "抱歉，客服一直繁忙，让您久等了。已为您登记，单号 {ticket_no}，会有专人跟进；其间我可以先帮您，请问还需要什么？",
    "bot_back": "智能助手已恢复，抱歉耽误您了。刚才的问题麻烦您再说一遍，我马上处理。",
    "closed_by_agent": "本次服务已结束，感谢您的咨询。",
    "idle": "您有一会儿没有说话了，本次对话先结束；再次留言即可继续。",
    "rating_request": "请为本次服务打个分，您的评价会帮助我们做得更好。",
    "rated": "感谢您的评价。",
    "ticket_made": "已为您登记，单号 {ticket_no}，{promised} 前给您答复。",
    "ticket_open": "这件事之前已为您登记，单号 {ticket_no}，还在处理中，刚才说的也补充进去了。",
    "ticket_closed": "单号 {ticket_no} 已为您撤销，我们不再查这个包裹了。",
    "ticket_found": "您最近登记的单号是 {ticket_no}，进度如下。",
    "tickets_found": "您有 {count} 个登记在处理：\n{listed}\n最近的一个进度如下，想看别的，说第几个或是哪件事就行。",
    "ticket_line": "{ticket_no}：{about}（{promised} 前答复）",
    "ticket_noted": "已记在单号 {ticket_no} 里，处理的同事会看到。",
    "ticket_kept": "之前登记的投诉（单号 {numbers}）还在处理，会按时答复您。",
    "ticket_named": "单号 {ticket_no} 的进度如下。",
    "ticket_unknown": "没有查到对应的登记，请核对单号；也可以直接告诉我问题，我来帮您处理。",
    "human": "转人工",
    "image": "[图片]",
}
_EN = {
    "queued": "I am passing you to a colleague (人工客服). {ahead} ahead of you, about {wait}. You can leave a message meanwhile.",
    "queued_first": "I am passing you to a colleague (人工客服). You are first in line, about {wait}. You can leave a message meanwhile.",
    "passed_on": 'Passed on to a colleague (人工客服): number {position} in line, about {wait}. Or say "stop waiting".',
    "passed_on_complaint": "Your complaint is noted for the colleague (人工客服) who takes over: number {position} in line, about {wait}. "
    'Or say "stop waiting" and I will register it.',
    "left_queue": "All right, you are no longer waiting, and I will go on helping you. Ask for a person at any time.",
    "leave_queue": "Don't wait, go on with the assistant",
    "bot_down": "Sorry, we could not handle this just now. A colleague (人工客服) will take over: number {position} in line, about {wait}.",
    "unknown_outcome": "Sorry, we could not confirm that last step; please do not submit it again. A colleague (人工客服) will check: "
    "number {position} in line, about {wait}.",
    "closed_desk": "Our colleagues are back at {opens}. Your message is noted, number {ticket_no}; you can keep asking me meanwhile.",
    "closed_desk_down": "Sorry, we could not handle this just now. Our colleagues are back at {opens}; it is noted, number {ticket_no}.",
    "closed_desk_unknown": "Sorry, we could not confirm that last step; please do not submit it again. "
    "Our colleagues are back at {opens} and will check, number {ticket_no}.",
    "joined": "{agent} is here to help and has read the conversation, so there is no need to repeat anything.",
    "transferred": "One moment, I am passing you to a colleague who knows more about this. The conversation goes along.",
    "agent_gone": "Sorry to keep you waiting. Another colleague is taking over.",
    "returned": "The assistant takes over again from here. Ask for a person at any time.",
    "queue_timeout": "Sorry, everyone is still busy. It is noted, number {ticket_no}, and someone will follow up. Can I help meanwhile?",
    "bot_back": "The assistant is back, sorry for the wait. Please ask your question once more.",
    "closed_by_agent": "This conversation is closed. Thank you for contacting us.",
    "idle": "It has been quiet for a while, so this chat is closed; write again at any time to go on.",
    "rating_request": "How did we do? Your rating helps us improve.",
    "rated": "Thank you for your rating.",
    "ticket_made": "It is noted, number {ticket_no}. You will hear from us by {promised}.",
    "ticket_open": "This is noted already, number {ticket_no}, and still being worked on; what you just said is added to it.",
    "ticket_closed": "Case {ticket_no} is closed, and we no longer look for this parcel.",
    "ticket_found": "The number of your latest case is {ticket_no}; here is how it stands.",
    "tickets_found": "You have {count} open cases:\n{listed}\nHere is how the latest one stands; for another, say which one.",
    "ticket_line": "{ticket_no}: {about} (answer by {promised})",
    "ticket_noted": "I wrote that into case {ticket_no}; whoever handles it will see it.",
    "ticket_kept": "The complaint you registered before (number {numbers}) is still being handled, and you will hear from us in time.",
    "ticket_named": "Here is how case {ticket_no} stands.",
    "ticket_unknown": "I could not find that case; please check the number, or tell me what happened.",
    "human": "Talk to a person",
    "image": "[image]",
}
_CLASS = {
    "zh": {"goods_aftersale": "商品与售后", "logistics": "物流", "agent": "客服", "system": "系统与支付", None: "其他"},
    "en": {
        "goods_aftersale": "Goods and after-sale",
        "logistics": "Delivery",
        "agent": "Service",
        "system": "System and payment",
        None: "Other",
    },
}
_STATUS = {"zh": {"open": "处理中", "done": "已解决"}, "en": {"open": "In progress", "done": "Solved"}}


def say(name: str, language: str | None, **values: Any) -> str:
    """One of the sentences above; who writes another language than Chinese reads the English one. An unknown name is a KeyError."""
    return (_EN if _is_english(language) else _ZH)[name].format(**values)


def notice(
    name: str, language: str | None, custom: dict[str, Any] | None = None, buttons: list[dict[str, str]] | None = None, **values: Any
) -> Reply:
    return Reply(text=say(name, language, **values), buttons=buttons or [], custom=custom)


def wait_text(seconds: int, language: str | None) -> str:
    minutes = max(1, round(seconds / 60))
    return f"{minutes} min" if _is_english(language) else f"{minutes} 分钟"


def time_text(at: datetime, now: datetime, language: str | None) -> str:
    """今天 / 明天 08:00, further away with the date."""
    days = (at.date() - now.date()).days
    if _is_english(language):
        return f"{at:%H:%M} {('today', 'tomorrow')[days]}" if days in (0, 1) else f"{at:%H:%M on %b} {at.day}"
    return f"{('今天', '明天')[days]} {at:%H:%M}" if days in (0, 1) else f"{at.month}月{at.day}日 {at:%H:%M}"


def class_text(class_: str | None, language: str | None) -> str:
    texts = _CLASS["en" if _is_english(language) else "zh"]
    return texts.get(class_, texts[None])


def status_text(status: str, language: str | None) -> str:
    return _STATUS["en" if _is_english(language) else "zh"].get(status, status)


def _is_english(language: str | None) -> bool:
    return bool(language) and not str(language).startswith("zh")
