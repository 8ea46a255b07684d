"""Layers of earlier answers: only the named classes, and none of a source that no longer runs."""

from __future__ import annotations

from handgrad.sandbox.child.answer.learner_layers import learner_classes, learner_sources

PAYLOAD = bytearray(b"class A: pass\nclass B: pass\n" + b"def f(:\n" + b"1 / 0\nclass C: pass\n")
PLACES = [
    {"at": 0, "nbytes": 28, "names": ["A", "Missing"]},
    {"at": 28, "nbytes": 8, "names": ["F"]},
    {"at": 36, "nbytes": 20, "names": ["C"]},
]


def test_only_named_classes_of_sources_that_run():
    sources = learner_sources({"passed": PLACES}, PAYLOAD)
    assert [names for names, _ in sources] == [["A", "Missing"], ["C"]]
    classes = learner_classes(sources)
    assert list(classes) == ["A"]
    assert learner_classes(sources)["A"] is not classes["A"]


def test_a_job_without_any():
    assert learner_sources({}, PAYLOAD) == []
