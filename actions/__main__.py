"""The action server: rasa-sdk's app, on loopback, behind the internal secret. `python -m actions`"""

from __future__ import annotations

import hmac
import logging
import os
import sys

from rasa_sdk.endpoint import create_app
from sanic import Request, response
from sanic.response import HTTPResponse

from actions.guides import guides
from actions.shop_api import spent_ms
from bot.core.guides import GuideError
from bot.turn_context import SHOP_MS_HEADER

REQUIRED = ("ZHANGGUI_INTERNAL_SECRET", "ZHANGGUI_SHOP_URL", "ZHANGGUI_SHOP_KEY")


def main() -> None:
    logging.basicConfig(level=os.environ.get("ZHANGGUI_LOG_LEVEL", "INFO"), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    missing = [name for name in REQUIRED if not os.environ.get(name)]
    if missing:
        sys.exit(f"actions: {', '.join(missing)} must be set; `make run` sets them")
    try:
        guides()
    except GuideError as error:
        sys.exit(f"actions: {error}")
    app = create_app("actions")
    expected = f"Bearer {os.environ['ZHANGGUI_INTERNAL_SECRET']}"

    @app.on_request
    async def authorise(request: Request) -> HTTPResponse | None:
        spent_ms.set([])
        if request.path == "/health" or hmac.compare_digest(request.headers.get("Authorization", ""), expected):
            return None
        return response.json({"error": {"code": "unauthorized", "message": "the internal secret is missing or wrong"}}, status=401)

    @app.on_response
    async def tell_time(request: Request, answer: HTTPResponse) -> None:
        """What of the call was waiting for the shop (docs/design.md, server → dialogue)."""
        answer.headers[SHOP_MS_HEADER] = f"{sum(spent_ms.get([])):.1f}"

    port = int(os.environ.get("ZHANGGUI_ACTIONS_PORT", "5055"))
    app.run(host="127.0.0.1", port=port, access_log=False, motd=False)


if __name__ == "__main__":
    main()
