"""Images that shoppers send: checked by their content, written anew (which drops what hides in them), shown to members only."""

from __future__ import annotations

import asyncio
import io
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, File, Header, Request, Response, UploadFile
from PIL import Image, ImageOps, UnidentifiedImageError

from bot.core.errors import Invalid, NotFound, TooLarge, Unauthorized, Unsupported
from server.addressing import session_conversation
from server.clock import Clock
from server.console.auth import Sessions
from server.limits import MAX_IMAGE_BYTES, RateLimiter
from server.store import conversations, people
from server.store.database import Store
from server.store.records import File as StoredFile
from server.tokens import new_id

logger = logging.getLogger(__name__)

UPLOAD_PATH = "/api/chat/files"
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_MOST_PIXELS = 50_000_000
_LONGEST_SIDE = 2560
_OPEN_TO_ALL = {"Access-Control-Allow-Origin": "*"}
"""The widget is on the shop's origin; access is by the session secret in a header, never by a cookie."""
_PREFLIGHT = {**_OPEN_TO_ALL, "Access-Control-Allow-Headers": "authorization", "Access-Control-Max-Age": "86400"}
_SHOWN_ONLY = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}


@dataclass(frozen=True)
class FileChannel:
    store: Store
    sessions: Sessions
    folder: Path
    clock: Clock
    limiter: RateLimiter

    async def keep(self, session: str, data: bytes) -> StoredFile:
        """Store an image for the conversation of a session. Raises `Unauthorized`, `TooLarge`, `Unsupported`."""
        conversation = await self.store.read(session_conversation, session)
        self.limiter.check(f"file|{conversation.id}")
        if len(data) > MAX_IMAGE_BYTES:
            raise TooLarge("an image has at most 8 MB", field="file")
        encoded, media_type = await asyncio.to_thread(written_anew, data)
        file = StoredFile(new_id("f"), conversation.id, media_type, len(encoded), self.clock())
        await asyncio.to_thread(self._write, file.id, encoded)
        await self.store.write(people.add_file, file)
        return file

    async def open(self, file_id: str, request: Request) -> tuple[StoredFile, bytes]:
        """A file for a member of its conversation; raises `NotFound` for everybody else, and when it is gone from disk."""
        file = await self.store.read(people.file, file_id)
        if file is None or not await self._is_member(file, request):
            raise NotFound("there is no such file")
        try:
            return file, await asyncio.to_thread((self.folder / file.id).read_bytes)
        except FileNotFoundError:
            logger.warning("the image %s is in the database and not on disk", file.id)
            raise NotFound("there is no such file") from None

    async def _is_member(self, file: StoredFile, request: Request) -> bool:
        session = _bearer(request.headers.get("authorization"))
        if session and session.startswith("s_"):
            return (await self.store.read(session_conversation, session)).id == file.conversation_id
        agent = await self.sessions.agent(request)
        return (await self.store.read(conversations.get, file.conversation_id)).fixture_id == agent.fixture_id

    def _write(self, file_id: str, data: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / file_id).write_bytes(data)


def create_router(channel: FileChannel) -> APIRouter:
    router = APIRouter(tags=["chat"])

    @router.options(UPLOAD_PATH, include_in_schema=False)
    @router.options(UPLOAD_PATH + "/{file_id}", include_in_schema=False)
    async def preflight() -> Response:
        return Response(status_code=204, headers=_PREFLIGHT)

    @router.post(UPLOAD_PATH, status_code=201)
    async def upload(
        response: Response, file: Annotated[UploadFile, File()], authorization: Annotated[str | None, Header()] = None
    ) -> dict[str, str]:
        """Send an image (JPEG, PNG, WebP, GIF; 8 MB); `Authorization: Bearer <session>` of the widget."""
        response.headers.update(_OPEN_TO_ALL)
        session = _bearer(authorization)
        if session is None:
            raise Unauthorized("expected Authorization: Bearer <session>")
        kept = await channel.keep(session, await file.read())
        return {"file": kept.id}

    @router.get(UPLOAD_PATH + "/{file_id}", response_class=Response)
    async def download(file_id: str, request: Request) -> Response:
        """An image of a conversation, for its shopper and for agents."""
        file, data = await channel.open(file_id, request)
        return Response(data, media_type=file.media_type, headers={**_OPEN_TO_ALL, **_SHOWN_ONLY})

    return router


def written_anew(data: bytes) -> tuple[bytes, str]:
    """The picture in `data` encoded again, upright and without metadata, with its media type. Raises `Unsupported` or `Invalid`."""
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise Invalid(f"an image has at most {_MOST_PIXELS // 1_000_000} million pixels", field="file")
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
            return _encoded(upright, jpeg=image.format == "JPEG")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as exc:
        raise Unsupported("expected an image: JPEG, PNG, WebP or GIF", field="file") from exc


def _encoded(image: Image.Image, *, jpeg: bool) -> tuple[bytes, str]:
    out = io.BytesIO()
    if jpeg:
        image.convert("RGB").save(out, "JPEG", quality=88)
        return out.getvalue(), "image/jpeg"
    image.convert("RGBA").save(out, "PNG")
    return out.getvalue(), "image/png"


def _bearer(authorization: str | None) -> str | None:
    kind, _, token = (authorization or "").partition(" ")
    return token if kind.lower() == "bearer" and token else None
