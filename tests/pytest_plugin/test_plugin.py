"""The plugin in use: pytest runs on files written here, in the whole tier in its own process."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from support.tier import repeats

pytest_plugins = ["pytester"]

LAYER = """
    import numpy as np
    import handgrad

    class Square:
        factor = {factor}

        def forward(self, x):
            self.x = x
            return x * x

        def backward(self, dout):
            return self.factor * self.x * dout
"""

RIGHT = LAYER.format(factor=2)
WRONG = LAYER.format(factor=3)
TEST = """
    def test_square(handgrad_rng):
        handgrad.assert_backward(Square(), handgrad_rng.normal(size=(4, 5)))
"""
DOUBT = """
    import pytest
    from handgrad.check_context import CheckOutcome, is_strict, record_outcome, seed_for_check

    def test_doubtful():
        seed = seed_for_check(None)
        record_outcome(CheckOutcome("Median", "cannot-tell", seed, "Median: cannot tell"))
        assert not is_strict()
"""


@pytest.fixture
def run(pytester, monkeypatch):
    monkeypatch.setenv("HANDGRAD_LANG", "en")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)

    run_it = repeats(everyday=pytester.runpytest_inprocess, whole=pytester.runpytest_subprocess)

    def run_pytest(source, *options):
        pytester.makepyfile(source)
        return run_it("-p", "no:cacheprovider", *options)

    return run_pytest


def seeds(result):
    return re.findall(r"seed=(\d+)", result.stdout.str())


def test_a_right_backward_passes(run):
    result = run(RIGHT + TEST)
    result.assert_outcomes(passed=1)
    assert "handgrad:" not in result.stdout.str().replace("plugins: handgrad", "")


def test_a_wrong_backward_fails_with_its_report_and_how_to_repeat_it(run):
    result = run(WRONG + TEST)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E*Square*", "*handgrad*", 'repeat: pytest "*::test_square"'])
    # The traceback ends at the test's own line.
    assert not re.search(r"gradcheck[/\\]check\.py", result.stdout.str())


def test_the_seed_is_that_of_the_test_s_id_and_repeats(run):
    first, second = seeds(run(WRONG + TEST)), seeds(run(WRONG + TEST))
    assert first == second
    assert len(first) >= 1


def test_exploring_draws_new_seeds_and_says_how_to_repeat_them(run):
    plain = seeds(run(WRONG + TEST))
    explored = run(WRONG + TEST, "--handgrad-explore")
    number = re.search(r"--handgrad-explore=(\d+) repeats", explored.stdout.str())[1]
    assert seeds(explored) != plain
    again = run(WRONG + TEST, f"--handgrad-explore={number}")
    assert seeds(again) == seeds(explored)
    assert f"--handgrad-explore={number}" in again.stdout.str().split("repeat: ")[1]


def test_doubt_is_reported_and_passes(run):
    result = run(DOUBT)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        [
            "*handgrad: cannot tell*",
            "*::test_doubtful",
            "*Median: cannot tell*",
            "*--handgrad-strict*",
        ]
    )


@pytest.mark.parametrize("how", ["option", "ini"])
def test_strict(run, pytester, how):
    if how == "ini":
        pytester.makeini("[pytest]\nhandgrad_strict = true")
    result = run(DOUBT, *(["--handgrad-strict"] if how == "option" else []))
    result.assert_outcomes(failed=1)


def test_two_checks_of_a_test_have_different_numbers(run):
    source = """
    from handgrad.check_context import seed_for_check

    def test_two():
        assert seed_for_check(None) != seed_for_check(None)
        assert seed_for_check(5) == 5
    """
    run(source).assert_outcomes(passed=1)


def test_a_fixture_of_one_test_is_not_that_of_another(run):
    source = """
    seen = set()

    def test_one(handgrad_seed, handgrad_rng):
        seen.add((handgrad_seed, handgrad_rng.integers(2**60)))

    def test_two(handgrad_seed, handgrad_rng):
        seen.add((handgrad_seed, handgrad_rng.integers(2**60)))
        assert len(seen) == 2
        assert len({seed for seed, _ in seen}) == 2
    """
    run(source).assert_outcomes(passed=2)


def test_nothing_heavy_is_loaded_before_a_check(pytester, monkeypatch):
    # Other plugins that happen to be installed load what they like.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    source = """
    import sys

    def test_light():
        heavy = {"numpy", "torch", "jax", "hypothesis", "rich", "click", "handgrad.diagnosis", "handgrad.gradcheck"}
        assert not heavy & set(sys.modules)
    """
    pytester.makepyfile(source)
    options = ("-p", "no:cacheprovider", "-p", "handgrad.pytest_plugin")
    pytester.runpytest_subprocess(*options).assert_outcomes(passed=1)


def test_importing_the_plugin_imports_little():
    program = (
        "import sys, pytest, secrets, hashlib; before = set(sys.modules); import handgrad.pytest_plugin; "
        "print(*sorted(set(sys.modules) - before))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert ran.stdout.split() == [
        "handgrad",
        "handgrad.check_context",
        "handgrad.pytest_plugin",
        "handgrad.seeds",
    ]
