"""How long the processes keep a connection to one another that nobody uses."""

KEPT_OPEN_S = 2.0
"""Less than the five seconds after which uvicorn and Sanic close it: a request must not be written just when they do."""
