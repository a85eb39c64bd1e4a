"""The NLU process: one call gives language, intent, entities, sentiment and knowledge hits (contract: NLU)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.errors import NluUnavailable
from server.http import HttpFailed, JsonHttp


class NluRefused(NluUnavailable):
    """The NLU process is there and refuses the request (4xx): the same request is refused again, so trying again is no use."""


class NluClient:
    """`http` is a client whose base URL and secret are those of the process."""

    def __init__(self, http: JsonHttp) -> None:
        self._http = http

    async def parse(self, text: str, *, timeout_s: float, about: Mapping[str, Any]) -> dict[str, Any]:
        """The parse of a text; raises `NluUnavailable` when there is no usable answer within `timeout_s`, `NluRefused` for a 4xx.

        `about` may have `message_id`, `now` (ISO time), `page`, `language` and `requested_slot`; what is None is left out.
        """
        body = {"text": text, **{key: value for key, value in about.items() if value is not None}}
        try:
            answer = await self._http.post("/model/parse", body, timeout_s=timeout_s)
        except HttpFailed as exc:
            raise NluUnavailable(f"nlu: {exc}") from exc
        if 400 <= answer.status < 500:
            raise NluRefused(f"nlu refused the request: status {answer.status}, {_reason(answer.body)}")
        if not answer.is_success or not _is_parse(answer.body):
            raise NluUnavailable(f"nlu: status {answer.status}, not a parse")
        return dict(answer.body)


def _reason(body: Any) -> str:
    """The field and the sentence of an error body, as far as it has them."""
    error = body.get("error") if isinstance(body, dict) else None
    return f"{error.get('field')}: {error.get('message')}" if isinstance(error, dict) else "no reason given"


def _is_parse(body: Any) -> bool:
    intent = body.get("intent") if isinstance(body, dict) else None
    return isinstance(intent, dict) and isinstance(intent.get("name"), str) and isinstance(intent.get("confidence"), int | float)
