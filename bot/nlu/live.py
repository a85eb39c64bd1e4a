"""The parser of a running service, kept up with the files: a new release is swapped in whole, an edited article is found within two
seconds. What cannot be read changes nothing: the parser that answered before answers on, `problem` says why, and it is tried again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path

from bot.nlu.manifest import FILE, Manifest
from bot.nlu.parser import Parser
from knowledge_base.articles import load_articles
from knowledge_base.index import topic_documents

logger = logging.getLogger(__name__)

EVERY_S, RETRY_S = 0.4, 10.0
Stamp = tuple[tuple[str, int, int], ...]


class LiveParser:
    """`parser` answers; `follow` keeps it up to date. A request that is being answered keeps the parser that it began with."""

    def __init__(self, folder: Path, articles: Path, load: Callable[[], Parser]) -> None:
        """`load` reads the release in `folder`; raises `ReleaseError` when there is none to begin with."""
        self._folder, self._articles, self._load = folder, articles, load
        self._retry_at = 0.0
        self._used: tuple[Stamp, Stamp] = (_stamp([folder / FILE]), ())
        self._seen: tuple[Stamp, Stamp] = self._used
        self.problem: str | None = None
        self.parser, self.manifest = load(), Manifest.load(folder)
        self.look()  # the articles may have been edited since the training
        self.look()

    async def follow(self) -> None:
        """Look again and again, for ever; the work is done beside the loop that serves requests."""
        while True:
            await asyncio.sleep(EVERY_S)
            await asyncio.to_thread(self.look)

    def look(self) -> None:
        """Take over what lies on disk when it differs from what is used and was the same at the last look (it is not being written)."""
        seen = _stamp([self._folder / FILE]), _stamp(sorted(self._articles.glob("*.md")))
        if seen != self._seen:
            self._seen, self._retry_at = seen, 0.0
            return
        if seen == self._used or not all(seen) or time.monotonic() < self._retry_at:
            return
        try:
            self._take_over(new_release=seen[0] != self._used[0])
        except Exception as exc:  # whatever a file holds, the service goes on
            self._retry_at = time.monotonic() + RETRY_S
            if str(exc) != self.problem:
                logger.warning("the files are not used, what answered before answers on: %s", exc)
            self.problem = str(exc)
            return
        self._used, self.problem = seen, None

    def _take_over(self, *, new_release: bool) -> None:
        parser = self._load() if new_release else self.parser
        documents = topic_documents(load_articles(self._articles))
        if documents != parser.topics:
            parser = parser.with_topics(documents)
        if parser is not self.parser:
            self.parser, self.manifest = parser, Manifest.load(self._folder)
            logger.info("%d articles%s answer from now on", len(documents), " and a new release" if new_release else "")


def _stamp(files: list[Path]) -> Stamp:
    """Name, time and size of each file; () when there is none, or one goes while it is looked at."""
    try:
        return tuple((file.name, state.st_mtime_ns, state.st_size) for file in files if (state := file.stat()))
    except OSError:
        return ()
