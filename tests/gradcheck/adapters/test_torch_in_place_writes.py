from __future__ import annotations

import linecache

import pytest

torch = pytest.importorskip("torch")

from handgrad.gradcheck.adapters.torch_in_place_writes import MOST_ENTRIES, recorded_writes


def test_the_line_that_writes_is_found(rng):
    x, y = (torch.zeros(int(rng.integers(2, 9))) for _ in "xy")

    def code():
        kept = x + 1
        y.mul_(2).add_(3)  # writes
        return kept

    with recorded_writes({"x": x, "y": y}) as writes:
        code()
    (write,) = writes
    assert write.name == "y"
    assert "# writes" in linecache.getline(write.file, write.line)


def test_a_large_tensor_is_known_by_its_version():
    x = torch.zeros(MOST_ENTRIES + 1)
    with recorded_writes({"x": x}) as writes:
        x.add_(1)
    assert [write.name for write in writes] == ["x"]


def test_nan_that_stays_is_no_write():
    x = torch.tensor([1.0, float("nan")])
    with recorded_writes({"x": x}) as writes:
        x.clone().add_(1)
    assert writes == []
