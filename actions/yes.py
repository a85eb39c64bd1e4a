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


def is_plain(turn: Turn) -> bool:
    """Half a yes, or a mark that is taken for one, confirms nothing."""
    said = not is_wordless(turn.text) or any(sign in turn.text for sign in _YES_SIGNS)
    return turn.source == "button" or (said and not _UNSURE.search(turn.text) and not _is_for_another(turn))


def repeats_with_a_yes(turn: Turn) -> bool:
    return bool(_SAYS_YES.match(turn.text.strip())) and is_plain(turn)


def says_the_button(turn: Turn, flow: Flow) -> bool:
    """Whether the message is the words of the button that confirms, 取消吧, or begins with them where nothing but what was told is
    confirmed, so that what follows cannot change it: 提交提交 5块钱打发要饭的呢."""
    if turn.requested_slot != "confirm" or turn.active_form != flow.form or turn.source != "text" or turn.intent in ("deny", "stop"):
        return False
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
