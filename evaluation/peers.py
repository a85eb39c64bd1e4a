"""What a shop would use instead of our intent classifier, trained on the same examples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.nlu.data import Example
from evaluation import diet


def tfidf(train: Sequence[Example], test: Sequence[Example]) -> list[str]:
    """Character TF-IDF (1–3) and logistic regression."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2, dtype=np.float32)
    model = LogisticRegression(C=10, max_iter=300)
    model.fit(vectoriser.fit_transform([e.text for e in train]), [e.intent for e in train])
    return [str(label) for label in model.predict(vectoriser.transform([e.text for e in test]))]


def rasa_diet(train: Sequence[Example], test: Sequence[Example], *, epochs: int) -> list[str]:
    """Rasa's DIET with JiebaTokenizer, in Rasa's own environment; hours for tens of thousands of examples, then kept."""
    return diet.predict([(e.text, e.intent) for e in train], [e.text for e in test], epochs=epochs)
