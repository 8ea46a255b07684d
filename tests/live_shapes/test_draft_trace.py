"""Frames become a trace; a frame that no draft of ours sends ends it, and what came before is kept."""

from __future__ import annotations

import pytest

from handgrad.live_shapes.draft_trace import MOST_FRAMES, MOST_RECORDS, read_trace
from handgrad.sandbox import Ended, Ending

LOADED = {"frame": "loaded", "problem": None}
FINISHED = Ended(Ending.FINISHED)
RAISED = {"type": "ValueError", "message": "no", "line": 4, "in_answer": True}
OPERATION = {
    "does": "operator", "sign": "@", "named": {}, "has": [], "self_has": ["x"], "inside": "",
    "operands": [
        {"text": "a", "kind": "array", "shape": [2, 3], "dtype": "float64", "shapes": []},
        {"text": "n", "kind": "number", "shape": [], "dtype": "int", "shapes": [], "number": 3},
    ],
}  # fmt: skip


def record(number=0, **changes):
    return {
        "number": number, "line": 3, "role": "assigned", "name": "dx", "formula": "(2, 3) · (3, 1)",
        "count": 2, "kind": "array", "shape": [2, 1], "dtype": "float64", "cut": False, "shapes": [],
        "entries": None, "first_shape": None,
    } | changes  # fmt: skip


def trace_of(*headers):
    frames = [(header, bytearray()) for header in headers]
    return read_trace([*frames, FINISHED], ("Relu", "Sigmoid"))


def traced(*records, line=3):
    return {"frame": "trace", "line": line, "records": list(records)}


def test_a_whole_trace_is_read():
    failed = {"frame": "class", "name": "Sigmoid", "raised": RAISED, "operation": OPERATION}
    trace = trace_of(LOADED, traced(record()), {"frame": "class", "name": "Relu"}, failed)
    assert (trace.is_loaded, trace.ended, trace.line) == (True, FINISHED, 3)
    assert (trace.records[0].name, trace.records[0].count) == ("dx", 2)
    assert trace.records[0].value.shape == (2, 1)
    relu, sigmoid = trace.classes
    assert relu.failure is None
    assert sigmoid.failure.raised.line == 4
    array, number = sigmoid.failure.operation.operands
    assert (array.shape, number.shape, number.number) == ((2, 3), None, 3)


def test_a_later_record_of_the_same_expression_replaces_the_first():
    trace = trace_of(LOADED, traced(record(count=1)), traced(record(count=5), record(1)))
    assert {number: one.count for number, one in trace.records.items()} == {0: 5, 1: 2}


@pytest.mark.parametrize(
    "header",
    [
        {"frame": "case"},
        {"frame": "loaded", "problem": None},
        {"frame": "class", "name": "Other"},
        {"frame": "class", "name": "Sigmoid"},
        traced(record(role="verdict")),
        traced(record(kind="secret")),
        traced(record(shape=[2.0])),
        traced(record(shape=[1] * 33)),
        traced(record(count=-1)),
        traced(record(number=True)),
        traced(*(record(n) for n in range(1, MOST_RECORDS + 1)), record(MOST_RECORDS + 2)),
    ],
    ids=lambda header: str(header)[:60],
)
def test_a_frame_that_no_draft_sends_ends_the_trace(header):
    many = header.get("records", [])
    headers = [traced(*many[n : n + 900]) for n in range(0, len(many), 900)] or [header]
    trace = trace_of(LOADED, traced(record(name="kept")), *headers, traced(record(9)))
    assert trace.ended.ending is Ending.BROKEN_PROTOCOL
    assert trace.records[0].name == "kept"
    assert 9 not in trace.records or len(many) > 900


def test_more_frames_than_a_draft_sends_are_not_read():
    trace = trace_of(LOADED, *[traced()] * (MOST_FRAMES + 1))
    assert trace.ended.ending is Ending.BROKEN_PROTOCOL


def test_texts_are_safe_to_print():
    trace = trace_of(LOADED, traced(record(name="a\x1b[31mb\nc")))
    assert trace.records[0].name == "a\\x1b[31mb c"
