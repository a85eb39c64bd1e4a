"""Masks of anonymised dialogues (`[数字x]`, `[姓名x]`) become plausible values, so that the model never meets a mask."""

import random
import re
from collections.abc import Callable

_KINDS = "数字|金额|日期|时间|姓名|地址|站点|电话|组织机构|订单编号|订单|链接|商品快照|邮箱"
_MASK = re.compile(rf"\[({_KINDS})[xX]?\]|#E-?s?\[?[^\]#]{{0,6}}\]?|<\w{{1,8}}>")
_SPREE_SLOT = re.compile(r"%\{\w+\}")
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰飞红"
_PLACES = ("北京市朝阳区", "上海市浦东新区", "广州市天河区", "深圳市南山区", "杭州市余杭区", "成都市武侯区", "武汉市洪山区", "西安市雁塔区")
_MAKERS: dict[str, Callable[[random.Random], str]] = {
    "数字": lambda rng: str(rng.choice((rng.randint(1, 9), rng.randint(1, 99), rng.randint(100, 9999)))),
    "金额": lambda rng: f"{rng.randint(1, 999)}{rng.choice(('', '', '.9', '.50'))}",
    "日期": lambda rng: f"{rng.randint(1, 12)}月{rng.randint(1, 28)}日",
    "时间": lambda rng: f"{rng.randint(0, 23)}:{rng.randint(0, 59):02d}",
    "姓名": lambda rng: rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, rng.randint(1, 2))),
    "地址": lambda rng: rng.choice(_PLACES),
    "站点": lambda rng: f"{rng.choice(_PLACES)}站",
    "电话": lambda rng: f"1{rng.choice('3578')}{rng.randint(0, 10**9 - 1):09d}",
    "组织机构": lambda rng: rng.choice(("顺丰速运", "中通快递", "京东物流", "工商银行", "客服中心")),
    "订单": lambda rng: str(rng.randint(10**10, 10**12)),
    "订单编号": lambda rng: str(rng.randint(10**10, 10**12)),
}


def fill_masks(text: str, rng: random.Random) -> str:
    """`text` with every known mask replaced by a value, and every other mark of the anonymiser dropped."""
    if "[" not in text and "#E" not in text and "<" not in text and "%{" not in text:
        return text
    filled = _MASK.sub(lambda match: _value(match.group(1), rng), text)
    return _SPREE_SLOT.sub("", filled).strip()


def _value(kind: str | None, rng: random.Random) -> str:
    make = _MAKERS.get(kind or "")
    return make(rng) if make else ""
