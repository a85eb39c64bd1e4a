"""The fitting behind `bot.nlu.train`: every part of a release from its data, with cross-validated figures for the manifest."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.augment import copies
from bot.nlu.data import DataError, Example, Labelled, load_complaints, load_examples, load_sentiment, load_unanswerable
from bot.nlu.encoder import CachedEncoder, SentenceEncoder
from bot.nlu.entities import tagger
from bot.nlu.entities.corpus import tagged, variants
from bot.nlu.entities.lexicon import Lexicon
from bot.nlu.export import export_encoder
from bot.nlu.folds import calibration_part
from bot.nlu.heads import Floats, HeadOptions
from bot.nlu.intents import Ranked
from bot.nlu.labelled import Fitted, Reader, fit_labelled
from bot.nlu.lexical import NgramVectoriser
from bot.nlu.normalise import plain
from bot.nlu.parser import shop_features
from bot.nlu.questions import UNANSWERABLE_SOURCE, Raw, material_of
from bot.nlu.release import COMPLAINT, ENCODER, INTENTS, KNOWLEDGE, LEXICON, SENTIMENT, TAGGER, TOPICS, UNANSWERABLE
from knowledge_base.articles import ARTICLES, load_articles, load_products, product_answers
from knowledge_base.fit import Answered, Material, fit_search
from knowledge_base.index import Document, product_documents, topic_documents

INTENT_HEAD = HeadOptions(decay=1e-4)
SMALL_HEAD = HeadOptions(inverse_penalty=1.0, balanced=1.0)
TOLD_WRONG = 0.15
"""Share of messages whose intent the tagger hears wrong in training; about what the head gets wrong."""
BARE_SHARE, SWAPPED_SHARE = 0.3, 0.3
"""Of the examples without an entity, and of copies with other entities in them: the tagger learns from these in half the time."""
Step = Callable[[str], None]


@dataclass(frozen=True)
class Sources:
    """All that a release is trained from."""

    examples: list[Example]
    sentiment: list[Labelled]
    complaints: list[Labelled]
    topics: list[Document]
    products: list[Document]
    catalogue: list[dict[str, Any]]
    lexicon: Lexicon
    unanswerable: list[str]


def fit_release(root: Path, out: Path, *, encoder: str, seed: int, threads: int, step: Step) -> tuple[dict[str, int], dict[str, Any]]:
    """Train everything into `out` (an empty folder); raises `DataError`, `ArticleError` or `EncoderError`."""
    step("reading data")
    sources = load_sources(root)
    tagged(sources.examples)  # markup that does not align fails before anything is trained
    step("loading the encoder")
    texts = [plain(example.text) for example in sources.examples]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as aside:
        tagging = aside.submit(fit_tagger, sources, out, seed=seed)
        metrics = fit_readers(sources, texts, out, encoder=encoder, seed=seed, threads=threads, aside=aside, step=step)
        step("entities")
        tagging.result()
    counts = {"examples": len(texts), "articles": len(sources.topics), "products": len(sources.catalogue)}
    return counts, metrics


def vectoriser_of(texts: Sequence[str], sources: Sources) -> NgramVectoriser:
    """One vocabulary for all heads and the search: examples, topics whole, and the questions of product sheets."""
    topics = [text for d in sources.topics for text in (*d.questions, *d.statements)]
    return NgramVectoriser.fit([*texts, *topics, *sorted({q for d in sources.products for q in d.questions})])


def load_sources(root: Path) -> Sources:
    catalogue = load_products(root / "server/demo_shop/catalogue.yml")
    return Sources(
        examples=load_examples(root / "nlu_data"),
        sentiment=_needed(load_sentiment(root / "nlu_data"), "nlu_data/extra/sentiment.yml"),
        complaints=_needed(load_complaints(root / "nlu_data"), "nlu_data/extra/complaint_classes.yml"),
        topics=topic_documents(load_articles(root / ARTICLES)),
        products=product_documents(product_answers(catalogue)),
        catalogue=catalogue,
        lexicon=Lexicon.of_shop(catalogue, root / "nlu_data/dictionaries"),
        unanswerable=[plain(text) for text in load_unanswerable(root / "nlu_data")],
    )


def fit_readers(
    sources: Sources, texts: Sequence[str], out: Path, *, encoder: str, seed: int, threads: int, aside: Executor, step: Step
) -> dict[str, Any]:
    """All that reads a message with the encoder: intents, mood, class of complaint, search. `texts`: the examples, normalised; what can
    be done beside the rest is done in the processes of `aside`."""
    export_encoder(encoder, out / ENCODER)
    reader = Reader(CachedEncoder(SentenceEncoder(out / ENCODER, threads=threads)), vectoriser_of(texts, sources))
    intents = fit_labelled(
        texts,
        [e.intent for e in sources.examples],
        reader,
        INTENT_HEAD,
        seed=seed,
        extra=copies(sources.examples, seed=seed),
        unseen=calibration_part(texts),
        aside=aside,
        step=lambda what: step(f"intents, {what}"),
    )
    intents.head.save(out, INTENTS)
    metrics: dict[str, Any] = {"intents": intents.metrics}
    for name, items in ((SENTIMENT, sources.sentiment), (COMPLAINT, sources.complaints)):
        step(name)
        fitted = fit_labelled([plain(item.text) for item in items], [item.label for item in items], reader, SMALL_HEAD, seed=seed)
        fitted.head.save(out, name)
        metrics[name] = fitted.metrics
    material = knowledge_material(sources, texts, intents, reader, seed=seed)
    search, outcomes = fit_search(material, reader.encoder, reader.vectoriser, progress=step)
    search.save(out / KNOWLEDGE, TOPICS)
    silent = unanswerable_scores(outcomes)
    (out / KNOWLEDGE / UNANSWERABLE).write_text(json.dumps(silent), encoding="utf-8")
    return metrics | {"knowledge": knowledge_metrics(outcomes) | {"unanswerable": len(silent)}}


def told_wrong(examples: Sequence[Example], *, seed: int) -> list[Example]:
    """The examples as an intent head tells them: some with the intent of another, so that the tagger does not rely on it."""
    rng = random.Random(seed)
    return [replace(e, intent=rng.choice(examples).intent) if rng.random() < TOLD_WRONG else e for e in examples]


def fit_tagger(sources: Sources, out: Path, *, seed: int) -> None:
    """Write the tagger and the dictionaries that it asks."""
    examples = told_wrong(sources.examples, seed=seed)
    sources.lexicon.save(out / LEXICON)
    names = [str(alias) for product in sources.catalogue for alias in product.get("aliases", ())]
    rng = random.Random(seed)
    kept = [example for example in examples if example.spans or rng.random() < BARE_SHARE]
    swapped = rng.sample(examples, round(len(examples) * SWAPPED_SHARE))
    tagger.train(tagged(kept) + variants(swapped, names=names, seed=seed), sources.lexicon, out / TAGGER)


def knowledge_material(sources: Sources, texts: Sequence[str], intents: Fitted, reader: Reader, *, seed: int) -> Material:
    """The questions of `bot/nlu/questions.py`; examples are asked only where their intent features are of a head and an encoder that never
    saw them."""

    def in_shop(text: str) -> tuple[float, ...]:
        return _shop(intents.labels, intents.head.probabilities(reader.encoder.encode([text])[0], reader.vectoriser.row(text)))

    held_out = [_shop(intents.labels, shares) if judged else None for shares, judged in zip(intents.held_out, intents.judged, strict=True)]
    examples = list(zip(texts, sources.examples, held_out, strict=True))
    return material_of(Raw(sources.topics, sources.products, examples, sources.unanswerable, sources.lexicon), in_shop, seed=seed)


def unanswerable_scores(outcomes: Sequence[Answered]) -> list[float]:
    """Best scores (0–1, falling) of the questions that nothing answers, by searches that never saw them: evidence for the bands."""
    scores = [round(o.ranked[0][1], 4) if o.ranked else 0.0 for o in outcomes if o.question.source == UNANSWERABLE_SOURCE]
    return sorted(scores, reverse=True)


def knowledge_metrics(outcomes: Sequence[Answered]) -> dict[str, float]:
    """Of questions whose phrasing was held out: how often the right document is first, among three; mean score of the rest."""
    answered = [o for o in outcomes if o.question.source == "phrasing"]
    ranks = [[identity for identity, _ in o.ranked].index(o.question.truth) if o.question.truth in dict(o.ranked) else 99 for o in answered]
    nothing = [o.ranked[0][1] if o.ranked else 0.0 for o in outcomes if o.question.truth is None]
    return {
        "hit_at_1": float(np.mean([rank == 0 for rank in ranks])),
        "hit_at_3": float(np.mean([rank < 3 for rank in ranks])),
        "mean_best_score_of_unanswerable": float(np.mean(nothing)) if nothing else 0.0,
    }


def _shop(labels: Sequence[str], shares: Floats) -> tuple[float, ...]:
    return shop_features([Ranked(label, float(share)) for label, share in zip(labels, shares, strict=True)])


def _needed(items: list[Labelled], file: str) -> list[Labelled]:
    if not items:
        raise DataError(f"{file} is missing or empty")
    return items
