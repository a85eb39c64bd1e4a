"""What a pre-training run can be told: sizes, budgets, seed. No value is read from anywhere else."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Size:
    """Shape of the encoder; lengths in tokens."""

    vocab: int = 12_000
    hidden: int = 256
    layers: int = 4
    heads: int = 4
    feed_forward: int = 1024
    max_tokens: int = 128


@dataclass(frozen=True)
class Budget:
    """How long a stage runs: until `steps` when given, else for `minutes` of training time (resumed time included)."""

    minutes: float = 30.0
    steps: int | None = None

    def progress(self, step: int, elapsed_s: float) -> float:
        """Share of the stage that is done, from 0 to 1."""
        done = step / max(self.steps, 1) if self.steps is not None else elapsed_s / max(self.minutes * 60, 1e-9)
        return min(done, 1.0)


@dataclass(frozen=True)
class Recipe:
    """One run of `python -m bot.nlu.pretrain`."""

    data: Path
    out: Path
    own: tuple[Path, ...] = ()
    examples: Path | None = None
    teacher: Path | None = None
    work: Path = Path("var/pretrain")
    sources: str = "all"
    seed: int = 20_240_601
    threads: int = 2
    resume: bool = False
    size: Size = field(default_factory=Size)
    mlm: Budget = field(default_factory=lambda: Budget(40.0))
    contrastive: Budget = field(default_factory=lambda: Budget(25.0))
    mlm_tokens: int = 4096
    mlm_rate: float = 1e-3
    pairs_per_batch: int = 128
    pair_tokens: int = 48
    contrastive_rate: float = 3e-4
    checkpoint_s: float = 120.0
    show_progress: bool = True

    def as_json(self) -> dict[str, Any]:
        """The recipe with paths as strings, for the manifest."""
        return {key: _plain(value) for key, value in asdict(self).items()}


def _plain(value: object) -> object:
    """Paths below the present folder without it: a manifest says nothing of the machine."""
    if isinstance(value, Path):
        return str(value.relative_to(Path.cwd()) if value.is_relative_to(Path.cwd()) else value)
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value
