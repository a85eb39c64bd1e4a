"""The Prometheus metrics of the server. One object per application, so that two can live in one process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 12)
_WAITS = (5, 15, 30, 60, 120, 300, 600, 1800)
_SHARES = tuple(step / 10 for step in range(1, 11))


class Metrics:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.messages = self._counter("csbot_messages", "Messages stored.", "channel", "role")
        self.turns = self._histogram("csbot_turn_seconds", "Time of a turn by stage.", _SECONDS, "stage")
        self.confidence = self._histogram("csbot_intent_confidence", "Confidence of the classifier.", _SHARES)
        self.fallbacks = self._counter("csbot_fallback", "Turns that were not understood or not answered.", "reason")
        self.fallback_steps = self._counter("csbot_fallback_step", "Steps taken after a message that was not understood.", "step")
        self.feedback = self._counter("csbot_feedback", "Complaints, suggestions and consultations taken down.", "class")
        self.handoffs = self._counter("csbot_handoff", "Conversations handed to people.", "reason")
        self.queue_length = Gauge("csbot_queue_length", "Shoppers who wait now.", ["skill"], registry=self.registry)
        self.queue_wait = self._histogram("csbot_queue_wait_seconds", "Waiting time until accepted.", _WAITS)
        self.sla_breaches = self._counter("csbot_sla_breach", "Service levels missed.", "policy", "clock")
        self.kb_hits = self._counter("csbot_kb_hit", "Parsed messages by answer band.", "band")
        self.ws_connections = Gauge("csbot_ws_connections", "Open WebSockets.", ["side"], registry=self.registry)
        self.ws_resumes = self._counter("csbot_ws_resume", "Widgets that came back.", "result")
        self.model_info = Gauge("csbot_model_info", "The model that answers.", ["version", "sha"], registry=self.registry)

    def model(self, about: Mapping[str, Any]) -> None:
        """Name the model by what `nlu` says of it: `trained` is its version, `data` the hash of what it learned from."""
        self.model_info.clear()
        if about.get("trained"):
            self.model_info.labels(str(about["trained"]), str(about.get("data"))).set(1)

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(name, about, labels, registry=self.registry)

    def _histogram(self, name: str, about: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(name, about, labels, buckets=buckets, registry=self.registry)
