"""A real child sends every field that is defined, and its reader reads every field that is sent."""

from __future__ import annotations

import typing

import pytest
from support.answers import SOLUTION
from support.children import run_once

from handgrad.diagnosis.text.load_errors import problem_text
from handgrad.judging import Judge, run_report
from handgrad.live_shapes import draft_trace
from handgrad.live_shapes.draft_case import draft_cases
from handgrad.sandbox import DEFAULT_LIMITS, Ended, Pool
from handgrad.sandbox.protocol import frames

WARNS = SOLUTION.replace("self.dW =", "np.log(np.zeros(1))\n        self.dW =")
RAISES = SOLUTION.replace(
    "self.dW =", "np.dot(np.ones((2, 3)), np.ones((4, 5)))\n        self.dW ="
)
ANSWERS = (WARNS, RAISES, "def f(:\n", "print(1 / 0)")
DRAFTS = (SOLUTION, RAISES, RAISES + "\n)", "x = 1\nx + 'a'")
UNREAD = {
    # a tag, read before a frame is known to be of its kind
    "frame",
    # in ProblemFacts: read by the message of the problem, from the checked facts
    *frames.ProblemFacts.__annotations__,
}


def kinds_of(union: object) -> set[str]:
    """The tags of a union of frames."""
    members = (typing.get_type_hints(member) for member in typing.get_args(union))
    return {tag for member in members for tag in typing.get_args(member["frame"])}


@pytest.mark.parametrize(
    ("union", "kinds"),
    [
        (frames.LifeFrame, frames.LifeFrameKind),
        (frames.AnswerFrame, frames.AnswerFrameKind),
        (frames.DraftFrame, frames.DraftFrameKind),
    ],
)
def test_the_kinds_are_those_of_the_frames(union, kinds):
    assert kinds_of(union) == set(typing.get_args(kinds))


class Recorder(dict):
    """Fields that remember which of them were read."""

    def __init__(self, value, definition, read):
        super().__init__(value)
        self._definition, self._read = definition, read
        missing = set(definition.__annotations__) - set(value)
        assert definition is frames.ProblemFacts or not missing, (definition, missing)
        unknown = set(value) - set(definition.__annotations__)
        # a record is read as a snapshot too, which has fewer fields
        assert definition is frames.SnapshotFields or not unknown, (definition, unknown)

    def __getitem__(self, name):
        self._read.setdefault(self._definition.__name__, set()).add(name)
        return self.get(name)


@pytest.fixture
def read(monkeypatch):
    """The fields that were read, by the name of their definition."""
    fields: dict[str, set[str]] = {}

    def an_object(value, definition):
        assert isinstance(value, dict)
        return Recorder(value, definition, fields)

    for module in (run_report, draft_trace):
        monkeypatch.setattr(module, "an_object", an_object)
    return fields


def assert_all_read(read, *left_out):
    for name, fields in read.items():
        if name not in left_out:
            assert fields | UNREAD >= set(getattr(frames, name).__annotations__), name


def test_every_field_of_an_answer_is_sent_and_read(course, read):
    level = course.level("fully-connected")
    with Judge(seed=5, expected_answers=0) as judge, Pool(expected=len(ANSWERS)) as pool:
        prepared = judge.prepare(level)
        cases = {one.judged.name: len(one.cases) for one in prepared.classes}
        for source in ANSWERS:
            arrived = run_once(pool.take(), prepared.job("a.py", source.encode()), DEFAULT_LIMITS)
            report = run_report.RunReader(arrived, cases).to_its_end()
            assert report.ended.ending.value == "finished", report.ended
    assert_all_read(read)
    assert {"CaseFrame", "ClassFrame", "LoadedFrame", "ValueFields", "ExceptionFields"} <= set(read)
    assert {"ProblemFields", "WarningFields", "PrintedFrame"} - {"PrintedFrame"} <= set(read)


def test_every_field_of_a_draft_is_sent_and_read(course, read):
    prepared = draft_cases(course.level("fully-connected"))
    with Pool(expected=len(DRAFTS)) as pool:
        for source in DRAFTS:
            job = prepared.job(source.encode(), DEFAULT_LIMITS)
            arrived = run_once(pool.take(), job, DEFAULT_LIMITS)
            trace = draft_trace.read_trace(arrived, prepared.class_names)
            assert isinstance(trace.ended, Ended)
            assert trace.ended.ending.value == "finished", trace.ended
    assert_all_read(read)
    assert {"TraceFrame", "RecordFields", "OperationFields", "OperandFields"} <= set(read)
    assert {"LeftOutFrame", "DraftLoadedFrame", "DraftClassFrame"} <= set(read)


class AskedFor(dict):
    """Facts that remember which of them a message asked for."""

    def __init__(self):
        super().__init__()
        self.names = set()

    def get(self, name, default=None):
        self.names.add(name)
        return default


@pytest.mark.parametrize("kind", typing.get_args(frames.ProblemKind))
def test_messages_ask_for_facts_that_are_defined(kind):
    facts = AskedFor()
    if kind != "exception":  # its message is that of the exception
        problem_text(kind, "Relu", facts=facts)
    assert facts.names <= set(frames.ProblemFacts.__annotations__)
