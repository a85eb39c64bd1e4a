"""Stage 1: masked-LM training of a small BERT; the vocabulary logits are computed at masked places only."""

import numpy as np
import torch
from torch.nn.functional import cross_entropy
from transformers import BertConfig, BertForMaskedLM

from bot.nlu.pretrain.corpus import TokenStore
from bot.nlu.pretrain.loop import Result, Stage, autocast, pick_device, run_stage
from bot.nlu.pretrain.settings import Recipe, Size
from bot.nlu.pretrain.tokenizer import SPECIAL

PAD_ID, _, CLS_ID, SEP_ID, MASK_ID = range(len(SPECIAL))
_START_RATE = 0.24  # with the runs below, about 28 % of the tokens; _keep_share then takes as many as it wants
_RUN_ON = 0.4
_HIDDEN_ONE_IN = 5


def build_model(size: Size, vocab: int, *, seed: int) -> BertForMaskedLM:
    """A BERT from random weights. No dropout: the corpus is seen about once, and on a CPU dropout costs a fifth of the time."""
    torch.manual_seed(seed)
    return BertForMaskedLM(
        BertConfig(
            vocab_size=vocab,
            hidden_size=size.hidden,
            num_hidden_layers=size.layers,
            num_attention_heads=size.heads,
            intermediate_size=size.feed_forward,
            max_position_embeddings=size.max_tokens,
            type_vocab_size=1,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            pad_token_id=PAD_ID,
        )
    )


def train_masked_lm(model: BertForMaskedLM, store: TokenStore, recipe: Recipe) -> Result:
    """Run the stage within `recipe.mlm`; its checkpoint lies in the work folder."""
    device = pick_device()
    model.to(device)
    batches = BatchPlan(store, tokens_per_batch=recipe.mlm_tokens, seed=recipe.seed)
    vocab = model.config.vocab_size

    def step_loss(step: int) -> tuple[torch.Tensor, int]:
        rng = np.random.default_rng((recipe.seed, step))
        ids = pad(batches.pieces(step))
        masked, places = mask_tokens(ids, rng, vocab)
        return _loss(model, ids, masked, places, device), int((ids != PAD_ID).sum())

    return run_stage(
        Stage(
            "masked-lm",
            model,
            step_loss,
            recipe.mlm,
            recipe.mlm_rate,
            recipe.work / "masked_lm.safetensors",
            recipe.checkpoint_s,
            recipe.show_progress,
        ),
        resume=recipe.resume,
    )


class BatchPlan:
    """Batches of pieces of similar length, reshuffled every epoch; a step always gets the same pieces for a seed."""

    def __init__(self, store: TokenStore, *, tokens_per_batch: int, seed: int) -> None:
        self._store, self._tokens, self._seed = store, tokens_per_batch, seed
        self._first_step, self._epoch = 0, 0
        self._plan = self._make_plan(0)

    def pieces(self, step: int) -> list[np.ndarray]:
        """Token ids of the pieces of one step; steps are asked for in rising order."""
        while step - self._first_step >= len(self._plan):
            self._first_step += len(self._plan)
            self._epoch += 1
            self._plan = self._make_plan(self._epoch)
        return [self._store.piece(index) for index in self._plan[step - self._first_step]]

    def _make_plan(self, epoch: int) -> list[np.ndarray]:
        rng = np.random.default_rng((self._seed, 7, epoch))
        indices = _repeat_by_weight(self._store.weights, rng)
        rng.shuffle(indices)
        batches = _cut_by_tokens(indices, self._store.lengths, self._tokens)
        return [batches[place] for place in rng.permutation(len(batches))]


def pad(pieces: list[np.ndarray]) -> np.ndarray:
    """Pieces as int64 [pieces, width], framed by the special tokens and padded to a multiple of 4: oneDNN builds
    its kernels anew for every shape it has not met, so few shapes train about twice as fast."""
    ids = np.full((len(pieces), round_up(max(map(len, pieces)) + 2)), PAD_ID, dtype=np.int64)
    ids[:, 0] = CLS_ID
    for row, piece in enumerate(pieces):
        ids[row, 1 : len(piece) + 1] = piece
        ids[row, len(piece) + 1] = SEP_ID
    return ids


def round_up(width: int, step: int = 4) -> int:
    """`width` rounded up to a multiple of `step`."""
    return -(-width // step) * step


def mask_tokens(ids: np.ndarray, rng: np.random.Generator, vocab: int) -> tuple[np.ndarray, np.ndarray]:
    """Hide short runs of tokens (80 % mask, 10 % random, 10 % kept); returns the input and the hidden places, bool [rows, width]."""
    start = rng.random(ids.shape) < _START_RATE
    run_on = np.roll(start, 1, axis=1) & (rng.random(ids.shape) < _RUN_ON)
    places = (start | run_on) & (ids >= len(SPECIAL))
    places = _keep_share(places, rng)
    fate = rng.random(ids.shape)
    masked = np.where(places & (fate < 0.8), MASK_ID, ids)
    masked = np.where(places & (fate >= 0.9), rng.integers(len(SPECIAL), vocab, ids.shape), masked)
    return masked, places


def _keep_share(places: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A fifth of all places (padding counted in), so that equal batches have equal shapes; fewer when there are fewer."""
    found = np.flatnonzero(places)
    wanted = max(places.size // _HIDDEN_ONE_IN, 1)
    kept = np.zeros(places.size, dtype=bool)
    kept[rng.permutation(found)[:wanted] if len(found) > wanted else found] = True
    kept[1] |= not len(found)  # never an empty step
    return kept.reshape(places.shape)


def _loss(model: BertForMaskedLM, ids: np.ndarray, masked: np.ndarray, places: np.ndarray, device: torch.device) -> torch.Tensor:
    inputs = torch.from_numpy(masked).to(device)
    hidden_places = torch.from_numpy(np.flatnonzero(places)).to(device)
    targets = torch.from_numpy(ids[places]).to(device)
    with autocast(device):
        hidden = model.bert(inputs, attention_mask=(inputs != PAD_ID).long()).last_hidden_state
        logits = model.cls(hidden.flatten(0, 1)[hidden_places])
    return cross_entropy(logits.float(), targets)


def _repeat_by_weight(weights: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Piece numbers, each as often as its weight says; a fraction is the chance of one more."""
    times = np.floor(weights).astype(int) + (rng.random(len(weights)) < weights % 1)
    return np.repeat(np.arange(len(weights)), times)


def _cut_by_tokens(indices: np.ndarray, lengths: np.ndarray, tokens: int) -> list[np.ndarray]:
    """Batches of one padded width each; rows times width stays within `tokens`. Order within a width is kept."""
    widths = (lengths[indices] + 2 + 3) // 4 * 4
    batches = []
    for width in np.unique(widths):
        rows = max(tokens // int(width), 1)
        same = indices[widths == width]
        batches += [same[start : start + rows] for start in range(0, len(same), rows)]
    return batches
