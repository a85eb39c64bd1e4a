"""Which scripted conversation shows what: each names in `shows` the cells (`request_return/stop`) and the requirements (`R083`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.core.intents import ACCOUNT, AFTERSALE, ORDERS

SCRIPTS = Path("tests/conversations")
EXPECTED = Path("evaluation/data/coverage.yml")
PAGE = Path("docs/conversations.md")
WANTS = (*ORDERS, *AFTERSALE, *ACCOUNT)
_WITHIN_A_FORM = ("correction", "digression", "stop")


@dataclass(frozen=True)
class Coverage:
    """`shown` are the conversations of a cell, `reasons` why a cell has none; a cell is `want/column` or a requirement."""

    columns: Mapping[str, str]
    requirements: Mapping[str, str]
    shown: Mapping[str, list[str]]
    reasons: Mapping[str, str]

    @property
    def cells(self) -> list[str]:
        return [*(f"{want}/{column}" for want in WANTS for column in self.columns), *self.requirements]

    def faults(self) -> list[str]:
        """Cells without a conversation or a reason, reasons that nobody needs, and names that no cell has."""
        known = set(self.cells)
        empty = [f"{cell} is shown by no conversation and has no reason" for cell in self.cells if not self._filled(cell)]
        needless = [f"{cell} is shown and has a reason" for cell in self.reasons if cell in self.shown]
        unknown = [f"{cell} is no cell" for cell in (*self.shown, *self.reasons) if cell not in known]
        return empty + needless + unknown

    def markdown(self) -> str:
        """The page docs/conversations.md."""
        heads = ["", *self.columns.values()]
        wants = [[f"`{want}`", *(self._cell(f"{want}/{column}") for column in self.columns)] for want in WANTS]
        asked = [[name, title, self._cell(name)] for name, title in self.requirements.items()]
        return "\n".join(
            [
                "# What the scripted conversations show",
                "",
                "Made by `python -m evaluation conversations` from `tests/conversations`. A number is how many conversations show it,",
                "with the first one's name; what stands in brackets is why there is none.",
                "",
                *_table(heads, wants),
                "",
                "## Requirements",
                "",
                *_table(["", "", "shown by"], asked),
                "",
            ]
        )

    def _filled(self, cell: str) -> bool:
        return cell in self.shown or cell in self.reasons

    def _cell(self, cell: str) -> str:
        found = self.shown.get(cell, [])
        if not found:
            return f"({self.reasons.get(cell, 'missing')})"
        return f"{len(found)}: {found[0]}" if len(found) > 1 else found[0]


def read(scripts: Path = SCRIPTS, expected: Path = EXPECTED) -> Coverage:
    wanted = yaml.safe_load(expected.read_text(encoding="utf-8"))
    shown: dict[str, list[str]] = {}
    for script in _scripts(scripts):
        for cell in script.get("shows", ()):
            shown.setdefault(cell, []).append(script["id"])
    one_turn = {
        f"{want}/{column}": "one turn" for want in wanted["one_turn"] for column in _WITHIN_A_FORM if f"{want}/{column}" not in shown
    }
    return Coverage(wanted["columns"], wanted["requirements"], shown, {**one_turn, **wanted["reasons"]})


def _scripts(folder: Path) -> Iterable[dict[str, Any]]:
    for path in sorted(folder.glob("*.yml")):
        yield from yaml.safe_load(path.read_text(encoding="utf-8"))


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    return ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows)]
