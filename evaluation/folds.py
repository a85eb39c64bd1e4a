"""The folds of `bot.nlu.folds`, which training uses too: one definition of what a near-duplicate is."""

from __future__ import annotations

from bot.nlu.folds import cluster, grouped_folds

__all__ = ["cluster", "grouped_folds"]
