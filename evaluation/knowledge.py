"""Section `knowledge`: the knowledge search through the whole parser, as a shopper would meet it, beside its parts alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import yaml

from bot.core.bands import ANSWER, SUGGEST
from bot.nlu.encoder import SentenceEncoder
from bot.nlu.normalise import plain
from bot.nlu.parser import Asked, Parser
from bot.nlu.release import ENCODER, FOLDER, load_parser, load_search
from bot.settings import Settings, load_settings
from evaluation import metrics
from evaluation.report import Section, Table, percent
from knowledge_base.index import KnowledgeIndex, tokens

BLIND = Path("evaluation/data/knowledge_questions.yml")
BLIND_ENGLISH = Path("evaluation/data/knowledge_questions_en.yml")
DEV = Path("evaluation/data/knowledge_dev.yml")
_TEXT_KEYS, _TOPIC_KEYS = ("text", "question", "q", "query"), ("topic", "article", "id", "expected", "answer")
Ranking = Callable[[str], list[str]]


@dataclass(frozen=True)
class Item:
    """`topics` empty: nothing answers it. Several right topics are possible."""

    text: str
    topics: tuple[str, ...]
    kind: str
    page: str | None = None


@dataclass(frozen=True)
class Result:
    item: Item
    ids: tuple[str, ...]
    score: float
    band: str

    @property
    def rank(self) -> int:
        return next((i for i, found in enumerate(self.ids) if found in self.item.topics), 99)


def measure(files: Sequence[Path], now: datetime) -> Section:
    """The items of `files` on the day `now`, on which every article holds."""
    settings = load_settings()
    items = _items(files)
    results = _asked(items, _parser(settings), now.replace(tzinfo=ZoneInfo(settings.desk.timezone)))
    answerable = [result for result in results if result.item.topics]
    alone = {name: _hit_rates(ranking, items) for name, ranking in _alone().items()}
    alone["all parts"] = tuple(float(np.mean([r.rank < n for r in answerable])) for n in (1, 3))
    parts = Table(("search", "hit@1", "hit@3"), tuple((name, *map(percent, rates)) for name, rates in alone.items()))
    nothing = [result for result in results if not result.item.topics]
    figures = {
        "max_wrong_rate": settings.knowledge.max_wrong_rate,
        "wrongly_answered": float(np.mean([r.band == ANSWER for r in nothing])) if nothing else None,
        "answered": float(np.mean([r.band == ANSWER for r in answerable])),
        "parts": alone,
    }
    plots = {"risk": _risk_plot(results)}
    return Section(f"Knowledge ({', '.join(file.name for file in files)})", (_table(results), parts), figures, _records(results), plots)


def _alone() -> dict[str, Ranking]:
    """Keyword search alone and dense search alone, over the same articles."""
    index = load_search(FOLDER).index
    model = SentenceEncoder(FOLDER / ENCODER)
    return {"BM25 alone": lambda text: _by_keyword(index, text), "dense alone": lambda text: _by_vector(index, model, text)}


def _by_keyword(index: KnowledgeIndex, text: str) -> list[str]:
    known = [token for token in tokens(text) if token in index.token_idf]
    scores = index.bm25.get_scores(known) if known else np.zeros(len(index.topics.documents))
    return [index.topics.documents[i].id for i in np.argsort(-np.asarray(scores), kind="stable")[:3]]


def _by_vector(index: KnowledgeIndex, model: SentenceEncoder, text: str) -> list[str]:
    block = index.topics
    best = np.maximum(*block.best(block.vectors.scores(model.encode([text])[0])))
    return [block.documents[i].id for i in np.argsort(-best, kind="stable")[:3]]


def _hit_rates(ranking: Ranking, items: Iterable[Item]) -> tuple[float, ...]:
    found = [(item, ranking(plain(item.text))) for item in items if item.topics]
    return tuple(float(np.mean([bool(set(ids[:n]) & set(item.topics)) for item, ids in found])) for n in (1, 3))


def _parser(settings: Settings) -> Parser:
    nlu = settings.nlu
    return load_parser(FOLDER, encoder=nlu.encoder, rates=settings.knowledge.rates(), want_threshold=nlu.want_threshold, threads=2)


def _items(files: Iterable[Path]) -> list[Item]:
    items = []
    for file in files:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        items += [_item(entry, file) for entry in content] if isinstance(content, list) else _blind(content)
    return items


def _blind(content: dict[str, Any]) -> list[Item]:
    """`topics: {id: [text]}` and `unanswerable: {kind: [{text}]}`, as in evaluation/data/knowledge_questions.yml."""
    asked = [Item(text, (topic,), "answerable") for topic, texts in content["topics"].items() for text in texts]
    return asked + [Item(entry["text"], (), kind) for kind, entries in content["unanswerable"].items() for entry in entries]


def _item(entry: dict[str, Any], file: Path) -> Item:
    text = next((entry[key] for key in _TEXT_KEYS if key in entry), None)
    if text is None:
        raise SystemExit(f"{file}: an item has none of the keys {', '.join(_TEXT_KEYS)}; it has {', '.join(entry)}")
    topic = next((entry[key] for key in _TOPIC_KEYS if entry.get(key)), None)
    topics = tuple(topic) if isinstance(topic, list) else () if topic in (None, "none") else (str(topic),)
    kind = str(entry.get("kind") or ("answerable" if topics else "unanswerable"))
    return Item(str(text), topics, kind, entry.get("page"))


def _asked(items: Sequence[Item], parser: Parser, now: datetime) -> list[Result]:
    results = []
    for item in items:
        parse = parser.parse(Asked(item.text, now, page=item.page))
        hits = parse["retrieval"]
        results.append(Result(item, tuple(h["id"] for h in hits), hits[0]["score"] if hits else 0.0, parse["answer_band"]))
    return results


def _table(results: Sequence[Result]) -> Table:
    groups: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        groups["answerable, all" if result.item.topics else "unanswerable, all"].append(result)
        groups[result.item.kind].append(result)
    rows = [_group_row(kind, group) for kind, group in sorted(groups.items(), key=lambda g: (not g[0].endswith("all"), g[0]))]
    return Table(("kind", "n", "hit@1", "hit@3", "answered", "answered right", "suggested", "refused"), tuple(rows))


def _group_row(kind: str, group: Sequence[Result]) -> tuple[str, ...]:
    size, has_answer = len(group), bool(group[0].item.topics)
    answered = [r for r in group if r.band == ANSWER]
    suggested = sum(r.band == SUGGEST for r in group) / size
    hits = [percent(sum(r.rank < n for r in group) / size) if has_answer else "" for n in (1, 3)]
    right = percent(sum(r.rank == 0 for r in answered) / max(len(answered), 1)) if has_answer else ""
    refused = 1 - len(answered) / size - suggested
    return (kind, str(size), *hits, percent(len(answered) / size), right, percent(suggested), percent(refused))


def _records(results: Sequence[Result]) -> tuple[dict[str, Any], ...]:
    return tuple({"text": r.item.text, "topics": r.item.topics, "found": r.ids[:3], "score": r.score, "band": r.band} for r in results)


def _risk_plot(results: Sequence[Result]) -> Callable[[Any], None]:
    coverage, risk = metrics.risk_coverage(np.array([r.score for r in results]), np.array([r.rank == 0 for r in results]))

    def draw(axes: Any) -> None:
        axes.plot(coverage, risk)
        axes.set_xlabel("share of all questions answered")
        axes.set_ylabel("share of these answers that is wrong")

    return draw
