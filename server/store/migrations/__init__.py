"""Alembic's folder: `env.py` runs a revision on the connection that `store.migrate` passes in."""
