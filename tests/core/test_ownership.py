import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import Conflict
from bot.core.ownership import Owner, Transition, may_speak, next_owner


@given(st.lists(st.sampled_from(Transition), max_size=50))
def test_bot_never_speaks_while_somebody_else_owns(steps):
    owner = Owner.BOT
    for step in steps:
        try:
            owner = next_owner(owner, step)
        except Conflict:
            continue
        assert may_speak(owner, "bot") == (owner is Owner.BOT)
        assert may_speak(owner, "agent") == (owner is Owner.AGENT)


def test_illegal_step_names_the_legal_ones():
    with pytest.raises(Conflict, match="it can: reopen"):
        next_owner(Owner.CLOSED, Transition.ACCEPT)


@pytest.mark.parametrize("owner", [Owner.BOT, Owner.QUEUE, Owner.AGENT])
def test_every_open_conversation_can_be_closed_and_comes_back_to_the_bot(owner):
    closed = next_owner(owner, Transition.CLOSE)

    assert next_owner(closed, Transition.REOPEN) is Owner.BOT
