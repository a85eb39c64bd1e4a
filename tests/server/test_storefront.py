"""The demo storefront: pages that read without JavaScript, signing in by cookie, and nobody else's orders."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from server.demo_shop.catalogue import load_catalogue
from server.storefront.pictures import picture
from server.storefront.visit import COOKIE
from tests.server.conftest import Running

PERSON = re.compile(r"shopper_id=(?P<id>\w+)[^>]*>\s*<span>(?P<name>[^<]+)")
TOKEN = re.compile(r'data-shopper-token="([^"]*)"')


def cookie(token: str) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={token}"}


async def test_home_lists_every_category_and_embeds_the_chat(server: Running) -> None:
    page = (await server.http.get("/store/")).text

    assert all(f'href="/store/?category={name}"' in page for name in ("clothing", "shoes", "electronics", "home", "beauty", "food"))
    assert page.count('class="goods"') == 24
    assert '<script async src="/widget.js" data-lang="zh-CN"' in page
    assert TOKEN.search(page) is None


async def test_a_product_shows_options_sizes_and_questions_and_is_the_chats_page(server: Running) -> None:
    page = (await server.http.get("/store/products/10101")).text

    assert 'data-page="sku:10101"' in page
    for text in ("云杉轻暖短款羽绒服", "¥399", "尺码表", "身高163-168 体重111-130斤", "能机洗吗", 'value="白色"'):
        assert text in page


async def test_what_is_searched_for_is_text(server: Running) -> None:
    found = await server.http.get("/store/", params={"q": "耳机"})
    hostile = await server.http.get("/store/", params={"q": '"><script>alert(1)</script>'})

    assert "云杉静谷头戴降噪耳机" in found.text
    assert "<script>alert" not in hostile.text
    assert "default-src 'self'" in hostile.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["products/99999", "orders/x/y", "nothing", "router.py", "assets/router.py", "assets/..%2Frouter.py"])
async def test_what_is_not_a_page_is_not_found(server: Running, path: str) -> None:
    assert (await server.http.get(f"/store/{path}")).status_code == 404


async def test_signing_in_and_out_is_told_to_the_chat(server: Running) -> None:
    offered = PERSON.search((await server.http.get("/store/")).text)
    assert offered is not None
    answer = await server.http.post("/store/sign-in", params={"shopper_id": offered["id"], "back": "/store/orders"})
    given = answer.cookies[COOKIE]
    orders = (await server.http.get("/store/orders", headers=cookie(given))).text
    left = await server.http.post("/store/sign-out", headers=cookie(given))
    after = (await server.http.get("/store/", headers=cookie(""))).text
    server.http.cookies.clear()

    assert (answer.status_code, answer.headers["location"]) == (303, "/store/orders")
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert offered["name"] in orders
    assert 'data-testid="order"' in orders
    assert TOKEN.search(orders).group(1) == given  # type: ignore[union-attr]
    assert left.headers["set-cookie"].startswith(f'{COOKIE}=""')
    assert TOKEN.search(after).group(1) == ""  # type: ignore[union-attr]


@pytest.mark.parametrize("back", ["https://evil.test/", "//evil.test", "/desk/", "/store//evil.test", "/store/\\evil.test"])
async def test_signing_in_leads_nowhere_else(server: Running, back: str) -> None:
    answer = await server.http.post("/store/sign-out", params={"back": back})
    server.http.cookies.clear()

    assert answer.headers["location"] == "/store/"


async def test_orders_are_those_of_the_cookie_only(server: Running) -> None:
    fixture = await server.fixture()
    mine, foreign = fixture["orders"]["order_shipped"], fixture["orders"]["order_not_mine"]
    signed_in = cookie(fixture["shopper_token"])

    own = await server.http.get(f"/store/orders/{mine}", headers=signed_in)
    other = await server.http.get(f"/store/orders/{foreign}", headers=signed_in)
    anonymous = await server.http.get(f"/store/orders/{mine}")
    forged = await server.http.get(f"/store/orders/{mine}", headers=cookie(fixture["shopper_token"][:-4] + "AAAA"))

    assert own.status_code == 200
    assert f'data-page="order:{mine}"' in own.text
    assert other.status_code == 404
    assert foreign not in re.sub(r'value="[^"]*"|back=[^"]*', "", other.text)
    assert "演示顾客" in anonymous.text
    assert "演示顾客" in forged.text


async def test_unknown_people_are_not_signed_in(server: Running) -> None:
    answer = await server.http.post("/store/sign-in", params={"shopper_id": "s_nobody"})

    assert answer.status_code == 303
    assert "set-cookie" not in answer.headers


async def test_a_picture_follows_the_option(server: Running) -> None:
    black, white = [await server.http.get("/store/pictures/10101.svg", params={"option": f"{colour}/M"}) for colour in ("黑色", "白色")]

    assert black.headers["content-type"] == "image/svg+xml"
    assert black.text != white.text
    assert (await server.http.get("/store/pictures/99999.svg")).status_code == 404


async def test_every_product_has_a_drawing_of_its_own() -> None:
    products = list(load_catalogue())
    drawn = [picture(product.sku, product.category) for product in products]

    assert len(set(drawn)) == len(products)
    for svg in drawn:
        ElementTree.fromstring(svg)
    assert picture("new", "food") == picture("new", "food")
