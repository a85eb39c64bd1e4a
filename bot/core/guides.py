"""Guides: step-by-step help as data (requirement R067). A guide is a tree of steps; this module says what one is and checks it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.errors import ZhangguiError

SOLVED, UNSOLVED, LEFT = "solved", "unsolved", "left"
AFTERSALE, TICKET, PERSON, SECURITY = "aftersale", "ticket", "person", "security"
ENDS = (SOLVED, LEFT, AFTERSALE, TICKET, PERSON, SECURITY)
"""Where a guide can end: solved, broken off, an after-sale form, a ticket, a person, or the account is in danger."""
_TRIED, _FURTHER = "tried", (AFTERSALE, TICKET)
MOST_CHOICES = 7
_PARTS = re.compile(r"[，。,.;；!！\n\s]+(?![a-z])|(?<=[\u4e00-\u9fff])\s+", re.IGNORECASE)
_NO_USE = re.compile(r"(还|还是|也|都|照样|依然)?(不行|没用|没反应|没效果|不管用|不好使|一样)")
_DONE = re.compile(r"[了过完]|\b(did|done|already|tried|have|ve|was|\w+ed|reset)\b", re.IGNORECASE)
_NO = re.compile(r"(没有?|不是|[不无未])$")
_OPEN = re.compile(r"没|未|不|别|要|怎么|如何|吗|[?？]|n't|\b(not|never|how|should|can|cannot)\b", re.IGNORECASE)
"""What tells a deed as done, and what leaves it open."""
LANGUAGES = ("zh", "en")
Text = Mapping[str, str]
"""The same in every language of `LANGUAGES`."""


class GuideError(ZhangguiError):
    """A guide cannot be used; the message names the file, the step, and what was expected."""

    code = "bad_guide"


@dataclass(frozen=True)
class Choice:
    """`go` is a step or an end; `words` are what a shopper types for it; `means` is `yes` or `no` where a bare yes or no says it; `done`
    are words for the deed that makes it true, also when it was told before it was asked for."""

    title: Text
    go: str
    words: tuple[str, ...] = ()
    means: str | None = None
    done: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """A question, or something to try; `tried` marks the second kind."""

    text: Text
    choices: tuple[Choice, ...]
    tried: bool = False


@dataclass(frozen=True)
class Common:
    """What all guides share: the answers to a step that has something tried, and the last step by what is offered there."""

    helped: Choice
    still: Choice
    further: Mapping[str, Step]


@dataclass(frozen=True)
class Guide:
    """`want` is the intent that it serves, `names` what shoppers call its subject, `products` the skus that it is for."""

    id: str
    want: str
    title: Text
    names: tuple[str, ...]
    products: tuple[str, ...]
    start: str
    steps: Mapping[str, Step]

    def named_in(self, text: str) -> tuple[int, int]:
        """How well `text` names the subject: characters of the longest name, then how early it stands; (0, 0) for not at all."""
        said = text.lower()
        return max(((len(name), -said.index(name.lower())) for name in self.names if name.lower() in said), default=(0, 0))


def choose(step: Step, text: str, intent: str) -> Choice | None:
    """The choice that a typed message makes: the longest words win, a no before a yes; else a bare yes or no by its intent."""
    said = text.lower()
    lengths = [max((len(w) for w in (*c.words, *c.title.values()) if _says(said, w.lower())), default=0) for c in step.choices]
    best = max(lengths, default=0)
    if best:
        close = [choice for choice, length in zip(step.choices, lengths) if length == best]
        return next((choice for choice in close if choice.means == "no"), close[0] if len(close) == 1 else None)
    bare = {"affirm": "yes", "deny": "no"}.get(intent)
    return next((choice for choice in step.choices if bare and choice.means == bare), None)


def _says(said: str, word: str) -> bool:
    """Whether a word is said, and not behind a Chinese "no": 没水垢 does not say 水垢. In English the no is often the symptom."""
    before = said.split(word)[:-1]
    return any(word.isascii() or not _NO.search(part) for part in before)


def done_already(step: Step, said: Iterable[str]) -> Choice | None:
    """The choice that one of the messages `said` has made by telling its deed as done: 刷子清过了 skips the cleaning of the brush."""
    deeds = [part.lower() for text in said for part in _PARTS.split(_NO_USE.sub("", text)) if _DONE.search(part) and not _OPEN.search(part)]
    return next((choice for choice in step.choices if any(word.lower() in deed for word in choice.done for deed in deeds)), None)


def common_of(raw: Any, *, where: str) -> Common:
    """Read what all guides share from its YAML; raises `GuideError` that begins with `where`."""
    _keys(raw, where, needed=(_TRIED, *_FURTHER))
    _keys(raw[_TRIED], f"{where}: {_TRIED}", needed=("choices",))
    helped, still = _choices(raw[_TRIED]["choices"], f"{where}: {_TRIED}", most=2)
    return Common(helped, still, {name: _question(raw[name], f"{where}: {name}") for name in _FURTHER})


def guide_of(raw: Any, common: Common, *, where: str) -> Guide:
    """Read one guide from its YAML; raises `GuideError` that begins with `where`."""
    _keys(raw, where, needed=("id", "want", "title", "names", "start", "steps", "not_solved"), known=("products",))
    if raw["not_solved"] not in _FURTHER:
        raise GuideError(f"{where}: not_solved is {raw['not_solved']!r}; expected one of {', '.join(_FURTHER)}")
    if not isinstance(raw["steps"], Mapping) or not raw["steps"]:
        raise GuideError(f"{where}: steps must be a mapping of names to steps")
    steps = {str(name): _step(step, common, f"{where}: step {name!r}") for name, step in raw["steps"].items()}
    guide = Guide(
        id=str(raw["id"]),
        want=str(raw["want"]),
        title=_text(raw["title"], f"{where}: title"),
        names=_words(raw["names"], f"{where}: names"),
        products=_words(raw.get("products") or (), f"{where}: products"),
        start=str(raw["start"]),
        steps={**steps, UNSOLVED: common.further[raw["not_solved"]]},
    )
    _check_ways(guide, where)
    return guide


def check_together(guides: Sequence[Guide]) -> None:
    """Raises `GuideError` when two guides share an id or a product."""
    for what, values in (("id", [g.id for g in guides]), ("product", [sku for g in guides for sku in g.products])):
        twice = {value for value in values if values.count(value) > 1}
        if twice:
            raise GuideError(f"two guides have the {what} {min(twice)!r}")


def _step(raw: Any, common: Common, where: str) -> Step:
    if not isinstance(raw, Mapping) or "try" not in raw:
        return _question(raw, where)
    _keys(raw, where, needed=("try",), known=("else", "done"))
    done = _words(raw.get("done") or (), f"{where}: done")
    still = dataclasses.replace(common.still, go=str(raw.get("else", UNSOLVED)), done=done)
    return Step(_text(raw["try"], f"{where}: try"), (common.helped, still), tried=True)


def _question(raw: Any, where: str) -> Step:
    _keys(raw, where, needed=("ask", "choices"))
    return Step(_text(raw["ask"], f"{where}: ask"), _choices(raw["choices"], where))


def _choices(raw: Any, where: str, *, most: int = MOST_CHOICES) -> tuple[Choice, ...]:
    if not isinstance(raw, list) or not 2 <= len(raw) <= most:
        raise GuideError(f"{where}: expected 2 to {most} choices")
    return tuple(_choice(choice, f"{where}: choice {n}") for n, choice in enumerate(raw, 1))


def _choice(raw: Any, where: str) -> Choice:
    _keys(raw, where, needed=("title", "go"), known=("words", "means", "done"))
    if raw.get("means") not in (None, "yes", "no"):
        raise GuideError(f"{where}: means is {raw['means']!r}; expected 'yes' or 'no' (in quotes)")
    words, done = (_words(raw.get(key) or (), f"{where}: {key}") for key in ("words", "done"))
    return Choice(_text(raw["title"], f"{where}: title"), str(raw["go"]), words, raw.get("means"), done)


def _keys(raw: Any, where: str, *, needed: Iterable[str], known: Iterable[str] = ()) -> None:
    if not isinstance(raw, Mapping):
        raise GuideError(f"{where}: expected a mapping, got {raw!r}")
    missing = [key for key in needed if key not in raw]
    strange = [str(key) for key in raw if key not in (*needed, *known)]
    if missing or strange:
        what = f"{missing[0]!r} is missing" if missing else f"{strange[0]!r} is unknown"
        raise GuideError(f"{where}: {what}; the keys are {', '.join((*needed, *known))}")


def _text(raw: Any, where: str) -> Text:
    if not isinstance(raw, Mapping) or set(raw) != set(LANGUAGES) or not all(isinstance(t, str) and t.strip() for t in raw.values()):
        raise GuideError(f"{where}: expected the texts {{{', '.join(LANGUAGES)}}}, got {raw!r}")
    return {language: raw[language].strip() for language in LANGUAGES}


def _words(raw: Any, where: str) -> tuple[str, ...]:
    if not isinstance(raw, (list, tuple)) or not all(isinstance(word, str) and word for word in raw):
        raise GuideError(f"{where}: expected a list of words (numbers in quotes), got {raw!r}")
    return tuple(raw)


def _check_ways(guide: Guide, where: str) -> None:
    """Every way leads to an end, and every step can be reached."""
    if guide.start not in guide.steps:
        raise GuideError(f"{where}: it starts at {guide.start!r}, which is no step; the steps are {', '.join(guide.steps)}")
    reached: set[str] = set()

    def walk(name: str, way: tuple[str, ...]) -> None:
        if name in way:
            raise GuideError(f"{where}: the steps {' → '.join((*way, name))} go round in a circle")
        reached.add(name)
        for choice in guide.steps[name].choices:
            if choice.go in guide.steps:
                walk(choice.go, (*way, name))
            elif choice.go not in ENDS:
                known = ", ".join((*guide.steps, *ENDS))
                raise GuideError(f"{where}: step {name!r} goes to {choice.go!r}, which is neither a step nor an end; known are {known}")

    walk(guide.start, ())
    lost = [name for name in guide.steps if name not in reached and name != UNSOLVED]
    if lost:
        raise GuideError(f"{where}: no choice leads to step {lost[0]!r}")
