"""A conditional random field for what only context tells: products no catalogue has, reasons, names, bare prices. Its tokens are single
characters, but Latin words and numbers are one each.

Rules and dictionaries speak to it as features, so it learns when to trust them. python-crfsuite keeps the model in its own binary
format (no pickle). One message takes well under a millisecond.
"""

from __future__ import annotations

import re
import threading
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
_TOKEN = re.compile(r"[a-zà-öø-ÿ]+(?:['’][a-zà-öø-ÿ]+)*|\d+|\S")
_BREAKS = "，。！？；、,!?;~… "
_CLAUSE = re.compile(rf"(?:[^{_BREAKS}]| (?![一-鿿])(?<![一-鿿] ))+[{_BREAKS}]*|[{_BREAKS}]+")
"""Up to a mark, or a blank beside an ideograph."""
_WANT = re.compile(
    r"退|换|取消|撤|不要|不想要|别发|别寄|别送|算了|申请|返修|返品|交換|返金|キャンセル|반품|교환|환불|취소"
    r"|return|refund|exchange|cancel|send (?:it )?back|swap|money back|devol|reembols|cambi|anul"
)
_ASKS = re.compile(
    r"吗|么$|咋|怎么|能不能|可以|行不行|麻烦|帮|给我|亲|你好|谢谢|请|ください|できます|주세요|수 있"
    r"|please|pls|can i|could|por favor|puedo"
)
MAX_CHARS = 400
"""Longer texts are tagged up to here: later parts of an essay rarely name anything a dialogue waits for."""


@dataclass(frozen=True)
class Tagged:
    """One training text (normalised) with its marked spans `(start, end, entity)`."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    intent: str = ""


class Tagger:
    """Loaded model; safe for concurrent use: one text at a time, since crfsuite keeps it inside."""

    def __init__(self, file: Path, lexicon: Lexicon) -> None:
        self._model = pycrfsuite.Tagger()
        self._model.open(str(file))
        self._lexicon = lexicon
        self._alone = threading.Lock()

    def tag(self, text: str, intent: str) -> list[Found]:
        """Spans with the probability of their weakest token as confidence; values are the text itself."""
        text = text[:MAX_CHARS]
        places = tokens(text)
        if not places:
            return []
        seen = features(text, places, intent, self._lexicon)
        with self._alone:
            labels = self._model.tag(seen)
            return [self._as_found(text, places, *span) for span in spans_of(labels)]

    def _as_found(self, text: str, places: Sequence[tuple[int, int]], first: int, end: int, entity: str) -> Found:
        marks = ["B-" + entity] + ["I-" + entity] * (end - first - 1)
        confidence = min(self._model.marginal(mark, i) for i, mark in enumerate(marks, first))
        (start, _), (_, stop) = places[first], places[end - 1]
        return Found(entity, start, stop, text[start:stop], "tagger", round(float(confidence), 3))


def train(examples: Sequence[Tagged], lexicon: Lexicon, file: Path, *, progress: Callable[[int], None] | None = None) -> None:
    """L-BFGS with elastic net; deterministic. Writes the model to `file`."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({"c1": 0.05, "c2": 0.02, "max_iterations": 60, "feature.minfreq": 2})
    for i, example in enumerate(examples):
        places = tokens(example.text)
        trainer.append(features(example.text, places, example.intent, lexicon), bio(example, places))
        if progress and i % 200 == 199:
            progress(200)
    trainer.train(str(file))


def tokens(text: str) -> list[tuple[int, int]]:
    """Half-open spans of what the labels stand on: a Latin word, a number, any other character; blanks are none."""
    return [match.span() for match in _TOKEN.finditer(text)]


def bio(example: Tagged, places: Sequence[tuple[int, int]]) -> list[str]:
    """A label for each token; one that a span only touches belongs to it."""
    labels = ["O"] * len(places)
    for start, end, entity in example.spans:
        touched = [i for i, (a, b) in enumerate(places) if a < end and b > start]
        for i in touched:
            labels[i] = ("B-" if i == touched[0] else "I-") + entity
    return labels


def spans_of(labels: Sequence[str]) -> list[tuple[int, int, str]]:
    """`(first token, one after the last, entity)`."""
    spans: list[tuple[int, int, str]] = []
    for i, label in enumerate(labels):
        entity = label[2:]
        if label.startswith("I-") and spans and spans[-1][1] == i and spans[-1][2] == entity:
            spans[-1] = (spans[-1][0], i + 1, entity)
        elif label != "O":
            spans.append((i, i + 1, entity))
    return spans


def features(text: str, places: Sequence[tuple[int, int]], intent: str, lexicon: Lexicon) -> list[list[str]]:
    """One list of feature strings per token. `intent` is the predicted one: a reason belongs to a return, a bare 5 to a rating."""
    words = [_word(text[start:end]) for start, end in places]
    kinds = [_kind(text[start]) for start, _ in places]
    marks, edges = _marks(text, lexicon), _word_edges(text)
    clauses = _clause_marks(text, places, words) if intent in REASONED else [[]] * len(places)
    marks = [marks[start] for start, _ in places]
    padded = ["^"] * 3 + words + ["$"] * 3
    rows = []
    for i, (start, end) in enumerate(places):
        a, b, c, word, d, e, f = padded[i : i + 7]  # three tokens either side
        rows.append(
            [
                "b", "0=" + word, "-1=" + c, "+1=" + d, "-2=" + b, "+2=" + e,
                f"-10={c} {word}", f"0+1={word} {d}", f"-2-1={b} {c}", f"+1+2={d} {e}",
                f"-3-1={a} {b} {c}", f"+1+3={d} {e} {f}", f"-1+1={c} {word} {d}",
                "k=" + kinds[i], "k3=" + "".join(kinds[max(0, i - 1) : i + 2]), "e=" + edges[start],
                "w=" + edges[start] + kinds[i], *marks[i], *clauses[i],
                *("<" + mark for mark in (marks[i - 1] if i else ["^"])),
                *(">" + mark for mark in (marks[i + 1] if i + 1 < len(marks) else ["$"])),
                *(["_<"] if text[start - 1 : start] == " " else []), *(["_>"] if text[end : end + 1] == " " else []),
                *(["p=" + word[:3], "s=" + word[-3:]] if len(word) > 3 else []),
            ]
        )  # fmt: skip
    return rows


def _word(token: str) -> str:
    """A long number is told by its length alone."""
    return f"#{len(token)}" if len(token) > 2 and token.isdigit() else token


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


def _clause_marks(text: str, places: Sequence[tuple[int, int]], words: Sequence[str]) -> list[list[str]]:
    """Where each token stands in its clause, and whether the clause says the want: the others are likely to say why."""
    marks: list[list[str]] = []
    clauses = list(_CLAUSE.finditer(text))
    alone = "1" if len(clauses) == 1 else "n"
    for clause in clauses:
        body = clause.start() + len(clause[0].rstrip(_BREAKS))
        said = "want" if _WANT.search(clause[0]) else "ask" if _ASKS.search(text[clause.start() : body]) else "rest"
        while len(marks) < len(places) and places[len(marks)][0] < clause.end():
            i = len(marks)
            start, end = places[i]
            place = "B" if start == clause.start() else "X" if start >= body else "E" if end == body else "I"
            marks.append(["r", f"r={place}", f"r={place}{said}", f"r={said}{alone}", f"r0={said}{words[i]}"])
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
