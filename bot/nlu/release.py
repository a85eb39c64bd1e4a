"""A trained release on disk: `models/trained/`, written whole or not at all, loaded into a `Parser`."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from bot.core.bands import BandThresholds, Rates, thresholds
from bot.nlu.encoder import EncoderError, SentenceEncoder
from bot.nlu.entities.extract import EntityExtractor
from bot.nlu.entities.lexicon import Lexicon
from bot.nlu.entities.tagger import Tagger
from bot.nlu.heads import LinearHead
from bot.nlu.intents import IntentClassifier
from bot.nlu.language import LanguageDetector
from bot.nlu.manifest import Manifest, encoder_hash
from bot.nlu.parser import Parser, Parts
from bot.nlu.sentiment import SentimentModel
from bot.nlu.slips import SlipMender
from knowledge_base.index import KnowledgeIndex
from knowledge_base.ranker import Ranker
from knowledge_base.search import KnowledgeSearch

logger = logging.getLogger(__name__)

FOLDER = Path("models/trained")
_EVIDENCE = 2
"""Questions that the allowed share must amount to, for the thresholds to mean anything."""
KNOWLEDGE, TAGGER, LEXICON, UNANSWERABLE = "knowledge", "tagger.crf", "lexicon.json", "unanswerable_scores.json"
ENCODER, INTENTS, SENTIMENT, COMPLAINT, TOPICS = "encoder", "intents", "sentiment", "complaint", "topics_head"


class ReleaseError(Exception):
    """There is no usable release in the folder; the message is one sentence with what to do."""


def load_parser(folder: Path, *, encoder: str, rates: Rates, want_threshold: float, threads: int = 1) -> Parser:
    """Everything under `folder` (written by `python -m bot.nlu.train`); raises `ReleaseError`."""
    manifest = Manifest.load(folder)
    if manifest is None:
        raise ReleaseError(f"there is no trained model in {folder}: run `python -m bot.nlu.train`")
    if manifest.encoder != encoder_hash(Path(), encoder):
        raise ReleaseError(f"the model in {folder} was trained with another encoder than {encoder}: run `python -m bot.nlu.train`")
    try:
        model = SentenceEncoder(folder / ENCODER, threads=threads)
        scores = json.loads((folder / KNOWLEDGE / UNANSWERABLE).read_text(encoding="utf-8"))
        bands = thresholds(scores, rates)
        logger.info(
            "articles answer from %.2f, are suggested from %.2f (%d questions without an answer)", bands.answer, bands.suggest, len(scores)
        )
        if len(scores) * rates.wrong < _EVIDENCE:
            logger.warning("nlu_data/extra/unanswerable.yml holds too few questions to keep knowledge.max_wrong_rate: write more")
        return Parser(_parts(folder, model, bands, want_threshold))
    except EncoderError as exc:
        raise ReleaseError(str(exc)) from exc
    except Exception as exc:  # the libraries that read its parts raise many kinds
        raise ReleaseError(f"the model in {folder} is broken ({type(exc).__name__}: {exc}): run `python -m bot.nlu.train`") from exc


def load_search(folder: Path) -> KnowledgeSearch:
    knowledge = folder / KNOWLEDGE
    return KnowledgeSearch(KnowledgeIndex.load(knowledge), LinearHead.load(knowledge, TOPICS), Ranker.load(knowledge / "ranker.json"))


def _parts(folder: Path, encoder: SentenceEncoder, bands: BandThresholds, want_threshold: float) -> Parts:
    search = load_search(folder)
    lexicon = Lexicon.load(folder / LEXICON)
    intents = LinearHead.load(folder, INTENTS)
    if intents.dense.shape[0] != encoder.dimension or intents.columns[-1] >= search.index.vectoriser.size:
        raise ValueError("it was trained with another encoder or vocabulary")
    return Parts(
        encoder=encoder,
        vectoriser=search.index.vectoriser,
        languages=LanguageDetector(),
        intents=IntentClassifier(intents),
        slips=SlipMender(search.index.vectoriser),
        sentiment=SentimentModel(LinearHead.load(folder, SENTIMENT)),
        complaint=LinearHead.load(folder, COMPLAINT),
        entities=EntityExtractor(lexicon, Tagger(folder / TAGGER, lexicon)),
        lexicon=lexicon,
        search=search,
        bands=bands,
        want_threshold=want_threshold,
    )
