"""Checkpoints without pickle: weights and optimiser state as safetensors, counters as JSON."""

import json
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

_WEIGHTS, _STATE = "model.", "optimiser."


def save_checkpoint(path: Path, model: torch.nn.Module, optimiser: torch.optim.Optimizer, counters: dict[str, float]) -> None:
    """Write `path` (.safetensors) in one rename; `counters` ride along in its header."""
    tensors = {_WEIGHTS + name: value.detach().clone() for name, value in _own_tensors(model).items()}
    for index, slots in optimiser.state_dict()["state"].items():
        tensors |= {f"{_STATE}{index}.{slot}": torch.as_tensor(value).clone() for slot, value in slots.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".new")
    save_file(tensors, aside, metadata={"counters": json.dumps(counters)})
    aside.replace(path)


def load_checkpoint(path: Path, model: torch.nn.Module, optimiser: torch.optim.Optimizer | None = None) -> dict[str, float]:
    """Read weights (and optimiser state, when given one) back in place; returns the counters."""
    tensors = load_file(path)
    weights = {name.removeprefix(_WEIGHTS): value for name, value in tensors.items() if name.startswith(_WEIGHTS)}
    model.load_state_dict(weights, strict=False)
    missing = set(_own_tensors(model)) - set(weights)
    if missing:
        raise ValueError(f"Checkpoint {path} lacks {sorted(missing)[:3]}: it was made for another model. Run without --resume.")
    if optimiser is not None:
        _restore(optimiser, tensors)
    return read_counters(path)


def read_counters(path: Path) -> dict[str, float]:
    """The counters of a checkpoint, without reading its tensors."""
    with safe_open(path, framework="pt") as file:
        counters: dict[str, float] = json.loads(file.metadata()["counters"])
    return counters


def _restore(optimiser: torch.optim.Optimizer, tensors: dict[str, torch.Tensor]) -> None:
    state: dict[int, dict[str, torch.Tensor]] = {}
    for name, value in tensors.items():
        if name.startswith(_STATE):
            index, slot = name.removeprefix(_STATE).split(".", 1)
            state.setdefault(int(index), {})[slot] = value
    optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})


def _own_tensors(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    """Parameters by name; tied ones once, buffers (position ids) left out: they are rebuilt."""
    return dict(model.named_parameters())
