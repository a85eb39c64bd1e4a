"""The edge of the NLU process: reads a request body into `Asked`, and every refusal into the one error shape of the contract."""

from __future__ import annotations

import hmac
import json
import logging
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.core import errors
from bot.core.errors import ZhangguiError
from bot.core.messages import MAX_PAGE_CHARS
from bot.nlu.language import LANGUAGES
from bot.nlu.parser import Asked

logger = logging.getLogger(__name__)

MAX_BODY_BYTES = 64 * 1024
MAX_TEXT_CHARS = 4000
_STATUS = {
    errors.Malformed: 400,
    errors.Unauthorized: 401,
    errors.NotFound: 404,
    errors.TooLarge: 413,
    errors.Unsupported: 415,
    errors.Invalid: 422,
    errors.Unavailable: 503,
}


class ParseRequest(BaseModel):
    """Body of `POST /model/parse`."""

    model_config = ConfigDict(strict=True, json_schema_extra={"examples": [{"text": "我的订单到哪了", "now": "2026-11-21T14:00:00+08:00"}]})

    text: str = Field(min_length=1, description="The message as typed, at most 4,000 characters.")
    message_id: str | None = Field(None, max_length=200, description="Returned as it came.")
    now: str | None = Field(None, max_length=40, description="ISO time that relative dates and articles' validity are read by.")
    page: str | None = Field(None, max_length=MAX_PAGE_CHARS, description="Where the shopper is, such as sku:10231.")
    language: str | None = Field(None, max_length=20, description="The conversation's language so far.")
    requested_slot: str | None = Field(None, max_length=100, description="What a form is asking for.")


async def read_body(request: Request) -> Any:
    """The JSON of a request; raises `TooLarge`, `Unsupported` or `Malformed`."""
    kind = request.headers.get("content-type", "application/json").split(";")[0].strip().lower()
    if kind not in ("application/json", "", "text/json") and not kind.endswith("+json"):
        raise errors.Unsupported(f"the body must be application/json, got {kind}")
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BODY_BYTES:
            raise errors.TooLarge(f"the body is over {MAX_BODY_BYTES} bytes")
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as exc:
        raise errors.Malformed("the body is not JSON") from exc


def asked_from(body: Any, *, zone: ZoneInfo) -> tuple[Asked, str | None]:
    """What is asked, with `now` in the shop's zone, and the message id; raises `Malformed`, `TooLarge` or `Invalid`."""
    if not isinstance(body, dict):
        raise errors.Malformed("the body must be a JSON object with a text")
    text = body.get("text")
    if isinstance(text, str) and len(text) > MAX_TEXT_CHARS:
        raise errors.TooLarge(f"the text has {len(text)} characters, at most {MAX_TEXT_CHARS} are read", field="text")
    try:
        asked = ParseRequest.model_validate(body)
    except ValidationError as exc:
        first = exc.errors()[0]
        raise errors.Invalid(str(first["msg"]), field=".".join(str(part) for part in first["loc"]) or None) from exc
    for name, value in asked.model_dump().items():
        if value is not None and not _is_text(value):
            raise errors.Invalid("a half of a surrogate pair is no character", field=name)
    hint = (asked.language or "").split("-")[0].split("_")[0].lower()
    now = _moment(asked.now, zone)
    return Asked(asked.text, now, asked.page, hint if hint in LANGUAGES else None, asked.requested_slot), asked.message_id


def require_secret(request: Request, secret: str | None) -> None:
    """Raises `Unauthorized` unless the bearer token is `secret`; None asks for nothing."""
    if secret is None:
        return
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), secret.encode()):
        raise errors.Unauthorized("this needs the internal secret: Authorization: Bearer …")


async def on_error(_request: Request, error: Exception) -> JSONResponse:
    """Handler for `ZhangguiError`."""
    assert isinstance(error, ZhangguiError)
    status = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 500)
    headers = {"Retry-After": str(error.retry_after_s or 5)} if status == 503 else None
    return JSONResponse(_body(error.code, error.message, error.field), status, headers)


async def on_http_error(_request: Request, error: Exception) -> JSONResponse:
    """Handler for the framework's own 404 and 405."""
    status = int(getattr(error, "status_code", 500))
    code = {404: "not_found", 405: "unsupported"}.get(status, "malformed" if status == 400 else "error")
    return JSONResponse(_body(code, str(getattr(error, "detail", "")), None), status)


async def on_crash(request: Request, error: Exception) -> JSONResponse:
    logger.error("unexpected error at %s %s", request.method, request.url.path, exc_info=error)
    return JSONResponse(_body("error", "something went wrong here; it has been logged", None), 500)


def _body(code: str, message: str, field: str | None) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, **({"field": field} if field else {})}}


def _moment(iso: str | None, zone: ZoneInfo) -> datetime:
    if iso is None:
        return datetime.now(zone)
    try:
        moment = datetime.fromisoformat(iso)
        return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
    except (ValueError, OverflowError) as exc:
        raise errors.Invalid(f"{iso!r} is not an ISO time such as 2026-11-21T14:00:00+08:00", field="now") from exc


def _is_text(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
