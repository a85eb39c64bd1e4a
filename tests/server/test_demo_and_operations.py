"""Fixtures, files, health, metrics, OpenAPI, logs, schema."""

from __future__ import annotations

import io
import logging
import re
from typing import Any

import httpx
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from PIL import Image

from server.logs import masked
from server.store.database import Store
from server.store.migrate import migrate
from server.store.tables import metadata
from tests.server.conftest import Running, Start


async def test_a_fixture_has_everything_the_contract_names(server: Running) -> None:
    fixture = (await server.http.post("/demo/fixtures")).json()

    assert set(fixture["orders"]) == {
        "order_paid_unshipped", "order_shipped", "order_delivered", "order_refunding", "order_not_mine", "order_unknown"
    }  # fmt: skip
    assert all(re.fullmatch(r"\d{14}", number) for number in fixture["orders"].values())
    assert re.fullmatch(r"\d{4}", fixture["phone_last4"])
    assert fixture["agent"]["name"] != fixture["supervisor"]["name"]


@pytest.mark.parametrize("body", [None, {}, {"level": "gold"}])
async def test_the_body_of_a_fixture_is_optional(server: Running, body: Any) -> None:
    assert (await server.http.post("/demo/fixtures", json=body)).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [({"level": "emperor"}, "level"), ({"now": "soon"}, "now"), ({"now": "9999-12-31T23:59:59-12:00"}, "now"), ({"x": 1}, "x")],
)
async def test_a_wrong_fixture_is_refused(server: Running, body: Any, field: str) -> None:
    response = await server.http.post("/demo/fixtures", json=body)

    assert (response.status_code, response.json()["error"]["field"]) == (422, field)


async def test_the_clock_of_a_fixture_holds_for_its_sender_alone(server: Running) -> None:
    fixture = await server.fixture(now="2026-02-03T04:05:06+08:00")

    await server.say(fixture["sender"], "你好")
    await server.say(server.sender(), "你好")

    clocks = [turn["metadata"]["now"] for turn in server.dialogue.asked]
    assert clocks[0].startswith("2026-02-03T04:05:")
    assert not clocks[1].startswith("2026-02-03")
    assert server.nlu.asked[0]["now"] == clocks[0]


async def test_the_pages_are_served(server: Running) -> None:
    front = await server.http.get("/")
    pages = {path: (await server.http.get(path)) for path in ("/store/", "/widget.js", "/desk/", "/static/tokens.css")}

    assert (front.status_code, front.headers["location"]) == (307, "/store/")
    assert {path: page.status_code for path, page in pages.items()} == dict.fromkeys(pages, 200)
    assert pages["/widget.js"].headers["access-control-allow-origin"] == "*"
    assert pages["/desk/"].headers["x-frame-options"] == "DENY"


def picture(kind: str = "JPEG", **exif: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, kind, **exif)
    return out.getvalue()


async def upload(server: Running, session: str, data: bytes) -> httpx.Response:
    headers = {"Authorization": f"Bearer {session}"}
    return await server.http.post("/api/chat/files", files={"file": ("a.jpg", data, "image/jpeg")}, headers=headers)


async def test_an_image_is_shown_to_members_of_the_conversation_only(server: Running) -> None:
    fixture = await server.fixture()
    async with server.widget(shopper_token=fixture["shopper_token"]) as widget, server.widget() as other:
        session = (await widget.next("welcome"))["session"]
        stranger = (await other.next("welcome"))["session"]
        exif = Image.Exif()
        exif[0x010F] = "CAMERA-OF-THE-SHOPPER"
        file = (await upload(server, session, picture(exif=exif))).json()["file"]
        await widget.send(type="upload", id="c1", file=file)
        message = await widget.next("message", id="c1")
        await other.send(type="upload", id="c1", file=file)
        refused = await other.next("error")

    async def get(token: str) -> httpx.Response:
        return await server.http.get(message["image"], headers={"Authorization": f"Bearer {token}"})

    shown = await get(session)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert b"CAMERA" not in shown.content
    assert (await get(stranger)).status_code == 404
    assert (await get((await server.agent_of(fixture)).token)).status_code == 200
    assert (await get("a_nobody")).status_code == 401
    assert refused["code"] == "forbidden"


@pytest.mark.parametrize(
    ("data", "status"),
    [(b"GIF89a<script>", 415), (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415), (b"", 415), (b"x" * (8 * 2**20 + 100), 413)],
)
async def test_what_is_not_an_image_or_too_large_is_refused(server: Running, data: bytes, status: int) -> None:
    async with server.widget() as widget:
        session = (await widget.next("welcome"))["session"]
        assert (await upload(server, session, data)).status_code == status


async def test_an_image_that_is_gone_from_disk_is_not_found(server: Running) -> None:
    async with server.widget() as widget:
        session = (await widget.next("welcome"))["session"]
        file = (await upload(server, session, picture())).json()["file"]
    (server.folder / "files" / file).unlink()

    response = await server.http.get(f"/api/chat/files/{file}", headers={"Authorization": f"Bearer {session}"})

    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


async def test_a_folder_that_cannot_be_written_is_unavailable(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    server = await start(server={"files_dir": str(start.folder / "server.db")})
    async with server.widget() as widget:
        session = (await widget.next("welcome"))["session"]

        response = await upload(server, session, picture())

    assert (response.status_code, response.json()["error"]["code"]) == (503, "unavailable")
    assert "retry-after" in response.headers
    assert str(start.folder) not in response.text
    assert "no storage at POST /api/chat/files" in caplog.text


async def test_files_need_a_session_and_a_form(server: Running) -> None:
    assert (await upload(server, "s_unknown", picture())).status_code == 401
    assert (await server.http.post("/api/chat/files", json={})).status_code == 415


async def test_ready_says_which_process_does_not_answer(server: Running) -> None:
    before = await server.http.get("/readyz")
    server.nlu.down = True
    after = await server.http.get("/readyz")

    assert (before.status_code, before.json()["processes"]) == (200, dict.fromkeys(("server", "nlu", "dialogue", "actions"), "ok"))
    assert (after.status_code, after.json()["error"]["code"]) == (503, "unavailable")
    assert after.json()["processes"]["nlu"] == "answers with status 503"
    assert (await server.http.get("/healthz")).json() == {"status": "ok"}


async def test_metrics_have_the_names_that_people_expect(server: Running) -> None:
    await server.say(server.sender(), "运费")
    await server.say(server.sender(), "转人工")

    text = (await server.http.get("/metrics")).text

    for line in (
        'csbot_messages_total{channel="rest",role="shopper"}', 'csbot_turn_seconds_bucket{le="0.01",stage="nlu"}',
        "csbot_intent_confidence_bucket", 'csbot_handoff_total{reason="requested"}', 'csbot_queue_length{skill="aftersale"}',
        'csbot_turn_seconds_sum{stage="shop"}', 'csbot_kb_hit_total{band="answer"}', "csbot_ws_connections",
        'csbot_model_info{sha="d4t4",version="2026-11-20T10:00:00"} 1.0',
    ):  # fmt: skip
        assert line in text


async def test_steps_of_the_ladder_are_counted_and_said_by_the_dialogue_alone(server: Running) -> None:
    server.dialogue.scripts["嘎嘎"] = {"messages": [{"text": "没太明白"}], "commands": [{"type": "fallback", "step": "search"}]}
    counted = 'csbot_fallback_step_total{step="search"} '

    async def count() -> float:
        text = (await server.http.get("/metrics")).text
        return next((float(line.removeprefix(counted)) for line in text.splitlines() if line.startswith(counted)), 0.0)

    before = await count()
    said = await server.say(server.sender(), "嘎嘎")

    assert [message["text"] for message in said] == ["没太明白"]
    assert await count() == before + 1


async def test_a_turn_is_one_line_without_text(server: Running, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="server"):
        await server.say(server.sender(), "我的电话是13812345678")

    [line] = [record for record in caplog.records if record.getMessage() == "turn"]
    assert (line.intent, line.result, line.confidence) == ("ask_knowledge", "answered", 0.9)  # type: ignore[attr-defined]
    assert "13812345678" not in str(vars(line))


async def test_numbers_in_texts_for_debugging_are_masked() -> None:
    assert masked("电话13812345678，订单20261120000001") == "电话138***78，订单202***01"


async def test_openapi_is_served_and_its_examples_are_answered(server: Running) -> None:
    document = (await server.http.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert (await server.http.get("/docs")).status_code == 404

    hook = document["paths"]["/webhooks/rest/webhook"]["post"]["requestBody"]["content"]["application/json"]
    for example in hook["examples"].values():
        response = await server.http.post("/webhooks/rest/webhook", json=example["value"])
        assert response.status_code == 200
    assert not any(path.startswith(("/demo/shop/", "/store")) for path in document["paths"])


async def test_every_json_body_of_the_openapi_document_has_an_example(server: Running) -> None:
    document = (await server.http.get("/openapi.json")).json()

    for path, methods in document["paths"].items():
        for operation in methods.values():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if content is not None:
                schemas = [content["schema"], *content["schema"].get("anyOf", [])]
                named = [document["components"]["schemas"][s["$ref"].rpartition("/")[2]] for s in schemas if "$ref" in s]
                assert "examples" in content or any("examples" in schema for schema in named), path
            assert operation["responses"]["4XX"]["content"]["application/json"]["schema"]["$ref"].endswith("/ErrorBody")


async def test_the_schema_of_the_migrations_is_that_of_the_tables(start: Start) -> None:
    store = Store(f"sqlite:///{start.folder}/schema.db")
    await store.write(migrate, demo=True)

    def differences(db: Any) -> Any:
        return compare_metadata(MigrationContext.configure(db, opts={"compare_type": True}), metadata)

    assert await store.read(differences) == []
    store.close()
