"""One run through a form's slots: what changed, what was said about it, and whether the form goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from actions.base import Say
from actions.flows import Flow
from actions.offers import ways_on
from actions.orders import named_order
from actions.shop_api import Shop
from actions.turn import Turn

NOT_NEEDED = "-"
"""The value of a slot that this form, as it was opened, does not ask for."""

ENDED, SWITCHED, PASSED_ON = "ended", "switched", "passed_on"


@dataclass
class Filling:
    """One run through a form's slots. `changed` are the new values; `ended` says that the form cannot go on and why was told."""

    flow: Flow
    turn: Turn
    shop: Shop
    say: Say
    changed: dict[str, Any] = field(default_factory=dict)
    opening: bool = False
    """This message opens the form: what an earlier form asked is not asked any more."""
    ended: bool = False
    emptied: str | None = None
    """The slot whose value the shopper has taken back: not filled again from the same message, but for another order."""
    ending: str = ENDED
    """How the form is over, for its last step: `ENDED`; `SWITCHED`, to the first of `next_wants`, which is told; `PASSED_ON`, untold."""
    told: bool = False
    """Something was said about this message, although it gave no value: ask again, and do not take it for a confirmation."""

    _orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What was read of the shop for this message."""

    def now(self, slot: str) -> Any:
        return self.changed.get(slot, self.turn.slot(slot))

    def asked(self, slot: str) -> bool:
        return self.turn.requested_slot == slot and self.turn.active_form == self.flow.form

    async def order(self) -> dict[str, Any]:
        """The form's order, which must be known."""
        number = str(self.now("order_id"))
        if number not in self._orders:
            self._orders[number] = await self.shop.order(number)
        return self._orders[number]

    async def item(self) -> dict[str, Any] | None:
        """The item of the order that the form is about; None while it is open."""
        if not self.now("order_id") or not self.now("item"):
            return None
        return next((i for i in (await self.order())["items"] if i["sku"] == self.now("item")), None)

    @property
    def names_order(self) -> bool:
        """The message says which order; it is no other value then."""
        return named_order(self.turn) is not None

    def end(self, response: str, *, order: Mapping[str, Any] | None = None, **values: Any) -> None:
        """The form cannot go on: why, and what can be done instead."""
        self.ended = True
        self.say.response(response, **{"buttons": ways_on(order, without=self.flow.wants), **values})

    def pass_on(self, want: str, ending: str = PASSED_ON) -> None:
        """It cannot go on as this form; the form of `want` takes over."""
        self.comes_first(want)
        self.ending, self.ended = ending, True

    def comes_first(self, want: str) -> None:
        """Before the other wants that wait for the end of this form."""
        self.changed["next_wants"] = [want, *(other for other in self.now("next_wants") or [] if other != want)]

    def tell(self, response: str, **values: Any) -> None:
        self.told = True
        self.say.response(response, **values)

    def choose(self, number: str) -> None:
        """This order: of the form, and of the talk from now on."""
        self.changed |= {"order_id": number, "focus_order": number, "focus_page": self.turn.page_order}
