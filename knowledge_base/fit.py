"""Fitting the search: questions are asked of an index that lacks their own phrasing, and nothing answers some of them."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from bot.nlu.encoder import TextEncoder
from bot.nlu.heads import HeadOptions, HeadParts, Scales, fit_parts, fit_scales
from bot.nlu.lexical import NgramVectoriser
from knowledge_base.features import MAIN_FEATURES, Query
from knowledge_base.index import Cut, Document, KnowledgeIndex, build_index, texts_of, tokens
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
    reader = _Reader(encoder, vectoriser.remembering(), functools.cache(tokens))
    trainer = _Trainer(reader, _topic_scales(material, reader))
    made = []
    for fold in range(FOLDS):
        progress(f"search, fold {fold + 1} of {FOLDS}")
        made += _held_out(material, fold, trainer)
    rankers = [fit_ranker([m.case for m in made if m.question.fold != k]) for k in range(FOLDS)]
    outcomes = [_answered(m, rankers[m.question.fold]) for m in made]
    progress("index of all articles")
    index, parts = _topic_parts(material, trainer.reader, None)
    index.vectoriser = vectoriser
    return trainer.search(index, parts, fit_ranker([m.case for m in made])), outcomes


def _held_out(material: Material, fold: int, trainer: _Trainer) -> list[Made]:
    """The questions of a fold asked of a search without their phrasings; and phrasings of some topics asked of one that lacks these
    topics too: the near misses that shoppers really produce."""
    index, parts = _topic_parts(material, trainer.reader, fold)
    search = trainer.search(index, parts, _no_ranker())
    made = [trainer.made(search, question) for question in material.questions if question.asked and question.fold == fold]
    absent = {d.id for i, d in enumerate(material.topics) if i % FOLDS == fold}
    kept = dataclasses.replace(material, topics=tuple(d for d in material.topics if d.id not in absent))
    search = trainer.search(_index(kept, trainer.reader, fold), parts.without(absent), _no_ranker())
    unanswered = [
        dataclasses.replace(question, truth=None, weight=MISSING_WEIGHT, source="missing topic", fold=fold)
        for question in material.questions
        if question.asked and question.truth in absent
    ]
    return made + [trainer.made(search, question) for question in unanswered]


@dataclass(frozen=True)
class _Reader:
    """What every text is read with; each remembers what it has read."""

    encoder: TextEncoder
    vectoriser: NgramVectoriser
    cut: Cut


@dataclass(frozen=True)
class _Trainer:
    """Searches over parts of the material, with one mix of the topic head."""

    reader: _Reader
    scales: Scales

    def search(self, index: KnowledgeIndex, parts: HeadParts, ranker: Ranker) -> KnowledgeSearch:
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
        return Query(text, self.reader.encoder.encode([text])[0], self.reader.vectoriser.row(text))


def _topic_scales(material: Material, reader: _Reader) -> Scales:
    """The mix of the topic head, found on the phrasings and the unanswerable questions of one fold."""
    _, parts = _topic_parts(material, reader, 0)
    owners = [(q.text, q.truth or NONE_LABEL) for q in material.questions if q.fold == 0 and q.part is None]
    asked = [(text, owner) for text, owner in owners if owner in parts.labels]
    if not asked:
        return Scales(0.5, 3.0)
    texts = [text for text, _ in asked]
    by_vector, by_bag = parts.logits(reader.encoder.encode(texts), reader.vectoriser.matrix(texts))
    return fit_scales(by_vector, by_bag, np.array([parts.labels.index(owner) for _, owner in asked]))


def _topic_parts(material: Material, reader: _Reader, fold: int | None) -> tuple[KnowledgeIndex, HeadParts]:
    """Index and topic head without the phrasings and unanswered messages of `fold` (None: with everything)."""
    index = _index(material, reader, fold)
    topics = index.topics.documents
    none_texts = [text for text, own in material.none_texts if own != fold] or [NONE_LABEL]  # a shop of one article has two labels too
    owners = [d.id for d in topics for _ in (*d.questions, *d.statements)] + [NONE_LABEL] * len(none_texts)
    vectors = reader.encoder.encode([*texts_of(topics), *none_texts])
    matrix = sparse.vstack([index.topics.rows, reader.vectoriser.matrix(none_texts)], format="csr")
    return index, fit_parts(vectors, matrix, owners, options=TOPIC_HEAD)


def _index(material: Material, reader: _Reader, fold: int | None) -> KnowledgeIndex:
    held = frozenset((q.truth, (q.rest or q.text) if q.part else q.text) for q in material.questions if q.fold == fold and q.truth)
    topics = [_without(document, held) for document in material.topics]
    products = [_without(document, held) for document in material.products]
    return build_index(topics, products, reader.encoder, reader.vectoriser, cut=reader.cut)


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
