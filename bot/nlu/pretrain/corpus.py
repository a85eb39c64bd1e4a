"""Sentences for masked-LM training: reading, cleaning, and the corpus as token ids."""

import gzip
import logging
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from bot.nlu.pretrain.masks import fill_masks
from bot.nlu.pretrain.sources import OWN_WEIGHT, line_files

logger = logging.getLogger(__name__)

_OWN_SUFFIXES = {".yml", ".yaml", ".md", ".txt"}
_MIN_CHARS = 2


@dataclass(frozen=True)
class Lines:
    """The sentences of one file and how often each is seen in an epoch."""

    name: str
    weight: float
    texts: list[str]


@dataclass(frozen=True)
class TokenStore:
    """All pieces of the corpus behind one another: `ids` uint16 [tokens], `starts` int64 [pieces + 1], `weights` float [pieces]."""

    ids: np.ndarray
    starts: np.ndarray
    weights: np.ndarray

    @property
    def lengths(self) -> np.ndarray:
        """Tokens in each piece, int64 [pieces]."""
        return np.diff(self.starts)

    def piece(self, index: int) -> np.ndarray:
        """Token ids of one piece, without special tokens."""
        return self.ids[self.starts[index] : self.starts[index + 1]]


def read_lines(data: Path, own: tuple[Path, ...], *, sources: str, seed: int) -> list[Lines]:
    """All sentences of the run, masks filled; order is fixed, so the same data and seed give the same list."""
    read = [Lines(path.name, weight, _clean(_open_lines(path), seed)) for path, weight in line_files(data, sources).items()]
    own_texts = _clean(_own_lines(own), seed)
    return [*read, Lines("own", OWN_WEIGHT, own_texts)] if own_texts else read


def tokenize(lines: list[Lines], tokenizer: Tokenizer, *, max_tokens: int, cache: Path | None = None) -> TokenStore:
    """The corpus as token ids, long lines cut into pieces of `max_tokens` less the two special tokens."""
    if cache is not None and cache.exists():
        with np.load(cache) as kept:
            return TokenStore(kept["ids"], kept["starts"], kept["weights"])
    store = _tokenize(lines, tokenizer, max_tokens - 2)
    if cache is not None:
        np.savez(cache, ids=store.ids, starts=store.starts, weights=store.weights)
    logger.info("corpus: %d pieces, %d tokens", len(store.weights), len(store.ids))
    return store


def _tokenize(lines: list[Lines], tokenizer: Tokenizer, room: int) -> TokenStore:
    pieces: list[np.ndarray] = []
    weights: list[float] = []
    for source in lines:
        before = len(pieces)
        for start in range(0, len(source.texts), 20_000):
            for encoding in tokenizer.encode_batch_fast(source.texts[start : start + 20_000], add_special_tokens=False):
                ids = np.asarray(encoding.ids, dtype=np.uint16)
                pieces.extend(part for part in _cut(ids, room) if len(part) > 1)
        weights.extend([source.weight] * (len(pieces) - before))
    starts = np.concatenate([[0], np.cumsum([len(piece) for piece in pieces])]).astype(np.int64)
    return TokenStore(np.concatenate(pieces), starts, np.asarray(weights, dtype=np.float32))


def _cut(ids: np.ndarray, room: int) -> list[np.ndarray]:
    return [ids[start : start + room] for start in range(0, len(ids), room)]


def _clean(texts: Iterator[str], seed: int) -> list[str]:
    rng = random.Random(seed)
    filled = (fill_masks(text.strip(), rng) for text in texts)
    return [text for text in filled if len(text) >= _MIN_CHARS]


def _open_lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from lines


def _own_lines(folders: tuple[Path, ...]) -> Iterator[str]:
    """Lines of the project's own texts, list marks stripped; read as plain text, so a half-written file does no harm."""
    for folder in folders:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
            if path.suffix in _OWN_SUFFIXES and path.is_file():
                for line in path.read_text(encoding="utf-8").splitlines():
                    yield line.strip().lstrip("-#> ").strip()
