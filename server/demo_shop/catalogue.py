"""The catalogue: products from YAML, found by words, and options as a shopper says them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from bot.core.options import find_option, plain

DEFAULT_PATH = Path(__file__).with_name("catalogue.yml")
CATEGORIES = ("clothing", "shoes", "electronics", "home", "beauty", "food")

_NEVER_RETURNED = {"10409": "定制商品不支持七天无理由退货", "10602": "生鲜不支持七天无理由退货", "10603": "生鲜不支持七天无理由退货"}
_SEALED_ONLY = {"10109": "内衣拆封后不支持七天无理由退货", "10110": "泳衣拆封后不支持七天无理由退货"}
"""Fact return.exceptions; opened cosmetics are excluded as a category."""


@dataclass(frozen=True)
class Product:
    """`aliases` are other names, `english` those of shoppers who write English.

    `options` names each dimension and its values, `opening_stock` counts every combination (`"黑色/M"`, `"默认"` without any).
    """

    sku: str
    name: str
    category: str
    price_fen: int
    summary: str
    aliases: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    opening_stock: Mapping[str, int] = field(default_factory=dict)
    size_table: Mapping[str, str] | None = None
    care: str = ""
    faq: tuple[Mapping[str, Any], ...] = ()
    suits: tuple[str, ...] = ()

    @property
    def returnable(self) -> bool:
        """Whether it can be returned without a reason at all."""
        return self.sku not in _NEVER_RETURNED

    @property
    def return_note(self) -> str | None:
        """The restriction on no-reason returns in a shopper's words, if there is one."""
        beauty = "化妆品拆封后不支持七天无理由退货" if self.category == "beauty" else None
        return _NEVER_RETURNED.get(self.sku) or _SEALED_ONLY.get(self.sku) or beauty

    def find_option(self, current: str, wanted: str) -> str | None:
        """The combination meant by `wanted` ("L", "黑", "黑色 L 码"), unnamed dimensions as in `current`; None when there is none."""
        option = find_option(self.options, current, wanted)
        return option if option in self.opening_stock else None


class Catalogue:
    """All products, in the order of the file."""

    def __init__(self, products: Iterable[Product]) -> None:
        self._by_sku = {p.sku: p for p in products}

    def __iter__(self) -> Any:
        return iter(self._by_sku.values())

    def get(self, sku: str) -> Product | None:
        return self._by_sku.get(sku)

    def __getitem__(self, sku: str) -> Product:
        return self._by_sku[sku]

    def search(self, query: str, *, category: str | None = None) -> list[Product]:
        """Products best match first; all of the category in file order for an empty query."""
        wanted = [p for p in self if category is None or p.category == category]
        said = plain(query)
        if not said:
            return wanted
        scored = [(score, -place, p) for place, p in enumerate(wanted) if (score := _score(p, said)) > 0]
        return [p for _, _, p in sorted(scored, key=lambda s: s[:2], reverse=True)]


def _score(product: Product, said: str) -> float:
    """Name or alias inside the query (or the reverse) first, then shared pairs of characters."""
    if said == product.sku:
        return 100.0
    names = [plain(n) for n in (product.name, *product.aliases)]
    whole = max((len(n) for n in names if n in said), default=0)
    part = max((len(said) / len(n) for n in names if said in n), default=0.0)
    suits = 0.5 * sum(1 for s in product.suits if plain(s) in said)
    text = "".join(names) + plain(product.summary) + "".join(plain(v) for v in product.attributes.values())
    pairs = {said[i : i + 2] for i in range(len(said) - 1)}
    shared = sum(1 for pair in pairs if pair in text) / len(pairs) if pairs else 0.0
    strong = 10 * whole + 10 * part + suits
    return strong + shared if strong or shared >= 0.5 else 0.0


def load_catalogue(path: Path = DEFAULT_PATH) -> Catalogue:
    """Read the YAML file; raises ValueError that names the product and field when one is unusable."""
    rows = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both are safe
    return Catalogue(_product(row) for row in rows)


def _product(row: Mapping[str, Any]) -> Product:
    sku = str(row["sku"])
    if row["category"] not in CATEGORIES:
        raise ValueError(f"product {sku}: category {row['category']!r} is none of {', '.join(CATEGORIES)}")
    return Product(
        sku=sku,
        name=row["name"],
        category=row["category"],
        price_fen=int(Decimal(str(row["price"])) * 100),
        summary=row["summary"],
        aliases=tuple(row.get("aliases") or ()),
        english=tuple(row.get("english") or ()),
        attributes={str(k): str(v) for k, v in (row.get("attributes") or {}).items()},
        options={str(k): tuple(str(v) for v in values) for k, values in (row.get("options") or {}).items()},
        opening_stock={str(k): int(v) for k, v in row["stock"].items()},
        size_table={str(k): str(v) for k, v in row["size_table"].items()} if row.get("size_table") else None,
        care=row.get("care") or "",
        faq=tuple(row.get("faq") or ()),
        suits=tuple(row.get("suits") or ()),
    )
