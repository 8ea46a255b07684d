"""The job of a prepared run: one frame that holds the cases, and the answer where it is not loaded yet."""

from __future__ import annotations

import io

import numpy as np
import pytest

from handgrad.judging.answer import OwnLayers
from handgrad.judging.prepared_run import PreparedRuns, prepare_run
from handgrad.sandbox import Limits
from handgrad.sandbox.protocol.buffers import trusted_array
from handgrad.sandbox.protocol.wire import read_frame

LARGE = 1 << 26


@pytest.fixture
def prepared(course):
    level = course.level("activations")
    return prepare_run(level, ["Sigmoid", "Relu"], 5, Limits(), ["Relu"])


def opened(job):
    return read_frame(io.BytesIO(job).read, header_cap=LARGE, payload_cap=LARGE)


def text_at(place, payload):
    return bytes(payload[place["at"] : place["at"] + place["nbytes"]])


def test_the_job_holds_the_answer_its_own_layers_and_every_case(prepared):
    own = (OwnLayers(("A", "B"), b"first"), OwnLayers(("C",), b"the second"))
    header, payload = opened(prepared.job("a.py", b"x = 1", own))
    assert (header["name"], header["own"], header["seed"]) == ("a.py", ["Relu"], 5)
    assert text_at(header["source"], payload) == b"x = 1"
    assert [(one["names"], text_at(one, payload)) for one in header["passed"]] == [
        (["A", "B"], b"first"), (["C"], b"the second"),
    ]  # fmt: skip
    for wanted, one in zip(header["classes"], prepared.classes, strict=True):
        assert wanted["name"] == one.judged.name
        assert len(wanted["cases"]) == len(one.cases)
        for sent, case in zip(wanted["cases"], one.cases, strict=True):
            assert header["scripts"][sent["script"]] == case.script
            assert np.array_equal(trusted_array(sent["inputs"]["x"], payload), case.inputs["x"])


def test_a_follow_up_job_leaves_the_loaded_answer_out(prepared):
    header, _ = opened(prepared.follow_up_job)
    assert "source" not in header
    assert "passed" not in header
    header, payload = opened(prepared.follow_up_job_with([OwnLayers(("A",), b"mine")]))
    assert [text_at(one, payload) for one in header["passed"]] == [b"mine"]


def test_a_follow_up_run_has_its_own_cases_limits_and_random_numbers(prepared):
    [sigmoid, _] = prepared.classes
    limits = Limits(processor_seconds=0.25)
    other = prepared.with_cases(sigmoid, sigmoid.cases[:2], limits)
    assert [one.judged.name for one in other.classes] == ["Sigmoid"]
    assert (other.classes[0].cases, other.limits) == (sigmoid.cases[:2], limits)
    assert other.classes[0].seed != sigmoid.seed
    assert other.redefined == ("Relu",)


def test_small_cases_are_prepared_once(prepared):
    [sigmoid, _] = prepared.classes
    first = prepared.with_small_cases(sigmoid, (1, 0), Limits())
    assert first.classes[0].cases == tuple(sigmoid.small_trials[n].case for n in (1, 0))
    assert prepared.with_small_cases(sigmoid, (1, 0), Limits()) is first
    assert prepared.with_small_cases(sigmoid, (0,), Limits()) is not first


def test_runs_are_prepared_once_for_each_set_of_classes(course):
    level = course.level("activations")
    runs = PreparedRuns(5, Limits())
    both = runs.get(level, ["Sigmoid", "Relu"])
    assert runs.get(level, ["Sigmoid", "Relu"]) is both
    assert runs.get(level, ["Relu"]) is not both
    assert runs.get(level, ["Sigmoid", "Relu"], ["Relu"]).redefined == ("Relu",)
