"""The vocabulary: Chinese characters and digits one token each, WordPiece for Latin, kana and hangul; NFKC, lower case."""

import random
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

from bot.nlu.pretrain.corpus import Lines
from bot.nlu.pretrain.settings import Size

PAD, UNK, CLS, SEP, MASK = SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
_LINES_PER_SOURCE = 40_000
_ALPHABET = 8_500


def build_tokenizer(lines: list[Lines], *, size: Size, seed: int, path: Path | None = None) -> Tokenizer:
    """Learn the vocabulary from a sample of every source; with `path`, keep it there and read it back next time.

    The library breaks ties between equally frequent pieces at random, so two runs may differ in a few rare pieces and in the numbers.
    """
    if path is not None and path.exists():
        return Tokenizer.from_file(str(path))
    tokenizer = _empty()
    trainer = trainers.WordPieceTrainer(
        vocab_size=size.vocab,
        special_tokens=SPECIAL,
        limit_alphabet=min(_ALPHABET, int(size.vocab * 0.7)),
        min_frequency=2,
        show_progress=False,
    )
    tokenizer.train_from_iterator(_sample(lines, seed), trainer)
    _frame_with_special_tokens(tokenizer)
    if path is not None:
        tokenizer.save(str(path))
    return tokenizer


def for_transformers(tokenizer: Tokenizer, *, max_tokens: int) -> PreTrainedTokenizerFast:
    """The same tokenizer as transformers and sentence-transformers load it."""
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, model_max_length=max_tokens, pad_token=PAD, unk_token=UNK, cls_token=CLS, sep_token=SEP, mask_token=MASK
    )


def _empty() -> Tokenizer:
    tokenizer = Tokenizer(models.WordPiece(unk_token=UNK, max_input_chars_per_word=64))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            # Accents stay: stripping them would also take the voicing marks off kana.
            normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=False, lowercase=True),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.BertPreTokenizer(), pre_tokenizers.Digits(individual_digits=True)])
    tokenizer.decoder = decoders.WordPiece()
    return tokenizer


def _sample(lines: list[Lines], seed: int) -> list[str]:
    rng = random.Random(seed)
    return [
        text
        for source in lines
        for text in (source.texts if len(source.texts) <= _LINES_PER_SOURCE else rng.sample(source.texts, _LINES_PER_SOURCE))
    ]


def _frame_with_special_tokens(tokenizer: Tokenizer) -> None:
    tokenizer.post_processor = processors.BertProcessing((SEP, SPECIAL.index(SEP)), (CLS, SPECIAL.index(CLS)))
