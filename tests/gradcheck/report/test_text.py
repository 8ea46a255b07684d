from __future__ import annotations

from handgrad.gradcheck.findings import ArrayReport, Finding, ReportData, WrongEntry
from handgrad.gradcheck.report.text import SHOWN_ENTRIES, report_text
from handgrad.languages import Text


def wrong_array(rng, count):
    entries = tuple(WrongEntry((k,), float(rng.normal()), 2.0, 0.0) for k in range(count))
    return ArrayReport(
        "dW", "W", (9,), "wrong", "affine", 1.0, 0.1, 3.0, wrong_entries=entries, wrong_count=count
    )


def test_the_head_names_the_arrays_that_decide(rng):
    arrays = (wrong_array(rng, 1), ArrayReport("db", "b", (1,), "cannot-tell", "none"))
    text = report_text(ReportData("Layer", "wrong", arrays))
    assert text["en"].startswith("Layer: wrong (dW)\n")
    assert text["zh"].startswith("Layer：错误（dW）\n")


def test_only_some_wrong_entries_are_listed(rng):
    count = SHOWN_ENTRIES + 3
    text = report_text(ReportData("Layer", "wrong", (wrong_array(rng, count),)))["en"]
    assert f"{count} wrong (received → expected): dW[0] = " in text
    assert text.count("dW[") == SHOWN_ENTRIES


def test_a_finding_is_followed_by_its_line():
    finding = Finding(
        "dout-changed", "wrong", Text(zh="改写。", en="Writes."), "dout", "layer.py", 7, " x = 1"
    )
    lines = report_text(ReportData("Layer", "wrong", (), (finding,)))["en"].split("\n")
    assert lines[1:3] == ["Writes.", "  layer.py:7: x = 1"]
