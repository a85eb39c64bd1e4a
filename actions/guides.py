"""The guides of `knowledge_base/guides`, read once and checked; which one a message is about."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from bot.core.guides import Guide, GuideError, check_together, common_of, guide_of

FOLDER = Path("knowledge_base/guides")
COMMON = "_common.yml"


def load_guides(folder: Path) -> dict[str, Guide]:
    """All guides by id, in order of their files; raises `GuideError` that names the file and what is wrong with it."""
    files = sorted(file for file in folder.glob("*.yml") if file.name != COMMON)
    if not files:
        raise GuideError(f"{folder}: there is no guide")
    common = common_of(_read(folder / COMMON), where=str(folder / COMMON))
    found = [guide_of(_read(file), common, where=str(file)) for file in files]
    check_together(found)
    return {guide.id: guide for guide in found}


def _read(file: Path) -> Any:
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise GuideError(f"{file}: not readable as YAML: {error}") from error


@functools.lru_cache(maxsize=1)
def guides() -> Mapping[str, Guide]:
    """The guides of this process; read before it serves."""
    return load_guides(FOLDER)


def guide_for(*, want: str, text: str = "", words: Sequence[str] = (), skus: Sequence[str] = ()) -> Guide | None:
    """The guide whose subject is named (the longest name), else the one for a product; None when it stays open."""
    wanted = [guide for guide in guides().values() if guide.want == want]
    for said in (" ".join(words), text):
        named = max(wanted, key=lambda guide: guide.named_in(said), default=None)
        if named and named.named_in(said)[0]:
            return named
    return next((guide for sku in skus for guide in wanted if sku in guide.products), None)
