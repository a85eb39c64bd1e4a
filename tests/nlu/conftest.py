from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.nlu.parser import Asked, Parser
from bot.nlu.release import FOLDER, ReleaseError, load_parser
from bot.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
SATURDAY = datetime(2026, 11, 21, 14, tzinfo=ZoneInfo("Asia/Shanghai"))
Parse = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def parser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parser]:
    """The trained release of the working tree, or one trained now when there is none that fits the encoder."""
    nlu = load_settings(ROOT / "config.yml").nlu
    encoder = str(ROOT / nlu.encoder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        try:
            yield _loaded(ROOT / FOLDER, nlu.encoder)
        except ReleaseError:
            from bot.nlu.train import main

            out = tmp_path_factory.mktemp("release") / "trained"
            assert main(["--out", str(out), "--encoder", encoder, "--quiet"]) == 0
            yield _loaded(out, nlu.encoder)


@pytest.fixture(scope="session")
def parse(parser: Parser) -> Parse:
    """`parse(text, **more)` at a Saturday afternoon in Shanghai; `more` are fields of `Asked`."""

    def call(text: str, **more: Any) -> dict[str, Any]:
        return parser.parse(Asked(text, **{"now": SATURDAY, **more}))

    return call


def _loaded(folder: Path, encoder: str) -> Parser:
    settings = load_settings(ROOT / "config.yml")
    return load_parser(folder, encoder=encoder, rates=settings.knowledge.rates(), want_threshold=settings.nlu.want_threshold, threads=2)
