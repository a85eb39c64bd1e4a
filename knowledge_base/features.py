"""What search measures: for each candidate how well it explains the question, and for the question whether anything does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.nlu.lexical import SparseRow
from knowledge_base.index import Block, KnowledgeIndex, tokens

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Query:
    """A question as all parts of search need it: `vector` (dimension,), `row` of the shared vectoriser."""

    text: str
    vector: npt.NDArray[np.float32]
    row: SparseRow


@dataclass(frozen=True)
class Evidence:
    """`candidates` (n, features) and the question's own `context` features."""

    candidates: Floats
    context: Floats


def topic_evidence(query: Query, index: KnowledgeIndex, topic_log_probs: Floats, in_shop: Sequence[float]) -> Evidence:
    """Evidence for every topic. `topic_log_probs` (topics,) of the topic head; `in_shop`: what the intent head says (see search.py)."""
    similarity = _similarities(query, index.topics, None)
    words_of = tokens(query.text)
    known = np.array([index.token_idf.get(token, _UNSEEN_IDF) for token in words_of])
    covered = np.zeros((len(index.topics.documents), len(words_of)))
    for column, token in enumerate(words_of):
        covered[index.topics_with.get(token, ()), column] = 1.0
    coverage = covered @ known / max(known.sum(), 1e-9)
    keyword = _bm25(index, words_of)
    columns = [*similarity, coverage, keyword, np.maximum(topic_log_probs, -8.0), np.exp(topic_log_probs)]
    features = np.stack(columns, axis=1)
    gaps = features[:, _RELATIVE] - features[:, _RELATIVE].max(axis=0, initial=-1.0)
    seen = float(sum(token in index.token_idf for token in words_of)) / max(len(words_of), 1)
    best = features.max(axis=0, initial=0.0)
    ordered = np.sort(np.exp(topic_log_probs))[::-1]
    margin = float(ordered[0] - ordered[1]) if len(ordered) > 1 else 0.0
    context = np.array([*best, margin, seen, np.log1p(len(query.text)), *in_shop])
    return Evidence(np.hstack([features, gaps, features[:, _SQUARED] ** 2]), context)


_UNSEEN_IDF = 5.0
_RELATIVE = [0, 1, 3, 5, 8, 9, 10]
MAIN_FEATURES = (0, 3, 8, 9, 11, 22, 25)
"""Dense, lexical, coverage and classifier columns of topics; dense and lexical of product answers (see search.joined)."""
_SQUARED = [0, 3, 8]


def product_columns(query: Query, block: Block, chosen: Sequence[int]) -> Floats:
    """(chosen, 8) similarities of the chosen product answers."""
    return np.stack(_similarities(query, block, np.asarray(chosen)), axis=1)


def _similarities(query: Query, block: Block, chosen: npt.NDArray[np.int64] | None) -> list[Floats]:
    """Best and mean-of-three dense similarity, best with a statement, and the same for n-grams, then each family's best."""
    dense = block.vectors.scores(query.vector)
    families = block.family_scores(query.row)
    lexical = np.mean(families, axis=0)
    grid = block.question_grid if chosen is None else block.question_grid[chosen]
    kept = slice(None) if chosen is None else chosen
    best_dense, best_statement = (best[kept] for best in block.best(dense))
    best_lexical, *best_of_family = (block.best(scores)[0][kept] for scores in (lexical, *families))
    return [best_dense, _mean_top(dense, grid), best_statement, best_lexical, _mean_top(lexical, grid), *best_of_family]


def _mean_top(scores: npt.NDArray[np.float32], at: npt.NDArray[np.int64], count: int = 3) -> Floats:
    grid = np.where(at >= 0, scores[at] if len(scores) else 0.0, 0.0)
    if grid.shape[1] > count:
        grid.partition(-count, axis=1)
    top = grid[:, -count:]
    filled = np.minimum((at >= 0).sum(axis=1), count)
    return np.asarray(top.sum(axis=1) / np.maximum(filled, 1), dtype=np.float64)


def _bm25(index: KnowledgeIndex, words_of: Sequence[str]) -> Floats:
    """BM25 per topic divided by what a document with every word could reach: 0–1."""
    known = [token for token in words_of if token in index.token_idf]
    if not known:
        return np.zeros(len(index.topics.documents))
    scores = index.bm25.get_scores(known)
    ceiling = sum(index.token_idf.get(token, _UNSEEN_IDF) for token in words_of) * 2.5
    return np.minimum(np.asarray(scores, dtype=np.float64) / ceiling, 1.0)
