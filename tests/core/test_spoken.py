import pytest

from bot.core.spoken import spoken_language


@pytest.mark.parametrize(
    ("text", "intent", "asked", "spoken"),
    [
        ("91330106MA2B1C3D4E", "inform", "tax_no", "zh"),
        ("20261118000002", "inform", None, "zh"),
        ("T2026112100001 / SF1234567", "query_ticket", None, "zh"),
        ("👍", "affirm", None, "zh"),
        ("Cloud Data Co., Ltd.", "inform", "invoice_title", "zh"),
        ("where is my parcel", "track_package", None, "en"),
        ("20261118000002 please return this", "request_return", None, "en"),
        ("talk to a human", "request_human", "invoice_title", "en"),
        ("too small", "inform", "reason", "en"),
    ],
)
def test_language_is_kept_where_a_message_shows_none(text, intent, asked, spoken):
    assert spoken_language(text, "en", "zh", intent=intent, asked_slot=asked) == spoken
    assert spoken_language(text, "en", None, intent=intent, asked_slot=asked) == "en"
