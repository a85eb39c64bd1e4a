"""The training loop both stages share: schedule, autocast, progress bar, checkpoints, resume."""

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from tqdm import tqdm  # type: ignore[import-untyped]

from bot.nlu.pretrain.checkpoint import load_checkpoint, save_checkpoint
from bot.nlu.pretrain.settings import Budget

logger = logging.getLogger(__name__)

_WARM_UP = 0.04
_LOG_EVERY = 100


@dataclass(frozen=True)
class Result:
    """What a stage did: steps, tokens seen (padding left out), seconds of training, mean loss of its last steps."""

    steps: int
    tokens: int
    elapsed_s: float
    loss: float


@dataclass(frozen=True)
class Stage:
    """One stage of training. `step_loss(step)` returns the loss of that step and the number of tokens it read."""

    name: str
    model: torch.nn.Module
    step_loss: Callable[[int], tuple[torch.Tensor, int]]
    budget: Budget
    rate: float
    checkpoint: Path
    checkpoint_s: float
    show_progress: bool


def pick_device() -> torch.device:
    """The GPU when there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def autocast(device: torch.device) -> torch.autocast:
    """bfloat16 where it is quicker: on a GPU, and on a CPU whose oneDNN has it (4 layers × 256 on two cores with
    AVX-512 BF16: 5,300 tokens a second against 3,800 in float32)."""
    has_bf16 = device.type == "cuda" or torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=has_bf16)


def run_stage(stage: Stage, *, resume: bool) -> Result:
    """Train until the budget is spent, going on from the checkpoint when `resume`; leaves a checkpoint behind."""
    optimiser = _optimiser(stage.model, stage.rate)
    counters: dict[str, float] = {"step": 0, "tokens": 0, "elapsed_s": 0.0, "loss": 0.0}
    if resume and stage.checkpoint.exists():
        counters = load_checkpoint(stage.checkpoint, stage.model, optimiser)
        logger.info("%s: resumed at step %d", stage.name, counters["step"])
    stage.model.train()
    _train(stage, optimiser, counters)
    save_checkpoint(stage.checkpoint, stage.model, optimiser, counters)
    return Result(int(counters["step"]), int(counters["tokens"]), round(counters["elapsed_s"], 1), round(counters["loss"], 4))


def _train(stage: Stage, optimiser: torch.optim.Optimizer, counters: dict[str, float]) -> None:
    saved_at = mark = time.monotonic()
    with tqdm(total=100, desc=stage.name, unit="%", disable=not stage.show_progress, mininterval=5.0) as bar:
        while (progress := stage.budget.progress(int(counters["step"]), counters["elapsed_s"])) < 1.0:
            _set_rate(optimiser, stage.rate * _schedule(progress))
            loss, tokens = stage.step_loss(int(counters["step"]))
            _apply(stage.model, optimiser, loss)
            now = time.monotonic()
            _count(counters, loss.item(), tokens, now - mark)
            mark = now
            bar.update(int(progress * 100) - bar.n)
            bar.set_postfix(step=int(counters["step"]), loss=f"{counters['loss']:.3f}", refresh=False)
            if int(counters["step"]) % _LOG_EVERY == 0:
                logger.info("%s: step %d loss %.4f tokens %d", stage.name, counters["step"], counters["loss"], counters["tokens"])
            if now - saved_at > stage.checkpoint_s:
                save_checkpoint(stage.checkpoint, stage.model, optimiser, counters)
                saved_at = now


def _apply(model: torch.nn.Module, optimiser: torch.optim.Optimizer, loss: torch.Tensor) -> None:
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)


def _count(counters: dict[str, float], loss: float, tokens: int, seconds: float) -> None:
    counters["loss"] = loss if counters["step"] == 0 else 0.98 * counters["loss"] + 0.02 * loss
    counters["step"] += 1
    counters["tokens"] += tokens
    counters["elapsed_s"] += seconds


def _optimiser(model: torch.nn.Module, rate: float) -> torch.optim.AdamW:
    decayed = [value for value in model.parameters() if value.dim() > 1]
    plain = [value for value in model.parameters() if value.dim() <= 1]
    groups = [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), fused=True)


def _set_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = rate


def _schedule(progress: float) -> float:
    """Linear warm-up, then a cosine down to 2 % of the peak."""
    if progress < _WARM_UP:
        return max(progress / _WARM_UP, 0.01)
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (progress - _WARM_UP) / (1 - _WARM_UP)))
