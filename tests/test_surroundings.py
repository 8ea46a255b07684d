from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from handgrad.surroundings import Surroundings, seed_of, surrounded_by, surroundings


def test_the_innermost_place_counts():
    outside = surroundings()  # our own plugin may have entered one for this very test
    with surrounded_by(Surroundings(1)) as outer:
        assert surroundings() is outer
        with surrounded_by(Surroundings(2)) as inner:
            assert surroundings() is inner
        assert surroundings() is outer
    assert surroundings() is outside


def test_each_check_has_a_seed_of_its_own_and_the_same_next_time():
    seeds = [[place.next_seed() for _ in range(5)] for place in (Surroundings(9), Surroundings(9))]
    assert seeds[0] == seeds[1]
    assert len(set(seeds[0])) == 5
    assert seeds[0][0] == 9


SHARED = Surroundings(3)


@settings(max_examples=5, database=None)
@given(st.integers())
def test_an_example_of_hypothesis_meets_the_same_numbers_again(number):
    assert SHARED.next_seed() == 3, number


def test_seeds_fit_into_a_signed_integer_and_words_do_not_run_together():
    assert 0 <= seed_of("a") < 2**63
    assert seed_of("ab", "c") != seed_of("a", "bc")
