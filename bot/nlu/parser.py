"""One message in, one parse out: normalise, mend slips, language, one pass of the encoder, intent, wants, entities, mood, hits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from bot.core.bands import BandThresholds, band_of
from bot.core.intents import DIALOGUE_ACTS
from bot.core.pages import page_sku
from bot.nlu.encoder import TextEncoder
from bot.nlu.entities.extract import EntityExtractor
from bot.nlu.entities.found import Found
from bot.nlu.entities.lexicon import Lexicon
from bot.nlu.focus import named_products, skus_of, without_names
from bot.nlu.heads import Floats, LinearHead
from bot.nlu.intents import IntentClassifier, Ranked
from bot.nlu.language import LanguageDetector
from bot.nlu.lexical import NgramVectoriser, SparseRow
from bot.nlu.normalise import Normalised, normalise
from bot.nlu.segments import Want, pieces, wants
from bot.nlu.sentiment import SentimentModel
from bot.nlu.slips import SlipMender
from knowledge_base.features import Query
from knowledge_base.index import Document
from knowledge_base.search import Focus, Hit, KnowledgeSearch

READ_CHARS = 512
"""What the encoder and the heads read of a long message; entities are looked for in the first 400 characters."""
SHOWN_INTENTS = 10


@dataclass(frozen=True)
class Asked:
    """One request: `now` is aware; `language`, `page` and `requested_slot` as in the contract."""

    text: str
    now: datetime
    page: str | None = None
    language: str | None = None
    requested_slot: str | None = None


@dataclass(frozen=True)
class Parts:
    """Everything a parser is built of."""

    encoder: TextEncoder
    vectoriser: NgramVectoriser
    languages: LanguageDetector
    intents: IntentClassifier
    slips: SlipMender
    sentiment: SentimentModel
    complaint: LinearHead
    entities: EntityExtractor
    lexicon: Lexicon
    search: KnowledgeSearch
    bands: BandThresholds
    want_threshold: float


class Parser:
    """Stateless between calls; safe for concurrent use."""

    def __init__(self, parts: Parts) -> None:
        self._p = parts

    @property
    def topics(self) -> list[Document]:
        """The articles that can answer, in the order of the index."""
        return self._p.search.index.topics.documents

    def with_topics(self, topics: Sequence[Document]) -> Parser:
        """A parser that answers from these articles, and is the same in everything else."""
        return Parser(replace(self._p, search=self._p.search.with_topics(topics, self._p.encoder)))

    def parse(self, asked: Asked) -> dict[str, Any]:
        """The contract's answer of `/model/parse`; spans are offsets of `asked.text`, scores and confidences 0–1."""
        p = self._p
        message = normalise(asked.text)
        text = self._mended(message.text[:READ_CHARS])
        cuts = pieces(text)
        named = named_products(text, p.lexicon)
        rest = without_names(text, named)
        vectors, rows = self._encoded([text, *([rest] if named else []), *([text[c.start : c.end] for c in cuts] if len(cuts) > 1 else [])])
        ranking = p.intents.rank(text, vectors[0], rows[0], requested_slot=asked.requested_slot)
        after = 1 + bool(named)
        whole = (ranking[0].intent, ranking[0].confidence)
        found = wants(text, whole, lambda _: p.intents.rank_many(vectors[after:], rows[after:]), sure=p.want_threshold)
        ranking = _led_by_wants(ranking, found)
        entities = p.entities.extract(message, today=asked.now.date(), requested_slot=asked.requested_slot, intent=ranking[0].intent)
        mood = p.sentiment.predict(text, vectors[0], rows[0])
        hits = self._hits(text, asked, vectors, rows, named, rest, ranking)
        return {
            "text": asked.text,
            "language": p.languages.detect(asked.text, asked.language),
            "intent": _ranked(ranking[0]),
            "intent_ranking": [_ranked(item) for item in ranking[:SHOWN_INTENTS]],
            "segments": [_segment(want, message) for want in found],
            "entities": [_entity(item, message) for item in entities],
            "sentiment": {"label": mood.label, "score": round(mood.score, 4)},
            "complaint_class": self._complaint_class(found, vectors[0], rows[0]),
            "retrieval": [_hit(hit) for hit in hits],
            "answer_band": band_of(hits[0].score if hits else None, p.bands),
        }

    def _mended(self, text: str) -> str:
        """The text as it was meant; a phrasing of an article was meant as it stands."""
        return text if self._p.search.knows(text) else self._p.slips.mended(text)

    def _encoded(self, texts: Sequence[str]) -> tuple[Floats, list[SparseRow]]:
        return self._p.encoder.encode(texts), [self._p.vectoriser.row(text) for text in texts]

    def _hits(
        self, text: str, asked: Asked, vectors: Floats, rows: Sequence[SparseRow], named: list[Found], rest: str, ranking: Sequence[Ranked]
    ) -> list[Hit]:
        if not any(char.isalnum() for char in text):
            return []
        focus = Focus(page_sku(asked.page), skus_of(named), Query(rest, vectors[1], rows[1]) if named else None)
        query = Query(text, vectors[0], rows[0])
        return self._p.search.search(query, today=asked.now.date(), focus=focus, in_shop=shop_features(ranking))

    def _complaint_class(self, found: Sequence[Want], vector: Floats, row: SparseRow) -> str | None:
        if not any(want.intent == "complain" for want in found):
            return None
        return self._p.complaint.labels[int(np.argmax(self._p.complaint.logits(vector, row)))]


_SOCIAL = frozenset(DIALOGUE_ACTS) - {"out_of_scope"} | {"rate_service", "give_suggestion"}


def shop_features(ranking: Sequence[Ranked]) -> tuple[float, ...]:
    """What the intent head says about whether knowledge is asked for: log shares of knowledge, out of scope, social acts."""
    share = {item.intent: item.confidence for item in ranking}
    social = sum(share.get(intent, 0.0) for intent in _SOCIAL)
    return tuple(float(np.log(value + 1e-3)) for value in (share.get("ask_knowledge", 0.0), share.get("out_of_scope", 0.0), social))


def _led_by_wants(ranking: list[Ranked], found: Sequence[Want]) -> list[Ranked]:
    """The first of several wants leads the ranking: a run-on message is often no clear case as a whole."""
    if len(found) < 2 or any(want.intent == ranking[0].intent for want in found):
        return ranking
    first = Ranked(found[0].intent, max(found[0].confidence, ranking[0].confidence))
    return [first, *(item for item in ranking if item.intent != first.intent)]


def _ranked(item: Ranked) -> dict[str, Any]:
    return {"name": item.intent, "confidence": round(item.confidence, 4)}


def _segment(want: Want, message: Normalised) -> dict[str, Any]:
    start, end = message.span(want.start, want.end) if want.end > want.start else (0, len(message.original))
    return {"start": start, "end": end, "intent": want.intent, "confidence": round(want.confidence, 4)}


def _entity(found: Found, message: Normalised) -> dict[str, Any]:
    start, end = message.span(found.start, found.end)
    entity: dict[str, Any] = {
        "entity": found.entity, "start": start, "end": end, "value": found.value,
        "extractor": found.extractor, "confidence": found.confidence,
    }  # fmt: skip
    return entity | ({"sku": list(found.sku)} if found.sku else {})


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.id, "title": hit.title, "answer": hit.answer, "score": hit.score,
        "related": list(hit.related), "offers": list(hit.offers),
    }  # fmt: skip
