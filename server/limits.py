"""What is refused before it is read: bodies that are too large or of a kind nobody reads, and clients that are too fast."""

from __future__ import annotations

import time
from collections import OrderedDict, deque

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.core.errors import RateLimited, TooLarge, Unsupported, ZhangguiError
from server.errors import response_of

MAX_BODY_BYTES = 64 * 1024
MAX_IMAGE_BYTES = 8 * 1024 * 1024
_UPLOAD_OVERHEAD_BYTES = 16 * 1024
_MOST_CLIENTS = 50_000


class BodyLimits:
    """ASGI middleware: 413 over the limit of the path, 415 for a body that is not JSON (on `upload_path`: not a form)."""

    def __init__(self, app: ASGIApp, *, upload_path: str) -> None:
        self._app = app
        self._upload_path = upload_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS", "DELETE"):
            return await self._app(scope, receive, send)
        headers, upload = Headers(scope=scope), scope["path"] == self._upload_path
        limit = MAX_IMAGE_BYTES + _UPLOAD_OVERHEAD_BYTES if upload else MAX_BODY_BYTES
        try:
            _check_type(headers, "multipart/form-data" if upload else "application/json")
            body = await _read(receive, headers, limit)
        except ZhangguiError as error:
            return await response_of(error)(scope, receive, send)
        await self._app(scope, _replay(body, receive), send)


def _check_type(headers: Headers, expected: str) -> None:
    given = headers.get("content-type", "").partition(";")[0].strip().lower()
    empty = headers.get("content-length") == "0" or ("content-length" not in headers and "transfer-encoding" not in headers)
    if given != expected and not empty:
        raise Unsupported(f"expected a body of type {expected}, got {given or 'none'}")


async def _read(receive: Receive, headers: Headers, limit: int) -> bytes:
    announced = headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit:
        raise TooLarge(f"the body is larger than {limit} bytes")
    chunks, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            break
        chunk = message.get("body", b"")
        chunks.append(chunk)
        size += len(chunk)
        if size > limit:
            raise TooLarge(f"the body is larger than {limit} bytes")
        if not message.get("more_body", False):
            break
    return b"".join(chunks)


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body once, then whatever comes from the client (its disconnection)."""
    sent = False

    async def replay() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


class RateLimiter:
    """At most `most` events of one client in any `seconds`; remembers the clients seen last."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def check(self, client: str) -> None:
        """Count one event; raises `RateLimited` with the time to wait."""
        now = time.monotonic()
        times = self._seen.setdefault(client, deque())
        self._seen.move_to_end(client)
        if len(self._seen) > _MOST_CLIENTS:
            self._seen.popitem(last=False)
        while times and times[0] <= now - self._seconds:
            times.popleft()
        if len(times) >= self._most:
            wait_s = int(times[0] + self._seconds - now) + 1
            raise RateLimited(f"at most {self._most} in {self._seconds:g} seconds", retry_after_s=wait_s)
        times.append(now)
