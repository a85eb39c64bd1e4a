"""The parser of a running service, kept up with the files: a new release is swapped in whole, an edited article is found within two
seconds. A file that cannot be read changes nothing: what answered before answers on, and the log says why.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from bot.nlu.manifest import FILE, Manifest
from bot.nlu.parser import Parser
from bot.nlu.release import ReleaseError
from knowledge_base.articles import ArticleError, load_articles
from knowledge_base.index import topic_documents

logger = logging.getLogger(__name__)

EVERY_S = 0.5
Stamp = tuple[tuple[str, int, int], ...]


class LiveParser:
    """`parser` answers; `follow` keeps it up to date. It is replaced between two parses, never during one."""

    def __init__(self, folder: Path, articles: Path, load: Callable[[], Parser]) -> None:
        """`load` reads the release in `folder`; raises `ReleaseError` when there is none to begin with."""
        self._folder, self._articles, self._load = folder, articles, load
        self._release, self._seen = self._stamps()
        self.parser = load()
        self.manifest = Manifest.load(folder)
        self._seen = ()  # the release may have been trained on other articles than lie there now

    async def follow(self) -> None:
        """Look for changes twice a second, for ever; the work is done beside the loop that serves requests."""
        while True:
            changed = await asyncio.to_thread(self.fresh)
            if changed is not None:
                self.parser = changed
            await asyncio.sleep(EVERY_S)

    def fresh(self) -> Parser | None:
        """A parser for what lies on disk now, None when nothing has changed or the change cannot be used."""
        release, articles = self._stamps()
        if release and release != self._release:
            self._release = release
            return self._reloaded()
        if articles != self._seen:
            self._seen = articles
            return self._reindexed()
        return None

    def _reloaded(self) -> Parser | None:
        try:
            parser = self._load()
        except ReleaseError as exc:
            logger.warning("the new release is not used: %s", exc)
            return None
        self._seen, self.manifest = (), Manifest.load(self._folder)
        logger.info("a new release of %s answers from now on", self._folder)
        return parser

    def _reindexed(self) -> Parser | None:
        try:
            documents = topic_documents(load_articles(self._articles))
        except (ArticleError, OSError, UnicodeDecodeError) as exc:
            logger.warning("the articles are not read again: %s", exc)
            return None
        if documents == self.parser.topics:
            return None
        logger.info("%d articles answer from now on", len(documents))
        return self.parser.with_topics(documents)

    def _stamps(self) -> tuple[Stamp, Stamp]:
        return _stamp([self._folder / FILE]), _stamp(sorted(self._articles.glob("*.md")))


def _stamp(files: list[Path]) -> Stamp:
    """Name, time and size of each file that is there; () when one goes while it is looked at."""
    try:
        return tuple((file.name, state.st_mtime_ns, state.st_size) for file in files if (state := file.stat()))
    except OSError:
        return ()
