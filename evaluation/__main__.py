"""`python -m evaluation …`: every figure that the documents quote."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)


@app.command()
def knowledge(
    file: Annotated[Path, typer.Option(help="Questions with their topic, or none.")] = Path("evaluation/data/knowledge_questions.yml"),
    dev: Annotated[bool, typer.Option(help="The development sets instead of the blind ones.")] = False,
    tune: Annotated[bool, typer.Option(help="Choose the thresholds of the bands on development data.")] = False,
    now: Annotated[datetime, typer.Option(help="The clock: a day on which every article holds.")] = datetime(2026, 11, 5, 14),
    wrong: Annotated[bool, typer.Option(help="List what went wrong.")] = False,
) -> None:
    """hit@1, hit@3 and how often a question without an answer gets one."""
    from evaluation import knowledge as part

    if tune:
        part.tune(now)
    elif dev:
        part.report(part.DEV_FILES, now, show_wrong=wrong)
    else:
        part.report((file,), now, show_wrong=wrong)


@app.command()
def intents(
    peers: Annotated[str, typer.Option(help="none, tfidf or all (with Rasa's DIET: an hour, resumable).")] = "tfidf",
    folds: Annotated[int, typer.Option(min=2, max=10)] = 5,
    epochs: Annotated[int, typer.Option(help="Of DIET; its training accuracy is 0.98 after 10.")] = 30,
    all_languages: Annotated[bool, typer.Option(help="Every language's examples, a row for each.")] = False,
    tune: Annotated[bool, typer.Option(help="Choose intent_threshold on the held-out predictions.")] = False,
) -> None:
    """Macro-F1 by cross-validation with near-duplicates in one fold, beside the peers."""
    from evaluation import intents as part

    part.run(peers=peers, folds=folds, epochs=epochs, tune_threshold=tune, all_languages=all_languages)


@app.command()
def compare(
    url: Annotated[str, typer.Option(help="The running system (`make run`).")] = "http://127.0.0.1:8000",
    workload: Annotated[Path, typer.Option(help="Conversations to hold.")] = Path("evaluation/data/workload.yml"),
    rounds: Annotated[int, typer.Option(min=1, help="How often each system holds them, in turn.")] = 3,
    epochs: Annotated[int, typer.Option(help="Of the peer's DIET and TED; speed does not depend on it.")] = 20,
) -> None:
    """Latency and throughput beside plain Rasa in the same run. Raise server.messages_per_10s first (ZHANGGUI_SERVER__MESSAGES_PER_10S)."""
    from bot.settings import load_settings
    from evaluation import compare as part

    settings = load_settings()
    actions_url = f"http://127.0.0.1:{settings.actions.port}"
    if not part.run(url, workload, (1, 8), epochs, rounds, settings.secret("internal_secret"), actions_url):
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
