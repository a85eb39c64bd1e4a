"""The fitting behind `bot.nlu.train`: every part of a release from its data, with cross-validated figures for the manifest."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml
from joblib import Parallel, delayed  # type: ignore[import-untyped]

from bot.nlu.augment import Extra, copies
from bot.nlu.data import DataError, Example, Labelled, load_complaints, load_examples, load_sentiment
from bot.nlu.encoder import SentenceEncoder
from bot.nlu.entities import tagger
from bot.nlu.entities.corpus import tagged, variants
from bot.nlu.entities.lexicon import Lexicon
from bot.nlu.folds import grouped_folds
from bot.nlu.heads import Floats, HeadOptions, LinearHead, fit_head, fit_temperature, softmax
from bot.nlu.intents import Ranked
from bot.nlu.lexical import NgramVectoriser
from bot.nlu.normalise import plain
from bot.nlu.parser import shop_features
from bot.nlu.questions import Raw, material_of
from bot.nlu.release import COMPLAINT, HELD_OUT, INTENTS, KNOWLEDGE, LEXICON, SENTIMENT, TAGGER, TOPICS
from knowledge_base.articles import load_articles, load_products, product_answers
from knowledge_base.fit import FOLDS, CachedEncoder, Material, Outcome, fit_search
from knowledge_base.index import Document, product_documents, topic_documents

INTENT_HEAD = HeadOptions()
SMALL_HEAD = HeadOptions(inverse_penalty=1.0, balanced=1.0)
DEV_QUESTIONS = Path("evaluation/data/unanswerable_dev.yml")
_WORTH_PROCESSES = 3000
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


@dataclass(frozen=True)
class Fitted:
    """A head on everything, and what heads that never saw an example made of it: `held_out` (n, labels) probabilities."""

    head: LinearHead
    held_out: Floats
    metrics: dict[str, float]

    @property
    def labels(self) -> tuple[str, ...]:
        return self.head.labels


def fit_release(root: Path, out: Path, *, encoder: str, seed: int, threads: int, step: Step) -> tuple[dict[str, int], dict[str, Any]]:
    """Train everything into `out` (an empty folder); raises `DataError`, `ArticleError` or `EncoderError`."""
    step("reading data")
    sources = load_sources(root)
    tagged(sources.examples)  # markup that does not align fails before anything is trained
    step("loading the encoder")
    cached = CachedEncoder(SentenceEncoder(encoder, threads=threads))
    texts = [plain(example.text) for example in sources.examples]
    vectoriser = vectoriser_of(texts, sources)
    labels = [e.intent for e in sources.examples]
    intents = fit_labelled(
        texts, labels, cached, vectoriser, INTENT_HEAD, seed=seed, extra=extra_texts(sources, seed=seed), step=step, what="intents"
    )
    intents.head.save(out, INTENTS)
    metrics: dict[str, Any] = {"intents": intents.metrics}
    for name, items in ((SENTIMENT, sources.sentiment), (COMPLAINT, sources.complaints)):
        step(name)
        plain_texts = [plain(item.text) for item in items]
        fitted = fit_labelled(plain_texts, [item.label for item in items], cached, vectoriser, SMALL_HEAD, seed=seed)
        fitted.head.save(out, name)
        metrics[name] = fitted.metrics
    step("entities, beside the search")
    predicted = [intents.labels[i] for i in intents.held_out.argmax(axis=1)]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as aside:
        tagging = aside.submit(fit_tagger, sources, out, predicted=predicted, seed=seed)
        material = knowledge_material(sources, texts, intents, cached, vectoriser, seed=seed)
        search, outcomes = fit_search(material, cached, vectoriser, progress=step)
        tagging.result()
    search.save(out / KNOWLEDGE, TOPICS)
    save_held_out(outcomes, out / KNOWLEDGE / HELD_OUT)
    metrics["knowledge"] = knowledge_metrics(outcomes)
    counts = {"examples": len(texts), "articles": len(sources.topics), "products": len(sources.catalogue)}
    return counts, metrics


def vectoriser_of(texts: Sequence[str], sources: Sources) -> NgramVectoriser:
    """One vocabulary for all heads and the search: examples, topics whole, and the questions of product sheets."""
    topics = [text for d in sources.topics for text in (*d.questions, *d.statements)]
    return NgramVectoriser.fit([*texts, *topics, *sorted({q for d in sources.products for q in d.questions})])


def extra_texts(sources: Sources, *, seed: int) -> list[Extra]:
    """Copies of the examples, and phrasings of articles: most of them ask for knowledge, a few are wants, hence the small weight."""
    asked = [Extra(q, "ask_knowledge", 0.1) for d in sources.topics for q in d.questions]
    return [*copies(sources.examples, seed=seed), *asked]


def load_sources(root: Path) -> Sources:
    catalogue = load_products(root / "server/demo_shop/catalogue.yml")
    return Sources(
        examples=load_examples(root / "nlu_data"),
        sentiment=_needed(load_sentiment(root / "nlu_data"), "nlu_data/extra/sentiment.yml"),
        complaints=_needed(load_complaints(root / "nlu_data"), "nlu_data/extra/complaint_classes.yml"),
        topics=topic_documents(load_articles(root / "knowledge_base/articles")),
        products=product_documents(product_answers(catalogue)),
        catalogue=catalogue,
        lexicon=Lexicon.of_shop(catalogue, root / "nlu_data/dictionaries"),
        unanswerable=_unanswerable(root / DEV_QUESTIONS),
    )


def fit_labelled(
    texts: Sequence[str],
    labels: Sequence[str],
    encoder: CachedEncoder,
    vectoriser: NgramVectoriser,
    options: HeadOptions,
    *,
    seed: int,
    extra: Sequence[Extra] = (),
    folds: npt.NDArray[np.int64] | None = None,
    step: Step | None = None,
    what: str = "",
) -> Fitted:
    """Cross-validate (over `folds`, else over grouped folds of our own) for temperature and figures, then fit on everything."""
    folds = np.array(grouped_folds(texts, labels, folds=FOLDS, seed=seed)) if folds is None else folds
    more = [item.text for item in extra]
    vectors, matrix = encoder.encode([*texts, *more]), vectoriser.matrix([*texts, *more])
    all_labels = [*labels, *(item.label for item in extra)]
    weights = np.array([1.0] * len(texts) + [item.weight for item in extra], dtype=np.float32)
    fold_of = np.append(folds, [-1 if item.origin is None else folds[item.origin] for item in extra]).astype(int)
    names, truth = np.unique(np.array(labels), return_inverse=True)
    logits = np.zeros((len(texts), len(names)), dtype=np.float32)
    parts = [np.flatnonzero(fold_of != fold) for fold in range(int(folds.max()) + 1)]
    jobs = (delayed(fit_head)(vectors[p], matrix[p], [all_labels[i] for i in p], options=options, weights=weights[p]) for p in parts)
    for fold, head in enumerate(Parallel(n_jobs=_jobs(len(texts)), return_as="generator")(jobs)):
        if step:
            step(f"{what}, fold {fold + 1} of {FOLDS}")
        test = np.flatnonzero(folds == fold)
        columns = [head.labels.index(str(name)) if str(name) in head.labels else -1 for name in names]
        made = head.batch_logits(vectors[test], matrix[test])
        logits[test] = np.stack([made[:, c] if c >= 0 else np.full(len(test), -20.0) for c in columns], axis=1)
    if step:
        step(f"{what}, all examples")
    head = fit_head(vectors, matrix, all_labels, options=options, weights=weights)
    head.temperature = fit_temperature(logits, truth)
    return Fitted(head, softmax(logits / head.temperature), _scores(logits, truth, head.temperature))


def _jobs(examples: int) -> int:
    """Folds that are fitted side by side, in processes (the fit draws random numbers from one place of its process)."""
    return max(os.cpu_count() or 1, 1) if examples >= _WORTH_PROCESSES else 1


def fit_tagger(sources: Sources, out: Path, *, predicted: Sequence[str], seed: int) -> None:
    """`predicted`: held-out intents of the examples, so that the tagger learns how far an intent can be trusted."""
    examples = [replace(example, intent=intent) for example, intent in zip(sources.examples, predicted, strict=True)]
    sources.lexicon.save(out / LEXICON)
    names = [str(alias) for product in sources.catalogue for alias in product.get("aliases", ())]
    corpus = tagged(examples) + variants(examples, names=names, seed=seed)
    tagger.train(corpus, sources.lexicon, out / TAGGER)


def knowledge_material(
    sources: Sources, texts: Sequence[str], intents: Fitted, encoder: CachedEncoder, vectoriser: NgramVectoriser, *, seed: int
) -> Material:
    """The questions of `bot/nlu/questions.py`, with intent features by a head that never saw them."""

    def in_shop(text: str) -> tuple[float, ...]:
        return _shop(intents.labels, intents.head.probabilities(encoder.encode([text])[0], vectoriser.row(text)))

    held_out = [_shop(intents.labels, shares) for shares in intents.held_out]
    examples = list(zip(texts, sources.examples, held_out, strict=True))
    return material_of(Raw(sources.topics, sources.products, examples, sources.unanswerable, sources.lexicon), in_shop, seed=seed)


def save_held_out(outcomes: Sequence[Outcome], file: Path) -> None:
    """What the cross-validated search made of every question: evidence for the thresholds (`python -m evaluation knowledge --tune`)."""
    rows = [
        {
            "text": o.question.text,
            "truth": o.question.truth,
            "source": o.question.source,
            "score": round(o.ranked[0][1], 4),
            "top": o.ranked[:3],
        }
        for o in outcomes
        if o.ranked
    ]
    file.write_text(json.dumps(rows, ensure_ascii=False, indent=0), encoding="utf-8")


def knowledge_metrics(outcomes: Sequence[Outcome]) -> dict[str, float]:
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


def _scores(logits: Floats, truth: npt.NDArray[np.int64], temperature: float) -> dict[str, float]:
    from sklearn.metrics import f1_score

    predicted = logits.argmax(axis=1)
    shares = softmax(logits / temperature)
    return {
        "macro_f1": float(f1_score(truth, predicted, average="macro")),
        "accuracy": float((predicted == truth).mean()),
        "mean_confidence": float(shares.max(axis=1).mean()),
        "temperature": temperature,
    }


def _needed(items: list[Labelled], file: str) -> list[Labelled]:
    if not items:
        raise DataError(f"{file} is missing or empty")
    return items


def _unanswerable(file: Path) -> list[str]:
    if not file.is_file():
        return []
    return [plain(str(item["text"])) for item in yaml.safe_load(file.read_text(encoding="utf-8"))]
