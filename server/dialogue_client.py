"""The dialogue process: text and parse in, the whole turn out (docs/design.md: server → dialogue)."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from bot.core.errors import DialogueUnavailable
from server.http import HttpFailed, JsonHttp


@dataclass(frozen=True)
class DialogueTurn:
    """What the dialogue answered. `commands` are for the server, never for the shopper; `spent_ms` says what actions and shop took."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    commands: list[dict[str, Any]] = field(default_factory=list)
    active_form: str | None = None
    requested_slot: str | None = None
    slots: dict[str, Any] = field(default_factory=dict)
    actions: list[str] = field(default_factory=list)
    spent_ms: dict[str, float] = field(default_factory=dict)


class DialogueClient:
    """`http` is a client whose base URL and secret are those of the process."""

    def __init__(self, http: JsonHttp) -> None:
        self._http = http

    async def turn(self, request: dict[str, Any], *, timeout_s: float) -> DialogueTurn:
        """Run one turn; sent again with the same `message_id` it joins or replays that turn, so a retry is safe.

        Raises `DialogueUnavailable` when there is no answer within `timeout_s` or an action failed.
        """
        try:
            answer = await self._http.post("/webhooks/zhanggui/turn", request, timeout_s=timeout_s)
        except HttpFailed as exc:
            raise DialogueUnavailable(f"dialogue: {exc}") from exc
        if not answer.is_success or not isinstance(answer.body, dict):
            raise DialogueUnavailable(f"dialogue: status {answer.status}")
        if failed := answer.body.get("failed"):
            raise DialogueUnavailable(f"dialogue: failed actions {', '.join(map(str, failed))}")
        return DialogueTurn(**{known.name: answer.body[known.name] for known in fields(DialogueTurn) if known.name in answer.body})
