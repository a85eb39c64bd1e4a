"""Noise that shoppers make: same-sound characters, dropped and swapped characters, fillers, no punctuation."""

import random
import re
from pathlib import Path

_FILLERS_BEFORE = ("亲，", "亲亲", "你好，", "请问", "请问一下", "那个", "嗯", "老板", "客服", "在吗，", "我想问下", "麻烦问下")
_FILLERS_AFTER = ("呢", "啊", "呀", "吗", "。", "？", "~", "，谢谢", "，急", "哦", "！")
_PUNCTUATION = re.compile(r"[，。！？、,.!?~…\s]+")


def read_same_sound(path: Path) -> dict[str, str]:
    """Characters of the same sound by character; rows of `same_pinyin.txt` are: character, same tone, other tone."""
    if not path.exists():
        return {}
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    return {row[0]: "".join(row[1:]) for row in rows if len(row) > 1 and row[1]}


def add_noise(text: str, same_sound: dict[str, str], rng: random.Random) -> str:
    """One shopper's spelling of `text`; short texts change in one place, long ones in a few."""
    chars = list(text)
    for _ in range(1 + len(chars) // 10):
        place = rng.randrange(len(chars))
        chars[place] = _change(chars[place], same_sound, rng)
    noisy = "".join(chars)
    if rng.random() < 0.3:
        noisy = _PUNCTUATION.sub("", noisy)
    if rng.random() < 0.25:
        noisy = rng.choice(_FILLERS_BEFORE) + noisy
    if rng.random() < 0.25:
        noisy += rng.choice(_FILLERS_AFTER)
    return noisy if noisy.strip() else text


def _change(char: str, same_sound: dict[str, str], rng: random.Random) -> str:
    fate = rng.random()
    if fate < 0.5 and char in same_sound:
        return rng.choice(same_sound[char])
    if fate < 0.75:
        return ""
    return char + char if fate < 0.85 else char
