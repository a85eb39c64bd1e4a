"""What a trained release was made from. Cheap to compute, so that `--if-needed` decides in a moment without loading torch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FILE = "manifest.json"
CODE = ("bot/nlu", "bot/core", "knowledge_base")
_MODEL_FILES = frozenset({".safetensors", ".bin", ".json", ".txt", ".model"})
_NOT_TRAINING = frozenset({"pretrain", "__pycache__", "articles", "app.py", "live.py", "wire.py", "segments.py", "train.py"})


@dataclass(frozen=True)
class Manifest:
    """`data`, `code` and `encoder` are hashes; a release is current when all three and the seed are those of the working tree."""

    data: str
    code: str
    encoder: str
    seed: int
    created: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)

    def same_source(self, other: Manifest) -> bool:
        return (self.data, self.code, self.encoder, self.seed) == (other.data, other.code, other.encoder, other.seed)

    def save(self, folder: Path) -> None:
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        (folder / FILE).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Manifest | None:
        """None when there is no readable manifest."""
        try:
            return cls(**json.loads((folder / FILE).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None


def of_sources(root: Path, *, encoder: str, seed: int) -> Manifest:
    """The manifest a training of the working tree under `root` would have, without metrics."""
    data = [*(root / "nlu_data").rglob("*.yml"), *(root / "knowledge_base/articles").glob("*.md"), root / "server/demo_shop/catalogue.yml"]
    code = [file for folder in CODE for file in (root / folder).rglob("*.py") if not _NOT_TRAINING & set(file.parts)]
    return Manifest(_hash(data, root), _hash(code, root), encoder_hash(root, encoder), seed)


def encoder_hash(root: Path, encoder: str) -> str:
    """Changes when the encoder does: its files, or for a hub model its name."""
    model = root / encoder  # an absolute path stays itself
    weights = [file for file in model.rglob("*") if file.suffix in _MODEL_FILES and file.name != FILE] if model.is_dir() else []
    return _hash(weights, model) if weights else encoder


def _hash(files: Iterable[Path], root: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        if file.is_file():
            digest.update(file.relative_to(root).as_posix().encode() + b"\0")
            with file.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()[:20]
