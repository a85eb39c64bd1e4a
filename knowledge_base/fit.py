"""Fitting the search: questions are asked of an index that lacks their own phrasing, and nothing answers some of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from bot.nlu.encoder import TextEncoder
from bot.nlu.heads import HeadOptions, HeadParts, Scales, fit_parts, fit_scales
from bot.nlu.lexical import NgramVectoriser
from knowledge_base.features import MAIN_FEATURES, Query
from knowledge_base.index import Document, KnowledgeIndex, build_index, texts_of
from knowledge_base.ranker import Case, Ranker, fit_ranker
from knowledge_base.search import NONE_LABEL, Focus, KnowledgeSearch

FOLDS = 5
TOPIC_HEAD = HeadOptions(decay=1e-4, inverse_penalty=1.0, iterations=60)
MISSING_WEIGHT = 0.3
CONTENDERS = 5
"""Best candidates by each main feature that a case keeps."""
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Question:
    """A training question: `truth` is the id of its document, None when nothing answers it; `page` and `named` as in `Focus`."""

    text: str
    truth: str | None
    fold: int
    in_shop: tuple[float, ...]
    page: str | None = None
    named: tuple[str, ...] = ()
    rest: str | None = None
    part: str | None = None
    """Title of the document, which tells the answers of one product sheet apart; then a held-out `rest` or text is the sheet's."""
    weight: float = 1.0
    source: str = "phrasing"
    asked: bool = True
    """Else it is only kept out of the index of its fold: near-duplicates of what is asked must not answer it."""


@dataclass(frozen=True)
class Material:
    """Everything the fit needs, normalised: `none_texts` are messages no article answers, with their folds."""

    topics: tuple[Document, ...]
    products: tuple[Document, ...]
    questions: tuple[Question, ...]
    none_texts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Answered:
    """What a model that never saw the question made of it: scores by document id, best first."""

    question: Question
    ranked: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Made:
    """A question with its features; `ids` of the candidates, row by row."""

    question: Question
    case: Case
    ids: tuple[str, ...]


def fit_search(
    material: Material, encoder: TextEncoder, vectoriser: NgramVectoriser, *, progress: Progress
) -> tuple[KnowledgeSearch, list[Answered]]:
    """The search over everything, and the outcomes of cross-validation (ranker included) for thresholds and reports."""
    progress("topics")
    trainer = _Trainer(encoder, vectoriser, _topic_scales(material, encoder, vectoriser))
    made = [*_held_out_phrasings(material, trainer, progress), *_missing_topics(material, trainer, progress)]
    rankers = [fit_ranker([m.case for m in made if m.question.fold != k]) for k in range(FOLDS)]
    outcomes = [_answered(m, rankers[m.question.fold]) for m in made]
    progress("index of all articles")
    return trainer.search(material, fold=None, ranker=fit_ranker([m.case for m in made])), outcomes


def _held_out_phrasings(material: Material, trainer: _Trainer, progress: Progress) -> Iterator[Made]:
    """Every question asked of an index without the phrasings of its fold."""
    for fold in range(FOLDS):
        progress(f"search, fold {fold + 1} of {FOLDS}")
        search = trainer.search(material, fold=fold, ranker=_no_ranker())
        for question in material.questions:
            if question.asked and question.fold == fold:
                yield trainer.made(search, question)


def _missing_topics(material: Material, trainer: _Trainer, progress: Progress) -> Iterator[Made]:
    """Phrasings of topics asked of an index that lacks these topics: the near misses that shoppers really produce."""
    for fold in range(FOLDS):
        progress(f"missing articles, part {fold + 1} of {FOLDS}")
        absent = {d.id for i, d in enumerate(material.topics) if i % FOLDS == fold}
        kept = tuple(d for d in material.topics if d.id not in absent)
        search = trainer.search(dataclasses.replace(material, topics=kept), fold=fold, ranker=_no_ranker())
        for question in material.questions:
            if question.asked and question.truth in absent:
                unanswered = dataclasses.replace(question, truth=None, weight=MISSING_WEIGHT, source="missing topic", fold=fold)
                yield trainer.made(search, unanswered)


@dataclass(frozen=True)
class _Trainer:
    """Searches over parts of the material, all read with the same encoder and vocabulary."""

    encoder: TextEncoder
    vectoriser: NgramVectoriser
    scales: Scales

    def search(self, material: Material, *, fold: int | None, ranker: Ranker) -> KnowledgeSearch:
        """Index and topic head without the phrasings and unanswered messages of `fold` (None: with everything)."""
        index, parts = _topic_parts(material, self.encoder, self.vectoriser, fold)
        return KnowledgeSearch(index, parts.mixed(self.scales), ranker)

    def made(self, search: KnowledgeSearch, question: Question) -> Made:
        """What `search` measures for the question."""
        rest = self._query(question.rest) if question.rest and question.named else None
        focus = Focus(question.page, question.named, rest)
        evidence, documents = search.evidence(self._query(question.text), focus, question.in_shop)
        wanted = (question.truth, question.part)
        truth = next((i for i, d in enumerate(documents) if wanted in ((d.id, d.title), (d.id, None))), None)
        kept = _contenders(evidence.candidates, truth)
        place = -1 if truth is None else kept.index(truth)
        case = Case(evidence.candidates[kept], evidence.context, place, question.weight)
        return Made(question, case, tuple(documents[i].id for i in kept))

    def _query(self, text: str) -> Query:
        return Query(text, self.encoder.encode([text])[0], self.vectoriser.row(text))


def _topic_scales(material: Material, encoder: TextEncoder, vectoriser: NgramVectoriser) -> Scales:
    """The mix of the topic head, found on the phrasings and the unanswerable questions of one fold."""
    _, parts = _topic_parts(material, encoder, vectoriser, 0)
    owners = [(q.text, q.truth or NONE_LABEL) for q in material.questions if q.fold == 0 and q.part is None]
    asked = [(text, owner) for text, owner in owners if owner in parts.labels]
    if not asked:
        return Scales(0.5, 3.0)
    texts = [text for text, _ in asked]
    by_vector, by_bag = parts.logits(encoder.encode(texts), vectoriser.matrix(texts))
    return fit_scales(by_vector, by_bag, np.array([parts.labels.index(owner) for _, owner in asked]))


def _topic_parts(
    material: Material, encoder: TextEncoder, vectoriser: NgramVectoriser, fold: int | None
) -> tuple[KnowledgeIndex, HeadParts]:
    held = frozenset((q.truth, (q.rest or q.text) if q.part else q.text) for q in material.questions if q.fold == fold and q.truth)
    topics = [_without(document, held) for document in material.topics]
    products = [_without(document, held) for document in material.products]
    index = build_index(topics, products, encoder, vectoriser)
    none_texts = [text for text, own in material.none_texts if own != fold] or [NONE_LABEL]  # a shop of one article has two labels too
    owners = [d.id for d in topics for _ in (*d.questions, *d.statements)] + [NONE_LABEL] * len(none_texts)
    vectors = encoder.encode([*texts_of(topics), *none_texts])
    matrix = sparse.vstack([index.topics.rows, vectoriser.matrix(none_texts)], format="csr")
    return index, fit_parts(vectors, matrix, owners, options=TOPIC_HEAD)


def _without(document: Document, held: frozenset[tuple[str | None, str | None]]) -> Document:
    kept = tuple(q for q in document.questions if (document.id, q) not in held)
    return dataclasses.replace(document, questions=kept) if len(kept) != len(document.questions) else document


def _contenders(candidates: npt.NDArray[np.float64], truth: int | None) -> list[int]:
    """Rows that any of the main features puts near the top, and the right one; the rest have no odds worth fitting on."""
    kept = {int(i) for column in MAIN_FEATURES for i in np.argsort(-candidates[:, column])[:CONTENDERS]}
    return sorted(kept | ({truth} if truth is not None else set()))


def _answered(made: Made, ranker: Ranker) -> Answered:
    scores = ranker.probabilities(made.case.candidates, made.case.context)
    best: dict[str, float] = {}
    for i in np.argsort(-scores):
        best.setdefault(made.ids[i], float(scores[i]))
    return Answered(made.question, tuple(best.items())[:10])


def _no_ranker() -> Ranker:
    empty = np.zeros(0)
    return Ranker(empty, empty, empty, empty, empty)
