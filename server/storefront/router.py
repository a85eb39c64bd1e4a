"""Routes of the storefront under `/store`: rendered here, readable without JavaScript, the chat embedded as any shop would."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Cookie, Query, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from fastapi.templating import Jinja2Templates

from bot.core.errors import NotFound
from server.demo import Demo
from server.storefront.pictures import picture
from server.storefront.visit import COOKIE, Visit, Visits
from server.storefront.words import CATEGORIES, FEATURED, add_filters

PREFIX = "/store"
_HERE = Path(__file__).parent
_ASSETS = frozenset({"store.css", "top.css", "goods.css", "orders.css", "store.js", "mark.svg"})
_ON_HOME = 4
_DAY_S = 24 * 3600
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

Token = Annotated[str | None, Cookie(alias=COOKIE, max_length=4096)]


class _Pages:
    """Renders templates with what every page shows: the shop's name, its categories, and who is signed in."""

    def __init__(self, demo: Demo, shop_name: str) -> None:
        self.visits = Visits(demo)
        self._shop_name = shop_name
        self._templates = Jinja2Templates(_HERE / "templates")
        add_filters(self._templates.env)

    async def render(self, request: Request, name: str, token: str | None, *, status: int = 200, **values: object) -> Response:
        visit = await self.visits.of(token)
        return await self.render_for(visit, request, name, status=status, **values)

    async def render_for(self, visit: Visit, request: Request, name: str, *, status: int = 200, **values: object) -> Response:
        everywhere = {
            "shop_name": self._shop_name,
            "categories": CATEGORIES,
            "visit": visit,
            "people": await self.visits.people(),
            "here": request.url.path,
        }
        return self._templates.TemplateResponse(request, name, {**everywhere, **values}, status_code=status, headers=_HEADERS)


def create_router(demo: Demo, *, shop_name: str) -> APIRouter:
    """All pages; include it before anything else that answers below `/store`. Only for demo mode."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)
    pages = _Pages(demo, shop_name)
    _add_goods(router, pages, demo)
    _add_orders(router, pages)
    _add_signing_in(router, pages, demo)
    _add_files(router, pages, demo)
    return router


def _add_goods(router: APIRouter, pages: _Pages, demo: Demo) -> None:
    @router.get("/")
    async def home(
        request: Request,
        token: Token = None,
        category: Annotated[str, Query(max_length=20)] = "",
        q: Annotated[str, Query(max_length=60)] = "",
    ) -> Response:
        """All of the shop, one category, or what a search found."""
        if q or category in CATEGORIES:
            found = await demo.shop.list_products(category if category in CATEGORIES else None, q)
            return await pages.render(request, "listing.html", token, products=found, category=category, query=q)
        shelves = [(name, await demo.shop.list_products(name)) for name in CATEGORIES]
        shown = [(name, goods[:_ON_HOME], len(goods)) for name, goods in shelves]
        featured = [product for _, goods in shelves for product in goods if product["sku"] in FEATURED]
        return await pages.render(request, "home.html", token, shelves=shown, featured=featured)

    @router.get("/products/{sku}")
    async def product(request: Request, sku: str, token: Token = None) -> Response:
        try:
            shown = await demo.shop.product(sku)
        except NotFound:
            return await pages.render(request, "missing.html", token, status=404)
        questions = await pages.visits.questions(sku)
        alike = [other for other in await demo.shop.list_products(shown["category"]) if other["sku"] != sku][:_ON_HOME]
        return await pages.render(request, "product.html", token, product=shown, questions=questions, alike=alike, page=f"sku:{sku}")


def _add_orders(router: APIRouter, pages: _Pages) -> None:
    @router.get("/orders")
    async def orders(request: Request, token: Token = None) -> Response:
        visit = await pages.visits.of(token)
        mine = await pages.visits.orders(visit) if visit.shopper_id else []
        return await pages.render_for(visit, request, "orders.html", orders=mine)

    @router.get("/orders/{order_id}")
    async def order(request: Request, order_id: str, token: Token = None) -> Response:
        visit = await pages.visits.of(token)
        if not visit.shopper_id:
            return await pages.render_for(visit, request, "orders.html", orders=[])
        try:
            shown = await pages.visits.order(visit, order_id)
        except NotFound:
            return await pages.render_for(visit, request, "missing.html", status=404)
        return await pages.render_for(visit, request, "order.html", page=f"order:{order_id}", **shown)


def _add_signing_in(router: APIRouter, pages: _Pages, demo: Demo) -> None:
    # Forms without a body, values in the address: outside the upload the server takes JSON bodies only.
    @router.post("/sign-in")
    async def sign_in(shopper_id: Annotated[str, Query(max_length=64)], back: Annotated[str, Query(max_length=200)] = "") -> Response:
        """As one of the demo shop's people. A test may put a token of `POST /demo/fixtures` into the cookie itself."""
        try:
            token = (await demo.sign_in(shopper_id))["shopper_token"]
        except NotFound:
            return RedirectResponse(f"{PREFIX}/", 303)
        answer = RedirectResponse(_own_path(back), 303)
        answer.set_cookie(COOKIE, token, max_age=_DAY_S, path=PREFIX, httponly=True, samesite="lax")
        return answer

    @router.post("/sign-out")
    async def sign_out(back: Annotated[str, Query(max_length=200)] = "") -> Response:
        """An empty cookie, not none: the page then tells the chat that nobody is signed in."""
        answer = RedirectResponse(_own_path(back), 303)
        answer.set_cookie(COOKIE, "", path=PREFIX, httponly=True, samesite="lax")
        return answer


def _add_files(router: APIRouter, pages: _Pages, demo: Demo) -> None:
    @router.get("/pictures/{sku}.svg")
    async def drawn(sku: str, option: Annotated[str, Query(max_length=60)] = "") -> Response:
        shown = await demo.shop.product(sku)
        colour = option.split("/")[0] or _usual_colour(shown)
        svg = picture(sku, shown["category"], colour)
        return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "max-age=3600", "X-Content-Type-Options": "nosniff"})

    @router.get("/assets/{name}")
    async def asset(name: str) -> Response:
        if name not in _ASSETS:
            raise NotFound("there is no such file")
        return FileResponse(_HERE / "assets" / name, headers={"Cache-Control": "no-cache"})

    @router.get("/privacy")
    async def privacy(request: Request, token: Token = None) -> Response:
        return await pages.render(request, "privacy.html", token)

    @router.get("/{path:path}")
    async def missing(request: Request, path: str, token: Token = None) -> Response:
        return await pages.render(request, "missing.html", token, status=404)


def _usual_colour(product: dict[str, object]) -> str | None:
    """One of the product's colours, always the same one, not always the first."""
    options = product["options"]
    assert isinstance(options, dict)
    first = next(iter(options.values()), None)
    return first[int(str(product["sku"])) % len(first)] if first else None


def _own_path(back: str) -> str:
    """Where to go after signing in: only pages of this shop."""
    safe = back.startswith(f"{PREFIX}/") and "//" not in back and "\\" not in back
    return quote(back, safe="/?=&%:") if safe else f"{PREFIX}/"
