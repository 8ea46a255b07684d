from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from handgrad.check_context import (
    CheckContext,
    CheckOutcome,
    current_context,
    is_strict,
    record_outcome,
    seed_for_check,
    use_context,
)


def test_the_innermost_context_counts():
    outside = current_context()  # our own plugin may have entered one for this very test
    with use_context(CheckContext(1)) as outer:
        assert current_context() is outer
        with use_context(CheckContext(2)) as inner:
            assert current_context() is inner
        assert current_context() is outer
    assert current_context() is outside


def test_each_check_of_a_test_has_its_own_seed_and_the_same_one_next_time():
    seeds = [[one.next_seed() for _ in range(5)] for one in (CheckContext(9), CheckContext(9))]
    assert seeds[0] == seeds[1]
    assert len(set(seeds[0])) == 5
    assert seeds[0][0] == 9


def test_a_check_takes_the_seed_given_before_that_of_its_test():
    with use_context(CheckContext(9)):
        assert seed_for_check(4) == 4
        assert seed_for_check(None) == 9


def test_outcomes_and_strictness_belong_to_the_current_test():
    outcome = CheckOutcome("Square", "right", 1, "Square: right")
    with use_context(CheckContext(1, is_strict=True)) as strict:
        assert is_strict()
        with use_context(CheckContext(2)) as lenient:
            assert not is_strict()
            record_outcome(outcome)
    assert lenient.outcomes == [outcome]
    assert strict.outcomes == []


SHARED = CheckContext(3)


@settings(max_examples=5, database=None)
@given(st.integers())
def test_a_hypothesis_example_that_runs_again_gets_the_same_seed(number):
    assert SHARED.next_seed() == 3, number
