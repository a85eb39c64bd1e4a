"""The Rasa-compatible REST channel, for the shop's back end (contract: Chat, Rasa-compatible REST)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from bot.core.errors import Invalid, Unauthorized
from bot.core.messages import MAX_PAGE_CHARS, IncomingMessage
from server.addressing import find_rest, rest_conversation
from server.channels.inputs import MAX_SEQ, check_id, check_sender, check_text, is_storable, text_or_button
from server.clock import Clock, Desk
from server.conversations import Conversations
from server.limits import RateLimiter
from server.shapes import message_event, rest_item
from server.store.database import Store
from server.store.records import Conversation
from server.tokens import ClientHasher, Shopper, ShopperTokens


class Metadata(BaseModel):
    """Further keys are ignored."""

    shopper_token: str | None = None
    page: str | None = Field(None, max_length=MAX_PAGE_CHARS)
    language: str | None = Field(None, max_length=16)


class WebhookMessage(BaseModel):
    sender: str
    message: str
    message_id: str | None = None
    metadata: Metadata | None = None


_EXAMPLE = {
    "sender": "web-7f3a",
    "message": "七天无理由退货的运费谁出",
    "message_id": "c1-0001",
    "metadata": {"page": "sku:10231", "language": "zh"},
}
_REPLY_EXAMPLE = [
    {"recipient_id": "web-7f3a", "text": "七天无理由退货……", "buttons": [{"title": "申请退货", "payload": "b_…"}]},
    {"recipient_id": "web-7f3a", "custom": {"type": "knowledge", "article": "return.fee", "title": "…", "score": 0.93, "band": "answer"}},
]


_MESSAGES_EXAMPLE = [
    {
        "recipient_id": "web-7f3a",
        "type": "message",
        "seq": 42,
        "from": "agent",
        "name": "小林",
        "time": "2026-11-21T14:03:00+08:00",
        "text": "您好，我来处理。",
    }
]


@dataclass(frozen=True)
class RestChannel:
    """`channel_key` is None in demo mode: then nobody is asked for it."""

    conversations: Conversations
    store: Store
    tokens: ShopperTokens
    desk: Desk
    clock: Clock
    client_of: ClientHasher
    limiter: RateLimiter
    channel_key: str | None
    max_chars: int

    def authorise(self, authorization: str | None) -> None:
        if self.channel_key is None:
            return
        if not hmac.compare_digest((authorization or "").encode(), f"Bearer {self.channel_key}".encode()):
            raise Unauthorized("this channel needs Authorization: Bearer <channel key>")

    def incoming(self, body: WebhookMessage, about: Metadata, request: Request) -> IncomingMessage:
        """The message of a request; raises `TooLarge` or `Invalid`."""
        text = check_text(body.message, self.max_chars)
        _check_about(about)
        # The address is that of the shop's back end, the same for all its shoppers: who guesses is told by the sender.
        client = self.client_of(f"{request.client.host if request.client else ''}|{body.sender}")
        return text_or_button(text, message_id=check_id(body.message_id), page=about.page, language=about.language, client=client)

    def shopper(self, token: str | None) -> Shopper | None:
        return self.tokens.verify(token, now=self.clock()) if token else None


def create_router(channel: RestChannel) -> APIRouter:
    router = APIRouter(tags=["chat"])

    @router.get("/webhooks/rest/", responses=_example({"status": "ok"}))
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    _add_webhook(router, channel)
    _add_messages(router, channel)
    return router


def _add_webhook(router: APIRouter, channel: RestChannel) -> None:
    @router.post("/webhooks/rest/webhook", responses=_example(_REPLY_EXAMPLE))
    async def webhook(
        request: Request,
        body: Annotated[WebhookMessage, Body(openapi_examples={"question": {"value": _EXAMPLE}})],
        authorization: Annotated[str | None, Header()] = None,
    ) -> list[dict[str, Any]]:
        """Send one message of a shopper and get the replies of its turn, in order; `[]` while a person owns the conversation."""
        channel.authorise(authorization)
        about = body.metadata or Metadata()
        sender = check_sender(body.sender)
        incoming = channel.incoming(body, about, request)
        shopper = channel.shopper(about.shopper_token)
        channel.limiter.check(f"{sender}|{shopper.id if shopper else ''}")

        def address(db: Connection) -> Conversation:
            return rest_conversation(db, sender, shopper, channel.clock())

        replies = await channel.conversations.answer(address, incoming, lock=f"rest|{sender}")
        return [rest_item(reply, sender) for reply in replies]


def _add_messages(router: APIRouter, channel: RestChannel) -> None:
    @router.get("/api/chat/messages", responses=_example(_MESSAGES_EXAMPLE))
    async def messages(
        sender: Annotated[str, Query()],
        after: Annotated[int, Query(ge=0, le=MAX_SEQ)] = 0,
        shopper_token: Annotated[str | None, Query()] = None,
        x_shopper_token: Annotated[str | None, Header()] = None,
        authorization: Annotated[str | None, Header()] = None,
    ) -> list[dict[str, Any]]:
        """Messages of a conversation after a sequence number, oldest first, at most 500 at once.

        A member's conversation needs the member's token as well (header `X-Shopper-Token`, or `shopper_token` in the query).
        """
        channel.authorise(authorization)
        shopper = channel.shopper(x_shopper_token or shopper_token)
        conversation = await channel.store.read(find_rest, check_sender(sender), shopper)
        if conversation is None:
            return []
        found = await channel.conversations.history(conversation.id, after)
        return [{"recipient_id": sender, **message_event(message, conversation, channel.desk)} for message in found]


def _example(value: Any) -> dict[int | str, dict[str, Any]]:
    """The answer of an endpoint in the OpenAPI document."""
    return {200: {"content": {"application/json": {"example": value}}}}


def _check_about(about: Metadata) -> None:
    for name in ("page", "language"):
        if not is_storable(getattr(about, name) or ""):
            raise Invalid("contains characters that are not text", field=f"metadata.{name}")
