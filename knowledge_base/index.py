"""The index: every phrasing, title and answer sentence as a vector (FAISS) and as words (BM25, n-grams). Saved without pickle."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from bot.nlu.encoder import TextEncoder
from bot.nlu.lexical import FAMILIES, NgramVectoriser, SparseRow, words
from bot.nlu.normalise import letters, plain
from knowledge_base.articles import Article, ProductAnswer
from knowledge_base.vectors import VectorIndex

_SENTENCE = re.compile(r"[。！？；\n]+")
_MAX_SENTENCES = 8


@dataclass(frozen=True)
class Document:
    """What can be found: a topic, or one answer of a product sheet (`sku` set). `questions` and `statements` are normalised."""

    id: str
    title: str
    answer: str
    questions: tuple[str, ...]
    statements: tuple[str, ...]
    sku: str | None = None
    related: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None

    def valid_on(self, day: date) -> bool:
        iso = day.isoformat()
        return (self.valid_from is None or iso >= self.valid_from) and (self.valid_to is None or iso <= self.valid_to)


class Block:
    """Documents with the vectors and n-gram rows of their texts. Row order: document by document, questions before statements."""

    def __init__(self, documents: Sequence[Document], vectors: VectorIndex, rows: Any, family_bounds: Sequence[int]) -> None:
        """`vectors` of all texts, `rows` CSR (texts, vocabulary) whose families are the ranges of `family_bounds`."""
        self.documents = list(documents)
        self.vectors = vectors
        self.rows = rows
        self._postings = rows.tocsc()
        self._family_starts = np.asarray(family_bounds[1:-1])
        counts = np.array([(len(d.questions), len(d.statements)) for d in documents], dtype=np.int64).reshape(-1, 2)
        self._runs = np.cumsum([0, *counts.ravel()])[:-1].reshape(-1, 2)
        """(documents, 2) first row of its questions and of its statements."""
        self._has = counts > 0
        self.question_grid = self._grid(counts[:, 0], self._runs[:, 0])

    def best(self, scores: npt.NDArray[np.floating[Any]]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """(documents,) highest score of a question of each, and of a statement; 0 at least. `scores` (texts,)."""
        found = np.zeros(self._runs.shape)
        if self._has.any():
            found[self._has] = np.maximum(np.maximum.reduceat(scores, self._runs[self._has]), 0.0)
        return found[:, 0], found[:, 1]

    def family_scores(self, row: SparseRow) -> npt.NDArray[np.float64]:
        """(families, texts) cosines of one text's bag with every text's; both sides have length 1 in each family.

        Only the postings of the bag's own n-grams are read, so the cost does not grow with the vocabulary.
        """
        postings, texts = self._postings, self._postings.shape[0]
        starts = postings.indptr[row.indices]
        counts = postings.indptr[row.indices + 1] - starts
        places = np.arange(counts.sum()) + np.repeat(starts - (np.cumsum(counts) - counts), counts)
        family = np.searchsorted(self._family_starts, row.indices, side="right")
        cells = np.repeat(family * texts, counts) + postings.indices[places]
        shares = np.bincount(cells, postings.data[places] * np.repeat(row.values, counts), minlength=len(FAMILIES) * texts)
        return np.asarray(shares.reshape(len(FAMILIES), texts))

    @staticmethod
    def _grid(counts: npt.NDArray[np.int64], starts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """(documents, longest) row numbers, -1 where a document has fewer questions."""
        places = np.arange(max(counts.max(initial=0), 1))
        return np.where(places < counts[:, None], starts[:, None] + places, -1)


def tokens(text: str) -> list[str]:
    """BM25 terms: jieba words and pairs of ideographs, so that a word cut differently is still found."""
    letters = [char for char in text if char.isalnum()]
    pairs = ("".join(pair) for pair in zip(letters, letters[1:], strict=False))
    return [*words(text), *(pair for pair in pairs if not pair.isascii())]


Cut = Callable[[str], Sequence[str]]
"""`tokens`, or the same with a memory."""


class KnowledgeIndex:
    """Topics, product answers and the statistics that search needs."""

    def __init__(self, topics: Block, products: Block, vectoriser: NgramVectoriser, bm25: Any, topics_with: dict[str, list[int]]) -> None:
        """`topics_with`: the topics whose texts hold a term of BM25, by their number."""
        self.topics, self.products = topics, products
        self.vectoriser = vectoriser
        self.bm25 = bm25
        self.topics_with = topics_with
        count = len(topics.documents)
        self.token_idf = {token: math.log(1 + (count - len(has) + 0.5) / (len(has) + 0.5)) for token, has in topics_with.items()}
        self.exact: dict[str, list[tuple[str, int]]] = {}
        self.key_of: dict[str, str] = {}
        for name, block in (("topic", topics), ("product", products)):
            for i, document in enumerate(block.documents):
                for question in document.questions:
                    self.key_of[question] = letters(question)
                    self.exact.setdefault(self.key_of[question], []).append((name, i))
        self.by_sku: dict[str, list[int]] = {}
        for i, document in enumerate(products.documents):
            self.by_sku.setdefault(str(document.sku), []).append(i)

    def with_topics(self, topics: Sequence[Document], encoder: TextEncoder) -> KnowledgeIndex:
        """The same products and other articles; only texts that are new are encoded and counted."""
        had, has = texts_of(self.topics.documents), texts_of(topics)
        place = {text: i for i, text in enumerate(had)}
        new = sorted({text for text in has if text not in place})
        place |= {text: len(had) + i for i, text in enumerate(new)}
        order = [place[text] for text in has]
        vectors = np.concatenate([self.topics.vectors.all(), encoder.encode(new)])[order]
        rows = sparse.vstack([self.topics.rows, self.vectoriser.matrix(new)], format="csr")[order]
        bm25, topics_with = _keywords(topics, tokens)
        block = Block(topics, VectorIndex.build(vectors), rows, self.vectoriser.family_bounds)
        return KnowledgeIndex(block, self.products, self.vectoriser, bm25, topics_with)

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, block in (("topics", self.topics), ("products", self.products)):
            block.vectors.save(folder / f"{name}.faiss")
            sparse.save_npz(folder / f"{name}_rows.npz", block.rows)
            listed = [asdict(document) for document in block.documents]
            (folder / f"{name}.json").write_text(json.dumps(listed, ensure_ascii=False, indent=0), encoding="utf-8")
        self.vectoriser.save(folder / "ngrams")
        self.bm25.save(str(folder / "bm25"))
        (folder / "topics_with.json").write_text(json.dumps(self.topics_with, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> KnowledgeIndex:
        """Raises what the libraries raise when a part is missing or broken."""
        import bm25s

        blocks = []
        vectoriser = NgramVectoriser.load(folder / "ngrams")
        for name in ("topics", "products"):
            documents = [_document(entry) for entry in json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))]
            vectors = VectorIndex.load(folder / f"{name}.faiss")
            blocks.append(Block(documents, vectors, sparse.load_npz(folder / f"{name}_rows.npz").tocsr(), vectoriser.family_bounds))
        bm25 = bm25s.BM25.load(str(folder / "bm25"))
        topics_with = json.loads((folder / "topics_with.json").read_text(encoding="utf-8"))
        return cls(blocks[0], blocks[1], vectoriser, bm25, topics_with)


def build_index(
    topics: Sequence[Document], products: Sequence[Document], encoder: TextEncoder, vectoriser: NgramVectoriser, *, cut: Cut = tokens
) -> KnowledgeIndex:
    """Encode and count everything; the vectoriser is shared with the intent head, so that a message is cut into n-grams once."""
    bm25, topics_with = _keywords(topics, cut)
    blocks = [
        Block(docs, VectorIndex.build(encoder.encode(texts_of(docs))), vectoriser.matrix(texts_of(docs)), vectoriser.family_bounds)
        for docs in (topics, products)
    ]
    return KnowledgeIndex(blocks[0], blocks[1], vectoriser, bm25, topics_with)


def topic_documents(articles: Sequence[Article]) -> list[Document]:
    return [
        Document(
            id=a.id,
            title=a.title,
            answer=a.answer,
            questions=tuple(dict.fromkeys(plain(text) for text in (a.title, *a.phrasings))),
            statements=_sentences(a.answer),
            related=a.related,
            offers=a.offers,
            valid_from=a.valid_from.isoformat() if a.valid_from else None,
            valid_to=a.valid_to.isoformat() if a.valid_to else None,
        )
        for a in articles
    ]


def product_documents(answers: Sequence[ProductAnswer]) -> list[Document]:
    return [
        Document(a.id, a.title, a.answer, tuple(dict.fromkeys(plain(q) for q in a.questions)), (plain(a.answer),), sku=a.sku)
        for a in answers
    ]


def _sentences(answer: str) -> tuple[str, ...]:
    return tuple(part for text in _SENTENCE.split(answer) if len(part := plain(text)) > 3)[:_MAX_SENTENCES]


def texts_of(documents: Sequence[Document]) -> list[str]:
    """Row by row as the blocks hold them: document by document, questions before statements."""
    return [text for d in documents for text in (*d.questions, *d.statements)]


def _keywords(topics: Sequence[Document], cut: Cut) -> tuple[Any, dict[str, list[int]]]:
    """BM25 over the articles, and the topics that hold each of its terms."""
    import bm25s

    bags = [_bag(document, cut) for document in topics]
    bm25 = bm25s.BM25()
    bm25.index(bags, show_progress=False)
    topics_with: dict[str, list[int]] = {}
    for i, bag in enumerate(bags):
        for token in sorted(set(bag)):
            topics_with.setdefault(token, []).append(i)
    return bm25, topics_with


def _bag(document: Document, cut: Cut) -> list[str]:
    return [token for text in (*document.questions, *document.statements) for token in cut(text)]


def _document(entry: dict[str, Any]) -> Document:
    lists = ("questions", "statements", "related", "offers")
    fields: dict[str, Any] = {name: tuple(value) if name in lists else value for name, value in entry.items()}
    return Document(**fields)
