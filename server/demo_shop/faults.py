"""Errors of the shop API as its one JSON body. The shop is a system of its own, so it chooses its statuses itself."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from bot.core.errors import ZhangguiError

_STATUS = {"malformed": 400, "unauthorized": 401, "forbidden": 403, "not_found": 404, "conflict": 409, "invalid": 422, "rate_limited": 429}


class ShopRoute(APIRoute):
    """Answers every error of this project and every unreadable request in the shop's own shape, whatever app it is mounted in."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as exc:
                return _unreadable(exc)
            except ZhangguiError as exc:
                if exc.code not in _STATUS:
                    raise
                return _refused(exc)

        return answer


def _refused(error: ZhangguiError) -> JSONResponse:
    retry = {"Retry-After": str(error.retry_after_s)} if error.retry_after_s is not None else None
    return _body(_STATUS[error.code], error.code, error.message, field=error.field, headers=retry)


def _unreadable(error: RequestValidationError) -> JSONResponse:
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return _body(400, "malformed", "The body is not JSON.")
    field = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
    return _body(422, "invalid", f"{field}: {first['msg']}", field=field)


def _body(status: int, code: str, message: str, *, field: str | None = None, headers: dict[str, str] | None = None) -> JSONResponse:
    error = {"code": code, "message": message} | ({"field": field} if field else {})
    return JSONResponse({"error": error}, status_code=status, headers=headers)
