"""Label smoothing beside PyTorch's."""

from __future__ import annotations

import numpy as np
import pytest
from support.messages import raises
from support.oracles import torch_or_skip

from handgrad import SoftmaxCrossEntropy
from handgrad.errors import LabelError, SettingError
from handgrad.training import smoothed


@pytest.mark.parametrize("share", [0.0, 0.1, 0.7])
def test_the_loss_agrees_with_pytorch(rng, share):
    torch = torch_or_skip()
    z, t = rng.normal(size=(9, 5)), rng.integers(5, size=9)
    theirs = torch.nn.functional.cross_entropy(
        torch.tensor(z), torch.tensor(t), label_smoothing=share
    )
    rows = smoothed(t, 5, share)
    assert SoftmaxCrossEntropy().forward(z, rows) == pytest.approx(float(theirs), rel=1e-12)
    assert rows.sum(axis=1) == pytest.approx(1)
    np.testing.assert_array_equal(rows.argmax(axis=1), t)


def test_what_cannot_be():
    with raises(SettingError, "1.0"):
        smoothed([0, 1], 2, 1.0)
    with raises(LabelError, "2", "1"):
        smoothed([0, 1, 2], 2, 0.1)
