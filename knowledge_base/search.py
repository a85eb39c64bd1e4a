"""Hybrid search: dense, keyword and classifier evidence fused into one probability per article.

An exact phrasing (after normalisation) scores 1.0. What no longer or not yet holds keeps its share of the probability, so that an
expired article is never replaced by a confident wrong one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.nlu.encoder import TextEncoder
from bot.nlu.heads import LinearHead
from bot.nlu.normalise import letters
from knowledge_base.features import Evidence, Query, product_columns, topic_evidence
from knowledge_base.index import Document, KnowledgeIndex
from knowledge_base.ranker import Ranker

Floats = npt.NDArray[np.float64]
NONE_LABEL = "none"
MAX_PRODUCTS = 8
_ALMOST = 0.99
_UNKNOWN = -1
"""Place of an article that the topic head does not know: it gets an even share, more than a wrong article has and less than a sure one."""


@dataclass(frozen=True)
class Focus:
    """Which products a message is about: the page it was sent from, and names in the text; `rest` is the text without those names."""

    page: str | None = None
    named: tuple[str, ...] = ()
    rest: Query | None = None

    @property
    def skus(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*((self.page,) if self.page else ()), *self.named)))[:MAX_PRODUCTS]


@dataclass(frozen=True)
class Hit:
    """One article or product sheet; `score` 0–1 is the probability that it answers the question."""

    id: str
    title: str
    answer: str
    score: float
    related: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()


class KnowledgeSearch:
    """Loaded once per process; `search` changes nothing."""

    def __init__(self, index: KnowledgeIndex, topic_head: LinearHead, ranker: Ranker) -> None:
        self.index = index
        self._head = topic_head
        self._order = [topic_head.labels.index(d.id) if d.id in topic_head.labels else _UNKNOWN for d in index.topics.documents]
        self._ranker = ranker

    def save(self, folder: Path, head_name: str) -> None:
        self.index.save(folder)
        self._head.save(folder, head_name)
        self._ranker.save(folder / "ranker.json")

    def with_topics(self, topics: Sequence[Document], encoder: TextEncoder) -> KnowledgeSearch:
        """The same search over other articles. One that the topic head was not trained on is found by its words and sentences alone."""
        return KnowledgeSearch(self.index.with_topics(topics, encoder), self._head, self._ranker)

    def knows(self, text: str) -> bool:
        """Whether it is a phrasing of an article or a sheet, letter by letter."""
        return letters(text) in self.index.exact

    def search(self, query: Query, *, today: date, focus: Focus = Focus(), in_shop: Sequence[float], limit: int = 5) -> list[Hit]:
        """Best hits first, one per id; `in_shop` are the intent features of `shop_features`."""
        evidence, documents = self.evidence(query, focus, in_shop)
        scores = self._ranker.probabilities(evidence.candidates, evidence.context)
        scores = np.minimum(scores, _ALMOST)
        exact = self._exact(query, focus, documents)
        scores[exact] = 1.0
        if exact and documents[exact[-1]].sku == focus.page is not None:
            scores[exact[:-1]] = 1.0 - 1e-9  # the page's own sheet comes first
        return _hits(documents, scores, today, limit)

    def evidence(self, query: Query, focus: Focus, in_shop: Sequence[float]) -> tuple[Evidence, list[Document]]:
        """Features of all candidates (topics, then answers of the products in focus) and who they are."""
        topics = topic_evidence(query, self.index, self.topic_log_probs(query), in_shop)
        chosen = [i for sku in focus.skus for i in self.index.by_sku.get(sku, ())]
        return joined(topics, query, self.index, chosen, focus), [
            *self.index.topics.documents,
            *(self.index.products.documents[i] for i in chosen),
        ]

    def topic_log_probs(self, query: Query) -> Floats:
        logits = self._head.logits(query.vector, query.row).astype(np.float64)
        logits -= logits.max()
        known = logits - np.log(np.exp(logits).sum())
        return np.append(known, -np.log(len(known)))[self._order]

    def _exact(self, query: Query, focus: Focus, documents: Sequence[Document]) -> list[int]:
        """Rows whose document has this very phrasing; a product's only when it is clear which product is meant."""
        whole = [entry for entry in self.index.exact.get(letters(query.text), ()) if entry[0] == "topic"]
        rows = [i for _, i in whole]
        wanted = {letters(query.text)} | ({letters(focus.rest.text)} if focus.rest else set())
        per_sku: dict[str, list[int]] = {}
        for row, document in enumerate(documents):
            if document.sku and any(self.index.key_of[question] in wanted for question in document.questions):
                per_sku.setdefault(document.sku, []).append(row)
        if focus.page in per_sku:
            return rows + per_sku[str(focus.page)][:1]
        return rows + (next(iter(per_sku.values()))[:1] if len(per_sku) == 1 and len(focus.skus) == 1 else [])


def joined(topics: Evidence, query: Query, index: KnowledgeIndex, chosen: Sequence[int], focus: Focus) -> Evidence:
    """Topics and product answers as one list of candidates: each kind has columns of its own, so one ranker weighs both."""
    width = topics.candidates.shape[1]
    left = np.hstack([topics.candidates, np.zeros((len(topics.candidates), PRODUCT_FEATURES))])
    if not chosen:
        return Evidence(left, np.append(topics.context, [0.0, 0.0, 0.0]))
    asked = focus.rest or query
    measured = product_columns(asked, index.products, chosen)
    gaps = measured[:, [0, 3]] - measured[:, [0, 3]].max(axis=0)
    on_page = np.array([[float(index.products.documents[i].sku == focus.page)] for i in chosen])
    named = np.array([[float(index.products.documents[i].sku in focus.named)] for i in chosen])
    crowd = np.full((len(chosen), 1), np.log(len(focus.skus)))
    right = np.hstack([np.zeros((len(chosen), width)), measured, gaps, on_page, named, crowd, measured[:, [0, 3]] ** 2])
    best = measured.max(axis=0)
    return Evidence(np.vstack([left, right]), np.append(topics.context, [best[0], best[3], 1.0]))


PRODUCT_FEATURES = 15


def _hits(documents: Sequence[Document], scores: Floats, today: date, limit: int) -> list[Hit]:
    hits: dict[str, Hit] = {}
    for i in np.argsort(-scores, kind="stable"):
        document = documents[i]
        if document.id in hits or not document.valid_on(today):
            continue
        hits[document.id] = Hit(document.id, document.title, document.answer, round(float(scores[i]), 4), document.related, document.offers)
        if len(hits) == limit:
            break
    return list(hits.values())
