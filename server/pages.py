"""Serves files as they are written, nothing is built: the widget for the shop's own pages, and the agents' desk."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_HERE = Path(__file__).parent
_EMBEDDED = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
_OWN = {"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}


class _Files(StaticFiles):
    """Files with headers of their own; always asked again, so that an update is seen at once (304 when nothing changed)."""

    def __init__(self, folder: Path, headers: dict[str, str], *, html: bool = False) -> None:
        super().__init__(directory=folder, html=html, check_dir=False)
        self._headers = {"Cache-Control": "no-cache", **headers}

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(self._headers)
        return response


def mount_pages(app: FastAPI, *, demo: bool) -> None:
    """`/widget.js`, `/widget/…`, `/static/…` for the shop's own pages; `/desk/` for agents; `/` leads to the storefront or the desk."""

    @app.get("/widget.js", include_in_schema=False)
    async def loader() -> FileResponse:
        headers = {"Cache-Control": "no-cache", **_EMBEDDED}
        return FileResponse(_HERE / "widget" / "widget.js", media_type="text/javascript", headers=headers)

    @app.get("/", include_in_schema=False)
    async def front() -> RedirectResponse:
        return RedirectResponse("/store/" if demo else "/desk/")

    app.mount("/widget", _Files(_HERE / "widget", _EMBEDDED))
    app.mount("/static", _Files(_HERE / "static", _EMBEDDED))
    app.mount("/desk", _Files(_HERE / "console" / "static", _OWN, html=True))
