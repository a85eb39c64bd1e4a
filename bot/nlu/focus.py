"""Which products of the catalogue a message names, and what it says beside the names."""

from __future__ import annotations

from bot.nlu.entities.found import Found
from bot.nlu.entities.lexicon import Lexicon

ABOUT = "介绍一下"
"""What a message that is nothing but a product's name asks."""


def named_products(text: str, lexicon: Lexicon) -> list[Found]:
    """Products we sell, in order of normalised `text`; each carries its SKUs."""
    return [found for found in lexicon.matches(text) if found.entity == "product" and found.sku]


def skus_of(named: list[Found]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sku for found in named for sku in found.sku))


def without_names(text: str, named: list[Found]) -> str:
    """The text without the names, so that it can be compared with the questions of a product sheet, which leave them out."""
    for found in reversed(named):
        text = text[: found.start] + text[found.end :]
    return text.strip() or ABOUT
