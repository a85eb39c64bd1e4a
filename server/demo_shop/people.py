"""Invented people and places. Phone numbers stay in a range that no operator gives out (1xx 0000 xxxx)."""

from __future__ import annotations

import random

from server.demo_shop.models import Shopper

WAREHOUSE = ("浙江省", "杭州市")

_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = (
    "子涵",
    "雨桐",
    "浩然",
    "思远",
    "欣怡",
    "梓轩",
    "佳琪",
    "明远",
    "晓雯",
    "志强",
    "丽华",
    "建国",
    "秀英",
    "雪梅",
    "俊杰",
    "文博",
    "婷婷",
    "海燕",
    "国庆",
    "桂芳",
    "天宇",
    "若曦",
    "一诺",
    "书瑶",
    "嘉怡",
    "鹏飞",
    "美玲",
    "红梅",
    "晨曦",
    "立新",
    "小满",
    "安然",
)
PLACES: tuple[tuple[str, str, str], ...] = (
    ("浙江省", "杭州市", "西湖区文三路"), ("浙江省", "宁波市", "鄞州区天童南路"), ("上海市", "上海市", "浦东新区世纪大道"),
    ("江苏省", "南京市", "鼓楼区中山路"), ("江苏省", "苏州市", "工业园区星湖街"), ("北京市", "北京市", "朝阳区建国路"),
    ("广东省", "广州市", "天河区体育西路"), ("广东省", "深圳市", "南山区科技园路"), ("四川省", "成都市", "武侯区人民南路"),
    ("湖北省", "武汉市", "洪山区珞喻路"), ("陕西省", "西安市", "雁塔区长安南路"), ("山东省", "青岛市", "市南区香港中路"),
    ("福建省", "厦门市", "思明区湖滨南路"), ("湖南省", "长沙市", "岳麓区麓山路"), ("辽宁省", "沈阳市", "和平区南京街"),
    ("新疆维吾尔自治区", "乌鲁木齐市", "天山区解放路"), ("内蒙古自治区", "呼和浩特市", "赛罕区大学东街"),
)  # fmt: skip


def shopper(shopper_id: str, level: str, rng: random.Random, *, name: str | None = None, featured: bool = False) -> Shopper:
    """A person; the last four digits of the phone are the only ones that differ much."""
    phone = f"1{rng.choice('35789')}{rng.randrange(10)}0000{rng.randrange(10_000):04d}"
    named = name or rng.choice(_FAMILY) + rng.choice(_GIVEN)
    return Shopper(shopper_id=shopper_id, name=named, phone=phone, level=level, featured=featured)


def place(rng: random.Random, *, near: bool = False) -> tuple[str, str, str]:
    """Province, city, street with number; `near` leaves out where delivery costs more."""
    province, city, street = rng.choice(PLACES[:15] if near else PLACES)
    return province, city, f"{street}{rng.randrange(1, 300)}号{rng.randrange(1, 20)}幢{rng.randrange(101, 1800)}室"


def address(where: tuple[str, str, str]) -> str:
    """One line; municipalities are not named twice."""
    province, city, street = where
    return f"{province}{street}" if province == city else f"{province}{city}{street}"
