"""One report of everything measured: sections write JSON (with every item) under var/evaluation, the report is made of what is there."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.nlu.manifest import Manifest
from bot.nlu.release import FOLDER

KEPT = Path("var/evaluation")
REPORT = Path("docs/evaluation")


@dataclass(frozen=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def markdown(self) -> str:
        lines = [_row(self.header), _row(["---"] * len(self.header)), *map(_row, self.rows)]
        return "\n".join([*lines, *(["", self.note] if self.note else [])])


@dataclass(frozen=True)
class Section:
    """`figures` are the numbers by name, `items` one record for each message measured; `plots` draw on matplotlib axes, by file name."""

    title: str
    tables: tuple[Table, ...]
    figures: dict[str, Any]
    items: tuple[dict[str, Any], ...] = ()
    plots: dict[str, Callable[[Any], None]] = field(default_factory=dict)


def keep(name: str, section: Section) -> None:
    """Write a section's numbers, items and plots, with the day and the release that they are of."""
    KEPT.mkdir(parents=True, exist_ok=True)
    REPORT.mkdir(parents=True, exist_ok=True)
    kept = {"title": section.title, "tables": [asdict(t) for t in section.tables], "figures": section.figures, "items": section.items}
    kept["of"] = _release()
    kept["plots"] = [_drawn(f"{name}-{plot}", draw) for plot, draw in section.plots.items()]
    (KEPT / f"{name}.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")


def write(names: Sequence[str]) -> Path:
    """docs/evaluation/report.md and report.json from the sections of `names` that have been measured."""
    kept = {name: json.loads(_file(name).read_text(encoding="utf-8")) for name in names if _file(name).is_file()}
    REPORT.mkdir(parents=True, exist_ok=True)
    parts = ["# Evaluation", "Made by `make evaluate`; every item stands in `var/evaluation/*.json`."]
    for name, part in kept.items():
        parts.append(f"## {part['title']}\n\n`python -m evaluation {name}`, {part['of']}")
        parts += [Table(tuple(t["header"]), tuple(map(tuple, t["rows"])), t["note"]).markdown() for t in part["tables"]]
        parts += [f"![{plot}]({plot})" for plot in part["plots"]]
    (REPORT / "report.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    figures = {name: part["figures"] for name, part in kept.items()}
    (REPORT / "report.json").write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return REPORT / "report.md"


def percent(share: float, places: int = 1) -> str:
    return f"{100 * share:.{places}f} %"


def _drawn(name: str, draw: Callable[[Any], None]) -> str:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 5), layout="constrained")
    draw(axes)
    figure.savefig(REPORT / f"{name}.png", dpi=110)
    pyplot.close(figure)
    return f"{name}.png"


def _release() -> str:
    manifest = Manifest.load(FOLDER)
    made = f"release of data {manifest.data[:8]}, code {manifest.code[:8]}, encoder {manifest.encoder[:8]}" if manifest else "no release"
    return f"{datetime.now(UTC):%Y-%m-%d}, {made}"


def _file(name: str) -> Path:
    return KEPT / f"{name}.json"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
