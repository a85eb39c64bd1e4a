"""How every error leaves the process: HTTP status, WebSocket close code, and one body (contract: Errors)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from bot.core import errors
from bot.core.errors import ZhangguiError

logger = logging.getLogger(__name__)

_STATUS: Mapping[type[ZhangguiError], int] = {
    errors.Malformed: 400,
    errors.Unauthorized: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.TooLarge: 413,
    errors.Unsupported: 415,
    errors.Invalid: 422,
    errors.RateLimited: 429,
    errors.Unavailable: 503,
}
_OF_STATUS = {status: kind.code for kind, status in _STATUS.items()} | {405: "unsupported"}
_NOT_JSON = ("json_invalid", "json_type")
_RETRY_S = 5

CLOSE_UNAUTHORIZED = 4401
CLOSE_NO_HELLO = 4408
CLOSE_COME_BACK = 4413
"""WebSocket close codes: nobody we know; no hello in time; too far behind, come back with the last number seen."""


class ErrorDetail(BaseModel):
    code: str
    message: str
    field: str | None = None


class ErrorBody(BaseModel):
    """The body of every refusal."""

    model_config = {"json_schema_extra": {"examples": [{"error": {"code": "not_found", "message": "there is no such hand-off"}}]}}
    error: ErrorDetail


RESPONSES: dict[int | str, dict[str, Any]] = {"4XX": {"model": ErrorBody, "description": "Refused; `error.code` says why."}}
"""For the OpenAPI document."""


def status_of(error: ZhangguiError) -> int:
    """The status of the nearest class of the tree; 500 for one that was never meant to leave."""
    return next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 500)


def error_body(code: str, message: str, field: str | None = None) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, **({"field": field} if field else {})}}


def response_of(error: ZhangguiError) -> JSONResponse:
    status = status_of(error)
    retry_s = error.retry_after_s if error.retry_after_s is not None else _RETRY_S
    headers = {"Retry-After": str(retry_s)} if status in (429, 503) else None
    return JSONResponse(error_body(error.code, error.message, error.field), status, headers)


def error_event(error: ZhangguiError, message_id: str | None = None) -> dict[str, Any]:
    """The same error on a WebSocket; `id` is that of the message it answers."""
    event: dict[str, Any] = {"type": "error", "code": error.code, "message": error.message}
    if message_id is not None:
        event["id"] = message_id
    if error.retry_after_s is not None:
        event["retry_after"] = error.retry_after_s
    return event


def install(app: FastAPI) -> None:
    """Register the handlers; after this every refusal of `app` has the one body."""
    app.add_exception_handler(ZhangguiError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _of_framework)
    app.add_exception_handler(DBAPIError, _no_storage)
    app.add_exception_handler(OSError, _no_storage)
    app.add_exception_handler(Exception, _unexpected)


async def _ours(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ZhangguiError)
    return response_of(error)


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] in _NOT_JSON:
        return response_of(errors.Malformed("the body is not JSON"))
    field = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path", "header"))
    if first["type"] == "string_too_long" and first.get("ctx", {}).get("max_length", 0) >= 1000:
        return response_of(errors.TooLarge(str(first["msg"]), field=field or None))
    return response_of(errors.Invalid(str(first["msg"]), field=field or None))


async def _of_framework(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = "malformed" if error.status_code == 400 else _OF_STATUS.get(error.status_code, "error")
    return JSONResponse(error_body(code, str(error.detail)), error.status_code, error.headers)


async def _no_storage(request: Request, error: Exception) -> JSONResponse:
    """The database or the disk does not do what it should, such as when it is full; what was sent is not stored."""
    logger.error("no storage at %s %s", request.method, request.url.path, exc_info=error)
    return response_of(errors.Unavailable("this could not be stored or read just now; send it again later"))


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    logger.error("unexpected error at %s %s", request.method, request.url.path, exc_info=error)
    return JSONResponse(error_body("error", "something went wrong here; it has been logged"), 500)
