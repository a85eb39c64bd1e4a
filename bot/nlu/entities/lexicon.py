"""Dictionaries: couriers and colours from nlu_data/dictionaries, products and their options from the catalogue, at training time.

Matching is longest-first over normalised text, by a trie of dictionaries (a few thousand words, microseconds per message).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.entities.found import Found
from bot.nlu.normalise import plain

GOODS = "goods"
"""Kind of a noun for goods that is not in the catalogue: no entity by itself."""
_NOT_A_COURIER_BEFORE = re.compile(r"菜鸟(?:驿站|柜|小白)")


class Lexicon:
    """Longest-match dictionary of one shop; `products` maps a written name to SKUs, `options` is a set of option values."""

    def __init__(
        self, products: Mapping[str, Iterable[str]], options: Iterable[str], couriers: Mapping[str, str], goods: Iterable[str] = ()
    ) -> None:
        """`products`: written name → SKUs; `options`: values; `couriers`: written form → short name; `goods`: nouns of any shop."""
        self.products = {plain(name): tuple(sorted(set(skus))) for name, skus in products.items() if len(name) > 1}
        self.options = {plain(option) for option in options if option}
        self.couriers = {plain(written): name for written, name in couriers.items()}
        self.goods = {plain(noun) for noun in goods}
        self._trie: dict[str, Any] = {}
        kinds = (("product", self.products), ("sku_option", self.options), ("courier", self.couriers), (GOODS, self.goods))
        for kind, words in kinds:
            for word in sorted(words):
                self._insert(word, kind)

    @classmethod
    def of_shop(cls, products: Iterable[Mapping[str, Any]], dictionaries: Path) -> Lexicon:
        """From catalogue entries (sku, name, aliases, options) and `couriers.yml`, `options.yml`, `goods.yml` of a folder."""
        names: dict[str, set[str]] = {}
        read = {
            name: yaml.safe_load((dictionaries / f"{name}.yml").read_text(encoding="utf-8")) for name in ("couriers", "options", "goods")
        }
        couriers = read["couriers"]
        options, goods = ({str(value) for values in read[name].values() for value in values} for name in ("options", "goods"))
        for product in products:
            for name in (product["name"], *product.get("aliases", ())):
                names.setdefault(str(name), set()).add(str(product["sku"]))
            for values in (product.get("options") or {}).values():
                options.update(str(value) for value in values if len(str(value)) > 1)
        return cls(names, options, {str(form): str(name) for name, forms in couriers.items() for form in forms}, goods)

    def matches(self, text: str) -> list[Found]:
        """Longest dictionary words of each kind from left to right; a word inside a longer one of another kind is left out."""
        found: list[Found] = []
        position = 0
        while position < len(text):
            end, kind = self._longest(text, position)
            if kind and self._stands_alone(text, position, end):
                found.append(self._as_found(text, position, end, kind))
                position = end
            else:
                position += 1
        return found

    def skus(self, name: str) -> tuple[str, ...]:
        """Products that are called `name` (normalised), none when we do not sell it under that name."""
        return self.products.get(name, ())

    def save(self, file: Path) -> None:
        products = {name: list(skus) for name, skus in sorted(self.products.items())}
        data: dict[str, Any] = {"products": products, "options": sorted(self.options), "couriers": dict(sorted(self.couriers.items()))}
        data["goods"] = sorted(self.goods)
        file.write_text(json.dumps(data, ensure_ascii=False, indent=0), encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> Lexicon:
        data = json.loads(file.read_text(encoding="utf-8"))
        return cls(data["products"], data["options"], data["couriers"], data["goods"])

    def _insert(self, word: str, kind: str) -> None:
        node = self._trie
        for char in word:
            node = node.setdefault(char, {})
        node.setdefault("", kind)

    def _longest(self, text: str, start: int) -> tuple[int, str | None]:
        node, best, kind = self._trie, start, None
        for i in range(start, len(text)):
            if text[i] not in node:
                break
            node = node[text[i]]
            if "" in node:
                best, kind = i + 1, node[""]
        return best, kind

    def _stands_alone(self, text: str, start: int, end: int) -> bool:
        """Latin words match whole (sf is not in sfx), and 菜鸟驿站 is a place."""
        word = text[start:end]
        if word[0].isascii() and (start and text[start - 1].isascii() and text[start - 1].isalnum()):
            return False
        if word[-1].isascii() and end < len(text) and text[end].isascii() and text[end].isalnum():
            return False
        return not _NOT_A_COURIER_BEFORE.match(text, start)

    def _as_found(self, text: str, start: int, end: int, kind: str) -> Found:
        word = text[start:end]
        value = self.couriers[word] if kind == "courier" else word
        return Found(kind, start, end, value, "dictionary", 1.0, self.products[word] if kind == "product" else ())
