"""Schedules beside PyTorch's."""

from __future__ import annotations

import pytest
from support.messages import raises
from support.oracles import torch_or_skip

from handgrad.errors import SettingError
from handgrad.training import Constant, Cosine, Exponential, Linear, StepDecay, WarmUp

STEPS = 23


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Constant(), lambda s, o: s.ConstantLR(o, factor=1.0)),
        (StepDecay(5, 0.3), lambda s, o: s.StepLR(o, 5, 0.3)),
        (Exponential(0.9), lambda s, o: s.ExponentialLR(o, 0.9)),
        (Cosine(0.1), lambda s, o: s.CosineAnnealingLR(o, STEPS, eta_min=0.1)),
        (Linear(0.2), lambda s, o: s.LinearLR(o, 1.0, 0.2, STEPS)),
        (
            WarmUp(4, Cosine()),
            lambda s, o: s.SequentialLR(
                o, [s.LinearLR(o, 1 / 5, 1.0, 4), s.CosineAnnealingLR(o, STEPS - 4)], [4]
            ),
        ),
    ],
)
def test_agrees_with_pytorch(ours, theirs):
    torch = torch_or_skip()
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = theirs(torch.optim.lr_scheduler, optimizer)
    for step in range(STEPS):
        assert ours.factor(step, STEPS) == pytest.approx(optimizer.param_groups[0]["lr"], abs=1e-6)
        optimizer.step()
        schedule.step()


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: StepDecay(0), "every"),
        (lambda: StepDecay(1, 0.0), "gamma"),
        (lambda: Exponential(1.5), "gamma"),
        (lambda: Cosine(-0.1), "final"),
        (lambda: Linear(float("nan")), "final"),
        (lambda: WarmUp(0), "first"),
    ],
)
def test_settings_outside_their_range(make, word):
    with raises(SettingError, word):
        make()


def test_which_depend_on_the_number_of_steps():
    schedules = [Constant(), StepDecay(2), Exponential(0.9), Linear(), Cosine(), WarmUp(3)]
    for schedule in schedules:
        differs = any(schedule.factor(k, 10) != schedule.factor(k, 20) for k in range(10))
        assert not differs or schedule.needs_total
