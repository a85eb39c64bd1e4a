"""The manner of speaking (requirement R068): no forbidden phrase in any sentence that a shopper can read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from knowledge_base.articles import ARTICLES, load_articles
from server import wording

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = [
    (re.compile(entry["phrase"]), entry["why"])
    for entry in yaml.safe_load((ROOT / "knowledge_base/forbidden_phrases.yml").read_text(encoding="utf-8"))
]


def responses() -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / "bot/domain/responses").glob("*.yml")):
        for name, variants in yaml.safe_load(file.read_text(encoding="utf-8"))["responses"].items():
            for variant in variants:
                yield name, variant["text"]
                yield from ((name, button["title"]) for button in variant.get("buttons", []))


def words() -> Iterator[tuple[str, str]]:
    for name, entry in yaml.safe_load((ROOT / "actions/words.yml").read_text(encoding="utf-8")).items():
        inner = [entry] if "zh" in entry else entry.values()
        yield from ((name, text) for texts in inner for text in texts.values())


def articles() -> Iterator[tuple[str, str]]:
    yield from ((article.id, article.answer) for article in load_articles(ROOT / ARTICLES))


def system() -> Iterator[tuple[str, str]]:
    yield from (*wording._ZH.items(), *wording._EN.items())


def faults(text: str) -> list[str]:
    return [f"{found.group(0)}: {why}" for phrase, why in FORBIDDEN if (found := phrase.search(text))]


@pytest.mark.parametrize("source", [responses, words, articles, system])
def test_no_sentence_holds_a_forbidden_phrase(source) -> None:
    sentences = list(source())

    assert sentences
    assert [(name, text, found) for name, text in sentences if (found := faults(text))] == []


@pytest.mark.parametrize(
    "text",
    ["你必须先登录", "不知道", "这是公司规定", "不归我管", "您自己看一下", "It is your fault", "You have to wait", "太好了！", "亲亲您好"],
)
def test_forbidden_phrases_are_found(text: str) -> None:
    assert faults(text)


@pytest.mark.parametrize(
    "text", ["您好，已为您登记。", "您自己也可以在订单里查看进度。", "你们的建议我们都会看。", "Please sign in first."]
)
def test_plain_sentences_pass(text: str) -> None:
    assert faults(text) == []
