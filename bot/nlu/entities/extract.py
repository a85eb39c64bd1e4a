"""All sixteen entity types of one message: strict codes, days, coupons, then the tagger, then dictionaries, first come first kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.nlu.entities.asked import free_answer, values_asked_for
from bot.nlu.entities.dates import dates
from bot.nlu.entities.found import Found, settle
from bot.nlu.entities.lexicon import Lexicon
from bot.nlu.entities.numbers import amounts, codes
from bot.nlu.entities.people import invoice_titles, people, rooms
from bot.nlu.entities.tagger import Tagger
from bot.nlu.entities.values import value_of
from bot.nlu.normalise import Normalised

_STRICT = frozenset({"order_id", "tracking_no", "phone", "tax_no", "courier", "date"})
"""The tagger has no say in these: their form decides."""
_READ_ALREADY = frozenset({"order_id", "tracking_no", "phone", "tax_no", "date", "amount", "quantity", "invoice_title", "courier"})
_SURE = {"reason": 0.3, "product": 0.4, "amount": 0.4, "person": 0.4, "quantity": 0.5}
"""Least probability of a tagged span by entity (0.5 elsewhere), chosen by hand."""
_KINDS = "新人|新客|店铺满减|平台满减|店铺|平台|生日|会员|运费|无门槛|满减|品类|直播间?|现金|折扣|抵用|代金|免邮|包邮"
_COUPON = re.compile(
    r"满 ?\d+(?:元|块)?(?:减|-|立减|打) ?\d+(?:\.\d)?(?:元|块|折)?(?:的?(?:优惠)?券)?"
    rf"|\d+(?:\.\d+)?(?:元|块|折)的?(?:{_KINDS}|通用)?(?:优惠)?券|(?:{_KINDS})券"
)
_RATING = re.compile(r"(?:(?:\d{1,3}|[零一二两三四五六七八九十百]{1,3})(?: ?(?:颗星|分|星)))(?!钟|之|期|辣|级|好评率|店|酒)")
_BARE_RATING = re.compile(r"^\D{0,4}?(\d{1,3}|[零一二两三四五六七八九十])$")
_RATING_CUE = re.compile(r"打|评|给|满意|服务|好评|差评|态度|体验")


class EntityExtractor:
    """Built from a shop's lexicon and a trained tagger; safe for concurrent use."""

    def __init__(self, lexicon: Lexicon, tagger: Tagger) -> None:
        self._lexicon = lexicon
        self._tagger = tagger

    def extract(self, message: Normalised, *, today: date, requested_slot: str | None = None, intent: str | None = None) -> list[Found]:
        """Spans in the *normalised* text, in order, without overlap; `today` dates relative days (Monday starts a week)."""
        slot, wanted = requested_slot or "", intent or ""
        kept = settle(self._candidates(message.text, today, slot, wanted))
        asked = free_answer(message.text, slot, wanted, kept) if slot else None
        if asked:
            kept = settle([asked, *kept])
        return [self._with_value(found, message, today) for found in kept]

    def _candidates(self, text: str, today: date, slot: str, intent: str) -> Iterator[Found]:
        """In order of precedence."""
        words = self._lexicon.matches(text)
        tagged = [f for f in self._tagger.tag(text, intent) if f.entity not in _STRICT and f.confidence >= _SURE.get(f.entity, 0.5)]
        yield from codes(text, requested_slot=slot)
        yield from invoice_titles(text, slot)
        yield from (Found("coupon", m.start(), m.end(), m[0], "rule") for m in _COUPON.finditer(text))
        yield from (f for f in tagged if f.entity in ("address", "coupon", "invoice_title"))
        yield from people(text)
        yield from dates(text, today)
        yield from (f for f in words if f.entity == "courier")
        if slot:
            yield from values_asked_for(text, slot, self._lexicon)
        yield from tagged
        if intent == "change_address":
            yield from rooms(text)
        yield from _ratings(text, intent, slot)
        yield from amounts(text)
        yield from (f for f in words if f.entity == "product" and len(f.value) > 2)

    def _with_value(self, found: Found, message: Normalised, today: date) -> Found:
        if found.extractor != "tagger" and found.entity in _READ_ALREADY:
            return found
        start, end = message.span(found.start, found.end)
        value = value_of(found.entity, message.original[start:end], today=today)
        skus = self._lexicon.skus(message.text[found.start : found.end]) if found.entity == "product" else ()
        return replace(found, value=value, sku=skus)


def _ratings(text: str, intent: str, slot: str) -> Iterator[Found]:
    if intent == "rate_service" or "rating" in slot or "star" in slot or _RATING_CUE.search(text):
        for match in _RATING.finditer(text):
            yield Found("rating", match.start(), match.end(), match[0], "rule")
    if (intent == "rate_service" or "rating" in slot or "star" in slot) and (bare := _BARE_RATING.match(text)):
        yield Found("rating", bare.start(1), bare.end(1), bare[1], "rule")
