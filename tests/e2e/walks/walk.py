"""Holding a walk: every turn is sent to the running system, and after every turn the rules of `rules.py` are asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import yaml

from tests.e2e.conftest import Running
from tests.e2e.walks import rules
from tests.e2e.walks.books import Books
from tests.e2e.walks.lines import Heard, Line, Rest, Widget
from tests.e2e.walks.turns import ANSWERS, FITTING_WANTS, WRONG

_DESK_AFTER = 2
"""A shopper who waits for a person says this much more before one comes."""


@dataclass(frozen=True)
class World:
    """What all walks share: the system, one HTTP client, its files, and a button of somebody else's conversation."""

    running: Running
    client: httpx.Client
    books: Books
    strangers_button: str


@dataclass
class Talk:
    """One walk while it is held. `script` is the walk with every choice made, and what was answered, to be printed and held again."""

    world: World
    line: Line
    fixture: Mapping[str, Any]
    shopper_id: str
    anonymous: bool
    buttons: list[tuple[str, str]] = field(default_factory=list)
    """Title and payload of every button offered, oldest first."""
    said: list[str] = field(default_factory=list)
    last: Heard = field(default_factory=Heard)
    script: list[dict[str, Any]] = field(default_factory=list)
    sent: int = 0
    waited: int = 0
    told_by_people: int = 0

    def take(self, turn: Mapping[str, Any]) -> None:
        """Take one turn and check it; a turn that is not possible now (no button, no photo on this line) is passed over."""
        step = self._resolved(turn)
        if step is None:
            return
        self.script.append({**step})
        before = rules.Before.of(self)
        heard = self._send(step)
        if heard is None:
            self.script.pop()
            return
        holder = self.holder()
        if holder is not None:
            self.script[-1]["# taken for"] = self.world.books.intent(holder.id, f"m{self.sent}")
        self.script[-1]["# answer"] = (
            heard.refused or rules.texts(heard.messages) or [m.get("custom", {}).get("type") for m in heard.messages]
        )
        rules.check(self, step, before, heard)
        if heard.refused is None and not step.get("again"):
            self.last = heard
        self.buttons += _buttons(heard.messages)
        self._desk()

    def holder(self) -> Any:
        return self.world.books.holder(self.fixture["sender"], None if self.anonymous else self.shopper_id)

    def _resolved(self, turn: Mapping[str, Any]) -> dict[str, Any] | None:
        """The turn with its choice made."""
        if "pause" in turn:
            return None
        for kind, values in (("answer", ANSWERS), ("wrong", WRONG)):
            if kind in turn:
                holder = self.holder()
                asked = holder.requested_slot if holder is not None else None
                fitting = values.get(asked, values["confirm"]) if asked or kind == "wrong" else FITTING_WANTS
                return {"say": fitting[turn[kind] % len(fitting)]}
        if "tap" in turn and not self.buttons:
            return None
        return dict(turn)

    def _send(self, step: dict[str, Any]) -> Heard | None:
        if step.get("again"):
            return self._again()
        self.sent += 1
        message_id = f"m{self.sent}"
        if "tap" in step:
            title, payload = self.buttons[-1 - step["tap"] % len(self.buttons)]
            step["# title"] = self.script[-1]["# title"] = title
            return self.line.press(payload, message_id)
        if "stranger" in step:
            return self.line.press(self.world.strangers_button, message_id)
        if "photo" in step:
            return self.line.photo(message_id)
        text = self.filled(step["say"])
        self.said.append(text)
        return self.line.say(text, message_id)

    def filled(self, text: str) -> str:
        known = {**self.fixture["orders"], "phone_last4": self.fixture["phone_last4"]}
        return re.sub(r"\{(\w+)\}", lambda m: str(known.get(m[1], m[0])), text)

    def _again(self) -> Heard | None:
        """The last text once more under its id: the stored answer, and nothing is done twice."""
        if not self.said or not isinstance(self.line, Rest) or (self.script[-2:-1] and "say" not in self.script[-2]):
            return None
        return self.line.say(self.said[-1], f"m{self.sent}")

    def _desk(self) -> None:
        """A person takes a conversation that has waited, writes, and gives it back."""
        holder = self.holder()
        if holder is None or holder.owner not in ("queue", "agent"):
            return
        self.waited += 1
        if self.waited < _DESK_AFTER:
            return
        self.waited = 0
        with httpx.Client(base_url=self.world.running.url, trust_env=False, timeout=30) as desk:
            login = desk.post("/api/agents/login", json=dict(self.fixture["agent"])).raise_for_status().json()
            desk.headers["Authorization"] = f"Bearer {login['token']}"
            (handoff,) = holder.open_handoffs
            desk.post(f"/api/handoffs/{handoff}/accept").raise_for_status()
            rules.check_owner(self, "agent")
            self.told_by_people += 1
            message = {"id": f"a{self.told_by_people}", "text": "您好，我来帮您看一下。"}
            desk.post(f"/api/conversations/{holder.id}/messages", json=message).raise_for_status()
            desk.post(f"/api/handoffs/{handoff}/return", json={"note": "已解释"}).raise_for_status()
            rules.check_owner(self, "bot")
        self.script.append({"# a person": "takes the conversation and gives it back"})


def hold(world: World, walk: Mapping[str, Any]) -> None:
    """Hold a walk; a broken rule raises AssertionError with the script of the walk as a note."""
    fixture = world.running.fixture(**walk["fixture"])
    with _opened(world, walk["shopper"], fixture) as talk:
        try:
            for turn in walk["turns"]:
                talk.take({key: value for key, value in turn.items() if not key.startswith("#")})
        except Exception as error:
            failed = {"shopper": walk["shopper"], "fixture": walk["fixture"], "turns": talk.script}
            error.add_note(yaml.safe_dump(failed, allow_unicode=True, sort_keys=False, width=140))
            raise


@contextmanager
def _opened(world: World, shopper: str, fixture: Mapping[str, Any]) -> Iterator[Talk]:
    shopper_id = world.books.owner_of(fixture["orders"]["order_delivered"])
    token = fixture["shopper_token"]
    if shopper == "widget":
        with Widget.open(world.running, world.client, world.books, shopper_id, token) as line:
            yield Talk(world, line, fixture, shopper_id, anonymous=False)
    else:
        anonymous = shopper == "anonymous"
        yield Talk(world, Rest(world.client, fixture["sender"], None if anonymous else token), fixture, shopper_id, anonymous)


def _buttons(value: Any) -> list[tuple[str, str]]:
    """Title and payload of every button and every line of a list in what was answered."""
    if isinstance(value, Mapping):
        own = [(str(value.get("title") or value.get("order_id") or ""), str(value["payload"]))] if "payload" in value else []
        return own + [button for item in value.values() for button in _buttons(item)]
    return [button for item in value for button in _buttons(item)] if isinstance(value, list | tuple) else []
