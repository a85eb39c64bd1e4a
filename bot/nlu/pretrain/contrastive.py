"""Stage 2, one kind of task a step: pairs and groups (in-batch negatives), graded pairs (ranking), classes.py, distil.py."""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy, normalize
from transformers import BertModel

from bot.nlu.pretrain.classes import Classes, Judged, draw_classes
from bot.nlu.pretrain.distil import SHARE, Lesson, Taught, draw_lessons, lesson_loss
from bot.nlu.pretrain.loop import Result, Stage, autocast, pick_device, run_stage
from bot.nlu.pretrain.masked_lm import PAD_ID, pad, round_up
from bot.nlu.pretrain.noise import add_noise
from bot.nlu.pretrain.pairs import Alike, Graded, Groups, PairData
from bot.nlu.pretrain.settings import Recipe

_SCALE = 20.0  # inverse temperature of the softmax over cosines
_STRETCH = 8.0  # unit vectors are stretched before a head, so that its weights need not grow
_NOISY_SHARE = 0.4
_SIZE_POWER = 0.5  # a source is drawn in proportion to weight * rows ** power


@dataclass(frozen=True)
class Draw:
    """The texts of one step. `grades` None: `a[i]` and `b[i]` mean the same, `misses` are further negatives."""

    a: list[str]
    b: list[str]
    misses: list[str]
    grades: np.ndarray | None = None


@dataclass(frozen=True)
class Task:
    """One source of steps: its share of the draws and the function that draws a batch."""

    name: str
    share: float
    draw: Callable[[np.random.Generator], Draw | Judged | Lesson]


class Learner(torch.nn.Module):  # type: ignore[misc]
    """The trunk, and a head for each task of classes; the heads are thrown away afterwards."""

    def __init__(self, bert: BertModel, classes: Sequence[Classes], *, seed: int) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.bert = bert
        self.heads = torch.nn.ModuleDict({part.name: torch.nn.Linear(bert.config.hidden_size, len(part.labels)) for part in classes})


def train_contrastive(bert: BertModel, tokenizer: Tokenizer, tasks: list[Task], recipe: Recipe, classes: Sequence[Classes] = ()) -> Result:
    """Run the stage within `recipe.contrastive`; its checkpoint lies in the work folder."""
    device = pick_device()
    learner = Learner(bert, classes, seed=recipe.seed).to(device)
    shares = np.array([task.share for task in tasks])
    encode = Encode(tokenizer, recipe.pair_tokens)

    def step_loss(step: int) -> tuple[torch.Tensor, int]:
        rng = np.random.default_rng((recipe.seed, 11, step))
        draw = tasks[rng.choice(len(tasks), p=shares / shares.sum())].draw(rng)
        if isinstance(draw, Judged):
            ids = encode(draw.texts)
            logits = learner.heads[draw.name](_STRETCH * embed_by_length(bert, ids, device))
            return cross_entropy(logits, torch.from_numpy(draw.labels).to(device)), int((ids != PAD_ID).sum())
        if isinstance(draw, Lesson):
            ids = encode(draw.texts)
            return lesson_loss(embed_by_length(bert, ids, device), torch.from_numpy(draw.vectors).to(device)), int((ids != PAD_ID).sum())
        ids = encode([*draw.a, *draw.b, *draw.misses])
        vectors = embed_by_length(bert, ids, device)
        return _loss(vectors, draw), int((ids != PAD_ID).sum())

    return run_stage(
        Stage(
            "contrastive",
            learner,
            step_loss,
            recipe.contrastive,
            recipe.contrastive_rate,
            recipe.work / "contrastive.safetensors",
            recipe.checkpoint_s,
            recipe.show_progress,
        ),
        resume=recipe.resume,
    )


def make_tasks(
    data: PairData,
    *,
    pairs: int,
    shop_lines: list[str],
    same_sound: dict[str, str],
    classes: Sequence[Classes] = (),
    taught: Taught | None = None,
) -> list[Task]:
    """The tasks of a run; `pairs` is the batch size, `shop_lines` are spelled twice, once with noise; `classes` and what is `taught`
    take shares of all."""
    tasks = [Task(part.name, _share(part.weight, len(part.rows)), _draw_alike(part, pairs)) for part in data.alike if part.rows]
    tasks += [Task(f"graded_{part.name}", 0.7 * _share(part.weight, len(part.rows)), _draw_graded(part, pairs)) for part in data.graded]
    for part in data.groups:
        rows = sum(map(len, part.groups.values()))
        tasks.append(Task(part.name, _share(part.weight, rows), _draw_groups(part, pairs, same_sound)))
    if shop_lines:
        tasks.append(Task("noise", 0.8 * _share(1.0, min(len(shop_lines), 60_000)), _draw_noise(shop_lines, same_sound, pairs)))
    rest = 1 - sum(part.share for part in classes) - (SHARE if taught else 0.0)
    total = sum(task.share for task in tasks)  # 0 when there are classes alone: their shares are then relative
    tasks = [replace(task, share=rest * task.share / total) for task in tasks]
    if taught:
        tasks.append(Task("lessons", SHARE, draw_lessons(taught, pairs)))
    return tasks + [Task(part.name, part.share, draw_classes(part, pairs, same_sound)) for part in classes]


class Encode:
    """Texts to padded ids; every text is tokenised once and kept."""

    def __init__(self, tokenizer: Tokenizer, max_tokens: int) -> None:
        self._tokenizer, self._room = tokenizer, max_tokens - 2
        self._known: dict[str, np.ndarray] = {}

    def __call__(self, texts: list[str]) -> np.ndarray:
        """Int64 [texts, longest]."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        for text, found in zip(new, self._tokenizer.encode_batch_fast(new, add_special_tokens=False), strict=True):
            self._known[text] = np.asarray(found.ids[: self._room], dtype=np.uint16)
        return pad([self._known[text] for text in texts])


def embed_by_length(bert: BertModel, ids: np.ndarray, device: torch.device) -> torch.Tensor:
    """`embed` of the shorter and the longer half apart: a batch holds texts of 4 and of 60 tokens, and padding costs time."""
    lengths = (ids != PAD_ID).sum(1)
    order = np.argsort(lengths, kind="stable")
    halves = [embed(bert, ids[part, : round_up(int(lengths[part].max()))], device) for part in np.array_split(order, 2)]
    return torch.cat(halves)[torch.from_numpy(np.argsort(order)).to(device)]


def embed(bert: BertModel, ids: np.ndarray, device: torch.device) -> torch.Tensor:
    """Mean of the token vectors (special tokens included, as sentence-transformers pools), unit length, float32 [rows, hidden]."""
    inputs = torch.from_numpy(ids).to(device)
    mask = (inputs != PAD_ID).long()
    with autocast(device):
        hidden = bert(inputs, attention_mask=mask).last_hidden_state
    weights = mask.unsqueeze(-1).float()
    return normalize((hidden.float() * weights).sum(1) / weights.sum(1), dim=-1)


def _loss(vectors: torch.Tensor, draw: Draw) -> torch.Tensor:
    rows = len(draw.a)
    a, b, misses = vectors[:rows], vectors[rows : 2 * rows], vectors[2 * rows :]
    if draw.grades is not None:
        return cosent(_SCALE * (a * b).sum(-1), torch.from_numpy(draw.grades).to(a))
    same = _same_text(draw).to(a.device)
    forward = torch.cat([(_SCALE * a @ b.T).masked_fill(same, -1e4), _SCALE * a @ misses.T], dim=1)
    backward = (_SCALE * b @ a.T).masked_fill(same.T, -1e4)
    target = torch.arange(rows, device=a.device)
    return (cross_entropy(forward, target) + cross_entropy(backward, target)) / 2


def cosent(scores: torch.Tensor, grades: torch.Tensor) -> torch.Tensor:
    """CoSENT (Su 2022): every pair graded higher should score higher; `scores` are scaled cosines [rows]."""
    differences = scores[:, None] - scores[None, :]
    lower = grades[:, None] < grades[None, :]
    terms = torch.cat([scores.new_zeros(1), differences[lower]])
    return torch.logsumexp(terms, dim=0) / np.log(max(len(terms), 3))


def _same_text(draw: Draw) -> torch.Tensor:
    """Places off the diagonal where a row's own text stands again: no negatives."""
    a, b = np.array(draw.a, dtype=object), np.array(draw.b, dtype=object)
    same = (a[:, None] == a[None, :]) | (b[:, None] == b[None, :]) | (a[:, None] == b[None, :])
    np.fill_diagonal(same, False)
    return torch.from_numpy(same.astype(bool))


def _share(weight: float, rows: int) -> float:
    return weight * math.pow(rows, _SIZE_POWER)


def _draw_alike(part: Alike, pairs: int) -> Callable[[np.random.Generator], Draw]:
    def draw(rng: np.random.Generator) -> Draw:
        rows = [part.rows[place] for place in _some(rng, len(part.rows), pairs)]
        return Draw([a for a, _, _ in rows], [b for _, b, _ in rows], [miss for _, _, miss in rows if miss])

    return draw


def _draw_graded(part: Graded, pairs: int) -> Callable[[np.random.Generator], Draw]:
    def draw(rng: np.random.Generator) -> Draw:
        rows = [part.rows[place] for place in _some(rng, len(part.rows), pairs)]
        return Draw([a for a, _, _ in rows], [b for _, b, _ in rows], [], np.array([grade for _, _, grade in rows], dtype=np.float32))

    return draw


def _draw_groups(part: Groups, pairs: int, same_sound: dict[str, str]) -> Callable[[np.random.Generator], Draw]:
    names = sorted(part.groups)

    def draw(rng: np.random.Generator) -> Draw:
        speller = random.Random(int(rng.integers(2**31)))
        chosen = [part.groups[names[place]] for place in _some(rng, len(names), pairs)]
        both = [[texts[place] for place in rng.choice(len(texts), 2, replace=False)] for texts in chosen]
        # Groups are small and drawn often: noise on some keeps the model from learning them by heart.
        spelled = [add_noise(b, same_sound, speller) if speller.random() < _NOISY_SHARE else b for _, b in both]
        return Draw([a for a, _ in both], spelled, [])

    return draw


def _draw_noise(lines: list[str], same_sound: dict[str, str], pairs: int) -> Callable[[np.random.Generator], Draw]:
    def draw(rng: np.random.Generator) -> Draw:
        speller = random.Random(int(rng.integers(2**31)))
        texts = [lines[place] for place in _some(rng, len(lines), pairs)]
        return Draw(texts, [add_noise(text, same_sound, speller) for text in texts], [])

    return draw


def _some(rng: np.random.Generator, count: int, wanted: int) -> np.ndarray:
    return rng.choice(count, min(wanted, count), replace=False)
