"""Quality of the knowledge search through the whole parser, as a shopper would meet it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from rich.console import Console
from rich.table import Table

from bot.core.bands import ANSWER, SUGGEST
from bot.nlu.parser import Asked, Parser
from bot.nlu.release import FOLDER, HELD_OUT, KNOWLEDGE, load_parser
from bot.settings import Settings, load_settings

DEV_FILES = (Path("evaluation/data/knowledge_dev.yml"), Path("evaluation/data/unanswerable_dev.yml"))
_TEXT_KEYS, _TOPIC_KEYS = ("text", "question", "q", "query"), ("topic", "article", "id", "expected", "answer")
LONGEST_ANSWERED_SHARE = 0.04
"""Of unanswerable development questions that may get the band `answer`; the blind limit is 5 %."""


@dataclass(frozen=True)
class Item:
    """`topic` None: nothing answers it. Several right topics are possible."""

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


def report(files: Sequence[Path], now: datetime, *, show_wrong: bool) -> None:
    """Print the table for the items of `files`."""
    settings = load_settings()
    results = _asked(_items(files), _parser(settings), now.replace(tzinfo=ZoneInfo(settings.desk.timezone)))
    console = Console()
    console.print(_table(results))
    if show_wrong:
        for result in results:
            if (result.item.topics and result.rank > 0) or (not result.item.topics and result.band != "refuse"):
                console.print(
                    f"{result.item.text}  want {result.item.topics or None}  got {result.ids[:3]} {result.score:.2f} {result.band}"
                )


def tune(now: datetime) -> None:
    """Print thresholds that answer as much as possible at the allowed share of unanswerable questions."""
    settings = load_settings()
    held = json.loads((FOLDER / KNOWLEDGE / HELD_OUT).read_text(encoding="utf-8"))
    nothing = sorted((o["score"] for o in held if o["source"] == "unanswerable_dev"), reverse=True)
    paraphrases = _asked(_items(DEV_FILES[:1]), _parser(settings), now.replace(tzinfo=ZoneInfo(settings.desk.timezone)))
    table = Table("threshold", "unanswerable above", "paraphrases above", "of these right")
    for step in range(10, 96, 5):
        threshold = step / 100
        above = [r for r in paraphrases if r.score >= threshold]
        right = sum(r.rank == 0 for r in above) / max(len(above), 1)
        share = sum(score >= threshold for score in nothing) / max(len(nothing), 1)
        table.add_row(f"{threshold:.2f}", f"{share:.1%}", f"{len(above) / len(paraphrases):.1%}", f"{right:.1%}")
    console = Console()
    console.print(table)
    allowed = nothing[int(len(nothing) * LONGEST_ANSWERED_SHARE)] if nothing else 0.5
    console.print(f"answer: {min(allowed + 0.01, 1.0):.2f}   suggest: {nothing[int(len(nothing) * 0.15)] if nothing else 0.25:.2f}")


def _parser(settings: Settings) -> Parser:
    nlu = settings.nlu
    return load_parser(FOLDER, encoder=nlu.encoder, bands=nlu.bands.thresholds(), want_threshold=nlu.want_threshold, threads=2)


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
    table = Table("kind", "n", "hit@1", "hit@3", "answered", "answered right", "suggested", "refused")
    for kind, group in sorted(groups.items(), key=lambda g: (not g[0].endswith("all"), g[0])):
        size = len(group)
        answered = [r for r in group if r.band == ANSWER]
        suggested = sum(r.band == SUGGEST for r in group) / size
        hits = [f"{sum(r.rank < n for r in group) / size:.1%}" if group[0].item.topics else "" for n in (1, 3)]
        right = f"{sum(r.rank == 0 for r in answered) / max(len(answered), 1):.1%}" if group[0].item.topics else ""
        refused = 1 - len(answered) / size - suggested
        table.add_row(kind, str(size), *hits, f"{len(answered) / size:.1%}", right, f"{suggested:.1%}", f"{refused:.1%}")
    return table
