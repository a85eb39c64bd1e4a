import json

import pytest

from evaluation import report


@pytest.fixture(autouse=True)
def _folders(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(report, "REPORT", tmp_path / "report")


def test_the_report_holds_every_measured_section_and_its_plots():
    table = report.Table(("system", "macro-F1"), (("ours", "0.9"),), "A note.")
    section = report.Section("Intents", (table,), {"f1": 0.9}, ({"text": "在吗"},), {"curve": lambda axes: axes.plot([0, 1], [0, 1])})
    report.keep("intents", section)
    text = report.write(("intents", "never measured")).read_text(encoding="utf-8")

    assert "## Intents" in text
    assert "| ours | 0.9 |" in text
    assert "![intents-curve.png](intents-curve.png)" in text
    assert (report.REPORT / "intents-curve.png").stat().st_size > 1000
    assert json.loads((report.REPORT / "report.json").read_text(encoding="utf-8")) == {"intents": {"f1": 0.9}}
    assert json.loads((report.KEPT / "intents.json").read_text(encoding="utf-8"))["items"] == [{"text": "在吗"}]
