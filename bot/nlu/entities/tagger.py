"""A conditional random field over characters for what only context tells: products no catalogue has, reasons, names, bare prices.

Rules and dictionaries speak to it as features, so it learns when to trust them. python-crfsuite keeps the model in its own binary
format (no pickle). One message takes well under a millisecond.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pycrfsuite  # type: ignore[import-untyped,unused-ignore]

from bot.nlu.entities.found import Found
from bot.nlu.entities.lexicon import Lexicon
from bot.nlu.entities.numbers import amounts, codes, quantities
from bot.nlu.entities.shapes import is_surname, places, sizes
from bot.nlu.lexical import jieba_cut

REASONED = frozenset({"request_return", "request_exchange", "request_refund", "cancel_order"})
"""The intents for which a shopper may give a reason (contract, intents.md)."""
_BREAKS = " ，。！？；、,!?;~…"
_CLAUSE = re.compile(rf"[^{_BREAKS}]+[{_BREAKS}]*|[{_BREAKS}]+")
_WANT = re.compile(r"退|换|取消|撤|不要|不想要|别发|别寄|别送|算了|申请|返修")
_ASKS = re.compile(r"吗|么$|咋|怎么|能不能|可以|行不行|麻烦|帮|给我|亲|你好|谢谢|请")
MAX_CHARS = 400
"""Longer texts are tagged up to here: later parts of an essay rarely name anything a dialogue waits for."""


@dataclass(frozen=True)
class Tagged:
    """One training text (normalised) with its marked spans `(start, end, entity)`."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    intent: str = ""


class Tagger:
    """Loaded model; `tag` is not safe for concurrent calls (crfsuite keeps the sequence inside), so each thread needs its own."""

    def __init__(self, file: Path, lexicon: Lexicon) -> None:
        self._model = pycrfsuite.Tagger()
        self._model.open(str(file))
        self._lexicon = lexicon

    def tag(self, text: str, intent: str) -> list[Found]:
        """Spans with the probability of their weakest character as confidence; values are the text itself."""
        text = text[:MAX_CHARS]
        if not text:
            return []
        labels = self._model.tag(features(text, intent, self._lexicon))
        return [self._as_found(text, *span) for span in spans_of(labels)]

    def _as_found(self, text: str, start: int, end: int, entity: str) -> Found:
        marks = ["B-" + entity] + ["I-" + entity] * (end - start - 1)
        confidence = min(self._model.marginal(mark, i) for i, mark in enumerate(marks, start))
        return Found(entity, start, end, text[start:end], "tagger", round(float(confidence), 3))


def train(examples: Sequence[Tagged], lexicon: Lexicon, file: Path, *, progress: Callable[[int], None] | None = None) -> None:
    """L-BFGS with elastic net; deterministic. Writes the model to `file`."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({"c1": 0.05, "c2": 0.02, "max_iterations": 60, "feature.minfreq": 2})
    for i, example in enumerate(examples):
        trainer.append(features(example.text, example.intent, lexicon), bio(example))
        if progress and i % 200 == 199:
            progress(200)
    trainer.train(str(file))


def bio(example: Tagged) -> list[str]:
    labels = ["O"] * len(example.text)
    for start, end, entity in example.spans:
        labels[start:end] = ["B-" + entity] + ["I-" + entity] * (end - start - 1)
    return labels


def spans_of(labels: Sequence[str]) -> list[tuple[int, int, str]]:
    spans: list[tuple[int, int, str]] = []
    for i, label in enumerate(labels):
        entity = label[2:]
        if label.startswith("I-") and spans and spans[-1][1] == i and spans[-1][2] == entity:
            spans[-1] = (spans[-1][0], i + 1, entity)
        elif label != "O":
            spans.append((i, i + 1, entity))
    return spans


def features(text: str, intent: str, lexicon: Lexicon) -> list[list[str]]:
    """One list of feature strings per character. `intent` is the predicted one: a reason belongs to a return, a bare 5 to a rating."""
    kinds = [_kind(char) for char in text]
    marks = _marks(text, lexicon)
    clauses = _clause_marks(text) if intent in REASONED else [[]] * len(text)
    edges = _word_edges(text)
    padded = "^^^" + text + "$$$"
    rows = []
    for i, kind in enumerate(kinds):
        window = padded[i : i + 7]  # three characters either side
        rows.append(
            [
                "b", "0=" + window[3], "-1=" + window[2], "+1=" + window[4], "-2=" + window[1], "+2=" + window[5],
                "-10=" + window[2:4], "0+1=" + window[3:5], "-2-1=" + window[1:3], "+1+2=" + window[4:6],
                "-3-1=" + window[0:3], "+1+3=" + window[4:7], "-1+1=" + window[2:5],
                "k=" + kind, "k3=" + "".join(kinds[max(0, i - 1) : i + 2]), "e=" + edges[i],
                "w=" + edges[i] + kind, *marks[i], *clauses[i],
                *("<" + mark for mark in (marks[i - 1] if i else ["^"])),
                *(">" + mark for mark in (marks[i + 1] if i + 1 < len(marks) else ["$"])),
            ]
        )  # fmt: skip
    return rows


def _marks(text: str, lexicon: Lexicon) -> list[list[str]]:
    """What rules and dictionaries say about each character: `B:product`, `I:amount`, `sur`, `place`."""
    marks: list[list[str]] = [[] for _ in text]
    for found in [*lexicon.matches(text), *sizes(text), *amounts(text), *quantities(text), *codes(text)]:
        for i in range(found.start, found.end):
            marks[i].append(("B:" if i == found.start else "I:") + found.entity)
    for start, end in places(text):
        for i in range(start, end):
            marks[i].append("place")
    for i, char in enumerate(text):
        if is_surname(char):
            marks[i].append("sur")
    return marks


def _clause_marks(text: str) -> list[list[str]]:
    """Where each character stands in its clause, and whether the clause says the want: the others are likely to say why."""
    marks: list[list[str]] = []
    clauses = _CLAUSE.findall(text)
    for clause in clauses:
        body = len(clause.rstrip(_BREAKS))
        said = "want" if _WANT.search(clause) else "ask" if _ASKS.search(clause[:body]) else "rest"
        for i in range(len(clause)):
            place = "B" if i == 0 else "X" if i >= body else "E" if i == body - 1 else "I"
            alone = "1" if len(clauses) == 1 else "n"
            marks.append(["r", f"r={place}", f"r={place}{said}", f"r={said}{alone}", f"r0={said}{clause[i]}"])
    return marks


def _word_edges(text: str) -> list[str]:
    edges: list[str] = []
    for token in _cut_with_blanks(text):
        edges += ["S"] if len(token) == 1 else ["B", *"M" * (len(token) - 2), "E"]
    return edges


def _cut_with_blanks(text: str) -> list[str]:
    """jieba words with white space kept, so that their lengths add up to the text."""
    tokens: list[str] = []
    rest = text
    for token in jieba_cut(text):
        at = rest.find(token)
        tokens += [*rest[:at], token]
        rest = rest[at + len(token) :]
    return [*tokens, *rest]


def _kind(char: str) -> str:
    if char.isdigit():
        return "d"
    if char.isascii() and char.isalpha():
        return "a"
    if char in "零一二两三四五六七八九十百千万半":
        return "n"
    if char == " ":
        return "_"
    return "h" if char.isalpha() else "p"
