import pytest

from bot.core.turns import TurnRules, intent_for_dialogue
from bot.core.wordless import is_wordless


@pytest.mark.parametrize(
    ("text", "intent", "handed"),
    [
        ("。。。", "complain", "nlu_fallback"),
        ("...", "affirm", "nlu_fallback"),
        ("？？？", "repeat", "repeat"),
        ("👍", "affirm", "affirm"),
        ("🤔🤔", "request_return", "nlu_fallback"),
        ("🙏", "thank", "thank"),
        ("\u200b", "request_human", "nlu_fallback"),
        ("投诉。。。", "complain", "complain"),
    ],
)
def test_marks_and_emoji_open_no_want(text, intent, handed):
    parse = {"text": text, "intent": {"name": intent, "confidence": 0.9}}

    assert intent_for_dialogue(parse, earlier_moods=[], rules=TurnRules(0.4)).intent == handed


@pytest.mark.parametrize(("text", "wordless"), [("!!!", True), ("❤️", True), ("3", False), ("ok", False), ("好", False), (" \n", True)])
def test_word_is_a_letter_or_a_digit(text, wordless):
    assert is_wordless(text) is wordless
