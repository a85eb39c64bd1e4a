"""Sign-in of agents: password, cookie, origin, roles."""

from __future__ import annotations

from typing import Any

import pytest

from server.store.people import put_agent
from tests.server.conftest import DESK_PASSWORD, Running, Start

LOGIN = "/api/agents/login"


async def test_login_gives_a_cookie_for_pages_and_a_bearer_token(server: Running) -> None:
    agent = (await server.fixture())["agent"]
    response = await server.http.post(LOGIN, json=agent)

    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    body = response.json()
    assert body["agent"]["name"] == agent["name"]
    me = await server.http.get("/api/agents/me", headers={"Authorization": f"Bearer {body['token']}"})
    assert me.json() == {"agent": body["agent"]}
    server.http.cookies.clear()


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"name": "nobody"}])
async def test_wrong_name_and_wrong_password_are_refused_alike(server: Running, wrong: dict[str, str]) -> None:
    agent = (await server.fixture())["agent"]

    response = await server.http.post(LOGIN, json={**agent, **wrong})

    assert (response.status_code, response.json()["error"]["message"]) == (401, "name or password is wrong")


async def test_the_cookie_is_good_for_our_own_pages_only(server: Running) -> None:
    fixture = await server.fixture()
    await server.say(fixture["sender"], "转人工", token=fixture["shopper_token"])
    token = (await server.http.post(LOGIN, json=fixture["agent"])).json()["token"]
    server.http.cookies.clear()
    cookie = {"Cookie": f"zhanggui_agent={token}"}
    [row] = (await server.http.get("/api/handoffs", headers=cookie)).json()["items"]
    path = f"/api/handoffs/{row['id']}/accept"

    foreign = await server.http.post(path, headers={**cookie, "Origin": "https://evil.example"})
    own = await server.http.post(path, headers={**cookie, "Origin": server.url})

    assert (foreign.status_code, foreign.json()["error"]["code"]) == (403, "forbidden")
    assert own.status_code == 200


@pytest.mark.parametrize("authorization", ["Basic eDp5", "Bearer"])
async def test_only_a_bearer_token_makes_the_look_at_the_origin_needless(server: Running, authorization: str) -> None:
    fixture = await server.fixture()
    desk = await server.agent_of(fixture)
    server.http.cookies.clear()
    foreign = {"Origin": "https://evil.example"}

    rides = {**foreign, "Cookie": f"zhanggui_agent={desk.token}", "Authorization": authorization}
    refused = await server.http.post("/api/agents/logout", headers=rides)
    wrong = await server.http.post("/api/agents/logout", headers={**rides, "Authorization": "Bearer a_nobody"})
    signed = await server.http.post("/api/agents/logout", headers={**foreign, **desk.headers})

    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")
    assert (wrong.status_code, signed.status_code) == (401, 204)


async def test_after_logout_the_session_is_over(server: Running) -> None:
    desk = await server.agent_of(await server.fixture())

    assert (await desk.post("/api/agents/logout")).status_code == 204
    assert (await server.http.get("/api/handoffs", headers=desk.headers)).status_code == 401


@pytest.mark.parametrize(
    "path", ["/api/handoffs", "/api/handoffs/h_1", "/api/conversations/c_1/messages", "/api/agents", "/api/knowledge?q=a"]
)
async def test_nothing_is_read_without_signing_in(server: Running, path: str) -> None:
    server.http.cookies.clear()

    response = await server.http.get(path)

    assert (response.status_code, response.json()["error"]["code"]) == (401, "unauthorized")


async def test_an_engineer_does_not_read_conversations(server: Running) -> None:
    parts = server.app.state.parts
    engineer = parts.console.sessions.new_agent("engineer-1", "engineer", "a-password-long-enough")
    await parts.store.write(put_agent, engineer)
    desk = await server.login("engineer-1", "a-password-long-enough")

    assert (await desk.http.get("/api/handoffs", headers=desk.headers)).status_code == 403


async def test_guessing_passwords_is_slowed_down(start: Start) -> None:
    server = await start(server={"logins_per_5min": 2})
    tries: list[Any] = [await server.http.post(LOGIN, json={"name": "小林", "password": "x"}) for _ in range(3)]

    assert [response.status_code for response in tries] == [401, 401, 429]
    assert int(tries[2].headers["Retry-After"]) > 200
    assert (await server.http.post(LOGIN, json={"name": "小林主管", "password": DESK_PASSWORD})).status_code == 200


async def test_the_demo_desk_does_not_see_conversations_of_fixtures(start: Start) -> None:
    server = await start()
    fixture = await server.fixture()
    await server.say(fixture["sender"], "转人工", token=fixture["shopper_token"])
    await server.say("web-1", "转人工")

    seen = await (await server.login()).queue()

    assert [row["last"]["text"] for row in seen] == ["转人工"]
    assert len(await (await server.agent_of(fixture)).queue()) == 1


async def test_colleagues_and_knowledge_for_the_desk(server: Running) -> None:
    fixture = await server.fixture()
    desk = await server.agent_of(fixture)

    colleagues = (await desk.get("/api/agents"))["items"]
    found = (await desk.get("/api/knowledge?q=运费"))["items"]

    assert [(one["name"], one["state"], one["active"]) for one in colleagues] == [
        (fixture["agent"]["name"], "offline", 0), (fixture["supervisor"]["name"], "offline", 0)
    ]  # fmt: skip
    assert found[0]["id"] == "return.fee"
