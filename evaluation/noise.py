"""The noise of real typing, applied to whole sets: what a robust understanding must not mind."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable

from bot.nlu.lexical import syllable

_CHARS_PER_CHANGE = 8
Noise = Callable[[str, random.Random], str]


def noises(texts: Iterable[str]) -> dict[str, Noise]:
    """Noises by name; `texts` give the characters that people use, for mistakes of the same sound. A text without a place for one stays."""
    from opencc import OpenCC

    converter = OpenCC("s2t")
    same_sound = _same_sound(texts)
    return {
        "homophone": lambda text, rng: _each(
            text, rng, lambda char: [other for other in same_sound.get(syllable(char), ()) if other != char]
        ),
        "traditional": lambda text, _: str(converter.convert(text)),
        "full width": lambda text, _: "".join(_wide(char) for char in text),
        "spacing": lambda text, rng: _each(text, rng, lambda char: [char + " "]),
    }


def _each(text: str, rng: random.Random, changes: Callable[[str], list[str]]) -> str:
    """`text` with one character in eight changed, at least one, among those that have a change."""
    chars = list(text)
    places = [place for place, char in enumerate(chars) if changes(char)]
    for place in rng.sample(places, min(len(places), max(1, len(chars) // _CHARS_PER_CHANGE))):
        chars[place] = rng.choice(changes(chars[place]))
    return "".join(chars)


def _wide(char: str) -> str:
    return chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char


def _same_sound(texts: Iterable[str]) -> dict[str, list[str]]:
    by_sound: dict[str, list[str]] = defaultdict(list)
    for char in sorted(set("".join(texts))):
        if syllable(char) != char:
            by_sound[syllable(char)].append(char)
    return by_sound
