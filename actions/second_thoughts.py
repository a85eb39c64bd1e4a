"""不换了 inside a request that was not sent yet: it goes on as what is wanted instead, or is over. What was sent before is another matter,
and only withdrawn when it is what the shopper talks about. What is wanted for another order is no answer to the request either."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.addressee import is_of_contact
from actions.filling import Filling
from actions.flows import FLOWS, FORM_OF, REQUESTS
from actions.knowledge import answer
from actions.orders import mentions, named_goods, named_order, with_product
from actions.remedies import asked_remedies
from actions.turn import Turn
from actions.yes import DEEDS
from bot.core.bands import ANSWER

_SENT = re.compile(r"AS\d{6}|之前|上次|先前|[另那]外?一?[单个件]|别的|earlier|other", re.IGNORECASE)
_RATHER = re.compile(r"还是|那就?|改|直接|rather|instead", re.IGNORECASE)
_OPEN_QUESTIONS, _SURE = ("detail", "reason", "remedy"), 0.5
_WANTS = {"return": "request_return", "exchange": "request_exchange", "refund": "request_refund", "repair": "request_repair"}


_OBJECT = r"(?:收货)?(?:地址|电话|手机号|规格|颜色|尺码|备注|订单|发票|票)?"


def gives_up(turn: Turn, form: str) -> str | None:
    """What else a message says that takes back what the open form would do (不改地址了, 先别改…对了卫衣能退吗); None when it does not."""
    deed = DEEDS.get(form) if form not in REQUESTS else None
    if deed is None or turn.source != "text" or turn.active_form != form:
        return None
    no = rf"(?:^|[，,。；;！!\s])(?:算了)?我?(?:先别|先不|别|不用?|不要|不想)(?:再)?(?:{deed}){_OBJECT}(?:了|吧|啦)*(?=$|[，,。；;！!~\s])"
    found = re.search(no, turn.text)
    rest = turn.text[found.end() :].strip(" ，,。；;！!~") if found else None
    plain_no = not rest and turn.intent in ("stop", "deny")  # read as what it is already
    corrects = bool(rest) and (turn.intent in FLOWS[form].wants or (form == "address_form" and is_of_contact(replace(turn, text=rest))))
    return None if rest is None or plain_no or corrects or re.search(deed, rest) else rest


async def thinks_again(f: Filling) -> bool:
    """Whether the message takes back the request that is being made here."""
    turn = f.turn
    if gives_up(turn, f.flow.form) is not None:
        return True
    if f.flow.form not in REQUESTS or turn.source != "text":
        return False
    rather = turn.intent in ("stop", "deny") and _RATHER.search(turn.text) and asked_remedies(turn.text)  # 算了 还是换
    if not rather and turn.intent != "cancel_aftersale":
        return False
    if _SENT.search(turn.text) or named_order(turn):
        return False
    return not named_goods(turn) or (f.now("order_id") is not None and any(mentions(turn, i) for i in (await f.order())["items"]))


def think_again(f: Filling) -> None:
    """Go on as what is wanted instead, or end. The form for problems holds all that can be wanted: there it is another choice."""
    rest = gives_up(f.turn, f.flow.form)
    wanted = asked_remedies(f.turn.text if rest is None else rest) or (["return"] if "退" in (rest or "") else [])
    if rest is not None:
        f.end("utter_stopped", buttons=None)
        instead = f.turn.intent if f.turn.intent in FORM_OF and rest else _WANTS.get(wanted[0]) if wanted else None
        if instead:
            f.pass_on(instead)
        elif rest and f.turn.hits and f.turn.band == ANSWER:
            answer(f.turn, f.say, f.turn.hits[0])
    elif not wanted:
        f.end("utter_stopped", buttons=None)
    elif "remedy" not in f.flow.slots and (instead := _WANTS.get(wanted[0], f.flow.want)) != f.flow.want:
        f.pass_on(instead)


async def wants_for_another(f: Filling) -> bool:
    """Whether the message, where a request asks what happened or what shall be done, wants something else for another order:
    大豆冬被的快递催一下，晚了得赔钱."""
    turn, number = f.turn, f.now("order_id")
    asked = turn.requested_slot in _OPEN_QUESTIONS and turn.source == "text" and turn.confidence >= _SURE
    form = FORM_OF.get(turn.intent, "")
    if not asked or not number or f.flow.form not in REQUESTS or not form or form in REQUESTS:
        return False
    named = with_product(turn, await f.shop.orders())
    return bool(named) and all(order["order_id"] != number for order in named)
