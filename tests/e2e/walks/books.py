"""What the server, the demo shop and the logs have on file, read beside the processes."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TROUBLE = re.compile(r"Traceback|level=(error|critical)|\b(ERROR|CRITICAL)\b")


@dataclass(frozen=True)
class Holder:
    """A conversation as the server keeps it, with its hand-offs that are not closed."""

    id: str
    owner: str
    active_form: str | None
    requested_slot: str | None
    last_seq: int
    open_handoffs: tuple[str, ...]
    complaints: int


@dataclass(frozen=True)
class Written:
    """Everything of a shopper that a write can change: one line of values for each thing, by its name."""

    writes: int
    things: Mapping[str, tuple[str | None, ...]]

    def changed(self, later: Written) -> dict[str, tuple[str | None, ...]]:
        """The values that are new in `later`, by the thing they belong to."""
        found = {}
        for name, values in later.things.items():
            before = self.things.get(name, ())
            if values != before:
                found[name] = tuple(value for value in values if value not in before)
        return found


class Books:
    """`folder` is where the running system writes. Reads only."""

    def __init__(self, folder: Path) -> None:
        self._server = _open(folder / "zhanggui.db")
        self._shop = _open(folder / "demo_shop.db")
        self._logs = dict.fromkeys(folder.glob("log/*.log"), 0)
        self.trouble()

    def holder(self, sender: str, shopper_id: str | None) -> Holder | None:
        where = "shopper_id = ?" if shopper_id else "shopper_id IS NULL AND sender = ?"
        row = self._one(f"SELECT * FROM conversations WHERE {where} ORDER BY created_at DESC", shopper_id or sender)
        if row is None:
            return None
        handoffs = self._all(self._server, "SELECT id FROM handoffs WHERE conversation_id = ? AND state != 'closed'", row["id"])
        complaints = self._one("SELECT count(*) AS n FROM tickets WHERE conversation_id = ? AND kind = 'complaint'", row["id"])
        names = ("id", "owner", "active_form", "requested_slot", "last_seq")
        return Holder(*(row[name] for name in names), tuple(h["id"] for h in handoffs), complaints["n"] if complaints else 0)

    def is_answered(self, conversation_id: str, message_id: str) -> bool:
        row = self._one(
            "SELECT state FROM messages WHERE conversation_id = ? AND author = 'shopper' AND message_id = ?", conversation_id, message_id
        )
        return row is not None and row["state"] == "done"

    def last_public_seq(self, conversation_id: str) -> int:
        row = self._one("SELECT max(seq) AS seq FROM messages WHERE conversation_id = ? AND NOT private", conversation_id)
        return (row["seq"] if row else None) or 0

    def intent(self, conversation_id: str, message_id: str) -> str:
        """What the message was taken for, and which actions ran."""
        row = self._one("SELECT outcome FROM messages WHERE conversation_id = ? AND message_id = ?", conversation_id, message_id)
        outcome = json.loads(row["outcome"]) if row and row["outcome"] else {}
        return f"{outcome.get('result')} {outcome.get('intent')} {' '.join(outcome.get('actions') or [])}"

    def written(self, shopper_ids: Sequence[str]) -> Written:
        """Of all these shoppers together."""
        marks = ",".join("?" * len(shopper_ids))
        own = f"SELECT order_id FROM shop_order WHERE shopper_id IN ({marks})"
        things: dict[str, tuple[str | None, ...]] = {}
        for row in self._all(self._shop, f"SELECT * FROM shop_order WHERE shopper_id IN ({marks})", *shopper_ids):
            things[f"address {row['order_id']}"] = (row["address"], row["receiver"], row["phone"])
            things[f"closed {row['order_id']}"] = (str(row["status"] == "closed"),)
        for row in self._all(self._shop, f"SELECT * FROM order_item WHERE order_id IN ({own})", *shopper_ids):
            things[f"option {row['order_id']} {row['sku']}"] = (row["option"],)
        for row in self._all(self._shop, f"SELECT * FROM aftersale WHERE order_id IN ({own})", *shopper_ids):
            things[f"aftersale {row['order_id']} {row['aftersale_id']} {row['kind']}"] = (row["reason"], str(row["status"] == "closed"))
        for row in self._all(self._shop, f"SELECT * FROM invoice WHERE order_id IN ({own})", *shopper_ids):
            things[f"invoice {row['order_id']}"] = (row["title"], row["tax_no"])
        for row in self._all(self._shop, f"SELECT * FROM coupon WHERE shopper_id IN ({marks})", *shopper_ids):
            things[f"coupon {row['coupon_id'].lstrip('K')}"] = (f"{row['amount_fen'] / 100:.2f}",)
        found = self._all(self._shop, f"SELECT count(*) AS n FROM write WHERE status = 200 AND shopper_id IN ({marks})", *shopper_ids)
        return Written(found[0]["n"], things)

    def products(self, order_id: str) -> list[str]:
        return [row["name"] for row in self._all(self._shop, "SELECT name FROM order_item WHERE order_id = ?", order_id)]

    def orders(self, shopper_id: str) -> set[str]:
        return {row["order_id"] for row in self._all(self._shop, "SELECT order_id FROM shop_order WHERE shopper_id = ?", shopper_id)}

    def owner_of(self, order_id: str) -> str:
        return str(self._all(self._shop, "SELECT shopper_id FROM shop_order WHERE order_id = ?", order_id)[0]["shopper_id"])

    def secrets_of(self, shopper_id: str) -> set[str]:
        """What nobody else may read: numbers of parcels and requests, name, phone and addresses."""
        orders = self._all(self._shop, "SELECT * FROM shop_order WHERE shopper_id = ?", shopper_id)
        numbers = [row["order_id"] for row in orders]
        marks = ",".join("?" * len(numbers))
        parcels = self._all(self._shop, f"SELECT tracking_no FROM parcel WHERE order_id IN ({marks})", *numbers)
        requests = self._all(self._shop, f"SELECT aftersale_id FROM aftersale WHERE order_id IN ({marks})", *numbers)
        found = {row[name] for row in orders for name in ("address", "receiver", "phone")}
        return found | {row["tracking_no"] for row in parcels} | {row["aftersale_id"] for row in requests}

    def trouble(self) -> list[str]:
        """Lines of the four logs since the last call that tell of an error, each with those that follow it."""
        found = []
        for path, offset in self._logs.items():
            with path.open(encoding="utf8", errors="replace") as log:
                log.seek(offset)
                new = log.read()
                self._logs[path] = log.tell()
            first = _TROUBLE.search(new)
            if first:
                found.append(f"{path.name}: {new[max(first.start() - 200, 0) : first.start() + 3000]}")
        return found

    def _one(self, sql: str, *values: Any) -> sqlite3.Row | None:
        found = self._all(self._server, sql, *values)
        return found[0] if found else None

    @staticmethod
    def _all(db: sqlite3.Connection, sql: str, *values: Any) -> list[sqlite3.Row]:
        return db.execute(sql, values).fetchall()


def _open(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
    db.row_factory = sqlite3.Row
    return db
