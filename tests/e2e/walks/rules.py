"""What must hold after every turn of a walk, whatever the shopper does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import yaml

from bot.core.orders import ORDER_NUMBER
from evaluation.system import ROOT
from server import wording
from tests.e2e.walks.books import Holder, Written
from tests.e2e.walks.lines import Heard, Widget

if TYPE_CHECKING:
    from tests.e2e.walks.walk import Talk

_YES = re.compile(r"\W*(嗯|恩|好|对|是|行|可以|确认|没错|ok|yes|提交|👍|就这)", re.IGNORECASE)
_ORDER_CARDS = ("order_card", "parcel_card", "refund_card", "order_list")
_REFUSALS = re.compile(
    r"utter_(none_|unfit|order_not_found|refused|not_understood|no_answer|no_products|shop_down|locked|stale_button|sign_in|no_aftersale"
    r"|outcome_unknown|suggest)"
)
"""Answers that give the shopper nothing: something to go on with must stand beside them."""
_LEFT_QUEUE = {wording.say("left_queue", language) for language in ("zh", "en")}
"""Told to a shopper who waits no longer; only then a message of theirs gives the conversation back to the bot."""
_IN_ENGLISH = {"个人": "personal"}
"""What a confirmation in English says for a value that the shop knows in Chinese."""
_CONFIRMED_BY = {
    "address": ("address_form",),
    "closed": ("cancel_form",),
    "option": ("modify_form",),
    "withdrawn": ("withdraw_form",),
    "return": ("return_form", "problem_form"),
    "exchange": ("exchange_form", "problem_form"),
    "refund": ("refund_form", "cancel_form", "price_form", "problem_form"),
    "invoice": ("invoice_form",),
    "coupon": ("compensation_form",),
}
_NOT_SHOWN = ("cancel_form", "exchange_form", "price_form")
"""Forms whose reason is not asked and not shown."""


@dataclass(frozen=True)
class Before:
    """How things stood when the turn began."""

    holder: Holder | None
    written: Written

    @classmethod
    def of(cls, talk: Talk) -> Before:
        return cls(talk.holder(), _written(talk))


def check(talk: Talk, step: Mapping[str, Any], before: Before, heard: Heard) -> None:
    trouble = talk.world.books.trouble()
    assert not trouble, f"a process logged an error: {trouble[0]}"
    if heard.refused is not None:
        assert _may_be_refused(talk, step), f"{heard.refused} for {step}"
        assert not before.written.changed(_written(talk)), "a message that was refused changed something"
        return
    after = talk.holder()
    assert after is not None, "there is no conversation"
    _check_nothing_leaks(talk, heard)
    if step.get("again"):
        assert texts(heard.messages) == texts(talk.last.messages), "a message that is sent again gets another answer"
        assert not before.written.changed(_written(talk)), "a message that is sent again is done again"
        return
    _check_owner_speaks(talk, before.holder, after, heard)
    _check_writes(talk, step, before, after, heard)
    if after.owner == "bot" and (before.holder is None or before.holder.owner in ("bot", "closed")):
        _check_way_on(after, heard)


def check_owner(talk: Talk, owner: str) -> None:
    """One of bot, queue, agent, closed holds the conversation, and a hand-off is open exactly while people do."""
    holder = talk.holder()
    assert holder is not None
    assert holder.owner == owner, f"{holder.owner} holds the conversation, expected {owner}"
    _check_one_owner(holder)


def texts(messages: Iterable[Mapping[str, Any]]) -> list[str]:
    return [str(m["text"]) for m in messages if m.get("text")]


def _written(talk: Talk) -> Written:
    stranger = talk.world.books.owner_of(talk.fixture["orders"]["order_not_mine"])
    return talk.world.books.written((talk.shopper_id, stranger))


def _may_be_refused(talk: Talk, step: Mapping[str, Any]) -> bool:
    """A button that was used or is another's, and a message that is too long."""
    return "tap" in step or "stranger" in step or len(talk.said[-1] if talk.said else "") > 4000


def _check_one_owner(holder: Holder) -> None:
    with_people = holder.owner in ("queue", "agent")
    assert len(holder.open_handoffs) == int(with_people), f"{holder.owner} holds the conversation with hand-offs {holder.open_handoffs}"


def _check_owner_speaks(talk: Talk, before: Holder | None, after: Holder, heard: Heard) -> None:
    _check_one_owner(after)
    notices = [m for m in heard.messages if (m.get("custom") or {}).get("type") == "handoff"]
    waited = before is not None and before.owner == "queue"
    left = waited and after.owner == "bot" and _LEFT_QUEUE & set(texts(heard.messages))
    if before is not None and before.owner in ("queue", "agent") and not left:
        assert after.owner == before.owner, f"a message of the shopper moved the conversation to {after.owner}"
        spoke = [m for m in heard.messages if m.get("from", "bot") == "bot"]
        assert not spoke, f"the bot spoke while {before.owner} holds the conversation: {texts(spoke)}"
    else:
        assert texts(heard.messages) or any(m.get("custom") for m in heard.messages), "the turn has no answer"
        assert len(notices) == int(after.owner == "queue"), (
            f"{len(notices)} notices of a hand-off, and {after.owner} holds the conversation"
        )
    if isinstance(talk.line, Widget) and talk.line.owners and not left:  # that change is told just after the messages
        assert talk.line.owners[-1] in ("bot", "agent", after.owner), f"the widget was told {talk.line.owners}"


def _check_nothing_leaks(talk: Talk, heard: Heard) -> None:
    """Numbers, names and addresses that the shopper may not know do not occur anywhere in what was sent, cards and buttons included."""
    books = talk.world.books
    own, typed = books.orders(talk.shopper_id), set(ORDER_NUMBER.findall(" ".join(talk.said)))
    sent = list(_strings([{k: v for k, v in m.items() if k != "payload"} for m in heard.messages]))
    if talk.anonymous:
        known = {n for n in own & typed if talk.fixture["phone_last4"] in " ".join(talk.said).replace(n, "")}
        hidden = books.secrets_of(talk.shopper_id) if not known else set()
    else:
        known, hidden = own, set()
    hidden |= books.secrets_of(books.owner_of(talk.fixture["orders"]["order_not_mine"]))
    leaked = [s for s in sent for secret in hidden if secret in s and secret not in " ".join(talk.said)]
    assert not leaked, f"data of somebody else: {leaked}"
    numbers = {n for s in sent for n in ORDER_NUMBER.findall(s)} - known - typed
    assert not numbers, f"orders of somebody else: {numbers}"
    cards = {str(o) for m in heard.messages for o in _order_ids(m.get("custom"))} - known
    assert not cards, f"cards of orders that are not the shopper's: {cards}"


def _order_ids(card: Any) -> list[str]:
    if isinstance(card, Mapping):
        own = [card["order_id"]] if card.get("order_id") else []
        return own + [number for value in card.values() for number in _order_ids(value)]
    return [number for item in card for number in _order_ids(item)] if isinstance(card, list) else []


def _check_writes(talk: Talk, step: Mapping[str, Any], before: Before, after: Holder, heard: Heard) -> None:
    """A write follows a yes to a question that named exactly what is then written."""
    written = _written(talk)
    changed = before.written.changed(written)
    asked, forms = "\n".join(texts(talk.last.messages)), _confirmed_forms(talk.last)
    said_yes = _says_yes(talk, step)
    assert written.writes - before.written.writes <= 1, "one yes wrote more than once"
    assert not changed or written.writes > before.written.writes, f"{changed} without a write of the shop"
    assert written.writes == before.written.writes or said_yes, f"{changed} was written, and the shopper did not say yes"
    for thing, values in changed.items():
        kind, number, *rest = thing.split()
        kind = ("withdrawn" if thing in before.written.things else rest[1]) if kind == "aftersale" else kind
        allowed = [form for form in _CONFIRMED_BY[kind] if form in forms]
        assert allowed, f"{thing} {values} was written; what the shopper was asked is {asked!r}"
        assert any(name in asked for name in talk.world.books.products(number)), f"{thing}: its goods are not in {asked!r}"
        for value in _to_be_shown(thing, kind, values, allowed[0], before.written):
            assert value in asked or _IN_ENGLISH.get(value, value) in asked, f"{thing}: {value!r} was written and is not in {asked!r}"
    if before.holder is not None and after.complaints > before.holder.complaints:
        assert said_yes, "a complaint was registered, and the shopper did not say yes"
        assert "complain_form" in forms, f"a complaint was registered; what the shopper was asked is {asked!r}"
    claims = [name for name in _names(heard) if name.startswith("utter_done_") and name.removeprefix("utter_done_") in _writing_forms()]
    assert not claims or written.writes > 0, f"{claims} was said, and nothing was written"


def _to_be_shown(thing: str, kind: str, values: tuple[str | None, ...], form: str, before: Written) -> list[str]:
    """The values of a change that the confirmation must have named."""
    if kind in ("closed", "withdrawn") or (form in _NOT_SHOWN and kind in ("return", "exchange", "refund")):
        return []
    if kind == "option":
        had = str(before.things[thing][0]).split("/")
        return [part for part in str(values[0]).split("/") if part not in had]
    return [value for value in values if value not in (None, "True", "False")]


def _says_yes(talk: Talk, step: Mapping[str, Any]) -> bool:
    """A yes in words, a button that confirms, or the window of a pick-up, which is all that is asked there."""
    if "tap" in step:
        return bool(re.match(r"确认|接受|Confirm|Yes|Accept|\d+月\d+日 \d", str(step.get("# title")), re.IGNORECASE))
    return bool(_YES.match(str(step.get("say", ""))))


def _check_way_on(after: Holder, heard: Heard) -> None:
    """An answer, a question that is open, or something to tap."""
    names = _names(heard)
    refused = bool(names) and all(_REFUSALS.match(name) for name in names)
    offered = list(_payloads(heard.messages))
    assert not refused or offered or after.requested_slot, f"{names} leaves the shopper without a way on: {texts(heard.messages)}"
    assert after.active_form is None or after.requested_slot, f"{after.active_form} is open and asks nothing"


def _payloads(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        yield from [str(value["payload"])] if value.get("payload") else []
        yield from (p for item in value.values() for p in _payloads(item))
    elif isinstance(value, list | tuple):
        yield from (p for item in value for p in _payloads(item))


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (s for key, item in value.items() if key not in ("payload", "session", "id", "recipient_id") for s in _strings(item))
    elif isinstance(value, list | tuple):
        yield from (s for item in value for s in _strings(item))


def _confirmed_forms(heard: Heard) -> list[str]:
    """Without the case of the form that some confirmations end with: `cancel_form_unpaid`."""
    found = (re.match(r"utter_confirm_([a-z]+_form)", name) for name in _names(heard))
    return [form[1] for form in found if form]


def _names(heard: Heard) -> list[str]:
    """The responses that the texts are made from; a text of no response (an article's answer) is `other`."""
    found = []
    for text in texts(heard.messages):
        named = [name for name, pattern in _wording() if pattern.fullmatch(_without_lead(text))]
        found.append(named[0] if named else "other")
    return found


def _without_lead(text: str) -> str:
    """What is asked again is led in by other words (bot/wording.py)."""
    lead = next((pattern.match(text) for pattern in _leads() if pattern.match(text)), None)
    return text[lead.end() :] if lead else text


@lru_cache(maxsize=1)
def _leads() -> list[re.Pattern[str]]:
    said = yaml.safe_load((ROOT / "bot/domain/responses/talk.yml").read_text(encoding="utf8"))["responses"]
    variants = [v["text"] for name in ("utter_again", "utter_again_ask") for v in said[name]]
    return [re.compile(re.escape(text.partition("{said}")[0])) for text in variants]


@lru_cache(maxsize=1)
def _writing_forms() -> frozenset[str]:
    return frozenset(form for forms in _CONFIRMED_BY.values() for form in forms) - {"problem_form"}


@lru_cache(maxsize=1)
def _wording() -> list[tuple[str, re.Pattern[str]]]:
    """Every variant of every response as a pattern, the longest first, so that the most particular one is found."""
    found = []
    for path in sorted((ROOT / "bot/domain/responses").glob("*.yml")):
        for name, variants in yaml.safe_load(path.read_text(encoding="utf8"))["responses"].items():
            for variant in variants:
                parts = re.split(r"\{\w+\}", variant["text"].rstrip("\n"))
                found.append((len("".join(parts)), name, re.compile(".*?".join(map(re.escape, parts)), re.DOTALL)))
    return [(name, pattern) for _, name, pattern in sorted(found, key=lambda item: -item[0])]
