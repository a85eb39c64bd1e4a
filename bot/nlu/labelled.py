"""A head fitted on labelled texts, with what heads that never saw an example made of it: evidence for its calibration and figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from bot.nlu.augment import Extra
from bot.nlu.data import DataError
from bot.nlu.encoder import CachedEncoder
from bot.nlu.folds import grouped_folds
from bot.nlu.heads import Floats, HeadOptions, HeadParts, LinearHead, fit_parts, fit_scales, softmax
from bot.nlu.lexical import NgramVectoriser

FOLDS = 3
ENOUGH = 200
"""Unseen texts from which the mix of vectors and bags can be told."""
_ABSENT = -20.0
"""Logit of a label that a fold's training part does not hold."""
Step = Callable[[str], None]


@dataclass(frozen=True)
class Fitted:
    """A head on everything, and `held_out` (n, labels): probabilities by heads that never saw the example, where `judged` (n,) says so."""

    head: LinearHead
    held_out: Floats
    judged: npt.NDArray[np.bool_]
    metrics: dict[str, float]

    @property
    def labels(self) -> tuple[str, ...]:
        return self.head.labels


@dataclass(frozen=True)
class Reader:
    """What texts are read with: the encoder and the vocabulary that all heads share."""

    encoder: CachedEncoder
    vectoriser: NgramVectoriser


def fit_labelled(
    texts: Sequence[str],
    labels: Sequence[str],
    reader: Reader,
    options: HeadOptions,
    *,
    seed: int,
    extra: Sequence[Extra] = (),
    folds: npt.NDArray[np.int64] | None = None,
    unseen: npt.NDArray[np.bool_] | None = None,
    aside: Executor | None = None,
    step: Step = lambda _: None,
) -> Fitted:
    """Fit on everything, with evidence from heads that never saw what they judge. `texts` are normalised.

    `unseen` (n,) marks texts that the encoder never saw with their labels: when they are enough, one head is fitted without them, and the
    mix of vectors and bags and the figures come from them alone. Otherwise all texts are judged, by cross-validation over `folds` (grouped
    ones of our own when None). The fit on everything runs in `aside` (processes, not threads: the machines share one random state) when
    there is one, beside the others. Raises `DataError` when there are fewer than two labels.
    """
    if len(set(labels)) < 2:
        raise DataError(f"there is nothing to tell apart: every example has the label {next(iter(labels), None)!r}")
    if unseen is not None and unseen.sum() >= ENOUGH:
        judged, folds = unseen, np.where(unseen, 0, -1)
    else:
        judged = np.ones(len(texts), dtype=bool)
        folds = np.array(grouped_folds(texts, labels, folds=FOLDS, seed=seed)) if folds is None else folds
    more = [item.text for item in extra]
    vectors, matrix = reader.encoder.encode(texts), reader.vectoriser.matrix([*texts, *more])
    all_labels = [*labels, *(item.label for item in extra)]
    weights = np.array([1.0] * len(texts) + [item.weight for item in extra], dtype=np.float32)
    fold_of = np.append(folds, [-1 if item.origin is None else folds[item.origin] for item in extra]).astype(int)
    names, truth = np.unique(np.array(labels), return_inverse=True)
    parts = [np.flatnonzero(fold_of != fold) for fold in range(int(folds.max()) + 1)]
    fit_whole = partial(fit_parts, vectors, matrix, all_labels, options=options, weights=weights)
    whole = aside.submit(fit_whole).result if aside else fit_whole
    by_vector, by_bag = (np.zeros((len(texts), len(names)), dtype=np.float32) for _ in range(2))
    for fold, p in enumerate(parts):
        step(f"fold {fold + 1} of {len(parts)}")
        made = fit_parts(vectors[p[p < len(texts)]], matrix[p], [all_labels[i] for i in p], options=options, weights=weights[p])
        test = np.flatnonzero(folds == fold)
        for target, found in zip((by_vector, by_bag), made.logits(vectors[test], matrix[test]), strict=True):
            target[test] = _aligned(found, made, names)
    step("all examples")
    scales = fit_scales(by_vector[judged], by_bag[judged], truth[judged])
    head = whole().mixed(scales)
    held_out = softmax(np.asarray(scales.dense * by_vector + scales.lexical * by_bag, dtype=np.float32))
    shares = {"dense_scale": scales.dense, "lexical_scale": scales.lexical}
    return Fitted(head, held_out, judged, _scores(held_out[judged], truth[judged]) | shares)


def _aligned(logits: Floats, made: HeadParts, names: npt.NDArray[np.str_]) -> Floats:
    columns = [made.labels.index(str(name)) if str(name) in made.labels else -1 for name in names]
    return np.stack([logits[:, c] if c >= 0 else np.full(len(logits), _ABSENT, np.float32) for c in columns], axis=1)


def _scores(shares: Floats, truth: npt.NDArray[np.int64]) -> dict[str, float]:
    from sklearn.metrics import f1_score

    predicted = shares.argmax(axis=1)
    return {
        "macro_f1": float(f1_score(truth, predicted, average="macro")),
        "accuracy": float((predicted == truth).mean()),
        "mean_confidence": float(shares.max(axis=1).mean()),
    }
