"""Runs in the Rasa environment: trains DIET on one fold and predicts the other part. Standard input and output are JSON.

    {"train": [["文本", "intent"], …], "test": ["文本", …], "epochs": 100, "folder": "…"} → [{"intent": …, "confidence": …}, …]

JiebaTokenizer, count vectors of words and of characters (1–4), DIETClassifier with its default size: what Rasa's documentation sets
up for Chinese without a downloaded language model.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

PIPELINE = [
    {"name": "JiebaTokenizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]


def main() -> None:
    job = json.load(sys.stdin)
    folder = Path(job["folder"])
    folder.mkdir(parents=True, exist_ok=True)
    model = _train(job["train"], job["epochs"], folder)
    json.dump(asyncio.run(_predict(model, job["test"])), sys.stdout, ensure_ascii=False)


def _train(rows: list[list[str]], epochs: int, folder: Path) -> str:
    import rasa.model_training
    from ruamel.yaml import YAML

    by_intent: dict[str, list[str]] = defaultdict(list)
    for text, intent in rows:
        by_intent[intent].append(text.replace("\n", " "))
    examples = [{"intent": name, "examples": "".join(f"- {t}\n" for t in texts)} for name, texts in by_intent.items()]
    diet = {"name": "DIETClassifier", "epochs": epochs, "random_seed": 42}
    config = {"recipe": "default.v1", "language": "zh", "pipeline": [*PIPELINE, diet]}
    yaml = YAML()
    yaml.dump({"version": "3.1", "nlu": examples}, folder / "nlu.yml")
    yaml.dump({**config, "policies": []}, folder / "config.yml")
    done = rasa.model_training.train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder), fixed_model_name="diet")
    if done is None:
        raise RuntimeError("Rasa trained no model")
    return str(done)


async def _predict(model: str, texts: list[str]) -> list[dict[str, Any]]:
    """The intent and its confidence for each text."""
    from rasa.core.agent import Agent

    agent = Agent.load(model)
    parsed = [await agent.parse_message(text) for text in texts]
    return [{"intent": p["intent"]["name"], "confidence": p["intent"]["confidence"]} for p in parsed]


if __name__ == "__main__":
    main()
