"""Names of people, companies and rooms by the words around them; the tagger finds the freer ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.entities.found import Found
from bot.nlu.entities.shapes import is_surname

_TITLE = re.compile(r"(?<![\u4e00-\u9fff])?([\u4e00-\u9fff])(?:先生|女士|小姐|太太|经理|师傅)")
_CUE = r"(?:收件人|收货人|联系人|取件人|签收人|报修人|寄件人|姓名|名字|我叫|署名)(?:是|为|改成|改为|改|换成|换为|写的|写成|写|填|叫|:| )*"
_NAMED = re.compile(rf"{_CUE}(?P<name>[\u4e00-\u9fff]{{2,4}})")
_AFTER_NAME = re.compile(
    r"(?=$|[^\u4e00-\u9fff]|的|那|这|电话|手机|地址|收|吧|就|行|可|不|谢|麻烦|请|先生|女士|号|住|来|取|换|改|他|她|是|和|跟|在|我)"
)
_BRANCH = r"(?:分公司|分行|支行|分店|分部|分厂|分校|分院|办事处|代表处|营业部|事业部|项目部)"
_WHERE = r"(?:(?![改换的是和还跟])[\u4e00-\u9fffa-z0-9]){2,12}?"
_COMPANY_END = re.compile(
    rf"(?:有限责任公司|股份有限公司|有限公司|集团)(?:\({_WHERE}{_BRANCH}\)|{_WHERE}{_BRANCH})"
    r"|(?:有限责任公司|股份有限公司|有限公司|分公司|事务所|集团|合作社|工作室|(?:小|中|大)学|学院|医院|幼儿园|研究院|研究所|委员会|管理局|书店)"
)
_LETTERS_BEFORE = re.compile(r"[\u4e00-\u9fffa-z0-9()]{2,30}$")
_BEFORE_COMPANY = re.compile(
    r".*(?:抬头|我?要|改成|换成|改为|换为|写成|写|开给|开成|开个|开一?张|开|名称|单位|全称|公司名|叫做?|就是|是|给|到|为|用)(?:是|为|写|:)*"
)
_TITLE_CUE = re.compile(r"抬头|发票|税号|开票|专票|普票|票")
_COMPANY_CUE = re.compile(r"抬头|发票|税号|开票|名称|单位|专票|普票|票|公司")
_PERSONAL = re.compile(r"个人(?!信息|隐私|资料|原因|中心|觉得|认为|主页|地址|账)")
_ROOM = re.compile(r"\d{1,4}(?:单元|栋|幢|号楼|座) ?\d{0,4}(?:室|号)?|(?<!\d)\d{3,4}室")


def people(text: str) -> Iterator[Found]:
    """Names with a title (王女士) and names after a word that announces one (收件人改成陈雨桐)."""
    for match in _TITLE.finditer(text):
        if is_surname(match[1]):
            yield Found("person", match.start(1), match.end(), match[0][match.start(1) - match.start() :], "rule")
    for match in _NAMED.finditer(text):
        start = match.start("name")
        for length in (3, 2, 4):
            end = start + length
            if is_surname(text[start]) and end <= match.end("name") and _AFTER_NAME.match(text, end):
                yield Found("person", start, end, text[start:end], "rule")
                break


def invoice_titles(text: str, slot: str) -> Iterator[Found]:
    """Companies by their ending, and 个人 where an invoice is talked about."""
    if "title" in slot or _COMPANY_CUE.search(text):
        for match in _COMPANY_END.finditer(text):
            yield from _company(text, match)
    if "title" in slot or _TITLE_CUE.search(text):
        yield from (Found("invoice_title", m.start(), m.end(), "个人", "rule") for m in _PERSONAL.finditer(text))


def rooms(text: str) -> Iterator[Found]:
    """Parts of an address that are numbers: 3单元501, 1806室."""
    yield from (Found("address", m.start(), m.end(), m[0], "rule") for m in _ROOM.finditer(text))


def looks_like_a_name(text: str) -> bool:
    return 2 <= len(text) <= 3 and is_surname(text[0]) and all("\u4e00" <= char <= "\u9fff" for char in text)


def _company(text: str, ending: re.Match[str]) -> Iterator[Found]:
    before = _LETTERS_BEFORE.search(text[: ending.start()])
    if before is None:
        return
    cue = _BEFORE_COMPANY.match(before[0])
    start = before.start() + (cue.end() if cue and cue.end() < len(before[0]) - 1 else 0)
    if ending.end() - start >= 5:
        yield Found("invoice_title", start, ending.end(), text[start : ending.end()], "rule")
