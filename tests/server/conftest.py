"""The real server on a real port with a real database in a temporary folder; the processes behind it are stubs at the wire."""

from __future__ import annotations

import asyncio
import itertools
import json
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from websockets.asyncio.client import ClientConnection, connect

from bot.settings import Settings
from server.app import create_app
from server.clock import wall_clock
from tests.server.stubs import SECRET, DialogueStub, NluStub, listen, port_of, serving

TOKEN_KEY = "token-key-of-the-tests-0123456789abcdef"
DESK_PASSWORD = "desk-password-of-the-tests"


@dataclass
class Running:
    """One running server and its clients."""

    url: str
    http: httpx.AsyncClient
    nlu: NluStub
    dialogue: DialogueStub
    folder: Path
    app: Any
    counter: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def sender(self) -> str:
        """A sender nobody has used."""
        return f"web-{next(self.counter)}"

    async def fixture(self, **options: Any) -> dict[str, Any]:
        response = await self.http.post("/demo/fixtures", json=options)
        assert response.status_code == 200, response.text
        return dict(response.json())

    async def post(self, sender: str, text: str, **fields: Any) -> httpx.Response:
        token = fields.pop("token", None)
        metadata = {"shopper_token": token} if token else {}
        body = {"sender": sender, "message": text, "message_id": f"m{next(self.counter)}", "metadata": metadata, **fields}
        return await self.http.post("/webhooks/rest/webhook", json=body)

    async def say(self, sender: str, text: str, **fields: Any) -> list[dict[str, Any]]:
        response = await self.post(sender, text, **fields)
        assert response.status_code == 200, response.text
        return list(response.json())

    async def agent_of(self, fixture: dict[str, Any], role: str = "agent") -> Desk:
        return await self.login(**fixture[role])

    async def login(self, name: str = "小林", password: str = DESK_PASSWORD) -> Desk:
        response = await self.http.post("/api/agents/login", json={"name": name, "password": password})
        assert response.status_code == 200, response.text
        return Desk(self.http, {"Authorization": f"Bearer {response.json()['token']}"}, response.json()["token"])

    @asynccontextmanager
    async def widget(self, **hello: Any) -> AsyncIterator[Widget]:
        async with connect(self.url.replace("http", "ws") + "/ws/chat") as socket:
            widget = Widget(socket)
            await widget.send(type="hello", **hello)
            yield widget


@dataclass
class Desk:
    """An agent who is signed in."""

    http: httpx.AsyncClient
    headers: dict[str, str]
    token: str

    async def get(self, path: str) -> Any:
        response = await self.http.get(path, headers=self.headers)
        assert response.status_code == 200, response.text
        return response.json()

    async def post(self, path: str, body: Any = None) -> httpx.Response:
        return await self.http.post(path, json=body, headers=self.headers)

    async def queue(self, state: str = "queued") -> list[dict[str, Any]]:
        return list((await self.get(f"/api/handoffs?state={state}"))["items"])


@dataclass
class Widget:
    """The shopper's end of `/ws/chat`."""

    socket: ClientConnection

    async def send(self, **event: Any) -> None:
        await self.socket.send(json.dumps(event))

    async def next(self, type_: str, **fields: Any) -> dict[str, Any]:
        """The next event of a type with these fields; others are skipped."""
        async with asyncio.timeout(5):
            while True:
                event: dict[str, Any] = json.loads(await self.socket.recv())
                if event["type"] == type_ and all(event.get(name) == value for name, value in fields.items()):
                    return event


def settings_of(folder: Path, **changes: Any) -> Settings:
    """`changes` are sections, such as `chat={"turn_deadline_s": 1}`."""
    sections: dict[str, Any] = {
        "server": {"database_url": f"sqlite:///{folder}/server.db", "files_dir": f"{folder}/files", "messages_per_10s": 1000},
        "chat": {"turn_deadline_s": 2, "debounce_ms": 60},
        "desk": {"working_hours": ["00:00-24:00"]},
    }
    for name, values in changes.items():
        sections[name] = {**sections.get(name, {}), **values} if isinstance(values, dict) else values
    secrets = {"internal_secret": SECRET, "shop_key": "shop-key-of-the-tests", "token_key": TOKEN_KEY}
    more = {"demo_agent_password": DESK_PASSWORD, "channel_key": "channel-key-of-the-tests"}
    return Settings(**{**sections, **secrets, **more})


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with databases that demo mode has just made."""
    folder = tmp_path_factory.mktemp("demo")

    async def make() -> None:
        app = create_app(settings_of(folder))
        async with app.router.lifespan_context(app):
            pass

    asyncio.run(make())
    return folder


class Start:
    """Starts servers on one folder and one pair of stubs."""

    def __init__(self, stack: AsyncExitStack, folder: Path) -> None:
        self._stack = stack
        self.folder = folder
        self.nlu = NluStub()
        self.dialogue = DialogueStub()
        self._ports: dict[str, Any] = {}

    async def stubs(self) -> None:
        for name, app in (("nlu", self.nlu.app), ("dialogue", self.dialogue.app)):
            listener = listen()
            await self._stack.enter_async_context(serving(app, listener))
            self._ports[name] = {"port": port_of(listener)}

    async def __call__(self, *, stack: AsyncExitStack | None = None, **changes: Any) -> Running:
        """A server; the changes are settings. With a `stack` of the caller's it ends when that one is closed."""
        stack = stack or self._stack
        listener = listen()
        server = {"port": port_of(listener), **changes.pop("server", {})}
        actions = {"port": self._ports["dialogue"]["port"]}
        clock = changes.pop("clock", wall_clock)
        settings = settings_of(self.folder, server=server, actions=actions, **self._ports, **changes)
        app = create_app(settings, clock=clock, housekeeping_s=0.1)
        await stack.enter_async_context(serving(app, listener))
        url = f"http://127.0.0.1:{port_of(listener)}"
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=url, trust_env=False, timeout=20))
        return Running(url, http, self.nlu, self.dialogue, self.folder, app)


@asynccontextmanager
async def starting(folder: Path, demo_data: Path) -> AsyncIterator[Start]:
    shutil.copytree(demo_data, folder)
    async with AsyncExitStack() as stack:
        starter = Start(stack, folder)
        await starter.stubs()
        yield starter


@pytest_asyncio.fixture(loop_scope="session")
async def start(tmp_path: Path, demo_data: Path) -> AsyncIterator[Start]:
    """Servers of one test, with settings or restarts of its own."""
    async with starting(tmp_path / "var", demo_data) as starter:
        yield starter


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared(tmp_path_factory: pytest.TempPathFactory, demo_data: Path) -> AsyncIterator[Running]:
    async with starting(tmp_path_factory.mktemp("shared") / "var", demo_data) as starter:
        yield await starter()


@pytest.fixture
def server(shared: Running) -> Running:
    """A server that many tests share: every test talks to shoppers of its own, and finds the stubs as new."""
    shared.nlu.reset()
    shared.dialogue.reset()
    return shared


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One event loop for all tests of this folder, since they share a server."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


async def read(server: Running, fixture: dict[str, Any], after: int = 0) -> list[dict[str, Any]]:
    """What the shopper of a fixture can read."""
    headers = {"X-Shopper-Token": fixture["shopper_token"]}
    response = await server.http.get(f"/api/chat/messages?sender={fixture['sender']}&after={after}", headers=headers)
    return list(response.json())
