"""Who holds a conversation. Exactly one of bot, queue, agent, closed; only the owner speaks (DESIGN: Who owns what)."""

from __future__ import annotations

from enum import Enum

from bot.core.errors import Conflict


class Owner(str, Enum):
    BOT = "bot"
    QUEUE = "queue"
    AGENT = "agent"
    CLOSED = "closed"


class Transition(str, Enum):
    HAND_OFF = "hand_off"  # the bot, or a rule, asks for a person
    ACCEPT = "accept"  # a person takes it, from the queue or by writing while the bot owns it
    RETURN = "return"  # a person, the shopper who waits, or the queue after its waiting time gives it back to the bot
    CLOSE = "close"
    REOPEN = "reopen"  # the shopper writes again


_NEXT: dict[tuple[Owner, Transition], Owner] = {
    (Owner.BOT, Transition.HAND_OFF): Owner.QUEUE,
    (Owner.BOT, Transition.ACCEPT): Owner.AGENT,
    (Owner.BOT, Transition.CLOSE): Owner.CLOSED,
    (Owner.QUEUE, Transition.ACCEPT): Owner.AGENT,
    (Owner.QUEUE, Transition.RETURN): Owner.BOT,
    (Owner.QUEUE, Transition.CLOSE): Owner.CLOSED,
    (Owner.AGENT, Transition.HAND_OFF): Owner.QUEUE,
    (Owner.AGENT, Transition.RETURN): Owner.BOT,
    (Owner.AGENT, Transition.CLOSE): Owner.CLOSED,
    (Owner.CLOSED, Transition.REOPEN): Owner.BOT,
}


def next_owner(owner: Owner, transition: Transition) -> Owner:
    """The owner after a transition; raises `Conflict` for one that is not legal from here."""
    try:
        return _NEXT[owner, transition]
    except KeyError:
        legal = ", ".join(t.value for o, t in _NEXT if o is owner)
        raise Conflict(f"a conversation owned by {owner.value} cannot {transition.value}; it can: {legal}") from None


def may_speak(owner: Owner, author: str) -> bool:
    """Whether `author` (bot, agent, shopper, system) may put a message into a conversation held by `owner`.

    A shopper and the system always may; an agent's message takes the conversation first, so it arrives as the owner.
    """
    return author in ("shopper", "system") or owner.value == author
