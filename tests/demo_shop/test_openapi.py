"""The document itself: it is what the router serves, and its examples are what it describes."""

from __future__ import annotations

import re
from typing import Any

from fastapi.routing import APIRoute

from server.demo_shop import DemoShop, create_router
from server.demo_shop.errors import REASONS
from tests.demo_shop.openapi import ShopApiDocument


def _plain(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


def test_the_router_serves_exactly_the_documented_operations(shop: DemoShop, document: ShopApiDocument) -> None:
    router = create_router(shop, key="k")

    served = {(m, _plain(r.path)) for r in router.routes if isinstance(r, APIRoute) for m in r.methods or ()}

    assert served == {(method, _plain(path)) for method, path, _ in document.operations()}


def test_every_reason_is_documented_and_has_a_sentence(document: ShopApiDocument) -> None:
    error = document.content["components"]["schemas"]["Refusal"]["properties"]["error"]

    assert set(error["properties"]["reason"]["enum"]) == set(REASONS)
    assert all(sentence.endswith("。") for sentence in REASONS.values())


def test_every_reason_is_told_with_an_operation(document: ShopApiDocument) -> None:
    told = " ".join(operation.get("description", "") for _, _, operation in document.operations())

    assert [reason for reason in REASONS if f"`{reason}`" not in told] == []


def test_every_example_of_an_answer_is_valid(document: ShopApiDocument) -> None:
    checked = 0
    for method, path, operation in document.operations():
        for status, response in operation["responses"].items():
            at = f"/paths/{path.replace('/', '~1')}/{method.lower()}/responses/{status}"
            checked += _check_examples(document, *document.follow(response, at))

    assert checked >= 16


def test_every_example_of_a_request_is_valid(document: ShopApiDocument) -> None:
    with_body = [(m, p, o) for m, p, o in document.operations() if "requestBody" in o]

    for method, path, operation in with_body:
        at = f"/paths/{path.replace('/', '~1')}/{method.lower()}/requestBody"
        _check_examples(document, at, operation["requestBody"])

    assert len(with_body) == 10


def _check_examples(document: ShopApiDocument, pointer: str, holder: dict[str, Any]) -> int:
    """Checks the examples of a response or request body; gives their number."""
    media = holder["content"]["application/json"]
    named = [document.follow(e, "")[1]["value"] for e in media.get("examples", {}).values()]
    examples = named + ([media["example"]] if "example" in media else [])
    for example in examples:
        document.validate(example, f"{pointer}/content/application~1json/schema")
    return len(examples)
