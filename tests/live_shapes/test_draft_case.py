"""The case of a draft: small, sizes that differ, short numbers, and none that is ever judged."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from handgrad.course import load_course
from handgrad.course.level import Level
from handgrad.judging.prepared_run import prepare_run
from handgrad.live_shapes.draft_case import draft_cases
from handgrad.sandbox import Limits
from handgrad.sandbox.protocol.buffers import trusted_array


def inputs_of(prepared):
    room = bytearray(b"".join(prepared.payload.buffers))
    return {
        wanted["name"]: {
            name: told.get("plain") if "plain" in told else trusted_array(told, room)
            for name, told in wanted["inputs"].items()
        }
        for wanted in prepared.header["classes"]
    }


@pytest.mark.parametrize("level", load_course().levels, ids=lambda level: level.name)
def test_numbers_are_short_and_sizes_differ(level):
    prepared = draft_cases(level)
    for arrays in inputs_of(prepared).values():
        for name, array in arrays.items():
            if isinstance(array, np.ndarray) and array.dtype.kind == "f":
                assert np.array_equal(array, np.round(array, 1)), name
                assert np.abs(array).max() < 10, name
        x = arrays["x"]
        assert len(set(x.shape)) == x.ndim
    sizes = prepared.sizes_text.en.replace("B = ", "").split(", ")
    assert len(sizes) == len(set(sizes))


@pytest.mark.parametrize("level", load_course().levels, ids=lambda level: level.name)
def test_it_is_never_a_case_that_is_judged(level, rng):
    drafts = inputs_of(draft_cases(level))
    for seed in (0, 23, int(rng.integers(2**31))):
        prepared_run = prepare_run(level, [c.name for c in level.classes], seed, Limits())
        for prepared in prepared_run.classes:
            x = drafts[prepared.judged.name]["x"]
            assert not any(np.array_equal(case.inputs["x"], x) for case in prepared.cases)


def test_a_level_that_draws_none_has_one_of_its_judged_kind(tmp_path):
    own = load_course().level("fully-connected")
    folder = shutil.copytree(own.folder, tmp_path / "level")
    cases = folder / "cases.py"
    text = cases.read_text(encoding="utf-8")
    cases.write_text(text[: text.index("def draft_case")], encoding="utf-8")
    prepared = draft_cases(Level.load(folder))
    [arrays] = inputs_of(prepared).values()
    assert np.array_equal(arrays["W"], np.round(arrays["W"], 1))
    B, N = arrays["x"].shape
    assert prepared.sizes_text.en == f"B = {B}, N = {N}, M = {arrays['W'].shape[1]}"


def test_it_is_drawn_once_for_each_revision(course):
    level = course.level("activations")
    assert draft_cases(level) is draft_cases(load_course().level("activations"))
