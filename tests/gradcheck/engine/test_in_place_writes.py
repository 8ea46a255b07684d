from __future__ import annotations

import numpy as np
import pytest
from support import planted

from handgrad import check


@pytest.mark.parametrize(
    ("layer", "kind", "line"),
    [
        (planted.WritesDout, "dout-changed", "dout[self.mask] = 0"),
        (planted.WritesInput, "input-changed", "x[self.mask] = 0"),
    ],
)
def test_the_line_that_writes_is_quoted(rng, layer, kind, line):
    x = rng.normal(size=(4, 5))
    before = x.copy()
    report = check(layer(), x, seed=1)
    assert report.verdict == "wrong"
    [finding] = [f for f in report.findings if f.kind == kind]
    assert finding.source == line
    assert finding.file.endswith("planted.py")
    assert line in str(report)
    assert np.array_equal(x, before)  # the caller's array is never handed out
    assert check(layer(), x, seed=1, allow=[kind]).verdict == "right"


def test_parameters_that_backward_changes(rng):
    report = check(planted.Updates.drawn(rng), rng.normal(size=(4, 5)), seed=1)
    [finding] = [f for f in report.findings if f.severity == "wrong"]
    assert (finding.kind, finding.array) == ("parameters-changed", "W")
    assert finding.source == "self.W -= 0.1 * self.dW"


def test_an_output_that_backward_overwrites_is_noted(rng):
    report = check(planted.WritesOutput(), rng.normal(size=(4, 5)), seed=1)
    assert report.verdict == "right"
    assert "output-changed" in [finding.kind for finding in report.findings]
