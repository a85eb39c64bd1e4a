"""Writes the encoder as a sentence-transformers folder: safetensors in fp16, mean pooling, unit length."""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from tokenizers import Tokenizer
from transformers import BertModel

from bot.nlu.pretrain.tokenizer import for_transformers

_KEPT = ("README.md",)
_FOLDER_MODE, _FILE_MODE = 0o755, 0o644  # what is written aside is private; the encoder is for every process


def export(bert: BertModel, tokenizer: Tokenizer, out: Path, *, max_tokens: int, manifest: dict[str, Any]) -> None:
    """Build the folder beside `out` and swap it in by renaming; a model card already in `out` is carried over."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".encoder-") as folder:
        ready = Path(folder) / "ready"
        _save(bert, tokenizer, Path(folder) / "bert", ready, max_tokens)
        (ready / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        for name in _KEPT:
            (ready / name).unlink(missing_ok=True)
            if (out / name).exists():
                shutil.copy2(out / name, ready / name)
        ready.chmod(_FOLDER_MODE)
        if out.exists():
            out.replace(Path(folder) / "old")
        ready.replace(out)


def _save(bert: BertModel, tokenizer: Tokenizer, plain: Path, ready: Path, max_tokens: int) -> None:
    bert.float().cpu().save_pretrained(plain)
    for_transformers(tokenizer, max_tokens=max_tokens).save_pretrained(plain)
    trunk = Transformer(str(plain), max_seq_length=max_tokens)
    pooling = Pooling(trunk.get_embedding_dimension(), pooling_mode="mean")
    SentenceTransformer(modules=[trunk, pooling, Normalize()], device="cpu").save(str(ready), create_model_card=False)
    _halve(ready / "model.safetensors")


def _halve(path: Path) -> None:
    """Store fp16; config.json still says float32, so loading widens the weights again (half is slow on a CPU).
    The pooler is unused and untrained: zeros, so that the same training writes the same file."""
    tensors = {
        name: torch.zeros_like(value, dtype=torch.float16) if name.startswith("pooler.") else value.to(torch.float16)
        for name, value in load_file(path).items()
    }
    save_file(tensors, path, metadata={"format": "pt"})
    path.chmod(_FILE_MODE)
