"""Guides: step-by-step help as data (requirement R067). A guide is a tree of steps; this module says what one is and checks it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.errors import ZhangguiError

SOLVED, UNSOLVED, LEFT = "solved", "unsolved", "left"
AFTERSALE, TICKET, PERSON, SECURITY = "aftersale", "ticket", "person", "security"
ENDS = (SOLVED, LEFT, AFTERSALE, TICKET, PERSON, SECURITY)
"""Where a guide can end: solved, broken off, an after-sale form, a ticket, a person, or the account is in danger."""
_FURTHER = (AFTERSALE, TICKET)
MOST_CHOICES = 7
LANGUAGES = ("zh", "en")
Text = Mapping[str, str]
"""The same in every language of `LANGUAGES`."""


class GuideError(ZhangguiError):
    """A guide cannot be used; the message names the file, the step, and what was expected."""

    code = "bad_guide"


@dataclass(frozen=True)
class Choice:
    """`go` is a step or an end; `words` are what a shopper types for it; `means` is `yes` or `no` where a bare yes or no says it."""

    title: Text
    go: str
    words: tuple[str, ...] = ()
    means: str | None = None


@dataclass(frozen=True)
class Step:
    """A question, or something to try; `tried` marks the second kind."""

    text: Text
    choices: tuple[Choice, ...]
    tried: bool = False


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
    lengths = [max((len(w) for w in (*c.words, *c.title.values()) if w.lower() in said), default=0) for c in step.choices]
    best = max(lengths, default=0)
    if best:
        close = [choice for choice, length in zip(step.choices, lengths) if length == best]
        return next((choice for choice in close if choice.means == "no"), close[0] if len(close) == 1 else None)
    bare = {"affirm": "yes", "deny": "no"}.get(intent)
    return next((choice for choice in step.choices if bare and choice.means == bare), None)


def guide_of(raw: Any, *, where: str) -> Guide:
    """Read one guide from its YAML; raises `GuideError` that begins with `where`."""
    _keys(raw, where, needed=("id", "want", "title", "names", "start", "steps", "not_solved"), known=("products",))
    if raw["not_solved"] not in _FURTHER:
        raise GuideError(f"{where}: not_solved is {raw['not_solved']!r}; expected one of {', '.join(_FURTHER)}")
    if not isinstance(raw["steps"], Mapping) or not raw["steps"]:
        raise GuideError(f"{where}: steps must be a mapping of names to steps")
    steps = {str(name): _step(step, f"{where}: step {name!r}") for name, step in raw["steps"].items()}
    guide = Guide(
        id=str(raw["id"]),
        want=str(raw["want"]),
        title=_text(raw["title"], f"{where}: title"),
        names=_words(raw["names"], f"{where}: names"),
        products=_words(raw.get("products") or (), f"{where}: products"),
        start=str(raw["start"]),
        steps={**steps, UNSOLVED: _further(raw["not_solved"])},
    )
    _check_ways(guide, where)
    return guide


def check_together(guides: Sequence[Guide]) -> None:
    """Raises `GuideError` when two guides share an id or a product."""
    for what, values in (("id", [g.id for g in guides]), ("product", [sku for g in guides for sku in g.products])):
        twice = {value for value in values if values.count(value) > 1}
        if twice:
            raise GuideError(f"two guides have the {what} {min(twice)!r}")


def _step(raw: Any, where: str) -> Step:
    if isinstance(raw, Mapping) and "try" in raw:
        _keys(raw, where, needed=("try",), known=("else",))
        return Step(
            _text(raw["try"], f"{where}: try"), (_HELPED, Choice(_DID_NOT, str(raw.get("else", UNSOLVED)), _STILL, "no")), tried=True
        )
    _keys(raw, where, needed=("ask", "choices"))
    choices = raw["choices"]
    if not isinstance(choices, list) or not 2 <= len(choices) <= MOST_CHOICES:
        raise GuideError(f"{where}: expected 2 to {MOST_CHOICES} choices")
    return Step(_text(raw["ask"], f"{where}: ask"), tuple(_choice(c, f"{where}: choice {n}") for n, c in enumerate(choices, 1)))


def _choice(raw: Any, where: str) -> Choice:
    _keys(raw, where, needed=("title", "go"), known=("words", "means"))
    if raw.get("means") not in (None, "yes", "no"):
        raise GuideError(f"{where}: means is {raw['means']!r}; expected 'yes' or 'no' (in quotes)")
    return Choice(
        _text(raw["title"], f"{where}: title"), str(raw["go"]), _words(raw.get("words") or (), f"{where}: words"), raw.get("means")
    )


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


_HELPED = Choice(
    {"zh": "好了，解决了", "en": "It works now"},
    SOLVED,
    ("解决了", "好了", "可以了", "能用了", "正常了", "修好了", "行了", "有用", "搞定", "fixed", "solved", "works now", "working now"),
)
_DID_NOT: Text = {"zh": "还是不行", "en": "Still not working"}
_STILL = (
    "还是",
    "不行",
    "没用",
    "没有用",
    "没好",
    "没解决",
    "没有解决",
    "解决不了",
    "没反应",
    "不管用",
    "依然",
    "依旧",
    "一样",
    "试过",
    "still",
    "no luck",
    "didn't",
    "doesn't",
)


def _further(way: str) -> Step:
    """What is offered when nothing helped."""
    titles: Mapping[str, Text] = {
        AFTERSALE: {"zh": "申请换新或维修", "en": "Exchange or repair"},
        TICKET: {"zh": "登记，专人处理", "en": "Log it for a specialist"},
    }
    words = {AFTERSALE: ("售后", "换新", "维修", "修", "换", "退", "exchange", "repair", "return"), TICKET: ("登记", "处理", "log it")}
    text = {
        "zh": "抱歉，这样还没有解决。您说的情况我都记下了，不用再讲一遍。接下来怎么办比较好？",
        "en": "Sorry that this has not solved it. I kept what you told me, so there is no need to repeat it. What would you like next?",
    }
    return Step(
        text,
        (
            Choice(titles[way], way, words[way], "yes"),
            Choice({"zh": "找人工客服", "en": "Talk to a person"}, PERSON, ("人工", "真人", "human", "agent")),
            Choice({"zh": "先不用了", "en": "Not now"}, LEFT, ("不用", "算了", "先不", "not now"), "no"),
        ),
    )
