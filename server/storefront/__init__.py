"""The demo shop's own pages: products, orders and signing in as one of its people. Demo mode only."""

from server.storefront.router import create_router

__all__ = ["create_router"]
