import pytest

from bot.core.turns import TurnRules, intent_for_dialogue

RULES = TurnRules(intent_threshold=0.4, angry_turns=2)
HIT = {"id": "return.fee", "score": 0.8}


def parse(intent="track_package", confidence=0.9, mood="calm", **more):
    return {"text": "…那个", "intent": {"name": intent, "confidence": confidence}, "sentiment": {"label": mood, "score": 0.9}, **more}


def test_sure_intent_is_handed_on():
    assert intent_for_dialogue(parse(), earlier_moods=[], rules=RULES).intent == "track_package"


def test_unsure_intent_is_a_fallback():
    assert intent_for_dialogue(parse(confidence=0.39), earlier_moods=[], rules=RULES).intent == "nlu_fallback"


def test_unsure_intent_with_an_article_that_answers_is_a_question():
    unsure = parse(confidence=0.2, retrieval=[HIT], answer_band="answer")

    assert intent_for_dialogue(unsure, earlier_moods=[], rules=RULES).intent == "ask_knowledge"


def test_value_that_a_form_waits_for_need_not_be_a_clear_intent():
    assert intent_for_dialogue(parse("inform", 0.2), earlier_moods=[], rules=RULES, asked_slot="reason").intent == "inform"


@pytest.mark.parametrize(("earlier", "reason"), [([], None), (["angry"], "angry"), (["angry", "calm"], None), (["calm", "angry"], "angry")])
def test_anger_that_stays_calls_a_person(earlier, reason):
    assert intent_for_dialogue(parse(mood="angry"), earlier_moods=earlier, rules=RULES).reason == reason


def test_wish_for_a_person_keeps_its_own_reason_when_angry():
    handed = intent_for_dialogue(parse("request_human", mood="angry"), earlier_moods=["angry"], rules=RULES)

    assert (handed.intent, handed.reason) == ("request_human", None)


@pytest.mark.parametrize("intent", ["affirm", "stop", "request_human"])
def test_unsure_yes_is_no_yes_while_a_form_asks(intent):
    assert intent_for_dialogue(parse(intent, 0.12), earlier_moods=[], rules=RULES, asked_slot="confirm").intent == "nlu_fallback"


def test_anger_rule_can_be_switched_off():
    never = TurnRules(intent_threshold=0.4, angry_turns=0)

    assert intent_for_dialogue(parse(mood="angry"), earlier_moods=["angry"] * 5, rules=never).reason is None


@pytest.mark.parametrize(
    ("intent", "slot", "reason"),
    [
        ("complain", "detail", None),
        ("insult", "detail", "angry"),
        ("complain", "confirm", "angry"),
        ("stop", "confirm", None),
        ("complain", None, "angry"),
        ("request_refund", "remedy", None),
        ("report_damaged", "reason", None),
        ("complain", "remedy", "angry"),
        ("request_refund", "order_id", "angry"),
    ],
)
def test_who_tells_a_complaint_that_was_asked_for_may_be_angry(intent, slot, reason):
    handed = intent_for_dialogue(parse(intent, mood="angry"), earlier_moods=["angry"], rules=RULES, asked_slot=slot)

    assert handed.reason == reason


BETWEEN = [{"name": "request_return", "confidence": 0.5}, {"name": "request_exchange", "confidence": 0.4}]


@pytest.mark.parametrize(
    ("more", "slot", "handed"),
    [
        ({}, None, "nlu_fallback"),
        ({}, "reason", "request_return"),
        ({"segments": [{"intent": "request_return"}, {"intent": "request_exchange"}]}, None, "request_return"),
        ({"segments": [{"intent": "request_return"}]}, None, "nlu_fallback"),
    ],
)
def test_one_message_between_two_wants_is_not_understood(more, slot, handed):
    torn = parse("request_return", 0.5, intent_ranking=BETWEEN, **more)

    assert intent_for_dialogue(torn, earlier_moods=[], rules=RULES, asked_slot=slot).intent == handed
