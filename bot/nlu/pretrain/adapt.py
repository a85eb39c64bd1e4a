"""Fine-tunes an encoder on a shop's own intents: `python -m bot.nlu.pretrain.adapt --examples nlu_data --out models/adapted`.

Worth its minutes when the examples differ from what the shipped encoder learned (it has learned ours). Set `nlu.encoder` in config.yml to
the new folder afterwards. It adapts encoders that `bot.nlu.pretrain` made: other models have other special tokens and poolings.
"""

import argparse
import json
import logging
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from tokenizers import Tokenizer
from transformers import BertModel

from bot.nlu.pretrain.classes import Classes, read_classes
from bot.nlu.pretrain.contrastive import make_tasks, train_contrastive
from bot.nlu.pretrain.export import export
from bot.nlu.pretrain.loop import Result
from bot.nlu.pretrain.pairs import PairData
from bot.nlu.pretrain.settings import Budget, Recipe
from bot.nlu.pretrain.tokenizer import SPECIAL

EPOCHS = 8.0


def adapt(encoder: Path, classes: list[Classes], recipe: Recipe) -> Result:
    """Train the encoder in folder `encoder` to tell `classes` apart, for `recipe.contrastive`; writes `recipe.out`.

    Raises ValueError when the folder holds no encoder of `bot.nlu.pretrain`.
    """
    torch.set_num_threads(recipe.threads)
    file = encoder / "tokenizer.json"
    tokenizer = Tokenizer.from_file(str(file)) if file.is_file() else None
    if tokenizer is None or [tokenizer.token_to_id(token) for token in SPECIAL] != list(range(len(SPECIAL))):
        raise ValueError(f"{encoder} holds no encoder that bot.nlu.pretrain made")
    bert = BertModel.from_pretrained(encoder, add_pooling_layer=False)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tasks = make_tasks(PairData(), pairs=recipe.pairs_per_batch, shop_lines=[], same_sound={}, classes=classes)
    result = train_contrastive(bert, tokenizer, tasks, recipe, classes)
    about = {"adapted_from": str(encoder), "recipe": recipe.as_json(), "stages": {"adapted": vars(result)}}
    export(bert, tokenizer, recipe.out, max_tokens=bert.config.max_position_embeddings, manifest=about)
    return result


def epochs(classes: list[Classes], count: float, *, batch: int) -> Budget:
    """The budget in which every text is drawn about `count` times."""
    return Budget(steps=max(1, round(count * sum(len(part.texts) / min(batch, len(part.texts)) for part in classes))))


def main() -> None:
    """Parse the options, adapt, print what was done."""
    parser = argparse.ArgumentParser(prog="python -m bot.nlu.pretrain.adapt", description=__doc__)
    parser.add_argument("--encoder", type=Path, default=Path("models/encoder"))
    parser.add_argument("--examples", type=Path, default=Path("nlu_data"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=EPOCHS)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    classes = read_classes(options.examples, Path(), sources="open")
    with TemporaryDirectory() as work:
        budget = epochs(classes, options.epochs, batch=Recipe.pairs_per_batch)
        recipe = Recipe(data=Path(), out=options.out, work=Path(work), examples=options.examples, contrastive=budget)
        print(json.dumps(vars(adapt(options.encoder, classes, recipe))))


if __name__ == "__main__":
    main()
