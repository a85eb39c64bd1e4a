"""What a running service makes of files that change under it."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.nlu.app import create_app
from bot.nlu.live import LiveParser
from bot.nlu.manifest import Manifest
from bot.nlu.parser import Asked, Parser
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
def release(tmp_path: Path) -> Path:
    folder = tmp_path / "release"
    folder.mkdir()
    _new_release(folder, "first")
    return folder


@pytest.fixture
def live(parser: Parser, articles: Path, release: Path) -> LiveParser:
    return LiveParser(release, articles, lambda: parser)


def _new_release(folder: Path, created: str) -> None:
    Manifest("d", "c", "e", 1, created=created).save(folder)


def _look_twice(live: LiveParser) -> None:
    live.look()
    live.look()


def _first(live: LiveParser, text: str) -> dict[str, Any]:
    return dict(live.parser.parse(Asked(text, SATURDAY))["retrieval"][0])


def test_articles_that_are_as_trained_change_nothing(live: LiveParser, parser: Parser) -> None:
    _look_twice(live)
    assert live.parser is parser
    assert live.problem is None


def test_a_new_article_answers_is_edited_and_goes(live: LiveParser, articles: Path) -> None:
    file = articles / "shop.parking.md"
    file.write_text(_PARKING.format(hours="两"), encoding="utf-8")
    live.look()
    assert _first(live, "到店停车要钱吗")["id"] != "shop.parking"  # it may still be written
    live.look()
    assert (_first(live, "到店停车要钱吗")["id"], _first(live, "到店停车要钱吗")["score"]) == ("shop.parking", 1.0)
    assert _first(live, "我开车过去自提 停车要收费吗")["id"] == "shop.parking"
    assert _first(live, "退货运费谁出")["id"] == "return.fee"

    file.write_text(_PARKING.format(hours="三"), encoding="utf-8")
    os.utime(file, ns=(1, 1))
    _look_twice(live)
    assert "三 小时" in _first(live, "到店停车要钱吗")["answer"]

    file.unlink()
    _look_twice(live)
    assert _first(live, "到店停车要钱吗")["id"] != "shop.parking"


@pytest.mark.parametrize("text", ["no front matter", "---\nid: return.fee\nrelated: 5\n---\n", "---\nvalid_to: 2026-02-30\n---\nx"])
def test_a_broken_article_leaves_what_answered_before_until_it_is_mended(live: LiveParser, articles: Path, text: str) -> None:
    before, file = _first(live, "退货运费谁出"), articles / "return.fee.md"
    good = file.read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    _look_twice(live)
    assert "return.fee.md" in (live.problem or "")
    assert _first(live, "退货运费谁出") == before

    file.write_text(good.replace("退货运费谁承担", "退货运费归谁"), encoding="utf-8")
    _look_twice(live)
    assert live.problem is None
    assert _first(live, "退货运费谁出")["title"] == "退货运费归谁"


def test_an_edited_article_stays_edited_when_a_release_is_swapped_in(live: LiveParser, articles: Path, release: Path) -> None:
    file = articles / "return.fee.md"
    file.write_text(file.read_text(encoding="utf-8").replace("退货运费谁承担", "退货运费归谁"), encoding="utf-8")
    _new_release(release, "second")
    _look_twice(live)
    assert live.manifest is not None
    assert live.manifest.created == "second"
    assert _first(live, "退货运费谁出")["title"] == "退货运费归谁"


def test_a_release_that_cannot_be_loaded_is_not_used_and_tried_again(live: LiveParser, parser: Parser, release: Path) -> None:
    loads: list[Callable[[], Parser]] = [_broken, lambda: Parser(parser._p)]
    live._load = lambda: loads.pop(0)()
    _new_release(release, "second")
    _look_twice(live)
    assert (live.parser is parser, live.problem) == (True, "a file is missing")

    live.look()
    assert len(loads) == 1  # not at once
    live._retry_at = 0.0
    live.look()
    assert live.parser is not parser
    assert live.problem is None


def _broken() -> Parser:
    raise RuntimeError("a file is missing")


def test_files_are_followed_while_requests_are_answered(live: LiveParser, articles: Path) -> None:
    app = create_app(live, zone=SATURDAY.tzinfo, secret=None)  # type: ignore[arg-type]
    with TestClient(app) as client:
        (articles / "shop.parking.md").write_text(_PARKING.format(hours="两"), encoding="utf-8")
        began, first = time.monotonic(), ""
        while first != "shop.parking" and time.monotonic() < began + 20:
            answer = client.post("/model/parse", json={"text": "到店停车要钱吗"})
            assert answer.status_code == 200
            first = answer.json()["retrieval"][0]["id"]
        assert first == "shop.parking"
        assert client.get("/readyz").json()["problem"] is None
