"""Logging of the process: one line per event, logfmt, no texts of shoppers above DEBUG."""

from __future__ import annotations

import logging
import re
import sys

import structlog

_NUMBERS = re.compile(r"(?<!\d)(\d{3})\d{2,}(\d{2})(?!\d)")


def configure(level: str = "INFO") -> None:
    """Called once, by the entry point."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "logger", "event"]),
        ],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def masked(text: str, *, longest: int = 80) -> str:
    """A text for a DEBUG line: shortened, and phone or order numbers without their middle."""
    return _NUMBERS.sub(r"\1***\2", text)[:longest]
