"""Which of the five languages a message is in: scripts decide, and a small statistical model between English and Spanish.

Numbers, emoji and one-word fragments carry no language; they keep the one the conversation is in (`hint`).
"""

from __future__ import annotations

import re
from typing import Any

LANGUAGES = ("zh", "en", "ja", "ko", "es")
DEFAULT = "zh"

_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]+(?:['’][a-z]+)?")
_CHINESE_ONLY = re.compile(r"[的了吗呢吧们这哪啥咋么没还给帮货单价钱买发换签怎]")
_SPANISH_MARKS = re.compile(r"[¿¡ñáéíóúü]", re.IGNORECASE)
_CODE_WORD = re.compile(r"^(?:[A-Z0-9]{2,}|(?i:[smlx]+|ok|app|vip|sku|iphone|ipad|usb|sf|qq|zto|pdf))$")
_FRAGMENT_WORDS = 2


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SPANISH = _listed(
    """
    hola gracias el la los las un una de del que qué en por para con no sí mi mis su pedido cuándo cuando dónde donde cómo
    como está quiero puedo devolver devolución envío paquete dinero tarda llega llegado cambiar cancelar factura talla
    dirección reembolso es buenos buenas días tardes noches favor cuánto cuanto tengo hay me se le lo ya todavía aún pero
    muy
    """
)
_ENGLISH = _listed(
    """
    the a an is are was i my me you your it this that to of in on for with not no yes hi hello hey thanks thank please
    where when what how why can could do does did have has want need order refund return package delivery shipping cancel
    change invoice exchange coupon address size still get got ok help would will been
    """
)


class LanguageDetector:
    """Built once per process; `detect` is safe to call from several threads."""

    def __init__(self) -> None:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier  # loading the model takes a moment

        self._identifier: Any = LanguageIdentifier.from_model_file(MODEL_FILE)
        self._identifier.set_languages(["en", "es"])

    def detect(self, text: str, hint: str | None = None) -> str:
        """One of `LANGUAGES`; `hint` is the language so far, kept for text that does not show its own."""
        sticky = hint if hint in LANGUAGES else None
        if _HANGUL.search(text):
            return "ko"
        if _KANA.search(text):
            return "ja"
        han = len(_HAN.findall(text))
        words = _LATIN_WORD.findall(text)
        real_words = [word for word in words if not _CODE_WORD.match(word)]
        if han and han * 2 >= len(real_words):
            return "ja" if sticky == "ja" and not _CHINESE_ONLY.search(text) else "zh"
        if not real_words:
            return sticky or DEFAULT
        return self._latin(text, real_words, sticky)

    def _latin(self, text: str, words: list[str], sticky: str | None) -> str:
        lowered = [word.lower() for word in words]
        spanish = sum(word in _SPANISH for word in lowered) + 2 * bool(_SPANISH_MARKS.search(text))
        english = sum(word in _ENGLISH for word in lowered)
        if sticky and len(words) < _FRAGMENT_WORDS and sticky not in ("en", "es"):
            return sticky  # "ok la", "hello" inside a Chinese talk
        if spanish != english:
            return "es" if spanish > english else "en"
        if sticky in ("en", "es"):
            return sticky
        return str(self._identifier.classify(text)[0])
