"""The connections between the processes on Rasa's side."""

from __future__ import annotations

from sanic.config import DEFAULT_CONFIG

from bot.connections import KEPT_OPEN_S


def test_a_connection_is_given_up_before_the_action_server_closes_it() -> None:
    assert DEFAULT_CONFIG["KEEP_ALIVE_TIMEOUT"] > KEPT_OPEN_S
