"""The label set of the contract (`intents.md`) and the entity types. One list, used by training, tests and the domain check."""

from __future__ import annotations

DIALOGUE_ACTS = (
    "greet",
    "goodbye",
    "thank",
    "affirm",
    "deny",
    "stop",
    "repeat",
    "inform",
    "bot_challenge",
    "chitchat",
    "insult",
    "request_human",
    "out_of_scope",
)
KNOWLEDGE = ("ask_knowledge", "recommend_product", "check_stock")
ORDERS = (
    "query_order",
    "cancel_order",
    "modify_order",
    "change_address",
    "urge_shipment",
    "track_package",
    "urge_delivery",
    "report_not_received",
    "payment_problem",
    "price_protection",
    "claim_coupon",
    "request_invoice",
)
AFTERSALE = (
    "request_return",
    "request_exchange",
    "request_refund",
    "query_refund",
    "cancel_aftersale",
    "report_damaged",
    "report_wrong_or_missing",
    "report_quality",
    "troubleshoot",
    "request_repair",
)
ACCOUNT = ("account_problem", "account_security", "complain", "request_compensation", "query_ticket", "rate_service", "give_suggestion")
INTENTS = DIALOGUE_ACTS + KNOWLEDGE + ORDERS + AFTERSALE + ACCOUNT

NLU_FALLBACK = "nlu_fallback"
"""What the server hands to Rasa when the classifier is not sure; never a label of the classifier."""
ESCALATE = "escalate"
"""What the server hands to Rasa when a rule of `handoff:` in config.yml asks for a person; never a label either."""

ENTITIES = (
    "order_id",
    "tracking_no",
    "phone",
    "product",
    "sku_option",
    "quantity",
    "amount",
    "date",
    "courier",
    "address",
    "person",
    "invoice_title",
    "tax_no",
    "coupon",
    "reason",
    "rating",
)
COMPLAINT_CLASSES = ("goods_aftersale", "logistics", "agent", "system")
SENTIMENTS = ("calm", "pleased", "worried", "annoyed", "angry")
