"""A shopper in the storefront's widget and a person in the console, both in a real browser (acceptance: the whole way, with a reload)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.conftest import Running

WAIT_MS = 15_000


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    yield page
    context.close()


@pytest.fixture
def desk(browser: Any) -> Iterator[Any]:
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    yield page
    context.close()


class Shopper:
    def __init__(self, page: Any, running: Running, fixture: dict[str, Any]) -> None:
        self.page = page
        page.goto(f"{running.url}/")
        page.get_by_test_id("launcher").wait_for()
        page.evaluate("token => window.Zhanggui.setShopper(token)", fixture["shopper_token"])
        page.evaluate("window.Zhanggui.open()")
        page.get_by_test_id("input").wait_for()

    def texts(self) -> list[str]:
        return [text.strip() for text in self.page.get_by_test_id("message").all_inner_texts()]

    def say(self, text: str, expect: str) -> None:
        """Type, send, and wait until something after it that matches can be read."""
        before = len(self.texts())
        self.page.get_by_test_id("input").fill(text)
        self.page.get_by_test_id("send").click()
        self.read(expect, after=before + 1)

    def read(self, expect: str, after: int = 0) -> None:
        pattern = re.compile(expect)
        for _ in range(WAIT_MS // 100):
            if pattern.search("\n".join(self.texts()[after:])):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"nothing matches {expect!r} in {self.texts()[after:]}")


def test_from_a_question_to_a_person_and_back(running: Running, page: Any, desk: Any) -> None:
    fixture = running.fixture()
    shopper = Shopper(page, running, fixture)

    shopper.say("退货运费谁出", "运费")
    shopper.say(f"{fixture['orders']['order_delivered']} 这单我想退货", "原因")
    shopper.say("运费谁出啊", "运费")
    shopper.say("颜色不好看 不喜欢", "确认")

    before = shopper.texts()
    page.reload()
    page.evaluate("window.Zhanggui.open()")
    shopper.read("确认")
    assert shopper.texts() == before

    shopper.say("你们这什么破店 垃圾客服 气死我了", ".")
    shopper.say("骗子 太恶心了 再不解决我就去12315投诉你们", "人工|客服|排")
    page.get_by_test_id("handoff").first.wait_for()

    desk.goto(f"{running.url}/desk/")
    desk.get_by_test_id("login-name").fill(fixture["agent"]["name"])
    desk.get_by_test_id("login-password").fill(fixture["agent"]["password"])
    desk.get_by_test_id("login-submit").click()
    desk.get_by_test_id("queue-item").first.click()
    desk.get_by_test_id("accept").click()
    packet = desk.get_by_test_id("packet")
    packet.wait_for()
    assert "12315" in desk.get_by_test_id("transcript").inner_text()
    assert fixture["orders"]["order_delivered"][-4:] in packet.inner_text()

    desk.get_by_test_id("reply-input").fill("您好，我是人工客服小林，抱歉让您不愉快，退货我来帮您办。")
    desk.get_by_test_id("reply-send").click()
    shopper.read("我是人工客服小林")

    page.reload()
    page.evaluate("window.Zhanggui.open()")
    shopper.read("我是人工客服小林")
    texts = shopper.texts()
    assert len([t for t in texts if "我是人工客服小林" in t]) == 1
    assert len([t for t in texts if "12315" in t]) == 1


def test_text_of_a_shopper_stays_text_in_both_pages(running: Running, page: Any, desk: Any) -> None:
    fixture = running.fixture()
    attack = "<img src=x onerror=\"document.title='hit'\"><script>document.title='hit'</script>"
    shopper = Shopper(page, running, fixture)
    shopper.say(attack, ".")
    shopper.say("转人工", "人工|客服")

    desk.goto(f"{running.url}/desk/")
    desk.get_by_test_id("login-name").fill(fixture["agent"]["name"])
    desk.get_by_test_id("login-password").fill(fixture["agent"]["password"])
    desk.get_by_test_id("login-submit").click()
    desk.get_by_test_id("queue-item").first.click()
    desk.get_by_test_id("accept").click()

    assert attack[:20] in desk.get_by_test_id("transcript").inner_text()
    assert page.title() != "hit"
    assert desk.title() != "hit"


def test_the_widget_speaks_the_language_of_the_talk(running: Running, page: Any) -> None:
    shopper = Shopper(page, running, running.fixture())
    assert "问题" in page.get_by_test_id("input").get_attribute("placeholder")

    shopper.say("where is my package?", "order")
    page.get_by_placeholder("Type your question").wait_for()
    assert page.get_by_test_id("human").inner_text() == "Talk to a person"
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.dataset.testid") == "input"
    assert [text for text in shopper.texts() if "where is my package?" in text] == shopper.texts()[:1]
    shopper.say("thank you", "welcome|glad|pleasure")
    assert "问题" not in page.get_by_test_id("input").get_attribute("placeholder")
