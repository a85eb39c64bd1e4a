"""What a running service makes of files that change under it."""

import asyncio
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.nlu.live import LiveParser
from bot.nlu.parser import Asked, Parser
from bot.nlu.release import ReleaseError
from tests.nlu.conftest import ROOT, SATURDAY

_PARKING = """---
id: shop.parking
title: 门店停车怎么收费
category: 其它
phrasings: [到店停车要钱吗, 你们门店有停车位没, 开车去自提停车贵不贵]
related: []
offers: []
---
门店地下车库停车前 {hours} 小时免费，之后每小时 5 元。
"""


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "knowledge_base/articles", tmp_path / "articles"))


@pytest.fixture
def live(parser: Parser, articles: Path, tmp_path: Path) -> LiveParser:
    release = tmp_path / "release"
    release.mkdir()
    (release / "manifest.json").write_text("{}", encoding="utf-8")
    return LiveParser(release, articles, lambda: parser)


def _refreshed(live: LiveParser) -> bool:
    changed = live.fresh()
    live.parser = changed or live.parser
    return changed is not None


def _first(live: LiveParser, text: str) -> dict[str, Any]:
    hits = live.parser.parse(Asked(text, SATURDAY))["retrieval"]
    return dict(hits[0])


def test_articles_that_are_as_trained_change_nothing(live: LiveParser) -> None:
    assert live.fresh() is None
    assert live.fresh() is None


def test_a_new_article_answers_is_edited_and_goes(live: LiveParser, articles: Path) -> None:
    file = articles / "shop.parking.md"
    file.write_text(_PARKING.format(hours="两"), encoding="utf-8")
    assert _refreshed(live)
    assert (_first(live, "到店停车要钱吗")["id"], _first(live, "到店停车要钱吗")["score"]) == ("shop.parking", 1.0)
    assert _first(live, "我开车过去自提 停车要收费吗")["id"] == "shop.parking"
    assert _first(live, "退货运费谁出")["id"] == "return.fee"

    file.write_text(_PARKING.format(hours="三"), encoding="utf-8")
    os.utime(file, ns=(1, 1))
    assert _refreshed(live)
    assert "三 小时" in _first(live, "到店停车要钱吗")["answer"]

    file.unlink()
    assert _refreshed(live)
    assert _first(live, "到店停车要钱吗")["id"] != "shop.parking"


def test_a_broken_article_leaves_what_answered_before(live: LiveParser, articles: Path, caplog: pytest.LogCaptureFixture) -> None:
    before = _first(live, "退货运费谁出")
    (articles / "return.fee.md").write_text("no front matter", encoding="utf-8")
    assert not _refreshed(live)
    assert "return.fee.md" in caplog.text
    assert _first(live, "退货运费谁出") == before


def test_a_new_release_is_swapped_in_while_requests_go_on(live: LiveParser, parser: Parser, tmp_path: Path) -> None:
    other = Parser(parser._p)
    live._load = lambda: other

    async def swapped() -> bool:
        following = asyncio.create_task(live.follow())
        (tmp_path / "release/manifest.json").write_text('{"new": true}', encoding="utf-8")
        for _ in range(200):
            live.parser.parse(Asked("我的快递到哪了", SATURDAY))
            await asyncio.sleep(0.02)
            if live.parser is other:
                break
        following.cancel()
        return live.parser is other

    assert asyncio.run(swapped())


def test_a_release_that_cannot_be_loaded_is_not_used(live: LiveParser, parser: Parser, tmp_path: Path) -> None:
    def broken() -> Parser:
        raise ReleaseError("the model is broken")

    live._load = broken
    (tmp_path / "release/manifest.json").write_text('{"new": true}', encoding="utf-8")
    assert live.fresh() is None
    assert live.parser is parser
