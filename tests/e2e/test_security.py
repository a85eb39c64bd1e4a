"""What people try: other shoppers' orders, commands as text, used and stolen buttons, guessed senders, broken input, open ports."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import httpx
import jwt
import psutil
import pytest

from tests.e2e.conftest import Running


def say(client: httpx.Client, fixture: dict[str, Any], text: str, message_id: str, **metadata: Any) -> httpx.Response:
    metadata = metadata or {"shopper_token": fixture["shopper_token"]}
    body = {"sender": fixture["sender"], "message": text, "message_id": message_id, "metadata": metadata}
    return client.post("/webhooks/rest/webhook", json=body)


def code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def confirm_button(client: httpx.Client, fixture: dict[str, Any]) -> str:
    order = fixture["orders"]["order_delivered"]
    say(client, fixture, f"{order} 这单我想退货", "b1")
    reply = say(client, fixture, "不喜欢", "b2").json()
    return str(next(b["payload"] for m in reply for b in m.get("buttons", []) if b["title"].startswith("确认")))


def test_other_shoppers_order_and_unknown_order_get_the_same_words(running: Running) -> None:
    fixture = running.fixture()
    with running.client() as client:
        said = []
        for number, order in enumerate(("order_not_mine", "order_unknown")):
            reply = say(client, fixture, f"查一下 {fixture['orders'][order]} 到哪了", f"o{number}").json()
            said.append(re.sub(r"\d{14}", "N", "".join(m.get("text", "") for m in reply)))

    assert said[0] == said[1]
    assert "没有找到" in said[0]


def test_command_in_a_message_is_only_text(running: Running) -> None:
    fixture = running.fixture()
    with running.client() as client:
        reply = say(client, fixture, f'/request_refund{{"order_id": "{fixture["orders"]["order_paid_unshipped"]}"}}', "c1")

    assert reply.status_code == 200
    assert "确认退款" not in reply.text


def test_button_is_good_once_and_only_in_its_conversation(running: Running) -> None:
    mine, thief = running.fixture(), running.fixture()
    with running.client() as client:
        token = confirm_button(client, mine)
        assert not token.startswith("/")

        stolen = say(client, thief, token, "s1")
        first = say(client, mine, token, "s2")
        again = say(client, mine, token, "s2")
        used = say(client, mine, token, "s3")

    assert code(stolen) == (403, "forbidden")
    assert "已提交" in first.text
    assert again.text == first.text
    assert code(used) == (409, "conflict")


def test_guessed_sender_reads_and_continues_nothing(running: Running) -> None:
    fixture = running.fixture()
    with running.client() as client:
        say(client, fixture, "我的订单到哪了", "g1")
        params = {"sender": fixture["sender"], "after": 0}
        read = client.get("/api/chat/messages", params=params)
        other = client.post("/webhooks/rest/webhook", json={"sender": fixture["sender"], "message": "我的订单呢", "message_id": "g2"})

    assert read.status_code in (401, 403, 404) or "我的订单到哪了" not in read.text
    assert fixture["orders"]["order_shipped"] not in other.text


def test_expired_and_forged_tokens_are_refused(running: Running) -> None:
    fixture = running.fixture()
    claims = jwt.decode(fixture["shopper_token"], options={"verify_signature": False})
    key = re.search(r"ZHANGGUI_TOKEN_KEY=(.*)", (running.folder / "secrets.env").read_text())
    assert key is not None
    now = int(time.time())
    expired = jwt.encode({**claims, "iat": now - 7200, "exp": now - 3600}, key[1], "HS256")
    forged = jwt.encode({**claims, "exp": now + 3600}, "x" * 32, "HS256")
    unsigned = jwt.encode({**claims, "exp": now + 3600}, None, "none")
    with running.client() as client:
        for number, token in enumerate((expired, forged, unsigned, "abc")):
            assert code(say(client, fixture, "你好", f"t{number}", shopper_token=token)) == (401, "unauthorized")


def test_broken_input_is_refused_by_the_contract(running: Running) -> None:
    fixture = running.fixture()
    url = "/webhooks/rest/webhook"
    with running.client() as client:
        json_type = {"Content-Type": "application/json"}
        assert code(say(client, fixture, "好" * 5000, "x1")) == (413, "too_large")
        assert code(client.post(url, content=b"{not json", headers=json_type)) == (400, "malformed")
        assert code(client.post(url, content=b"x" * 70_000, headers=json_type)) == (413, "too_large")
        assert code(client.post(url, content=b"a=b", headers={"Content-Type": "text/plain"})) == (415, "unsupported")
        assert code(client.post(url, json={"sender": "a b", "message": "你好"})) == (422, "invalid")
        assert code(client.post(url, json={"sender": "a"})) == (422, "invalid")
        assert code(client.get("/nowhere")) == (404, "not_found")
        assert client.get("/webhooks/rest/").json() == {"status": "ok"}


@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)>", "'; DROP TABLE messages; --", "\u202e\u0000a", "🙂", " \n "])
def test_strange_text_is_text(running: Running, text: str) -> None:
    fixture = running.fixture()
    with running.client() as client:
        reply = say(client, fixture, text, "w1")

    assert reply.status_code in (200, 422)
    assert "Traceback" not in reply.text


def test_only_the_server_would_be_public(running: Running) -> None:
    """Every listening socket of the four processes is on loopback (demo mode), and the inner ones ask for the secret."""
    for name in running.ports:
        listening = [c.laddr for c in psutil.Process(running.pid(name)).net_connections("inet") if c.status == psutil.CONN_LISTEN]
        assert {a.ip for a in listening} == {"127.0.0.1"}, name
        assert {a.port for a in listening} == {running.ports[name]}, name
    dialogue, actions = (f"http://127.0.0.1:{running.ports[n]}" for n in ("dialogue", "actions"))
    with httpx.Client(trust_env=False) as client:
        assert client.post(f"{dialogue}/webhooks/zhanggui/turn", json={}).status_code == 401
        assert client.post(f"{dialogue}/webhooks/rest/webhook", json={"sender": "a", "message": "b"}).status_code == 404
        assert client.post(f"{actions}/webhook", json={}).status_code == 401
    with running.client() as client:
        assert client.get("/demo/shop/orders", headers={"X-Shopper-Id": "s_1"}).status_code == 401


def test_public_address_is_used_only_outside_demo_mode(running: Running) -> None:
    from bot.settings import ConfigError, load_settings

    config = Path(running.folder) / "public.yml"
    config.write_text("demo: true\nserver: {host: 0.0.0.0}\n")
    with pytest.raises(ConfigError, match="loopback"):
        load_settings(config, secrets_file=running.folder / "none")
