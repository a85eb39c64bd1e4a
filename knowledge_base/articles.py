"""Articles of the knowledge base (`articles/*.md`) and product sheets made from the catalogue; loading checks every field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.core.intents import INTENTS

_REQUIRED = ("id", "title", "category", "phrasings")
_KNOWN = frozenset({*_REQUIRED, "related", "offers", "valid_from", "valid_to"})


class ArticleError(Exception):
    """An article or the catalogue is not what the knowledge base needs; the message names file and field."""


@dataclass(frozen=True)
class Article:
    """One topic. `phrasings` are questions as shoppers put them; `offers` are intents the assistant may propose next."""

    id: str
    title: str
    category: str
    phrasings: tuple[str, ...]
    answer: str
    related: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class ProductAnswer:
    """One answer of a product sheet. Several share the sheet's id `sku:<sku>`; each knows the questions it answers."""

    sku: str
    name: str
    title: str
    questions: tuple[str, ...]
    answer: str

    @property
    def id(self) -> str:
        return f"sku:{self.sku}"


ARTICLES = Path("knowledge_base/articles")
"""Where a shop's articles lie, below its root."""


_LISTS = ("phrasings", "related", "offers")


def load_articles(folder: Path) -> list[Article]:
    """All articles in order of their ids; raises `ArticleError` for a bad file, a duplicate or a dangling `related`."""
    articles = [read_article(file) for file in sorted(folder.glob("*.md"))]
    if not articles:
        raise ArticleError(f"{folder}: there is no article")
    ids = {article.id for article in articles}
    if len(ids) != len(articles):
        raise ArticleError(f"{folder}: two articles share an id")
    for article in articles:
        dangling = sorted(set(article.related) - ids)
        if dangling:
            raise ArticleError(f"{article.id}: related topic {dangling[0]!r} does not exist")
    return articles


def read_article(file: Path) -> Article:
    """One file: YAML front matter between two `---` lines, then the answer; raises `ArticleError`."""
    parts = file.read_text(encoding="utf-8").split("---\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise ArticleError(f"{file}: expected front matter between two lines of ---, then the answer")
    try:
        front = yaml.safe_load(parts[1])
    except (yaml.YAMLError, ValueError) as exc:  # a day that no month has is a ValueError
        raise ArticleError(f"{file}: the front matter is not YAML: {exc}") from exc
    return _article(file, front, parts[2].strip())


def load_products(catalogue: Path) -> list[dict[str, Any]]:
    """The raw entries of the catalogue, [] when there is none (a shop without product sheets)."""
    if not catalogue.is_file():
        return []
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries = yaml.load(catalogue.read_text(encoding="utf-8"), Loader=loader) or []  # noqa: S506 (both loaders are safe)
    if not isinstance(entries, list) or any("sku" not in entry or "name" not in entry for entry in entries):
        raise ArticleError(f"{catalogue}: expected a list of products with at least sku and name")
    return entries


def product_answers(products: Iterable[Mapping[str, Any]]) -> list[ProductAnswer]:
    """What a sheet can answer: its questions and answers, price, sizes, care, options, and each attribute."""
    return [answer for product in products for answer in _answers_of(product)]


def _answers_of(product: Mapping[str, Any]) -> Iterable[ProductAnswer]:
    sku, name = str(product["sku"]), str(product["name"])

    def made(title: str, questions: Iterable[str], answer: str) -> ProductAnswer:
        return ProductAnswer(sku, name, f"{name}：{title}", tuple(questions), answer)

    yield ProductAnswer(sku, name, name, _ABOUT, str(product.get("summary") or name))
    for item in product.get("faq") or ():
        questions = [str(q) for q in item["q"]]
        yield made(questions[0], questions, str(item["a"]))
    if product.get("price") is not None:
        yield made("价格", _PRICE, f"{name}售价 {float(product['price']):.2f} 元，活动价以商品页为准。")
    if product.get("care"):
        yield made("保养", _CARE, str(product["care"]))
    if product.get("size_table"):
        rows = "；".join(f"{size}：{fits}" for size, fits in product["size_table"].items())
        yield made("尺码", _SIZE, f"{name}的尺码建议：{rows}。")
    for option, values in (product.get("options") or {}).items():
        if values:
            listed = "、".join(str(value) for value in values)
            yield made(str(option), _OPTION.get(str(option), (f"有哪些{option}", f"{option}有什么")), f"{name}的{option}有：{listed}。")
    for attribute, value in (product.get("attributes") or {}).items():
        yield made(str(attribute), _attribute_questions(str(attribute)), f"{name}的{attribute}：{value}。")


_ABOUT = ("介绍一下", "这个怎么样", "这款好不好", "是什么样的", "有什么特点")
_PRICE = ("多少钱", "价格", "怎么卖", "什么价")
_CARE = ("怎么保养", "怎么清洗", "怎么洗", "日常怎么打理")
_SIZE = ("尺码表", "选什么码", "穿多大码", "尺码怎么选", "我该穿几码")
_OPTION = {
    "颜色": ("有哪些颜色", "什么颜色", "颜色有几种", "还有别的颜色吗"),
    "尺码": ("有哪些尺码", "最大多大码", "有几个码"),
    "规格": ("有哪些规格", "规格有几种", "有大瓶的吗"),
    "口味": ("有哪些口味", "什么味道的", "口味有几种"),
}
_ATTRIBUTES = {
    "面料": ("什么面料", "什么材质", "是纯棉的吗", "面料成分"),
    "材质": ("什么材质", "什么料子", "是什么做的"),
    "产地": ("哪里产的", "产地是哪", "哪里生产的"),
    "版型": ("什么版型", "宽松还是修身"),
    "功率": ("多大功率", "多少瓦", "费电吗"),
    "容量": ("多大容量", "能装多少", "多少升"),
    "重量": ("多重", "有多沉"),
    "尺寸": ("多大尺寸", "长宽多少", "有多大"),
    "续航": ("能用多久", "续航多久", "充一次用几天"),
    "保质期": ("保质期多久", "能放多长时间", "多久过期"),
    "净含量": ("净含量多少", "多少克", "一份有多少"),
    "配料": ("配料表", "成分是什么", "里面有什么"),
    "成分": ("成分是什么", "有什么成分", "含酒精吗"),
    "充电": ("充电多久", "怎么充电", "充满要多久"),
    "防水": ("防水吗", "能沾水吗"),
    "适用": ("适合谁用", "什么人能用"),
}  # fmt: skip


def _attribute_questions(attribute: str) -> tuple[str, ...]:
    known = next((questions for name, questions in _ATTRIBUTES.items() if name in attribute), ())
    return (attribute, f"{attribute}是多少", f"{attribute}是什么", *known)


def _article(file: Path, front: Any, answer: str) -> Article:
    if not isinstance(front, dict):
        raise ArticleError(f"{file}: the front matter must hold keys and values")
    missing = [name for name in _REQUIRED if not front.get(name)]
    unknown = sorted(set(front) - _KNOWN)
    if missing or unknown or not answer:
        what = f"{missing[0]!r} is missing" if missing else f"unknown field {unknown[0]!r}" if unknown else "the answer is empty"
        raise ArticleError(f"{file}: {what}")
    for name in _LISTS:
        if not isinstance(listed := front.get(name) or [], list) or not all(isinstance(item, str) for item in listed):
            raise ArticleError(f"{file}: {name!r} must be a list of texts")
    if front["id"] != file.stem:
        raise ArticleError(f"{file}: the id is {front['id']!r}, expected the name of the file, {file.stem!r}")
    offers = tuple(front.get("offers") or ())
    if bad := [offer for offer in offers if offer not in INTENTS]:
        raise ArticleError(f"{file}: offers {bad[0]!r}, which is no intent of bot/core/intents.py")
    return Article(
        id=str(front["id"]),
        title=str(front["title"]),
        category=str(front["category"]),
        phrasings=tuple(str(phrasing) for phrasing in front["phrasings"]),
        answer=answer,
        related=tuple(front.get("related") or ()),
        offers=offers,
        valid_from=_day(file, front.get("valid_from")),
        valid_to=_day(file, front.get("valid_to")),
    )


def _day(file: Path, value: Any) -> date | None:
    if value is None or type(value) is date:
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ArticleError(f"{file}: {value!r} is not a day such as 2026-10-20") from None
