"""Step-by-step help (requirement R067): walks the tree of a guide; what was said on the way is kept for what comes after it."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.account import endangered, secure
from actions.base import HUMAN_BUTTON, AskAction, Say, button, end_of_form, want_button
from actions.filling import ENDED, Filling
from actions.goods import GoodsTalk
from actions.guides import guide_for, guides
from actions.handoff import hand_over
from actions.knowledge import answer
from actions.orders import fitting_orders
from actions.safety import after_alarm
from actions.shop_api import Shop
from actions.story import LONGEST
from actions.submit import Submit
from actions.turn import Turn
from bot.core.bands import ANSWER
from bot.core.guides import AFTERSALE, ENDS, LEFT, PERSON, SECURITY, SOLVED, TICKET, UNSOLVED, Choice, Guide, Step, choose, done_already

TROUBLE, ACCOUNT = "troubleshoot", "account_problem"
MOST_GUIDES = 6
_LATELY = 3
"""Earlier messages that may have named the product, or told what is the matter with it."""
_SURE = 0.9
"""Score of an article that answers although no product is named."""
_BACK = re.compile(r"上一步|点错|选错|go back|previous", re.IGNORECASE)
_REPAIR = re.compile(
    r"(报|维|送|返|[想就]?要|想|帮我|给我|直接|不如|要不|还是|拿去)(.{0,2})修(?![改好])|\b(want|need|get) .{0,12}repair", re.IGNORECASE
)
_TRYING = re.compile(
    r"(好的?|嗯+|行|可以|ok|okay|sure)?[，, ]*"
    r"(我?(先|去|来|这就)?(试试|试一下|试下|看看)|稍等|等(一下|会儿?|等)|i'?ll try|let me try)?[吧啊。.~]*",
    re.IGNORECASE,
)
"""A yes to something to try: not that it helped."""


async def guide(f: Filling) -> None:
    """Which guide: the one that is tapped or named, else the one for the product that the talk is about."""
    turn, present = f.turn, _guide(f.now("guide"))
    of_account = turn.intent == ACCOUNT or (present is None and turn.source == "text" and _names_account(turn))
    want = ACCOUNT if of_account else present.want if present else TROUBLE
    if want == ACCOUNT and turn.source == "text" and (found := await _danger(f)) is not None:
        f.changed |= {event["name"]: event["value"] for event in found}
        f.changed |= {"paused": None} if f.say.called_a_person else {}
        f.ended = True
        return
    found = _guide(turn.value("choice")) or _subject(turn, want, present)
    if found and found is not present:
        told = [turn.earlier[-1].text] if f.asked("guide") and turn.earlier else []
        told += [turn.text] if turn.source == "text" else []
        f.changed |= {"guide": found.id, "guide_step": found.start, "guide_path": [text.strip() for text in told if text.strip()]}
    elif present is None:
        _without_guide(f)


async def _danger(f: Filling) -> list[EventType] | None:
    return await secure(f.turn, f.say, f.shop) if endangered(f.turn.text) else after_alarm(f.turn, f.say)


def _names_account(turn: Turn) -> bool:
    """我号登不上了 may be heard as a product that does not work."""
    return not turn.values("product") and guide_for(want=ACCOUNT, text=turn.text) is not None


def _guide(name: object) -> Guide | None:
    return guides().get(str(name))


def _subject(turn: Turn, want: str, present: Guide | None) -> Guide | None:
    """Inside a guide only a product that is named, or a want of the other kind, leads to another."""
    inside = present is not None and present.want == want
    spoken_of = present.steps[str(turn.slot("guide_step"))].text.values() if present and turn.slot("guide_step") else ()
    products = [product for product in turn.values("product") if not any(product in text for text in spoken_of)]
    named = guide_for(want=want, text="" if inside else turn.text, words=products)
    if named or inside or turn.source != "text":
        return named
    if want == ACCOUNT:
        account = next((g for g in guides().values() if g.want == ACCOUNT), None)
        known = account and choose(account.steps[account.start], turn.text, "")
        return None if known is None and turn.band == ANSWER else account
    if turn.values("product"):
        return None
    talk, heard = GoodsTalk.of(turn), [product for said in turn.earlier[-_LATELY:] for product in said.products]
    return guide_for(want=want, words=heard, skus=[sku for sku in (turn.page_sku, talk.sku) if sku])


def _without_guide(f: Filling) -> None:
    """Other goods than those that guides are for: an article if one answers, else repair or a person; nothing named is asked for."""
    if f.turn.hits and f.turn.band == ANSWER and (f.turn.values("product") or f.turn.hits[0]["score"] >= _SURE):
        f.ended = True
        answer(f.turn, f.say, f.turn.hits[0], human=True)
    elif f.turn.values("product"):
        f.end("utter_no_guide", product=f.turn.values("product")[0], buttons=[want_button("request_repair"), HUMAN_BUTTON])


async def outcome(f: Filling) -> None:
    """One step of the way: a choice that was tapped or typed leads on, at last to an end."""
    present = _guide(f.now("guide"))
    if f.ended or present is None:
        return
    if "guide" in f.changed:
        told = [f.turn.text] if f.turn.source == "text" else []
        asked_back = f.asked("guide") or f.turn.source == "button"
        earlier = [said.text for said in reversed(f.turn.earlier[-_LATELY:])] if asked_back else []
        choices = (choose(present.steps[present.start], text, "") for text in (*told, *earlier))
        _go(f, present, present.start, next(filter(None, choices), None))
    elif f.asked("outcome"):
        _answered(f, present, str(f.now("guide_step")))


def _answered(f: Filling, present: Guide, name: str) -> None:
    turn, step, path = f.turn, present.steps[name], list(f.now("guide_path") or [])
    tapped = turn.value("choice")
    if tapped:
        choice = _tapped(present, name, tapped)
        _go(f, present, name, choice) if choice else f.tell("utter_stale_button")
    elif _BACK.search(turn.text) and name != present.start:
        f.changed |= {"guide_step": _before(present, name), "guide_path": path[:-1]}
    elif _asks_for_repair(turn, present):
        f.changed |= {"outcome": AFTERSALE, "guide_path": path, "detail": _story(present, [*path, turn.text.strip()])}
    elif choice := choose(step, turn.text, turn.intent) or done_already(step, [turn.text]):
        _go(f, present, name, choice)
    elif step.tried and _is_yes_to_trying(turn):
        f.tell("utter_guide_take_time")
    elif again := choose(present.steps[present.start], turn.text, ""):
        f.changed["guide_path"] = path[:1]
        _go(f, present, present.start, again)
    elif turn.source == "text":
        f.tell("utter_guide_unclear")
        f.changed["guide_path"] = [*path, turn.text.strip()]


def _asks_for_repair(turn: Turn, present: Guide) -> bool:
    """Whether an answer asks for a repair besides: 还是不行 要不修一下吧. A message that is that want opens its own form."""
    return present.want == TROUBLE and turn.intent != "request_repair" and bool(_REPAIR.search(turn.text))


def _is_yes_to_trying(turn: Turn) -> bool:
    return bool(_TRYING.fullmatch(turn.text.strip()))


def _tapped(present: Guide, name: str, tapped: str) -> Choice | None:
    """The choice of a button of this very step; None for one of an earlier step."""
    guide_id, _, place = tapped.rpartition("/")
    choices = present.steps[name].choices
    known = guide_id == f"{present.id}/{name}" and place.isdigit() and int(place) < len(choices)
    return choices[int(place)] if known else None


def _before(present: Guide, name: str) -> str:
    return next(earlier for earlier, step in present.steps.items() if any(choice.go == name for choice in step.choices))


def _go(f: Filling, present: Guide, name: str, choice: Choice | None) -> None:
    """To the step that follows a choice, past those whose deed was told as done already."""
    path = list(f.now("guide_path") or [])
    said = [f.turn.text, *(said.text for said in f.turn.earlier[-_LATELY:]), *path]
    while choice is not None:
        path += [told for told in _told(name, present.steps[name], choice) if not any(told in earlier for earlier in path)]
        name = choice.go
        f.changed |= {"outcome": name} if name in ENDS else {"guide_step": name}
        choice = done_already(present.steps[name], said) if name in present.steps else None
    f.changed |= {"guide_path": path, "detail": _story(present, path)}


def _story(present: Guide, path: list[str]) -> str:
    """What was told on the way, for whoever goes on with it."""
    return (f"{present.title['zh']}：" + "；".join(path))[:LONGEST]


def _told(name: str, step: Step, choice: Choice) -> list[str]:
    """What a choice adds to the story, in Chinese, which people at the desk read."""
    if name == UNSOLVED:
        return []
    what = f"试过“{step.text['zh'].split('。')[0]}”" if step.tried else ""
    return [f"{what}{choice.title['zh']}"]


def answers_guide(turn: Turn) -> bool:
    """Whether a typed message answers the question of an open guide, whatever else it looks like."""
    present = _guide(turn.slot("guide"))
    if turn.source != "text" or present is None or turn.requested_slot != "outcome":
        return turn.requested_slot == "guide" and guide_for(want=TROUBLE, text=turn.text, words=turn.values("product")) is not None
    step, start = present.steps[str(turn.slot("guide_step"))], present.steps[present.start]
    if present.want == ACCOUNT and endangered(turn.text):
        return True
    if _BACK.search(turn.text) or _asks_for_repair(turn, present) or (step.tried and _is_yes_to_trying(turn)):
        return True
    return (choose(step, turn.text, turn.intent) or done_already(step, [turn.text])) is not None or (
        turn.intent in (TROUBLE, ACCOUNT) and choose(start, turn.text, "") is not None
    )


class AskGuide(AskAction):
    """Which product: those that the shopper has first."""

    def name(self) -> str:
        return "action_ask_guide"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        bought = [i["sku"] for o in await fitting_orders(turn, shop, "report_quality") for i in o["items"]] if turn.shopper_id else []
        known = [g for g in guides().values() if g.want == TROUBLE]
        known.sort(key=lambda g: not set(g.products) & set(bought))
        say.response("utter_ask_guide", buttons=[button(g.title[_language(turn)], "inform", choice=g.id) for g in known[:MOST_GUIDES]])
        return []


class AskOutcome(AskAction):
    """The present step: its question, or what to try, and the answers as buttons."""

    def name(self) -> str:
        return "action_ask_outcome"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        present, name, language = guides()[str(turn.slot("guide"))], str(turn.slot("guide_step")), _language(turn)
        step = present.steps[name]
        buttons = [button(c.title[language], "inform", choice=f"{present.id}/{name}/{n}") for n, c in enumerate(step.choices)]
        say.text(step.text[language], buttons=buttons)
        return []


def _language(turn: Turn) -> str:
    return turn.language if turn.language in ("zh", "en") else "zh"


class SubmitGuide(Submit):
    """The end of a guide: solved, or on to a form, a ticket or a person with all that was said."""

    def name(self) -> str:
        return "action_submit_guide_form"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        end, detail = turn.slot("outcome"), str(turn.slot("detail") or "")
        present = _guide(turn.slot("guide"))
        if turn.slot("confirm") == ENDED or present is None or end is None:
            return end_of_form()
        if end == AFTERSALE:
            return await _aftersale(turn, say, shop, present)
        if end in (SOLVED, LEFT):
            say.response(f"utter_guide_{end}")
        elif end == SECURITY:
            return [*await secure(turn, say, shop), *end_of_form()]
        elif end == TICKET:
            say.response("utter_guide_ticket")
            say.open_check("system", detail, None, priority="high")
        elif end == PERSON:
            hand_over(say, turn, "requested", skill="aftersale" if present.want == TROUBLE else "security", summary=detail)
        return end_of_form()


async def _aftersale(turn: Turn, say: Say, shop: Shop, present: Guide) -> list[EventType]:
    """The form for a faulty product, with the story told and the order found where only one has such a product."""
    kept = {"detail": turn.slot("detail"), "form_instance": turn.slot("form_instance"), "guide": present.id}
    if turn.shopper_id:
        found = [(o, i) for o in await fitting_orders(turn, shop, "report_quality") for i in o["items"] if i["sku"] in present.products]
        if not found:
            say.response("utter_guide_no_order", product=present.title[_language(turn)], buttons=[HUMAN_BUTTON])
            return end_of_form()
        if len(found) == 1:
            kept |= {"order_id": found[0][0]["order_id"], "item": found[0][1]["sku"]}
    say.response("utter_guide_aftersale")
    return [*end_of_form(), *(SlotSet(name, value) for name, value in kept.items()), FollowupAction("problem_form")]


GUIDE_FILLERS = {"guide": guide, "outcome": outcome}
