from __future__ import annotations

import itertools

from handgrad.judging.run_report import RunReader
from handgrad.sandbox import Ended, Ending, Limits

LIMITS = Limits(printed_bytes=1000, carried_bytes=8000)
LOADED = ({"frame": "loaded", "problem": None}, bytearray())
CLASS = ({"frame": "class", "name": "A", "problem": None}, bytearray())


def printed(text):
    return {"frame": "printed", "text": text}, bytearray()


def case(number, payload):
    header = {"frame": "case", "number": number, "values": {}, "inputs_after": {},
              "overwritten": [], "raised": None, "warned": []}  # fmt: skip
    return header, bytearray(payload)


def test_a_run_is_read_to_its_end():
    frames = [LOADED, CLASS, case(0, 10), printed("x"), ({"frame": "class-end"}, bytearray())]
    report = RunReader([*frames, Ended(Ending.FINISHED)], {"A": 1}, LIMITS).to_its_end()
    assert report.classes["A"].is_complete
    assert report.classes["A"].printed == "x"
    assert report.ended.ending is Ending.FINISHED


def test_what_is_printed_without_end_is_not_kept():
    frames = itertools.chain([LOADED], itertools.repeat(printed("梯" * 100)))
    report = RunReader(frames, {"A": 1}, LIMITS).to_its_end()
    assert report.ended.ending is Ending.BROKEN_PROTOCOL
    assert len(report.printed_before.encode()) <= 1000


def test_arrays_without_end_are_not_kept():
    frames = itertools.chain([LOADED, CLASS], (case(n, 1000) for n in itertools.count()))
    report = RunReader(frames, {"A": 10**6}, LIMITS).to_its_end()
    assert report.ended.ending is Ending.BROKEN_PROTOCOL
    assert len(report.classes["A"].observations) <= 9
