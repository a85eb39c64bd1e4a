"""How pressing a ticket is (contract: Agents, priorities)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tickets", sa.Column("priority", sa.String(8), nullable=False, server_default="normal"))


def downgrade() -> None:
    op.drop_column("tickets", "priority")
