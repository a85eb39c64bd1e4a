"""`python -m bot.nlu.train`: heads, tagger, knowledge index and thresholds' evidence, from nlu_data, articles and catalogue.

--if-needed   do nothing (in well under two seconds) when data, code, encoder and seed are those of the trained release
--out DIR     another folder than models/trained
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.nlu.manifest import Manifest, of_sources
from bot.settings import ConfigError, Settings, load_settings

FOLDER = Path("models/trained")


@dataclass(frozen=True)
class Job:
    """Paths are relative to `root`; `encoder` is a folder or hub name."""

    root: Path
    out: Path
    encoder: str
    seed: int
    threads: int
    if_needed: bool
    quiet: bool = False


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 trained or current, 1 with one sentence when data, model or configuration cannot be used."""
    options = _options(arguments)
    try:
        settings = load_settings()
        job = _job(options, settings)
        wanted = of_sources(job.root, encoder=job.encoder, seed=job.seed)
        current = Manifest.load(job.out)
        if job.if_needed and current is not None and current.same_source(wanted):
            return _say(f"{job.out} is current, nothing to train")
        return _train(job, wanted)
    except ConfigError as exc:
        return _fail(str(exc))


def _train(job: Job, wanted: Manifest) -> int:
    from bot.nlu.data import DataError  # everything below loads torch and scientific libraries
    from bot.nlu.encoder import EncoderError
    from bot.nlu.fitting import fit_release
    from knowledge_base.articles import ArticleError

    started = time.monotonic()
    fresh = job.out.with_name(job.out.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        with _progress(job.quiet) as step:
            counts, metrics = fit_release(job.root, fresh, encoder=job.encoder, seed=job.seed, threads=job.threads, step=step)
    except (DataError, ArticleError, EncoderError) as exc:
        shutil.rmtree(fresh, ignore_errors=True)
        return _fail(str(exc))
    made = replace(wanted, created=datetime.now(UTC).isoformat(timespec="seconds"), counts=counts, metrics=metrics)
    made.save(fresh)
    _swap(fresh, job.out)
    return _say(f"trained into {job.out} in {time.monotonic() - started:.0f} s: {_headline(metrics)}")


def _swap(fresh: Path, out: Path) -> None:
    """A reader sees the old release or the new one; a crash between leaves the old one beside it."""
    old = out.with_name(out.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    fresh.rename(out)
    shutil.rmtree(old, ignore_errors=True)


def _headline(metrics: dict[str, Any]) -> str:
    parts = {"intents": "macro_f1", "knowledge": "hit_at_1", "sentiment": "macro_f1", "complaint": "macro_f1"}
    return ", ".join(f"{name} {key} {metrics[name][key]:.3f}" for name, key in parts.items() if name in metrics)


class _progress:
    """A progress bar on a terminal, one line per step elsewhere."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet

    def __enter__(self) -> _progress:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), disable=self._quiet or not sys.stderr.isatty()
        )
        self._bar.start()
        self._task = self._bar.add_task("starting", total=STEPS)
        return self

    def __call__(self, what: str) -> None:
        self._bar.update(self._task, description=what, advance=1)
        if self._bar.disable and not self._quiet:
            sys.stderr.write(f"{what} …\n")
            sys.stderr.flush()

    def __exit__(self, *_: object) -> None:
        self._bar.stop()


STEPS = 19


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.nlu.train", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--if-needed", action="store_true", help="do nothing when the trained release is current")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder of the release")
    parser.add_argument("--encoder", help="another encoder than nlu.encoder of config.yml")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    return parser.parse_args(arguments)


def _job(options: argparse.Namespace, settings: Settings) -> Job:
    encoder = options.encoder or settings.nlu.encoder
    threads = max(settings.nlu.threads, 2)
    return Job(Path(), options.out, encoder, settings.nlu.random_seed, threads, options.if_needed, options.quiet)


def _say(text: str) -> int:
    sys.stdout.write(text + "\n")
    return 0


def _fail(text: str) -> int:
    sys.stderr.write(text + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
