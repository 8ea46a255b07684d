"""Processor time of one thread: how busy the machine is makes no difference."""

from __future__ import annotations

import time

from handgrad.diagnosis.time_budget import TimeBudget


def use(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def test_a_budget_is_spent_by_computing():
    budget = TimeBudget(0.02)
    assert not budget.is_spent
    use(0.03)
    assert budget.is_spent


def test_waiting_costs_nothing():
    budget = TimeBudget(0.02)
    time.sleep(0.05)
    assert not budget.is_spent


def test_a_pause_costs_nothing():
    budget = TimeBudget(0.03)
    with budget.paused():
        use(0.05)
    assert not budget.is_spent
    use(0.04)
    assert budget.is_spent
