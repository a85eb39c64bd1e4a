"""Training examples: Rasa's NLU YAML with its entity markup, and our extra lists. What does not fit fails, with file and text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.core.intents import COMPLAINT_CLASSES, ENTITIES, INTENTS, SENTIMENTS
from bot.nlu.language import LANGUAGES

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MARKUP = re.compile(r"\[(?P<text>[^\[\]]+)\](?:\((?P<entity>[^():\s]+)(?::(?P<value>[^()]+))?\)|(?P<dict>\{[^{}]+\}))")
_LEFTOVER = re.compile(r"\]\s*[({]|\[[^\[\]]*\]\(")


class DataError(Exception):
    """A training file is not what training needs; the message names the file, the text and what was expected."""


@dataclass(frozen=True)
class Span:
    """A marked entity: half-open offsets in the plain text; `value` None means the text itself."""

    start: int
    end: int
    entity: str
    value: str | None = None


@dataclass(frozen=True)
class Example:
    text: str
    intent: str
    language: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Labelled:
    """A text with one label (complaint class, sentiment)."""

    text: str
    label: str


def load_examples(folder: Path) -> list[Example]:
    """Every intent example under `folder/<language>/*.yml`, in file order; raises `DataError`."""
    found: list[Example] = []
    for file in sorted(file for language in LANGUAGES for file in (folder / language).glob("*.yml")):
        found.extend(_examples_of(file, language=file.parent.name))
    if not found:
        raise DataError(f"there is no training data in {folder}: expected files such as {folder}/zh/orders.yml")
    return found


def load_labelled(file: Path, labels: tuple[str, ...]) -> list[Labelled]:
    """`{label: [texts]}`; [] when the file is missing; raises `DataError`."""
    if not file.is_file():
        return []
    items = [Labelled(text, label) for text, label in _pairs(_yaml(file), file)]
    unknown = sorted({item.label for item in items} - set(labels))
    if unknown:
        raise DataError(f"{file}: unknown label {unknown[0]!r}; known are {', '.join(labels)}")
    return items


def load_sentiment(folder: Path) -> list[Labelled]:
    return load_labelled(folder / "extra/sentiment.yml", SENTIMENTS)


def load_complaints(folder: Path) -> list[Labelled]:
    return load_labelled(folder / "extra/complaint_classes.yml", COMPLAINT_CLASSES)


def load_unanswerable(folder: Path) -> list[str]:
    """Questions that no article answers; [] when there is no such file; raises `DataError`."""
    file = folder / "extra/unanswerable.yml"
    if not file.is_file():
        return []
    entries = _yaml(file)
    if not isinstance(entries, list) or not all(isinstance(entry, dict) and isinstance(entry.get("text"), str) for entry in entries):
        raise DataError(f"{file}: expected a list of entries such as {{text: …, kind: near_miss}}")
    return [entry["text"] for entry in entries]


def parse_markup(line: str) -> tuple[str, tuple[Span, ...]]:
    """Plain text and spans of one example line; raises `ValueError` when brackets are left over or an entity is unknown."""
    plain: list[str] = []
    spans: list[Span] = []
    length = position = 0
    for match in _MARKUP.finditer(line):
        before = line[position : match.start()]
        start = length + len(before)
        text = match["text"]
        entity, value = _entity_of(match)
        plain += [before, text]
        spans.append(Span(start, start + len(text), entity, value))
        length, position = start + len(text), match.end()
    plain.append(line[position:])
    whole = "".join(plain)
    if _LEFTOVER.search(whole):
        raise ValueError("brackets that look like entity markup do not align with a known entity")
    return whole, tuple(spans)


def _entity_of(match: re.Match[str]) -> tuple[str, str | None]:
    if match["dict"]:
        fields: dict[str, Any] = json.loads(match["dict"])
        entity, value = fields.get("entity"), fields.get("value")
    else:
        entity, value = match["entity"], match["value"]
    if entity not in ENTITIES:
        raise ValueError(f"unknown entity {entity!r}; known are {', '.join(ENTITIES)}")
    if match["text"].strip() != match["text"]:
        raise ValueError(f"the span {match['text']!r} begins or ends with white space")
    return str(entity), None if value is None else str(value)


def _examples_of(file: Path, *, language: str) -> Iterator[Example]:
    content = _yaml(file)
    sections = content.get("nlu", []) if isinstance(content, dict) else []
    for section in sections:
        intent = section.get("intent")
        if intent is None:
            continue  # synonym, regex and lookup sections are Rasa's; the dictionaries come from the catalogue
        if intent not in INTENTS:
            raise DataError(f"{file}: unknown intent {intent!r}; the label set is bot/core/intents.py")
        for line in str(section.get("examples") or "").splitlines():
            if not line.strip():
                continue
            if not line.lstrip().startswith("- "):
                raise DataError(f"{file}: {intent}: every example starts with '- ', got {line!r}")
            yield _example(file, line.lstrip()[2:].strip(), intent, language)


def _example(file: Path, line: str, intent: str, language: str) -> Example:
    try:
        text, spans = parse_markup(line)
    except ValueError as exc:
        raise DataError(f"{file}: {intent}: {line!r}: {exc}") from exc
    return Example(text, intent, language, spans)


def _pairs(content: Any, file: Path) -> Iterator[tuple[str, str]]:
    if not isinstance(content, dict):
        raise DataError(f"{file}: expected labels, each with a list of texts")
    for label, texts in content.items():
        if not isinstance(texts, list):
            raise DataError(f"{file}: {label!r} must hold a list of texts")
        for text in texts:
            yield str(text), str(label)


def _yaml(file: Path) -> Any:
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (a safe loader, the C one where it is built)
    except yaml.YAMLError as exc:
        raise DataError(f"{file} is not YAML: {exc}") from exc
