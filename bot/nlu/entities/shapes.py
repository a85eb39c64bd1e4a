"""How sizes, names and addresses look in Chinese text: hints for the tagger, and answers to a form that asked for a size."""

from __future__ import annotations

import re

from bot.nlu.entities.found import Found

_NUMERAL = "[一二两三四五六七八九十]{1,4}"
_LETTERS = r"(?:xs|s|m|l|x{1,4}l|[2-6]xl)"
_UNITS = "gb|tb|ml|mm|cm|kg|g|l|t|升|毫升|米|厘米|斤装|寸|英寸|抽"
_SIZES = re.compile(
    rf"(?<![a-z0-9.])(?:(?:{_LETTERS}|\d{{2,3}}(?:\.5)?)码|{_NUMERAL}码|均码|{_LETTERS}(?=[^a-z0-9]|$)"
    rf"|\d+\+\d+ ?(?:g|gb|t)?(?![a-z0-9])|\d+(?:\.\d+)? ?(?:{_UNITS})(?![a-z0-9])"
    r"|[大中小](?:号|码)|加[大绒厚](?:码|款)?|[长短]款|[大中小]瓶装?|(?:单|双)人款?)"
)
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆"
    "郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢岳齐梅莫庄辛管祝左"
    "涂谷祁时舒耿牟卜"
)
_PROVINCES = (
    "北京|上海|天津|重庆|广东|浙江|江苏|山东|河南|河北|湖北|湖南|四川|福建|安徽|江西|辽宁|吉林|黑龙江|陕西|山西|云南|贵州|广西|海南|甘肃|宁夏|青海"
    "|新疆|西藏|内蒙古?"
)
_CITIES = (
    "广州|深圳|杭州|南京|苏州|成都|武汉|西安|长沙|郑州|青岛|济南|福州|厦门|合肥|沈阳|大连|昆明|宁波|无锡|佛山|东莞|南昌|南宁|贵阳|石家庄|哈尔滨|长春"
    "|太原|兰州|海口|温州|绍兴|嘉兴|常州|徐州|烟台"
)
_LEVELS = "省|市|区|县|镇|乡|村|路|街|道|巷|弄|大道|小区|花园|大厦|广场|公寓|家园|号楼|号院|栋|单元|室|幢"
_PLACES = re.compile(rf"{_PROVINCES}|{_CITIES}|[\u4e00-\u9fff]{{1,4}}(?:{_LEVELS})")


def sizes(text: str) -> list[Found]:
    """Sizes and specifications by their written form, in normalised text."""
    return [Found("sku_option", m.start(), m.end(), m[0], "rule") for m in _SIZES.finditer(text)]


def is_surname(char: str) -> bool:
    return char in _SURNAMES


def places(text: str) -> list[tuple[int, int]]:
    """Spans that look like parts of a Chinese address."""
    return [m.span() for m in _PLACES.finditer(text)]
