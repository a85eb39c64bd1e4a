"""The questions that the knowledge search is fitted on: phrasings of articles, of product sheets, and messages nothing answers."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.nlu.data import Example
from bot.nlu.entities.lexicon import Lexicon
from bot.nlu.focus import named_products, skus_of, without_names
from bot.nlu.folds import grouped_folds
from knowledge_base.fit import FOLDS, Material, Question
from knowledge_base.index import Document

UNANSWERED_INTENTS = ("out_of_scope", "chitchat", "bot_challenge", "insult")
ASKED_IN = frozenset({"zh", "en"})
"""The languages that articles have phrasings in."""
UNANSWERABLE_SOURCE = "unanswerable"
PRODUCT_SHARE = 0.3
"""Of the sheets' questions: enough to learn from, and a third of the time."""
ASKED_OF_TOPIC = 16
"""At most so many phrasings of an article are asked: enough to learn from, and half the time."""
ALMOST_OF_TOPIC = 4
"""So many of them are asked once more almost as written, with that phrasing in the index: most shoppers ask what others asked."""
LOST_SHARE = 0.25
_BEFORE = ("", "那", "那么", "请问", "亲 ", "你好 ", "您好，", "我想问下", "对了 ", "还有 ", "那个", "问一下 ", "哎 ")
_AFTER = ("", "", "呢", "啊", "呀", "？", "谢谢", " 亲", "哈", "吧")
_LATIN_BEFORE = ("", "hi, ", "hello ", "so ", "and ", "excuse me ", "one question ", "please ", "hey ")
_LATIN_AFTER = ("", "", "?", " please", " thanks", " pls", "??")
PAGE_SHARE = 0.15
"""Of all other questions these are asked from some product's page, where the sheet must not take them over."""
KNOWN_UNANSWERED = 1500
"""At most so many further examples are known to the topic head as answered by nothing."""
MESSAGE_WEIGHT, DEV_WEIGHT = 2.0, 2.0
"""Of an example that nothing answers (a tenth of them are asked), and of a question written to be unanswerable."""
InShop = Callable[[str], tuple[float, ...]]


@dataclass(frozen=True)
class Raw:
    """Normalised texts: `examples` with their held-out intent features (None: not to be asked, only known as unanswered),
    `unanswerable` of nlu_data/extra."""

    topics: Sequence[Document]
    products: Sequence[Document]
    examples: Sequence[tuple[str, Example, tuple[float, ...] | None]]
    unanswerable: Sequence[str]
    lexicon: Lexicon


def material_of(raw: Raw, in_shop: InShop, *, seed: int) -> Material:
    """Questions with folds; near-duplicate phrasings share one."""
    rng = random.Random(seed)
    silent, known = _nothing(raw, in_shop, rng, seed)
    asked = [*_topic_questions(raw, in_shop, seed), *silent]
    skus = sorted({str(d.sku) for d in raw.products})
    if skus:
        asked = [dataclasses.replace(q, page=rng.choice(skus)) if rng.random() < PAGE_SHARE else q for q in asked]
    asked = [_with_names(question, raw.lexicon) for question in asked]
    none_texts = (*((q.text, q.fold) for q in asked if q.truth is None), *known)
    return Material(tuple(raw.topics), tuple(raw.products), (*asked, *_product_questions(raw, in_shop, rng)), none_texts)


def _topic_questions(raw: Raw, in_shop: InShop, seed: int) -> list[Question]:
    pairs = [(q, d.id) for d in raw.topics for q in d.questions]
    folds = grouped_folds([q for q, _ in pairs], [owner for _, owner in pairs], folds=FOLDS, seed=seed)
    rng = random.Random(seed)
    asked = {pair for d in raw.topics for pair in rng.sample([(q, d.id) for q in d.questions], min(len(d.questions), ASKED_OF_TOPIC))}
    made = [
        Question(q, owner, fold, in_shop(q) if (q, owner) in asked else (), asked=(q, owner) in asked)
        for (q, owner), fold in zip(pairs, folds, strict=True)
    ]
    near: list[tuple[Question, str]] = []
    for document in raw.topics:
        own = [q for q in made if q.truth == document.id]
        near += [(q, almost(q.text, rng)) for q in rng.sample(own, min(len(own), ALMOST_OF_TOPIC))]
    # Asked while the phrasing itself is in the index: that of another fold.
    return made + [Question(text, q.truth, (q.fold + 1) % FOLDS, in_shop(text), source="almost") for q, text in near]


def almost(text: str, rng: random.Random) -> str:
    """The same question with a word before or after it that changes nothing, or with a character lost."""
    if len(text) > 4 and rng.random() < LOST_SHARE:
        at = rng.randrange(len(text))
        return text[:at] + text[at + 1 :]
    before, after = (_LATIN_BEFORE, _LATIN_AFTER) if text.isascii() else (_BEFORE, _AFTER)
    return rng.choice(before) + text.rstrip("?？") + rng.choice(after)


def _nothing(raw: Raw, in_shop: InShop, rng: random.Random, seed: int) -> tuple[list[Question], list[tuple[str, int]]]:
    """Questions that nothing answers, and further such texts with their folds; near-duplicates among all of them share a fold."""
    messages = [
        (text, example.intent, features) for text, example, features in raw.examples if features is not None and _unanswered(example)
    ]
    known = [text for text, example, features in raw.examples if features is None and _unanswered(example)]
    known = rng.sample(known, min(len(known), KNOWN_UNANSWERED))
    texts = [*(text for text, _, _ in messages), *raw.unanswerable, *known]
    folds = iter(grouped_folds(texts, ["nothing"] * len(texts), folds=FOLDS, seed=seed))
    silent = [Question(text, None, next(folds), features, weight=MESSAGE_WEIGHT, source=intent) for text, intent, features in messages]
    silent += [Question(text, None, next(folds), in_shop(text), weight=DEV_WEIGHT, source=UNANSWERABLE_SOURCE) for text in raw.unanswerable]
    return silent, list(zip(known, folds, strict=True))


def _unanswered(example: Example) -> bool:
    return example.intent in UNANSWERED_INTENTS and example.language in ASKED_IN


def _with_names(question: Question, lexicon: Lexicon) -> Question:
    named = named_products(question.text, lexicon)
    if not named:
        return question
    return dataclasses.replace(question, named=skus_of(named), rest=without_names(question.text, named))


def _product_questions(raw: Raw, in_shop: InShop, rng: random.Random) -> list[Question]:
    """A share of the sheets' questions, half asked on the product's page, half with one of its names before them."""
    names: dict[str, list[str]] = {}
    for name, skus in raw.lexicon.products.items():
        for sku in skus:
            names.setdefault(sku, []).append(name)
    made = []
    for document in raw.products:
        for text in document.questions:
            if rng.random() > PRODUCT_SHARE or document.sku not in names:
                continue
            base = Question(text, document.id, rng.randrange(FOLDS), in_shop(text), part=document.title)
            if rng.random() < 0.5:
                made.append(dataclasses.replace(base, page=document.sku, source="product page"))
            else:
                name = rng.choice(names[document.sku])
                whole = name + text
                made.append(
                    dataclasses.replace(
                        base, text=whole, in_shop=in_shop(whole), named=raw.lexicon.skus(name), rest=text, source="product named"
                    )
                )
    return made
