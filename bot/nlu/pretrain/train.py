"""One pre-training run from data to the finished folder."""

import hashlib
import logging
import random
import time
from pathlib import Path
from typing import Any

import torch

from bot.nlu.pretrain.classes import read_classes
from bot.nlu.pretrain.contrastive import make_tasks, train_contrastive
from bot.nlu.pretrain.corpus import Lines, read_lines, tokenize
from bot.nlu.pretrain.distil import Taught, read_taught
from bot.nlu.pretrain.export import export
from bot.nlu.pretrain.loop import Result
from bot.nlu.pretrain.masked_lm import build_model, train_masked_lm
from bot.nlu.pretrain.noise import read_same_sound
from bot.nlu.pretrain.pairs import read_pairs
from bot.nlu.pretrain.settings import Recipe
from bot.nlu.pretrain.tokenizer import build_tokenizer

logger = logging.getLogger(__name__)

_SHOP_LINES = ("zh_jd_customer_service", "zh_taobao_dialogue_ecd", "zh_oppo_test_unlabelled", "own")
_NOISE_CHARS = range(5, 40)


def pretrain(recipe: Recipe) -> dict[str, Any]:
    """Train both stages, write `recipe.out`, return the manifest.

    The same data, seed, vocabulary (tokenizer.json in `work`, with `resume`) and step counts give the same weights on the same machine;
    with budgets in minutes the step counts depend on its speed and stand in the manifest.
    """
    torch.set_num_threads(recipe.threads)
    recipe.work.mkdir(parents=True, exist_ok=True)
    if not recipe.resume:
        _forget(recipe.work)
    lines = read_lines(recipe.data, recipe.own, sources=recipe.sources, seed=recipe.seed)
    tokenizer = build_tokenizer(lines, size=recipe.size, seed=recipe.seed, path=recipe.work / "tokenizer.json")
    store = tokenize(lines, tokenizer, max_tokens=recipe.size.max_tokens, cache=recipe.work / "corpus.npz")
    model = build_model(recipe.size, tokenizer.get_vocab_size(), seed=recipe.seed)
    results = {"masked_lm": train_masked_lm(model, store, recipe)}
    data = read_pairs(recipe.data, sources=recipe.sources, seed=recipe.seed)
    same_sound = read_same_sound(recipe.data / "typos_zh" / "same_pinyin.txt")
    classes = read_classes(recipe.examples, recipe.data, sources=recipe.sources)
    shop_lines = _shop_lines(lines, recipe.seed)
    size, taught = recipe.pairs_per_batch, _taught(recipe)
    tasks = make_tasks(data, pairs=size, shop_lines=shop_lines, same_sound=same_sound, classes=classes, taught=taught)
    read = data_hashes(recipe)
    results["contrastive"] = train_contrastive(model.bert, tokenizer, tasks, recipe, classes)
    manifest = make_manifest(recipe, lines, results, vocab=tokenizer.get_vocab_size()) | read
    manifest["lessons"] = len(taught.texts) if taught else 0
    manifest["tasks"] = {task.name: round(task.share / sum(other.share for other in tasks), 4) for task in tasks}
    export(model.bert, tokenizer, recipe.out, max_tokens=recipe.size.max_tokens, manifest=manifest)
    return manifest


def _taught(recipe: Recipe) -> Taught | None:
    if recipe.teacher is None:
        return None
    return read_taught(recipe.teacher, recipe.data, recipe.examples, sources=recipe.sources, cache=recipe.work / "teacher.npz")


def make_manifest(recipe: Recipe, lines: list[Lines], results: dict[str, Result], *, vocab: int) -> dict[str, Any]:
    """What went in and what came out: hashes of code and data, recipe, steps, tokens, losses."""
    return {
        "code_sha256": _hash_files(sorted(Path(__file__).parent.glob("*.py"))),
        "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "torch": torch.__version__,
        "vocab": vocab,
        "recipe": recipe.as_json(),
        "lines": {source.name: {"rows": len(source.texts), "weight": source.weight} for source in lines},
        "stages": {name: vars(result) for name, result in results.items()},
    }


def data_hashes(recipe: Recipe) -> dict[str, str | None]:
    """Of what is read, taken when it is read: the files may change while the training goes on."""
    return {
        "data_sha256": _hash_files(sorted(path for path in recipe.data.rglob("*") if path.is_file())),
        "examples_sha256": _hash_files(sorted(recipe.examples.rglob("*.yml"))) if recipe.examples else None,
        "teacher_sha256": _hash_files(sorted(recipe.teacher.rglob("*.safetensors"))) if recipe.teacher else None,
    }


def _forget(work: Path) -> None:
    """Without --resume a run starts anew: what an earlier one left would silently be reused."""
    for name in ("tokenizer.json", "corpus.npz", "teacher.npz", "masked_lm.safetensors", "contrastive.safetensors"):
        (work / name).unlink(missing_ok=True)


def _shop_lines(lines: list[Lines], seed: int) -> list[str]:
    texts = [text for source in lines if source.name.removesuffix(".txt.gz") in _SHOP_LINES for text in source.texts]
    short = [text for text in texts if len(text) in _NOISE_CHARS]
    random.Random(seed).shuffle(short)
    return short


def _hash_files(paths: list[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode() + path.read_bytes())
    return total.hexdigest()
