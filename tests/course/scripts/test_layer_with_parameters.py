from __future__ import annotations

import numpy as np
import pytest
from support.running import arrays, run

from handgrad.course.scripts import layer_with_parameters
from handgrad.diagnosis.case import Case
from handgrad.layers import FullyConnected

KINDS = {
    "different-sizes": 3,
    "batch-of-one": 1,
    "inputs-equal-outputs": 1,
    "batch-equals-outputs": 1,
    "batch-equals-inputs": 1,
    "all-sizes-equal": 1,
    "one-output": 1,
    "three-axes": 1,
    "four-axes": 2,
    "strided-dout": 1,
    "column-major-dout": 1,
    "strided-x": 1,
    "reversed-x": 1,
    "second-call": 1,
    "second-call-same-size": 1,
    "two-instances": 1,
    "second-backward": 1,
}


@pytest.fixture
def drawn(rng: np.random.Generator) -> list[Case]:
    return layer_with_parameters("FullyConnected", rng)


def only(cases: list[Case], kind: str) -> Case:
    [case] = [case for case in cases if case.kind == kind]
    return case


def sizes_of(case: Case) -> tuple[int, int, int]:
    B, M = case.inputs["dout"].shape
    N, columns = case.inputs["W"].shape
    assert columns == M
    assert case.inputs["x"].shape[0] == B
    assert case.inputs["x"].size == B * N
    assert case.inputs["b"].shape == (M,)
    return B, N, M


def test_every_kind_is_there(drawn: list[Case]) -> None:
    kinds = [case.kind for case in drawn]
    assert {kind: kinds.count(kind) for kind in kinds} == KINDS


def test_sizes_are_what_the_kind_says(drawn: list[Case]) -> None:
    for case in drawn:
        B, N, M = sizes_of(case)
        match case.kind:
            case "batch-of-one":
                assert B == 1
                assert 1 not in (N, M)
            case "inputs-equal-outputs":
                assert N == M != B
            case "batch-equals-outputs":
                assert B == M != N
            case "batch-equals-inputs":
                assert B == N != M
            case "all-sizes-equal":
                assert B == N == M > 1
            case "one-output":
                assert M == 1
                assert len({B, N, M}) == 3
            case "three-axes" | "four-axes":
                assert case.inputs["x"].ndim == {"three-axes": 3, "four-axes": 4}[case.kind]
                assert 1 not in (B, N, M)
                assert B != M
            case _:
                assert len({B, N, M}) == 3
                assert min(B, N, M) > 1


def test_cases_of_one_kind_have_numbers_of_their_own(drawn: list[Case]) -> None:
    first, second, third = (case for case in drawn if case.kind == "different-sizes")
    for a, b in ((first, second), (first, third), (second, third)):
        assert not np.array_equal(a.inputs["dout"], b.inputs["dout"])


def test_layouts_are_what_the_kind_says(drawn: list[Case]) -> None:
    strided = only(drawn, "strided-dout").inputs["dout"]
    assert not strided.flags.c_contiguous
    assert not strided.flags.f_contiguous
    column_major = only(drawn, "column-major-dout").inputs["dout"]
    assert column_major.flags.f_contiguous
    assert not column_major.flags.c_contiguous
    x = only(drawn, "strided-x").inputs["x"]
    assert not x.flags.c_contiguous
    assert not x.flags.f_contiguous
    assert only(drawn, "reversed-x").inputs["x"].strides[0] < 0


def test_the_second_call_has_a_batch_of_another_size_or_of_the_same(drawn: list[Case]) -> None:
    for kind, same in (("second-call", False), ("second-call-same-size", True)):
        case = only(drawn, kind)
        earlier, later = len(case.inputs["x_earlier"]), len(case.inputs["x"])
        assert (earlier == later) is same
        assert case.situation == "second-call"
        assert case.companions["dW"] == ("dW_earlier",)


def test_two_instances_have_the_same_sizes_and_nothing_else_in_common(drawn: list[Case]) -> None:
    case = only(drawn, "two-instances")
    for name in ("W", "b", "x", "dout"):
        mine, other = case.inputs[name], case.inputs[f"{name}_other"]
        assert mine.shape == other.shape
        assert not np.array_equal(mine, other)
    assert case.situation == "two-instances"


def test_only_a_repeated_backward_is_a_mere_warning(drawn: list[Case]) -> None:
    assert [case.kind for case in drawn if case.warning] == ["second-backward"]
    case = only(drawn, "second-backward")
    assert case.warning == "second-backward-differs"
    np.testing.assert_array_equal(case.inputs["dout"], case.inputs["dout_again"])
    assert not np.shares_memory(case.inputs["dout"], case.inputs["dout_again"])


def test_companions_are_what_they_are_called(drawn: list[Case]) -> None:
    """The arrays of the first call, and of the other instance, computed apart."""
    for case in drawn:
        got = arrays(case, {"FullyConnected": FullyConnected})
        if case.situation == "one-call":
            continue
        suffix = {"second-call": "_earlier", "two-instances": "_other"}[case.situation]
        parameters = "_other" if case.situation == "two-instances" else ""
        apart = FullyConnected(case.inputs[f"W{parameters}"], case.inputs[f"b{parameters}"])
        y = apart.forward(case.inputs[f"x{suffix}"])
        dx = apart.backward(case.inputs[f"dout{suffix}"])
        expected = {"y": y, "dx": dx, "dW": apart.dW, "db": apart.db}
        for name, [companion] in case.companions.items():
            np.testing.assert_allclose(got[companion], expected[name], atol=1e-12)


def test_a_parameter_that_was_rebound_is_seen(drawn: list[Case]) -> None:
    class Updating(FullyConnected):
        def backward(self, dout):
            dx = super().backward(dout)
            self.W = self.W - 0.1 * self.dW
            return dx

    for case in drawn:
        values = run(case, {"FullyConnected": Updating}).values
        assert case.kept == {"W_after": "W_before", "b_after": "b_before"}
        assert not np.array_equal(values["W_after"].array, values["W_before"].array)
        np.testing.assert_array_equal(values["b_after"].array, values["b_before"].array)
