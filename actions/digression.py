"""Whether a message inside a form answers the form's question or is about something else."""

from __future__ import annotations

import re

from actions.amends import talks_of_offer
from actions.correction import correction
from actions.flows import FORM_OF, PICKUP_FORM, REQUESTS, Flow
from actions.guiding import answers_guide
from actions.orders import has_no_order
from actions.pickup_time import about_pickup, changes_time, sends_it_themselves
from actions.remedies import asked_remedies
from actions.turn import Turn
from actions.yes import says_the_button
from bot.core.bands import ANSWER
from bot.core.intents import ESCALATE, NLU_FALLBACK
from bot.core.orders import may_be_address
from bot.core.sizes import asks_size

_ALWAYS = frozenset({"request_human", "account_security", "stop", ESCALATE})
_VALUES = frozenset({"inform", "affirm", "deny"})
_TALK = frozenset({"greet", "goodbye", "thank", "repeat", "bot_challenge", "chitchat", "insult"})
_TROUBLE = frozenset({"report_damaged", "report_wrong_or_missing", "report_quality", "troubleshoot"})
_RETURNS = frozenset({"request_return", "request_exchange", "request_refund"})
_REMEDIES = _RETURNS | {"request_repair", "request_compensation"}
_GRIEVANCES = _TROUBLE | {
    "complain",
    "urge_delivery",
    "urge_shipment",
    "report_not_received",
    "payment_problem",
    "insult",
    "request_compensation",
}
_PROPOSALS = frozenset({"check_stock", "recommend_product", "claim_coupon", "rate_service", "account_problem", "ask_knowledge"})
"""What a suggestion sounds like once it was asked for."""
_TOLD = ("reason", "detail", "comment")
_BEAR_ON_RETURNS = REQUESTS | {"cancel_form", "price_form", "urge_form", "lost_form", "guide_form", "complain_form", "compensation_form"}
"""What their wants sound like may be why something goes back."""
_SURE, _VERY_SURE = 0.5, 0.8
_QUESTION = re.compile(r"[?？吗么呢]|谁|怎么|怎样|多少|几[天个元块点]|多久|什么|啥|哪|能不能|可不可以|是不是|要不要")


def is_digression(turn: Turn, flow: Flow) -> bool:
    """True when the form should step aside for this message; the caller then rejects and a rule answers.

    A tapped button, or a value of the asked type in the message, is never a digression, and neither is the form's own want: its rule
    would open the form again, and so on. A question that an article answers always is one; otherwise a clear intent of another kind is,
    and what is left is taken as the value.
    """
    if turn.intent in _ALWAYS:
        return True
    if flow.form == "guide_form" and answers_guide(turn):
        return False
    if turn.source == "button":
        return turn.intent not in (*_VALUES, *flow.wants)
    if turn.intent in flow.wants or (turn.requested_slot == "remedy" and turn.intent in _REMEDIES):
        return False
    if turn.requested_slot == "order_id" and turn.shopper_id is None and has_no_order(turn.text):
        return False
    if flow.form == PICKUP_FORM and (about_pickup(turn) or changes_time(turn)):
        return False
    if asks_an_article(turn):
        return True
    if says_the_button(turn, flow) or talks_of_offer(turn):
        return False
    if flow.form == "suggestion_form" and turn.intent in _PROPOSALS and not _QUESTION.search(turn.text):
        return False
    if turn.intent in _VALUES or correction(turn, flow):
        return False
    if turn.requested_slot == "confirm" and "remedy" in flow.slots and turn.intent in _REMEDIES:
        return False
    if turn.intent == "insult" and turn.requested_slot == "confirm":
        return True
    if flow.form == "complain_form" and turn.intent in ("ask_knowledge", *_GRIEVANCES) and not is_question(turn.text):
        return False
    if turn.intent == "ask_knowledge":
        said = turn.requested_slot in ("reason", "remedy") and names_value_of_asked(turn)
        return not said and (turn.band == ANSWER or turn.confidence >= _SURE)
    if names_value_of_asked(turn):
        return False
    if turn.intent == NLU_FALLBACK:
        return turn.requested_slot not in (*_TOLD, "note") and not (turn.requested_slot == "address" and may_be_address(turn.text))
    if turn.intent in _TALK:
        return turn.requested_slot not in _TOLD or turn.confidence >= _SURE
    return turn.confidence >= _SURE


def asks_an_article(turn: Turn) -> bool:
    """Whether the message is a question that an article answers."""
    return turn.band == ANSWER and bool(turn.hits) and bool(_QUESTION.search(turn.text))


def is_question(text: str) -> bool:
    return bool(_QUESTION.search(text))


def wants_size_advice(turn: Turn) -> bool:
    """Whether a question for an option is answered by asking which one would fit; "it runs small" is no such question."""
    return turn.requested_slot == "sku_option" and turn.source == "text" and asks_size(turn.text.replace("偏", ""))


def _says_why(turn: Turn) -> bool:
    """Whether a reason was found, or the message is one as a whole: 我卫衣那单能开专票不 is another want."""
    found = [e for e in turn.entities if e["entity"] == "reason" and e.get("value")]
    form = FORM_OF.get(turn.intent)
    elsewhere = form is not None and form not in _BEAR_ON_RETURNS and turn.confidence >= _SURE
    return any(e.get("extractor") != "asked" for e in found) or (bool(found) and not elsewhere)


def names_value_of_asked(turn: Turn) -> bool:
    """Whether the message holds what the form asks for."""
    asked = turn.requested_slot
    if asked == "note":
        return turn.confidence < _VERY_SURE
    if asked == "pickup_slot":
        return sends_it_themselves(turn) or about_pickup(turn) or changes_time(turn)
    if asked in ("detail", "comment"):
        own = FORM_OF.get(turn.intent) == turn.active_form
        return own or turn.intent in _GRIEVANCES or turn.confidence < _VERY_SURE
    if asked == "reason":
        return turn.intent in _TROUBLE or _says_why(turn)
    if asked == "remedy":
        return turn.intent in _REMEDIES or bool(asked_remedies(turn.text))
    if asked == "sku_option" and turn.intent in _RETURNS:
        return bool(turn.values("sku_option"))
    return bool(asked and turn.values("product" if asked == "item" else asked))
