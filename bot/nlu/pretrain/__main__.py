"""Command line: `python -m bot.nlu.pretrain --data ../shared/data --own nlu_data knowledge_base --out models/encoder`."""

import argparse
import json
import logging
from pathlib import Path

from bot.nlu.pretrain.settings import Budget, Recipe
from bot.nlu.pretrain.train import pretrain


def main(arguments: list[str] | None = None) -> None:
    """Parse the options, train, print the manifest's stages."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    manifest = pretrain(_recipe(options))
    print(json.dumps(manifest["stages"], indent=2))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.nlu.pretrain", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of data sets, as INDEX.md there describes")
    parser.add_argument("--own", type=Path, nargs="*", default=[], help="folders of the project's own texts, read unlabelled")
    parser.add_argument("--examples", type=Path, help="nlu_data: its intents are learned too, but for the calibration part")
    parser.add_argument("--teacher", type=Path, help="folder of an English sentence encoder to learn from (distil.py)")
    parser.add_argument("--out", type=Path, required=True, help="where the finished encoder goes")
    parser.add_argument("--work", type=Path, default=Path("var/pretrain"), help="checkpoints and caches")
    parser.add_argument("--sources", choices=("all", "open"), default="all", help="open: openly licensed data sets alone")
    parser.add_argument("--minutes-mlm", type=float, default=40.0)
    parser.add_argument("--minutes-contrastive", type=float, default=25.0)
    parser.add_argument("--steps-mlm", type=int, help="instead of minutes, for a repeatable run")
    parser.add_argument("--steps-contrastive", type=int)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=Recipe.seed)
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoints in --work")
    return parser


def _recipe(options: argparse.Namespace) -> Recipe:
    return Recipe(
        data=options.data,
        out=options.out,
        own=tuple(options.own),
        examples=options.examples,
        teacher=options.teacher,
        work=options.work,
        sources=options.sources,
        seed=options.seed,
        threads=options.threads,
        resume=options.resume,
        mlm=Budget(options.minutes_mlm, options.steps_mlm),
        contrastive=Budget(options.minutes_contrastive, options.steps_contrastive),
    )


if __name__ == "__main__":
    main()
