"""Domain, actions and wording say the same: nothing is missing on one side, nothing is dead on the other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor

from actions.base import FORM_SLOTS
from actions.flows import FLOWS, FORM_OF
from actions.words import words
from bot.core.aftersales import AFTERSALE_STATUS_TEXT
from bot.core.delivery import PARCEL_TEXT
from bot.core.intents import ENTITIES, ESCALATE, INTENTS, NLU_FALLBACK
from bot.core.ladder import WANTS
from bot.core.orders import STATUS_TEXT

ROOT = Path(__file__).resolve().parents[2]
LONGEST = {"zh": 120, "en": 240}


def merged(key: str) -> Any:
    parts = [yaml.safe_load(path.read_text(encoding="utf8")).get(key) for path in sorted((ROOT / "bot/domain").rglob("*.yml"))]
    found = [part for part in parts if part]
    return {k: v for part in found for k, v in part.items()} if isinstance(found[0], dict) else [item for part in found for item in part]


@pytest.fixture(scope="module")
def responses() -> dict[str, list[dict[str, Any]]]:
    return dict(merged("responses"))


def named_in_code() -> set[str]:
    """Responses that the actions name; an f-string counts for every form or intent that it can stand for."""
    code = "\n".join(path.read_text(encoding="utf8") for path in [*(ROOT / "actions").glob("*.py"), ROOT / "bot/wording.py"])
    names = set(re.findall(r'[^f]"(utter_\w*[a-z])"', code))
    patterns = {re.sub(r"\{.*?\}", "*", name) for name in re.findall(r'f"(utter_[^"]+)"', code)}
    return (names | patterns) - {"utter_action"}  # a key of Rasa's events


def asked() -> set[str]:
    """What Rasa asks slots by when no action does: the form's own question, or that of all forms."""
    actions, responses = set(merged("actions")), set(merged("responses"))
    open_ones = [(flow.form, slot) for flow in FLOWS.values() for slot in flow.slots if f"action_ask_{slot}" not in actions]
    own = {f"utter_ask_{form}_{slot}" for form, slot in open_ones}
    return (own & responses) | {f"utter_ask_{slot}" for form, slot in open_ones if f"utter_ask_{form}_{slot}" not in responses}


def test_forms_of_the_domain_are_the_flows() -> None:
    assert {name: tuple(form["required_slots"]) for name, form in merged("forms").items()} == {f.form: f.slots for f in FLOWS.values()}


def test_intents_of_the_domain_are_the_labels() -> None:
    assert {name for intent in merged("intents") for name in intent} == {*INTENTS, NLU_FALLBACK, ESCALATE}


def test_every_want_that_is_offered_has_a_name() -> None:
    assert set(FORM_OF) <= WANTS
    assert {name.removeprefix("want.") for name in words() if name.startswith("want.")} == WANTS


def test_every_word_is_said_in_both_languages_with_the_same_values() -> None:
    def named(text: str) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", text)) - {"count", "more", "month", "month_name"}  # as each language counts

    assert [name for name, entry in words().items() if set(entry) != {"zh", "en"} or named(entry["zh"]) != named(entry["en"])] == []
    assert [name for name, entry in words().items() if re.search(r"[\u4e00-\u9fff]", entry["en"])] == []


def test_every_word_that_is_named_exists() -> None:
    code = "\n".join(path.read_text(encoding="utf8") for path in (ROOT / "actions").glob("*.py"))
    named = set(re.findall(r'Word\("([a-z_0-9.]+)"', code)) | {f"confirm.{f.form}" for f in FLOWS.values() if "confirm" in f.slots}

    assert named <= set(words())


@pytest.mark.parametrize(
    ("group", "texts"), [("order_status", STATUS_TEXT), ("parcel_status", PARCEL_TEXT), ("aftersale_status", AFTERSALE_STATUS_TEXT)]
)
def test_states_are_called_what_the_shop_calls_them(group: str, texts: dict[str, str]) -> None:
    assert {name.removeprefix(f"{group}."): entry["zh"] for name, entry in words().items() if name.startswith(f"{group}.")} == texts


def test_every_form_slot_is_a_slot_that_only_actions_fill() -> None:
    slots = merged("slots")

    assert all(slots[name]["mappings"] == [{"type": "custom"}] for name in FORM_SLOTS)
    assert {slot for flow in FLOWS.values() for slot in flow.slots} <= set(FORM_SLOTS)


def test_actions_of_the_domain_are_those_that_are_registered() -> None:
    executor = ActionExecutor()
    executor.register_package("actions")

    assert set(executor.actions) == set(merged("actions"))


def _steps() -> list[dict[str, Any]]:
    """Of all rules and stories."""
    files = [yaml.safe_load(p.read_text(encoding="utf8")) for folder in ("rules", "stories") for p in (ROOT / "bot" / folder).glob("*.yml")]
    return [step for file in files for told in (file.get("rules") or file.get("stories")) for step in told["steps"]]


def test_every_intent_is_answered() -> None:
    """By a rule or a story; what Rasa knows of by itself has none."""
    assert {name for intent in merged("intents") for name in intent} == {step["intent"] for step in _steps() if "intent" in step}


def test_every_form_is_opened_and_completed() -> None:
    opened = {step["active_loop"] for step in _steps() if step.get("active_loop")} | {f.form for f in FLOWS.values() if not f.wants}
    submitted = {step["action"].removeprefix("action_submit_") for step in _steps() if step.get("action", "").startswith("action_submit_")}

    assert opened == submitted == set(merged("forms"))


def test_every_action_is_reached() -> None:
    """By a rule or a story, or as what a form asks and validates with."""
    asked = {f"action_ask_{slot}" for flow in FLOWS.values() for slot in flow.slots}
    validated = {f"validate_{form}" for form in FLOWS}
    named = {step["action"] for step in _steps() if "action" in step}

    assert [action for action in merged("actions") if action not in asked | validated | named] == []


def test_every_slot_is_read() -> None:
    """By an action, or by the wording or the store, which know slots of their own."""
    code = "\n".join(path.read_text(encoding="utf8") for folder in ("actions", "bot") for path in (ROOT / folder).glob("*.py"))
    read = set(re.findall(r"""(?:slot|now|frozen\.get|get_slot|slots\.get)\("(\w+)"|frozen\["(\w+)"\]""", code))
    names = {name for pair in read for name in pair if name} | {slot for flow in FLOWS.values() for slot in flow.slots}

    assert [slot for slot in merged("slots") if slot not in names] == []


def test_every_entity_is_read() -> None:
    """By an action, or it is a type of the contract that the people see."""
    code = "\n".join(path.read_text(encoding="utf8") for folder in ("actions", "bot", "server") for path in (ROOT / folder).glob("*.py"))
    read = set(re.findall(r"""(?:values?|entities\.get)\("(\w+)"|mapping\("(\w+)"|for name in \("(\w+)",\)""", code))

    assert [name for name in merged("entities") if name not in {n for names in read for n in names} | set(ENTITIES)] == []


def test_every_response_that_is_named_exists(responses: dict[str, Any]) -> None:
    plain = {name for name in named_in_code() if "*" not in name} | asked()
    submits = {f"utter_confirm_{f.form}" for f in FLOWS.values() if "confirm" in f.slots}

    assert plain | submits <= set(responses)
    assert {f"utter_none_{f.form}" for f in FLOWS.values() if "order_id" in f.slots} <= set(responses)
    assert {f"utter_unfit_{f.form}" for f in FLOWS.values() if "order_id" in f.slots} <= set(responses)


def test_every_response_is_named(responses: dict[str, Any]) -> None:
    patterns = [re.compile(name.replace("*", r"\w+")) for name in named_in_code() | asked()]

    assert [name for name in responses if not any(p.fullmatch(name) for p in patterns)] == []


def test_wording_is_short(responses: dict[str, Any]) -> None:
    texts = {language: [v["text"] for variants in responses.values() for v in _in(variants, language)] for language in LONGEST}

    assert {language: max(map(len, said)) <= LONGEST[language] for language, said in texts.items()} == {"zh": True, "en": True}


def test_every_response_says_the_same_in_chinese_and_english(responses: dict[str, Any]) -> None:
    def named(variants: list[dict[str, Any]], language: str) -> set[str]:
        return {name for v in _in(variants, language) for name in re.findall(r"\{(\w+)\}", v["text"])}

    assert [name for name, variants in responses.items() if not (_in(variants, "zh") and _in(variants, "en"))] == []
    assert [name for name, variants in responses.items() if named(variants, "zh") != named(variants, "en")] == []
    english = [v["text"] for variants in responses.values() for v in _in(variants, "en")]
    assert [text for text in english if re.search(r"[\u4e00-\u9fff]", text)] == []


def _in(variants: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    return [v for v in variants if (v.get("metadata") or {}).get("language", "zh") == language]


def test_a_confirmation_shows_everything_that_is_sent(responses: dict[str, Any]) -> None:
    """A reason that was only heard is shown where it is known; what a placeholder of another name shows stands here. What went wrong is
    sent with a compensation, and not held out to whoever told it."""
    by_another_name = {"order_id": "about", "item": "item", "remedy": "remedy", "tax_no": "tax_words", "invoice_kind": "kind"}
    by_another_name |= {"receiver": "contact", "phone": "contact"}
    of_one_item = {(form, "order_id") for form in ("modify_form", "exchange_form", "problem_form", "repair_form")}
    not_shown = {*of_one_item, ("compensation_form", "detail"), ("withdraw_form", "next_wants")}
    missing = []
    for flow in (flow for flow in FLOWS.values() if "confirm" in flow.slots):
        variants = [v for name, said in responses.items() if name.startswith(f"utter_confirm_{flow.form}") for v in said]
        shown = {name for v in variants for name in re.findall(r"\{(\w+)\}", v["text"])}
        for slot in (s for s in (*flow.slots, *flow.heard) if s != "confirm" and (flow.form, s) not in not_shown):
            names = {by_another_name.get(slot, f"given_{slot}"), f"given_{slot}", *(["about"] if slot == "item" and flow.or_whole else [])}
            missing += [] if names & shown else [(flow.form, slot)]

    assert missing == []
