import numpy as np
import pytest

from evaluation import metrics


def test_macro_f1_counts_every_label_of_the_truth_once():
    assert metrics.macro_f1(["a", "a", "a", "b"], ["a", "a", "a", "a"]) == pytest.approx((6 / 7 + 0) / 2)


def test_calibration_error_is_the_gap_between_confidence_and_accuracy():
    confidence = np.array([0.9] * 10 + [0.5] * 10)
    right = np.array([True] * 9 + [False] + [True] * 5 + [False] * 5)
    assert metrics.calibration_error(confidence, right) == pytest.approx(0.0, abs=1e-9)
    assert metrics.calibration_error(confidence, np.zeros(20, dtype=bool)) == pytest.approx(0.7)


def test_scope_curve_gives_what_is_caught_at_an_acceptance():
    score = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.1, 0.55])
    outside = np.array([False] * 5 + [True, True])
    accepted, caught = metrics.scope_curve(score, outside)
    assert metrics.caught_at(accepted, caught, 1.0) == 0.5
    assert metrics.caught_at(accepted, caught, 0.8) == 1.0


def test_span_f1_wants_exact_spans_of_the_right_entity():
    truth = [{(0, 2, "product")}, {(1, 3, "date"), (4, 5, "amount")}]
    found = [{(0, 2, "product")}, {(1, 3, "amount")}]
    assert metrics.span_f1(truth, found) == pytest.approx((1 / 2, 1 / 3, 0.4))


def test_risk_rises_from_the_surest_answers():
    coverage, risk = metrics.risk_coverage(np.array([0.9, 0.1, 0.5]), np.array([True, False, True]))
    assert coverage.tolist() == pytest.approx([1 / 3, 2 / 3, 1])
    assert risk.tolist() == pytest.approx([0, 0, 1 / 3])
