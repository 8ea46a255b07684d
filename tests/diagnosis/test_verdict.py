"""The verdict's JSON: the fields of version 0.1.0 in their order, and verdicts stored by it."""

from __future__ import annotations

import json
from pathlib import Path

from handgrad.diagnosis.json_fields import with_missing_fields
from handgrad.diagnosis.verdict import ErrorMap, NamedMistake, Verdict
from handgrad.languages import Text

STORED = Path(__file__).with_name("stored_verdict_0_1_0.json")
FIRST_FIELDS = [
    "file", "level", "level_revision", "class", "verdict", "kind", "line", "column", "mistakes",
    "computed", "counterexample", "first_difference", "warnings", "cases", "seed", "excludes",
    "printed", "milliseconds", "isolation", "handgrad", "message",
]  # fmt: skip


def verdict(**fields):
    given = {
        "file": "a.py", "level": "l", "level_revision": "r", "class_name": "C", "verdict": "wrong",
        "message": Text(zh="中", en="en"),
    }  # fmt: skip
    return Verdict(**(given | fields))


def test_the_first_fields_keep_their_names_and_order():
    assert list(verdict().to_json())[: len(FIRST_FIELDS)] == FIRST_FIELDS


def test_names_that_differ_in_python():
    mistake = NamedMistake("transposed", "dW", "one-of", ("sign-flipped",))
    shown = verdict(
        mistakes=(mistake,), error_maps=(ErrorMap("dW", 1, (1,), None, None, 1, 1, ((None,),)),)
    ).to_json()
    assert shown["class"] == "C"
    assert shown["mistakes"][0]["or"] == ["sign-flipped"]
    assert shown["error_maps"][0]["map"] == [[None]]


def test_a_verdict_stored_by_the_first_version_is_completed():
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    whole = with_missing_fields(Verdict, stored)
    assert list(whole) == list(verdict().to_json())
    assert {name: whole[name] for name in stored if name != "counterexample"} == {
        name: value for name, value in stored.items() if name != "counterexample"
    }
    assert whole["case_list"] == []
    assert whole["error_maps"] == []
    assert whole["counterexample"]["steps"] == []
    assert whole["counterexample"]["inputs"] == stored["counterexample"]["inputs"]


def test_exit_codes():
    codes = {name: verdict(verdict=name).exit_code for name in ("pass", "wrong", "judge-error")}
    assert codes == {"pass": 0, "wrong": 1, "judge-error": 3}
