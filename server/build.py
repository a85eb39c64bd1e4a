"""Puts the parts together. Settings stop here: every part is given plain values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from bot.core.turns import TurnRules
from bot.settings import ConfigError, SecretName, Settings
from server.channels.files import FileChannel
from server.channels.rest import RestChannel
from server.channels.websocket import WidgetChannel
from server.clock import Clock, Desk
from server.console.api import Console
from server.console.auth import Sessions
from server.console.live import LiveDesk
from server.console.presence import Presence
from server.conversations import ChatRules, Conversations
from server.demo import Demo
from server.demo_shop import DemoShop
from server.dialogue_client import DialogueClient
from server.handoff import HandoffService
from server.handover import QueueRules
from server.holidays import calendar_of
from server.housekeeping import Housekeeper, Intervals
from server.http import JsonHttp
from server.hub import Hub
from server.limits import RateLimiter
from server.listening import LOCAL, local_url
from server.metrics import Metrics
from server.nlu_client import NluClient
from server.ops import Operations, Processes
from server.publisher import Publisher
from server.retention import Retention
from server.shop_client import ShopClient
from server.store.database import Store
from server.tokens import ClientHasher, ShopperTokens
from server.turns import Patience, TurnRunner
from server.welcome import Welcome

_INTERNAL_TIMEOUT_S = 5.0
_READY_PATHS = {"nlu": "/readyz", "dialogue": "/webhooks/zhanggui/", "actions": "/health"}
_ARTICLES = Path("knowledge_base/articles")
_REAL_SECRETS: tuple[SecretName, ...] = ("internal_secret", "shop_key", "token_key", "channel_key")
_DEMO_SECRETS: tuple[SecretName, ...] = ("internal_secret", "shop_key", "token_key", "demo_agent_password")


@dataclass(frozen=True)
class Parts:
    """All that the application serves, and what its lifespan opens and closes."""

    store: Store
    hub: Hub
    clock: Clock
    conversations: Conversations
    housekeeper: Housekeeper
    operations: Operations
    rest: RestChannel
    widget: WidgetChannel
    files: FileChannel
    console: Console
    live: LiveDesk
    demo: Demo | None
    http_clients: list[JsonHttp]


def build(settings: Settings, *, clock: Clock, housekeeping_s: float) -> Parts:
    """Raises `ConfigError` when a secret, or outside demo mode the shop's address, is missing."""
    _check(settings)
    store, hub, metrics = Store(settings.server.database_url), Hub(), Metrics()
    desk = Desk(calendar_of(settings.desk))
    rules = QueueRules(desk, settings.handoff.handling_s)
    publisher = Publisher(store, hub, rules, metrics, clock=clock)
    http = _clients(settings)
    processes = Processes({name: (http[name], path) for name, path in _READY_PATHS.items()})
    nlu, shop = NluClient(http["nlu"]), ShopClient(http["shop"])
    conversations = Conversations(
        store,
        publisher,
        _runner(settings, nlu, DialogueClient(http["dialogue"]), processes, desk),
        queue_rules=rules,
        chat_rules=ChatRules(settings.chat.debounce_ms / 1000, settings.chat.max_chars),
        clock=clock,
        metrics=metrics,
    )
    tokens, client_of = ShopperTokens(settings.secret("token_key")), ClientHasher(settings.secret("token_key"))
    limiter = RateLimiter(settings.server.messages_per_10s, 10)
    sessions = Sessions(store, clock=clock, limiter=RateLimiter(settings.server.logins_per_5min, 300))
    presence = Presence(store, clock=clock)
    handoffs = HandoffService(store, publisher, rules, clock=clock, metrics=metrics)
    console = Console(sessions, handoffs, store, rules, shop, nlu, presence, clock, secure_cookie=not settings.demo)
    channel_key = None if settings.demo else settings.secret("channel_key")
    max_chars = settings.chat.max_chars
    files = Path(settings.server.files_dir)
    retention = Retention(store, hub, files, clock=clock)
    welcome = Welcome(settings.shop.name, settings.chat.hot_questions, shop, desk, articles=_ARTICLES, clock=clock)
    return Parts(
        store=store,
        hub=hub,
        clock=clock,
        conversations=conversations,
        housekeeper=Housekeeper(store, publisher, handoffs, processes, retention, _intervals(settings, housekeeping_s), clock=clock),
        operations=Operations(processes, store, metrics),
        rest=RestChannel(conversations, store, tokens, desk, clock, client_of, limiter, channel_key, max_chars),
        widget=WidgetChannel(conversations, store, hub, publisher, tokens, rules, clock, client_of, limiter, metrics, welcome, max_chars),
        files=FileChannel(store, sessions, files, clock, limiter),
        console=console,
        live=LiveDesk(sessions, store, hub, presence, publisher, metrics),
        demo=Demo(_demo_shop(settings), store, tokens, sessions, clock) if settings.demo else None,
        http_clients=list(http.values()),
    )


def _check(settings: Settings) -> None:
    for name in _DEMO_SECRETS if settings.demo else _REAL_SECRETS:
        settings.secret(name)
    if not settings.demo and not settings.shop.url:
        raise ConfigError("shop.url is not set: outside demo mode it is the base URL of your shop (docs/shop-api.yaml)")


def _runner(settings: Settings, nlu: NluClient, dialogue: DialogueClient, processes: Processes, desk: Desk) -> TurnRunner:
    rules = TurnRules(intent_threshold=settings.nlu.intent_threshold, angry_turns=settings.handoff.angry_turns)
    return TurnRunner(nlu, dialogue, processes, rules=rules, patience=Patience(settings.chat.turn_deadline_s), desk=desk)


def _intervals(settings: Settings, round_s: float) -> Intervals:
    return Intervals(
        lease_s=settings.handoff.lease_s,
        queue_return_s=settings.handoff.queue_return_s,
        idle_s=settings.chat.idle_close_min * 60,
        round_s=round_s,
    )


def _clients(settings: Settings) -> dict[str, JsonHttp]:
    internal = settings.secret("internal_secret")
    shop_url = settings.shop.url or f"{local_url(settings.server.host, settings.server.port)}/demo/shop"
    return {
        "nlu": JsonHttp(local_url(LOCAL, settings.nlu.port), secret=internal, timeout_s=_INTERNAL_TIMEOUT_S),
        "dialogue": JsonHttp(local_url(LOCAL, settings.dialogue.port), secret=internal, timeout_s=_INTERNAL_TIMEOUT_S),
        "actions": JsonHttp(local_url(LOCAL, settings.actions.port), timeout_s=_INTERNAL_TIMEOUT_S),
        "shop": JsonHttp(shop_url, secret=settings.secret("shop_key"), timeout_s=settings.shop.timeout_s),
    }


def _demo_shop(settings: Settings) -> DemoShop:
    """Beside the server's own SQLite file, or in `var/` when the server's database is another one."""
    url = make_url(settings.server.database_url)
    folder = Path(url.database).parent if url.get_backend_name() == "sqlite" and url.database else Path("var")
    return DemoShop(f"sqlite:///{folder / 'demo_shop.db'}", product_url="/store/products/{sku}")
