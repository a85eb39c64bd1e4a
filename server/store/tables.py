"""Tables of the server's database. Times (`…_at`) are seconds since 1970 in UTC; a change here needs a migration beside it."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text, UniqueConstraint, false

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

meta = Table("meta", metadata, Column("name", String(64), primary_key=True), Column("value", Text, nullable=False))

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("key", String(320), nullable=False, unique=True),  # who may address it: see store/conversations.py
    Column("channel", String(16), nullable=False),
    Column("sender", String(128), nullable=False),
    Column("shopper_id", String(128), index=True),
    Column("shopper_level", String(32)),
    Column("fixture_id", String(40)),
    Column("clock_shift_s", Float, nullable=False),
    Column("owner", String(8), nullable=False),
    Column("agent_id", String(40)),
    Column("handoff_id", String(40)),
    Column("language", String(16)),
    Column("page", String(256)),
    Column("client", String(32)),
    Column("active_form", String(128)),
    Column("requested_slot", String(128)),
    Column("slots", JSON, nullable=False),
    Column("moods", JSON, nullable=False),
    Column("needs_reset", Boolean, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("active_at", Float, nullable=False),
    Index("ix_conversations_owner_active_at", "owner", "active_at"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("secret_hash", String(64), primary_key=True),
    Column("conversation_id", String(40), ForeignKey("conversations.id"), nullable=False),
    Column("created_at", Float, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", String(40), ForeignKey("conversations.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("author", String(8), nullable=False),  # shopper, bot, agent, system
    Column("author_name", String(64)),
    Column("message_id", String(200)),
    Column("kind", String(16), nullable=False),
    Column("body", JSON, nullable=False),  # what clients see: text, buttons, image, custom
    Column("input", JSON),  # what came with a shopper's message: payload, stars, page, language
    Column("private", Boolean, nullable=False),
    Column("turn_seq", Integer),  # the shopper's message (the last of several bubbles) that this one belongs to
    Column("state", String(8), nullable=False),  # pending until the turn is stored, then done
    Column("parse", JSON),
    Column("outcome", JSON),  # what the bot did with it: result, actions, milliseconds
    Column("created_at", Float, nullable=False),
    UniqueConstraint("conversation_id", "seq"),
    UniqueConstraint("conversation_id", "author", "message_id"),
    Index("ix_messages_state", "state"),
)

button_tokens = Table(
    "button_tokens",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("conversation_id", String(40), ForeignKey("conversations.id"), nullable=False),
    Column("title", String(200), nullable=False),
    Column("intent", String(64), nullable=False),
    Column("entities", JSON, nullable=False),
    Column("expires_at", Float, nullable=False, index=True),
    Column("used_at", Float),
)

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("conversation_id", String(40), ForeignKey("conversations.id"), nullable=False, index=True),
    Column("fixture_id", String(40)),
    Column("state", String(8), nullable=False),  # queued, active, closed
    Column("reason", String(32), nullable=False),
    Column("skill", String(16), nullable=False),
    Column("priority", String(8), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("summary", Text),
    Column("agent_id", String(40)),
    Column("wanted_agent", String(64)),
    Column("queued_at", Float, nullable=False),  # first of all: place in the queue and service levels count from here
    Column("waiting_since", Float),  # last time it entered the queue; null when it never did
    Column("outage", Boolean, nullable=False, server_default=false()),  # a process did not answer when it was made
    Column("accepted_at", Float),
    Column("first_reply_at", Float),
    Column("seen_at", Float),  # last sign of life of the agent who holds it
    Column("closed_at", Float),
    Column("outcome", String(64)),
    Column("note", Text),
    Index("ix_handoffs_state_fixture_id_rank_queued_at", "state", "fixture_id", "rank", "queued_at"),
)

tickets = Table(
    "tickets",
    metadata,
    Column("ticket_no", String(32), primary_key=True),
    Column("conversation_id", String(40), ForeignKey("conversations.id"), nullable=False, index=True),
    Column("shopper_id", String(128), index=True),
    Column("kind", String(16), nullable=False),  # complaint, suggestion, check, message
    Column("class", String(32), key="class_"),
    Column("detail", Text, nullable=False),
    Column("order_id", String(32)),
    Column("status", String(16), nullable=False),
    Column("created_at", Float, nullable=False),
    Column("promised_at", Float, nullable=False),
    Column("priority", String(8), nullable=False, server_default="normal"),
)

ratings = Table(
    "ratings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", String(40), ForeignKey("conversations.id"), nullable=False),
    Column("target", String(8), nullable=False),  # bot, agent
    Column("agent_id", String(40)),
    Column("stars", Integer, nullable=False),
    Column("text", Text),
    Column("created_at", Float, nullable=False),
)

agents = Table(
    "agents",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("fixture_id", String(40)),
)

agent_sessions = Table(
    "agent_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("agent_id", String(40), ForeignKey("agents.id"), nullable=False),
    Column("expires_at", Float, nullable=False),
)

fixtures = Table(
    "fixtures",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("sender", String(128), nullable=False, unique=True),
    Column("shopper_id", String(128), nullable=False, unique=True),
    Column("clock_shift_s", Float, nullable=False),
    Column("created_at", Float, nullable=False),
)

files = Table(
    "files",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("conversation_id", String(40), ForeignKey("conversations.id"), nullable=False),
    Column("media_type", String(32), nullable=False),
    Column("size", Integer, nullable=False),
    Column("created_at", Float, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Float, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("action", String(32), nullable=False),
    Column("conversation_id", String(40), index=True),
    Column("detail", JSON, nullable=False),
)
