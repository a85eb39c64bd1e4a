"""A yes to what is to be confirmed: plain, the want said once more behind a yes, or the words of the button."""

from __future__ import annotations

import re

from actions.amends import is_offered
from actions.flows import Flow
from actions.turn import Turn
from actions.words import words
from bot.core.wordless import is_wordless

_SAYS_YES = re.compile(r"(嗯+|恩|没错|确认|ok|(好|对(?!了)|是|行|可以)[的了吧呀啊滴哒]*(?=$|[，,。.!！~\s]))(?!的?话)", re.IGNORECASE)
"""How a yes begins that says the want once more: 嗯 取消吧."""
_UNSURE = re.compile(r"也许|或许|可能|大概|再想想|再考虑|考虑一下|考虑考虑|[说打写填]错|不对|maybe|perhaps|not sure", re.IGNORECASE)
_YES_SIGNS = frozenset("👍👌✅🆗")
_LEAD, _TAIL = r"(?:嗯|好的?|行|对|那|就|快|请|帮我|我|yes|ok|sure|please)*", r"(?:[吧了啊呀]|给我| it| that)*"
_TWO_FACED = frozenset({"取消", "cancel"})
"""Alone these are what the button says that sends, and what the button of any page says that does not."""
_SURE, _CONFIRM = "确认", "confirm"
_TOLD = frozenset({"detail", "confirm"})
_YES = r"(?:嗯+|恩|好[的了吧呀啊滴]*|对[的啊]?|是的?(?=[，,。\s])|行[的吧]?|可以的?(?=[，,。\s]|$)|没错|ok(?:ay)?|yes|sure)"
_OBJECT = r"(?:一?下|给我|差价|钱|款|货|票|订单|[了吧啊呀哈嘛])*"
_HELP = r"(?:就|那|快|请|帮我|给我|把)*"
DEEDS = {
    "return_form": "退",
    "refund_form": "退",
    "price_form": "退|补",
    "exchange_form": "换",
    "modify_form": "换|改",
    "address_form": "改",
    "invoice_form": "开|改|换|(?:重|再)?发",
    "cancel_form": "取消|退",
    "withdraw_form": "撤销?|取消",
    "repair_form": "报?修",
}
"""How a shopper says in a word what a form does; a word of another form is no yes to it."""


def is_plain(turn: Turn) -> bool:
    """Half a yes, or a mark that is taken for one, confirms nothing."""
    said = not is_wordless(turn.text) or any(sign in turn.text for sign in _YES_SIGNS)
    return turn.source == "button" or (said and not _UNSURE.search(turn.text) and not _is_for_another(turn) and not _wants_it_changed(turn))


def asked_what_to_change(turn: Turn) -> bool:
    """Whether the answer before this message asked what of it is wrong, which no yes answers."""
    buttons = [button for said in turn.said_before for button in said["buttons"] or ()]
    return any(str(button["payload"]).startswith('/inform{"change"') for button in buttons)


def repeats_with_a_yes(turn: Turn) -> bool:
    return bool(_SAYS_YES.match(turn.text.strip())) and is_plain(turn)


def says_the_button(turn: Turn, flow: Flow) -> bool:
    """Whether the message is the words of the button that confirms, 取消吧, or their verb with a yes, 可以，退吧. Where nothing but what
    was told is confirmed, so that what follows cannot change it, it may begin with them: 提交提交 5块钱打发要饭的呢."""
    if turn.requested_slot != "confirm" or turn.active_form != flow.form or turn.source != "text" or turn.intent in ("deny", "stop"):
        return False
    if _says_the_verb(turn, flow):
        return True
    said = sorted({deed for title in _yes_titles(turn) for deed in (title, title.removeprefix(_SURE), _deed(title)) if deed}, key=len)
    if not said:
        return False
    deeds = "|".join(re.escape(deed) for deed in reversed(said))
    begins = rf"(?:{_LEAD}[，,\s]*(?:{deeds}){_TAIL}(?:[，,。.!！~\s]+|$|(?={deeds})))+"
    text = turn.text.strip()
    if text.strip("。.!！~ ").lower() in _TWO_FACED:
        return False
    found = re.match(begins, text, re.IGNORECASE)
    alone = found is not None and found.end() == len(text)
    return found is not None and (alone or set(flow.slots) <= _TOLD) and not _UNSURE.search(text)


def _says_the_verb(turn: Turn, flow: Flow) -> bool:
    """好 换; 可以，退吧; 开吧: nothing but the verb of what is to be confirmed, behind a yes or before 吧."""
    verbs = DEEDS.get(flow.form)
    said = rf"(?:{_YES}[，,。\s]*)+{_HELP}(?:{verbs}){_OBJECT}|{_HELP}(?:{verbs}){_OBJECT}吧"
    return verbs is not None and re.fullmatch(said, turn.text.strip("。.!！~ "), re.IGNORECASE) is not None and is_plain(turn)


def _wants_it_changed(turn: Turn) -> bool:
    """嗯，改一下吧, where nothing that was shown is a change: it is to be another."""
    shown = "".join(said["text"] or "" for said in turn.said_before)
    said = rf"(?:{_YES}[，,。\s]*)*{_HELP}[改换]{_OBJECT}吧?"
    return re.search("[改换]", shown) is None and re.fullmatch(said, turn.text.strip("。.!！~ "), re.IGNORECASE) is not None


def _is_for_another(turn: Turn) -> bool:
    """Whether a yes to an offer, which sends nothing, names what another form does: 嗯 提交, after a complaint was left for it."""
    others = _deeds() - {_deed(title) for title in _yes_titles(turn)}
    return is_offered(turn) and any(deed in turn.text.lower() for deed in others)


def _yes_titles(turn: Turn) -> list[str]:
    buttons = [button for said in turn.said_before for button in said["buttons"] or ()]
    return [str(button["title"]) for button in buttons if str(button["payload"]).startswith("/affirm")]


def _deeds() -> set[str]:
    """What the forms do that send something."""
    return {_deed(text) for name, said in words().items() if name.startswith("confirm.") for text in said.values()} - {_CONFIRM}


def _deed(title: str) -> str:
    """What a button does, in a word: 取消 of 确认取消订单, submit."""
    said = title.removeprefix(_SURE)
    return said.split()[0].lower() if said.isascii() else said[:2]
