"""Since when a hand-off waits now (a transfer makes it wait again), and whether a process was away when it was made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("handoffs", sa.Column("waiting_since", sa.Float(), nullable=True))
    op.add_column("handoffs", sa.Column("outage", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("update handoffs set waiting_since = queued_at")


def downgrade() -> None:
    op.drop_column("handoffs", "outage")
    op.drop_column("handoffs", "waiting_since")
