from __future__ import annotations

import pytest

from bot.nlu.language import LanguageDetector


@pytest.fixture(scope="module")
def languages() -> LanguageDetector:
    return LanguageDetector()


@pytest.mark.parametrize(
    ("text", "hint", "language"),
    [
        ("我的订单到哪了", None, "zh"),
        ("iphone 15 pro 有货吗", None, "zh"),
        ("Where is my order?", None, "en"),
        ("refund pls", None, "en"),
        ("返品したいのですが", None, "ja"),
        ("주문 취소하고 싶어요", None, "ko"),
        ("¿Dónde está mi pedido?", None, "es"),
        ("quiero devolver los zapatos", None, "es"),
        ("20260718003344", "en", "en"),
        ("👍", "es", "es"),
        ("ok", "zh", "zh"),
        ("注文番号", "ja", "ja"),
        ("20260718003344", None, "zh"),
        ("12", "xx", "zh"),
    ],
)
def test_scripts_decide_and_fragments_keep_the_language_so_far(
    languages: LanguageDetector, text: str, hint: str | None, language: str
) -> None:
    assert languages.detect(text, hint) == language
