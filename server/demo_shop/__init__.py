"""The demo shop: a real shop with SQL data behind docs/shop-api.yaml, so that every flow works on a fresh machine.

Only the names below are for other folders; a real shop replaces all of it by `shop.url`.
"""

from server.demo_shop.api import create_router
from server.demo_shop.callers import Caller
from server.demo_shop.fixtures import fixture_clock
from server.demo_shop.shop import DemoShop

__all__ = ["Caller", "DemoShop", "create_router", "fixture_clock"]
