from __future__ import annotations

import json

import numpy as np

from handgrad.gradcheck.findings import ArrayReport, Finding, WrongEntry
from handgrad.languages import Text


def test_numbers_that_are_not_finite_are_null_in_json(rng):
    received = float(rng.normal())
    entry = WrongEntry((1, 2), received, float("inf"), 0.5)
    report = ArrayReport(
        "dW", "W", (3, 4), "wrong", "affine", measured=np.ones(2), wrong_entries=(entry,)
    )
    fields = json.loads(json.dumps(report.to_json()))
    assert fields["error"] is None
    assert fields["wrong_entries"] == [
        {"index": [1, 2], "received": received, "expected": None, "uncertainty": 0.5}
    ]


def test_a_finding_has_every_field_in_json():
    fields = Finding("size", "note", Text(zh="一", en="one")).to_json()
    assert fields["message"] == {"zh": "一", "en": "one"}
    assert [name for name, value in fields.items() if value is None] == [
        "array",
        "file",
        "line",
        "source",
    ]
