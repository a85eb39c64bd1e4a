"""Pictures of the demo products: no photographs exist, so each is drawn in quiet flat shapes, in the colour of its option."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_DRAWINGS = Path(__file__).with_name("products.svg")
_GROUP = re.compile(r'<g id="p(\w+)">(.*?)\n</g>', re.DOTALL)
_STANDS_FOR = {"clothing": "10104", "shoes": "10201", "electronics": "10310", "home": "10407", "beauty": "10501", "food": "10604"}
"""The drawing of a product that has none of its own."""

_COLOURS = {
    "黑": "#3a4042", "曜": "#3a4042", "深空灰": "#5c6468", "深色": "#4a5156", "白": "#f4f1ea", "雪原": "#f4f1ea", "银": "#c9ced1",
    "燕麦": "#d9c8a9", "雾蓝": "#8fa6b8", "雾霾蓝": "#8fa6b8", "浅蓝": "#a9c3d8", "深蓝": "#3d5878", "蓝底": "#8aa7c4", "湖蓝": "#6aa0b4",
    "藏青": "#33435e", "奶蓝": "#b4cfdf", "蓝": "#7fa3c7", "杏": "#e8cdb0", "橙": "#d98a4e", "浅色": "#e4d5c9", "米白": "#efe6d6",
    "奶白": "#f1eadf", "月白": "#e3ebee", "浅黄": "#f0dfa8", "奶黄": "#efdca6", "卡其": "#b7a07a", "棕": "#8a5f42", "驼": "#b98f63",
    "灰": "#b4babb", "薄荷绿": "#a8cdb9", "墨绿": "#40594c", "松针绿": "#4c6a58", "豆绿": "#a9bd94", "浅绿": "#b5cfb4", "沙": "#d3bd98",
    "粉": "#e3b3b3", "豆沙": "#b77b74", "透明": "#d7dfe0", "偏": "#e9e2d4", "组": "#d9c8bd", "奶茶": "#b98a72", "正红": "#b3303a",
    "玫瑰": "#b95068", "砖红": "#9c4a38", "蜜桃": "#e09a86", "自然": "#e2c3a4", "象牙": "#efdcc4", "白茶": "#cfdcc0", "橙花": "#eec79a",
    "无香": "#dfe3e0", "原味": "#a5623f", "香辣": "#b4453a",
}  # fmt: skip
_OWN = {
    "10401": "#c3c8c6", "10402": "#dfe4e6", "10405": "#f3ecdd", "10501": "#8fb0a4", "10503": "#a9c6cf", "10504": "#f0c66b",
    "10505": "#a9cbd6", "10506": "#d9a56a", "10507": "#c9a86a", "10509": "#c7935c", "10511": "#c9d9df", "10601": "#9e3d3a",
    "10602": "#8f2237", "10603": "#b0524e", "10604": "#d6c08a", "10605": "#5f7f5c", "10606": "#d99a3a", "10608": "#c9b98a",
    "10609": "#a5754f", "10610": "#d8b77c", "10611": "#d3a561",
}  # fmt: skip
_GROUND = {
    "clothing": ("#e3e8e4", "#8f9a95"), "shoes": ("#ebe5da", "#a0978a"), "electronics": ("#e0e6ea", "#8c98a0"),
    "home": ("#ece6da", "#a19887"), "beauty": ("#f1e5e1", "#a5928d"), "food": ("#ece8d7", "#9e997f"),
}  # fmt: skip
"""On a light and on a dark page."""
_INK, _PAPER = "#4a5153", "#fbf9f4"


def picture(sku: str, category: str, colour: str | None = None) -> str:
    """The SVG of a product; `colour` is the name of one of its options. The same input gives the same picture."""
    main = _OWN.get(sku) if colour is None else None
    main = main or _colour_of(colour or "")
    light, dark = _GROUND.get(category, _GROUND["home"])
    drawings = _drawings()
    drawing = drawings.get(sku) or drawings[_STANDS_FOR.get(category, "10407")]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240">'
        f"<style>{_style(main)}.ground{{fill:{light}}}@media(prefers-color-scheme:dark){{.ground{{fill:{dark}}}}}</style>"
        f'<path class="ground" d="M0 0h240v240H0z"/>{drawing}</svg>'
    )


@cache
def _drawings() -> dict[str, str]:
    return dict(_GROUP.findall(_DRAWINGS.read_text(encoding="utf-8")))


def _style(main: str) -> str:
    shade, light, seam = _mix(main, "#1c2422", 0.16), _mix(main, "#ffffff", 0.4), _mix(main, "#1c2422", 0.3)
    strokes = {"k": (seam, 2), "k2": (shade, 9), "k3": (main, 8), "k4": (_INK, 10), "k5": (_PAPER, 8), "w": (_PAPER, 3), "w2": (light, 3)}
    lines = "".join(f".{name}{{stroke:{colour};stroke-width:{width}}}" for name, (colour, width) in strokes.items())
    return (
        f".m{{fill:{main}}}.s{{fill:{shade}}}.h{{fill:{light}}}.i{{fill:{_INK}}}.i2{{fill:#5d5a57}}.i3{{fill:{_INK};opacity:.45}}"
        f".p{{fill:{_PAPER}}}.leaf{{fill:#6b8f63}}.g{{fill:#1c2422;opacity:.09}}"
        f".k,.k2,.k3,.k4,.k5,.w,.w2{{fill:none;stroke-linecap:round;stroke-linejoin:round}}{lines}"
    )


def _colour_of(name: str) -> str:
    """The longest known part of an option's name; a warm grey for what is no colour."""
    known = [part for part in _COLOURS if part in name]
    return _COLOURS[max(known, key=len)] if known else "#b8b4a8"


def _mix(a: str, b: str, share: float) -> str:
    channels = [(int(a[i : i + 2], 16), int(b[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in channels)
