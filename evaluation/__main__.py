"""`python -m evaluation …`: every figure that the documents quote. `report` measures all sections and writes docs/evaluation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markdown import Markdown

from evaluation.report import Section, keep, write

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
DATA = Path("../shared/data")
ALL_HOLD = datetime(2026, 11, 5, 14)
SECTIONS = ("intents", "knowledge", "knowledge_en", "jd", "encoder", "english", "index", "speed", "turns", "endurance", "policies")
Data = Annotated[Path, typer.Option(help="Folder of the public data sets.")]


@app.command()
def report(data: Data = DATA, peers: Annotated[str, typer.Option(help="none, tfidf or all.")] = "tfidf") -> None:
    """Measure every section and write docs/evaluation/report.md."""
    intents(peers=peers)
    knowledge()
    knowledge_en()
    jd(data)
    encoder(data)
    english(data)
    index(data)
    speed()
    turns()
    endurance()
    policies()


@app.command()
def intents(
    peers: Annotated[str, typer.Option(help="none, tfidf or all (with Rasa's DIET: hours, resumable).")] = "tfidf",
    epochs: Annotated[int, typer.Option(help="Of DIET; its training accuracy is 0.98 after 10.")] = 30,
) -> None:
    """Intents, calibration, scope, entities and noise on the validation set, beside the peers."""
    from evaluation import intents as part

    _finish("intents", lambda: part.measure(with_peers=peers, epochs=epochs))


@app.command()
def knowledge(
    dev: Annotated[bool, typer.Option(help="The development questions instead of the blind ones; not kept.")] = False,
    now: Annotated[datetime, typer.Option(help="The clock: a day on which every article holds.")] = ALL_HOLD,
) -> None:
    """hit@1, hit@3 and how often a question without an answer gets one."""
    from evaluation import knowledge as part

    if dev:
        _show(part.measure((part.DEV,), now))
    else:
        _finish("knowledge", lambda: part.measure((part.BLIND,), now))


@app.command("knowledge_en")
def knowledge_en() -> None:
    """The same for blind questions in English."""
    from evaluation import knowledge as part

    _finish("knowledge_en", lambda: part.measure((part.BLIND_ENGLISH,), ALL_HOLD))


@app.command()
def jd(data: Data = DATA) -> None:
    """Accuracy on real messages of a large shop, five folds."""
    from evaluation import jd as part

    _finish("jd", lambda: part.measure(data))


@app.command()
def encoder(data: Data = DATA) -> None:
    """The shipped encoder alone: pair benchmarks beside character TF-IDF."""
    from evaluation import encoder as part

    _finish("encoder", lambda: part.measure(data))


@app.command()
def english(data: Data = DATA) -> None:
    """BANKING77 and CLINC150 with the shipped encoder and with all-MiniLM-L6-v2."""
    from evaluation import english as part

    _finish("english", lambda: part.measure(data))


@app.command()
def index(data: Data = DATA, texts: Annotated[int, typer.Option(min=1000, help="How many sentences.")] = 1_000_000) -> None:
    """The vector index on a million sentences: recall, latency, memory, time to build."""
    from evaluation import index as part

    _finish("index", lambda: part.measure(data, texts))


@app.command()
def speed() -> None:
    """Latency, throughput and memory of the NLU process."""
    from evaluation import speed as part

    _finish("speed", part.measure)


@app.command()
def turns() -> None:
    """Where a turn's time goes: server, understanding, policies, actions, shop."""
    from evaluation import turns as part

    _finish("turns", part.measure)


@app.command()
def endurance(turns: Annotated[int, typer.Option(min=300, help="Of the one conversation.")] = 1000) -> None:
    """One conversation of a thousand turns: does it get slower, does the dialogue process grow."""
    from evaluation import endurance as part

    _finish("endurance", lambda: part.measure(turns))


@app.command()
def policies(epochs: Annotated[int, typer.Option(min=1, help="Of TEDPolicy.")] = 20) -> None:
    """What TEDPolicy would decide otherwise in the scripted conversations, and what it costs."""
    from evaluation import policies as part

    _finish("policies", lambda: part.measure(epochs))


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


@app.command()
def conversations() -> None:
    """Which scripted conversation shows which want and requirement, into docs/conversations.md."""
    from evaluation import conversations as part

    part.PAGE.write_text(part.read().markdown(), encoding="utf-8")
    Console().print(f"written: {part.PAGE}")


def _finish(name: str, measure: Callable[[], Section]) -> None:
    section = measure()
    keep(name, section)
    _show(section)
    Console().print(f"written: {write(SECTIONS)}")


def _show(section: Section) -> None:
    Console().print(Markdown("\n\n".join([f"## {section.title}", *(table.markdown() for table in section.tables)])))


if __name__ == "__main__":
    app()
