"""The guides that come with the demo shop."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from actions.guides import COMMON, FOLDER, load_guides
from bot.core.guides import GuideError
from server.demo_shop.catalogue import load_catalogue


def test_guides_are_sound_and_know_the_catalogue() -> None:
    guides = load_guides(FOLDER)
    catalogue = load_catalogue()
    electronics = {p.sku for p in catalogue if p.category == "electronics"}

    assert {guide.want for guide in guides.values()} == {"troubleshoot", "account_problem"}
    assert {sku for guide in guides.values() for sku in guide.products} == electronics


def test_unreadable_guide_is_named(tmp_path: Path) -> None:
    shutil.copy(FOLDER / COMMON, tmp_path)
    (tmp_path / "broken.yml").write_text("id: [", encoding="utf-8")

    with pytest.raises(GuideError, match=r"broken\.yml: not readable as YAML"):
        load_guides(tmp_path)


def test_folder_without_guides_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GuideError, match="there is no guide"):
        load_guides(tmp_path)
