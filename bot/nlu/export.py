"""Turns any sentence-transformers model, from a folder or by hub name, into what bot/nlu/encoder.py runs: ONNX, eight-bit weights."""

from __future__ import annotations

import json
import logging
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.nlu.encoder import ABOUT, MODEL, TOKENIZER, EncoderError, SentenceEncoder

_SAMPLE = (
    "我的快递到哪里了",
    "七天无理由退货吗",
    "Where is my parcel?",
    "¿Cuándo llega mi pedido?",
    "配送はいつですか",
    "환불 언제 되나요",
    "好",
)
_EQUAL, _SAME = 0.9999, 0.995
"""Least cosine of a vector with the library's: of the exported model, and of the one with eight-bit weights (below it they stay full)."""


def export_encoder(name: str, out: Path) -> None:
    """Write model, tokenizer and facts into `out` (made when missing).

    Raises `EncoderError` when there is no model under `name`, when it has no fast tokenizer, or when ONNX does not give its vectors.
    """
    import torch  # seconds to import: only where a model is made
    from sentence_transformers import SentenceTransformer

    out.mkdir(parents=True, exist_ok=True)
    try:
        model = SentenceTransformer(name, device="cpu", model_kwargs={"attn_implementation": "eager"}).float().eval()
        model.tokenizer.backend_tokenizer.save(str(out / TOKENIZER))  # a slow tokenizer has none
        with torch.inference_mode():
            wanted = np.stack([model.encode(text, normalize_embeddings=True) for text in _SAMPLE])
        about = {"name": name, "dimension": int(wanted.shape[1]), "max_tokens": int(model.max_seq_length or 128)}
        (out / ABOUT).write_text(json.dumps(about), encoding="utf-8")
        _write(torch, model, out / MODEL)
    except Exception as exc:  # the libraries raise many kinds; the reader needs one sentence
        raise EncoderError(f"the encoder {name!r} cannot be used ({type(exc).__name__}: {exc}); see nlu.encoder in config.yml") from exc
    if (likeness := _likeness(out, wanted)) < _EQUAL:
        raise EncoderError(f"the encoder {name!r} gives other vectors in ONNX (cosine {likeness:.4f}); see nlu.encoder in config.yml")
    _quantise(out, wanted)


def _write(torch: Any, model: Any, file: Path) -> None:
    names = [key for key in ("input_ids", "attention_mask", "token_type_ids") if key in model.tokenizer.model_input_names]

    class Whole(torch.nn.Module):  # type: ignore[misc]
        def forward(self, *given: Any) -> Any:
            return model(dict(zip(names, given, strict=True)))["sentence_embedding"]

    whole = Whole()
    whole.model = model
    example = tuple((torch.zeros if key == "token_type_ids" else torch.ones)((2, 7), dtype=torch.long) for key in names)
    axes = {key: {0: "texts", 1: "tokens"} for key in names} | {"vectors": {0: "texts"}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            whole, example, str(file), input_names=names, output_names=["vectors"], dynamic_axes=axes, dynamo=False, opset_version=17
        )


def _quantise(out: Path, wanted: npt.NDArray[np.float32]) -> None:
    """Eight-bit weights in place of the full ones, when the sample's vectors stay what they were."""
    from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]

    full = out / "full.onnx"
    (out / MODEL).rename(full)
    quiet = logging.NullHandler()  # the library speaks through the root logger and would set it up for the whole process
    logging.getLogger().addHandler(quiet)
    try:
        quantize_dynamic(full, out / MODEL, weight_type=QuantType.QInt8)
    finally:
        logging.getLogger().removeHandler(quiet)
    if _likeness(out, wanted) < _SAME:
        full.replace(out / MODEL)
    full.unlink(missing_ok=True)


def _likeness(out: Path, wanted: npt.NDArray[np.float32]) -> float:
    """Least cosine of the sample's vectors with the library's."""
    return float((SentenceEncoder(out).encode(_SAMPLE) * wanted).sum(axis=1).min())
