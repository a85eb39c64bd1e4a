"""Tickets: their numbers, promised times and priority, and what a shopper is told of them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from server import tickets
from tests.server.conftest import Running, Start


async def test_two_tickets_never_get_the_same_number(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([4, 4, 4, 7])
    monkeypatch.setattr(tickets, "secrets", SimpleNamespace(randbelow=lambda _below: next(drawn)))
    server.dialogue.scripts["我要投诉"] = {"commands": [{"type": "open_ticket", "class": "logistics", "detail": "慢", "order_id": None}]}

    replies = [await server.say(server.sender(), "我要投诉") for _ in range(2)]

    assert [reply[0]["custom"]["ticket_no"][-5:] for reply in replies] == ["00004", "00007"]


async def test_complaint_tickets_get_a_number_and_can_be_asked_for(server: Running) -> None:
    fixture = await server.fixture()
    opened = {"type": "open_ticket", "class": "logistics", "detail": "快递太慢", "order_id": None}
    server.dialogue.scripts["我要投诉"] = {"commands": [opened]}
    server.dialogue.scripts["投诉进度"] = {"commands": [{"type": "ticket_status", "ticket_no": None}]}
    server.dialogue.scripts["别人的"] = {"commands": [{"type": "ticket_status", "ticket_no": "T2026112100000"}]}
    token = fixture["shopper_token"]

    [made] = await server.say(fixture["sender"], "我要投诉", token=token)
    [found] = await server.say(fixture["sender"], "投诉进度", token=token)
    [unknown] = await server.say(fixture["sender"], "别人的", token=token)

    card = made["custom"]
    assert (card["type"], card["class"], card["class_text"], card["status"]) == ("ticket_card", "logistics", "物流", "open")
    assert card["ticket_no"] in made["text"]
    assert found["custom"] == card
    assert "custom" not in unknown


def ticket(kind: str | None, order_id: str | None = None) -> dict[str, Any]:
    """A script of the dialogue that opens one."""
    kinds = {"kind": kind} if kind else {}
    return {"commands": [{"type": "open_ticket", **kinds, "class": None, "detail": "…", "order_id": order_id}]}


@pytest.mark.parametrize(("kind", "hours"), [(None, 24), ("complaint", 24), ("check", 24), ("suggestion", 48), ("unheard-of", 24)])
async def test_a_suggestion_is_answered_within_two_days_and_all_else_within_one(server: Running, kind: str | None, hours: int) -> None:
    fixture = await server.fixture(now="2026-11-21T14:00:00+08:00")
    server.dialogue.scripts["登记"] = ticket(kind, "20261121000001")

    [made] = await server.say(fixture["sender"], "登记", token=fixture["shopper_token"])

    day = {24: "2026-11-22", 48: "2026-11-23"}[hours]
    assert made["custom"]["promised_at"].startswith(f"{day} 14:0")


@pytest.mark.parametrize(("asked", "kept"), [("urgent", "urgent"), ("sky-high", "normal"), (None, "normal")])
async def test_a_ticket_keeps_its_priority(server: Running, asked: str | None, kept: str) -> None:
    fixture = await server.fixture()
    [command] = ticket("check")["commands"]
    server.dialogue.scripts["登记"] = {"commands": [{**command, "priority": asked}]}

    [made] = await server.say(fixture["sender"], "登记", token=fixture["shopper_token"])
    assert made["custom"]["priority"] == kept


async def test_a_ticket_made_at_night_is_also_the_note_of_its_hand_off(start: Start) -> None:
    server = await start(desk={"working_hours": ["08:00-24:00"]})
    fixture = await server.fixture(now="2026-11-21T03:00:00+08:00")
    handoff = {"type": "handoff", "reason": "security", "skill": "security", "priority": "urgent"}
    server.dialogue.scripts["号被盗了"] = {"commands": [*ticket("check")["commands"], handoff]}

    made, note = await server.say(fixture["sender"], "号被盗了", token=fixture["shopper_token"])
    assert note["custom"]["ticket_no"] == made["custom"]["ticket_no"]


@pytest.mark.parametrize(
    ("kind", "tags"), [("complaint", ["ordinary", "complained"]), ("suggestion", ["ordinary"]), ("check", ["ordinary"])]
)
async def test_only_who_complained_is_said_to_have_complained(server: Running, kind: str, tags: list[str]) -> None:
    fixture = await server.fixture()
    server.dialogue.scripts["登记"] = ticket(kind)
    for text in ("登记", "转人工"):
        await server.say(fixture["sender"], text, token=fixture["shopper_token"])
    desk = await server.agent_of(fixture)
    [row] = await desk.queue()

    packet = await desk.get(f"/api/handoffs/{row['id']}")

    assert (packet["shopper"]["tags"], len(packet["shopper"]["tickets"])) == (tags, 1)


@pytest.mark.parametrize("is_member", [True, False])
async def test_a_parcel_is_looked_into_once_at_a_time(server: Running, is_member: bool) -> None:
    fixture = await server.fixture()
    token = fixture["shopper_token"] if is_member else None
    sender, other_sender = fixture["sender"] if is_member else server.sender(), server.sender()
    scripts = {"催": ticket("check", "1" * 14), "催另一单": ticket("check", "2" * 14), "投诉": ticket("complaint", "1" * 14)}
    server.dialogue.scripts.update(scripts)

    async def number(text: str, sender: str = sender) -> str:
        [reply] = await server.say(sender, text, token=token)
        assert reply["custom"]["ticket_no"] in reply["text"]
        return str(reply["custom"]["ticket_no"])

    first = await number("催")
    assert await number("催") == first
    assert len({first, await number("催另一单"), await number("投诉"), await number("投诉")}) == 4
    assert (await number("催", other_sender) == first) is is_member


async def test_a_matter_of_no_order_keeps_one_ticket_through_a_talk(server: Running) -> None:
    def opens(detail: str, priority: str) -> dict[str, Any]:
        told = {"kind": "check", "class": "system", "detail": detail, "order_id": None, "priority": priority}
        return {"commands": [{"type": "open_ticket", **told}]}

    server.dialogue.scripts |= {"骗子": opens("骗子来电", "urgent"), "又来": opens("又来电", "urgent"), "登不上": opens("登不上", "high")}
    talk = server.sender()

    numbers = [
        (await server.say(sender, text))[0]["custom"]["ticket_no"]
        for sender, text in [(talk, "骗子"), (talk, "又来"), (talk, "登不上"), (server.sender(), "骗子")]
    ]

    assert numbers[0] == numbers[1]
    assert len(set(numbers)) == 3


@pytest.mark.parametrize("named", [True, False])
async def test_a_check_keeps_what_is_told_of_it_and_can_be_closed(server: Running, named: bool) -> None:
    fixture, order = await server.fixture(), "1" * 14
    token = fixture["shopper_token"]
    [opened] = ticket("check", order)["commands"]
    server.dialogue.scripts |= {"没收到": {"commands": [opened]}, "驿站没有": {"commands": [opened | {"detail": "驿站没有"}]}}
    [made] = await server.say(fixture["sender"], "没收到", token=token)
    await server.say(fixture["sender"], "驿站没有", token=token)
    number = made["custom"]["ticket_no"]
    which = {"ticket_no": number, "order_id": None} if named else {"ticket_no": None, "order_id": order}
    server.dialogue.scripts["找到了"] = {"commands": [{"type": "close_check", **which, "note": "在邻居家"}]}

    [closed] = await server.say(fixture["sender"], "找到了", token=token)
    [stranger] = await server.say(server.sender(), "找到了")

    assert closed["custom"]["status"] == "done"
    assert number in closed["text"]
    assert "custom" not in stranger
    query = f"select detail from tickets where ticket_no = '{number}'"
    [detail] = await server.app.state.parts.store.read(lambda db: db.exec_driver_sql(query).scalars().all())
    assert detail.split("\n") == ["…", "驿站没有", "在邻居家"]


async def test_a_named_ticket_is_told_by_its_number(server: Running) -> None:
    sender = server.sender()
    server.dialogue.scripts["建议"] = {"commands": [{"type": "open_ticket", "kind": "suggestion", "class": None, "detail": "出小号"}]}
    number = (await server.say(sender, "建议"))[0]["custom"]["ticket_no"]
    server.dialogue.scripts["按号"] = {"commands": [{"type": "ticket_status", "ticket_no": number}]}
    server.dialogue.scripts["最近"] = {"commands": [{"type": "ticket_status", "ticket_no": None}]}

    assert number in (await server.say(sender, "按号"))[0]["text"]
    assert "最近" in (await server.say(sender, "最近"))[0]["text"]
    assert 'csbot_feedback_total{class="suggestion"}' in (await server.http.get("/metrics")).text


async def test_open_tickets_are_told_by_number_noted_in_and_kept(server: Running) -> None:
    sender = server.sender()
    status = {"type": "ticket_status", "ticket_no": None}
    opened = {"type": "open_ticket", "kind": "complaint", "class": "system", "detail": "扣了两次", "order_id": None}
    scripts = {"投诉": [opened], "进度": [status], "来电": [status | {"note": "处理完给我打电话"}], "算了": [status | {"kept": True}]}
    for said, commands in scripts.items():
        server.dialogue.scripts[said] = {"commands": commands}

    nothing = [reply.get("text") or "" for reply in await server.say(sender, "算了")]
    assert not any("投诉" in text for text in nothing)
    numbers = [(await server.say(sender, "投诉", message_id=f"t{n}"))[0]["custom"]["ticket_no"] for n in range(2)]
    told = (await server.say(sender, "进度"))[0]["text"]
    assert all(number in told for number in numbers)
    noted = (await server.say(sender, "来电"))[0]["custom"]["ticket_no"]
    kept = (await server.say(sender, "算了", message_id="kept"))[0]["text"]
    assert all(number in kept for number in numbers)
    query = f"select detail from tickets where ticket_no = '{noted}'"
    assert await server.app.state.parts.store.read(lambda db: db.exec_driver_sql(query).scalars().all()) == ["扣了两次；处理完给我打电话"]


@pytest.mark.parametrize(
    ("asked", "details"),
    [
        ({"place": 2}, ["扣了两次"]),
        ({"place": -1}, ["骗子要验证码"]),
        ({"place": 4}, ["快递没动", "扣了两次", "骗子要验证码"]),
        ({"words": "验证码那个呢"}, ["骗子要验证码"]),
        ({"words": "那个投诉单到哪步了"}, ["扣了两次"]),
        ({"words": "那个到哪步了"}, ["快递没动", "扣了两次", "骗子要验证码"]),
    ],
)
async def test_one_of_several_tickets_is_meant_by_its_place_or_by_what_it_is_about(
    server: Running, asked: dict[str, Any], details: list[str]
) -> None:
    sender, numbers = server.sender(), {}
    for kind, class_, detail in (
        ("check", "system", "骗子要验证码"),
        ("complaint", "system", "扣了两次"),
        ("check", "logistics", "快递没动"),
    ):
        server.dialogue.scripts[detail] = {"commands": [{"type": "open_ticket", "kind": kind, "class": class_, "detail": detail}]}
        numbers[detail] = (await server.say(sender, detail))[0]["custom"]["ticket_no"]
    server.dialogue.scripts["哪个"] = {"commands": [{"type": "ticket_status", "ticket_no": None, **asked}]}

    [told] = await server.say(sender, "哪个")

    assert [detail for detail, number in numbers.items() if number in told["text"]] == sorted(details, key=list(numbers).index)
    assert len(details) == 1 or all(detail in told["text"] for detail in details)
