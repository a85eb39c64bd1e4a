"""docs/shop-api.yaml as a judge: is this answer one that the document allows?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import yaml
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

DOCUMENT = Path(__file__).parents[2] / "docs" / "shop-api.yaml"
_URI = "urn:shop-api"


class ShopApiDocument:
    def __init__(self, path: Path = DOCUMENT) -> None:
        self.content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        self._registry = Registry().with_resource(_URI, DRAFT202012.create_resource(self.content))

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Method, path and operation."""
        for path, item in self.content["paths"].items():
            for method in ("get", "post", "put"):
                if method in item:
                    yield method.upper(), path, item[method]

    def check(self, response: httpx.Response, prefix: str) -> None:
        """Raises AssertionError or a ValidationError that says what the document does not allow."""
        method, url = response.request.method, response.request.url.path.removeprefix(prefix)
        path = self._path_of(url, method)
        pointer, documented = self._response(path, method.lower(), str(response.status_code))
        self.validate(response.json(), f"{pointer}/content/application~1json/schema")
        for name, header in documented.get("headers", {}).items():
            assert not header.get("required") or name in response.headers, f"{method} {path}: header {name} is missing"

    def validate(self, body: Any, pointer: str) -> None:
        """`pointer` is a JSON pointer to a schema of the document."""
        schema = {"$ref": f"{_URI}#{pointer}"}
        Draft202012Validator(schema, registry=self._registry, format_checker=FormatChecker()).validate(body)

    def follow(self, value: dict[str, Any], pointer: str) -> tuple[str, dict[str, Any]]:
        """The value behind a `$ref` inside the document, with its pointer."""
        if "$ref" not in value:
            return pointer, value
        target = value["$ref"].removeprefix("#")
        found: Any = self.content
        for part in target.strip("/").split("/"):
            found = found[part]
        return target, found

    def _path_of(self, url: str, method: str) -> str:
        """A fixed path wins over one with a variable (`/orders/verify`)."""
        fitting = [path for verb, path, _ in self.operations() if verb == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), url)]
        assert fitting, f"{method} {url} is not in the document"
        return min(fitting, key=lambda path: path.count("{"))

    def _response(self, path: str, method: str, status: str) -> tuple[str, dict[str, Any]]:
        responses = self.content["paths"][path][method]["responses"]
        assert status in responses, f"{method} {path} answered {status}; the document knows {', '.join(responses)}"
        pointer = f"/paths/{path.replace('/', '~1')}/{method}/responses/{status}"
        return self.follow(responses[status], pointer)
