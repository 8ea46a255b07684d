"""The pytest plugin: every check's seed comes from its test's id, and doubt is reported.

Loaded at pytest's start, so it imports nothing but the standard library until a check runs, and asks
not to have its assertions rewritten, as it makes none: PYTEST_DONT_REWRITE.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from handgrad.surroundings import Surroundings, drawn_seed, seed_of, surrounded_by

if TYPE_CHECKING:
    import numpy as np

ADVICE = "handgrad"
"""The name of a test's section, of its user property, and of the group of options."""
EXPLORES = "new"
_place = pytest.StashKey[Surroundings]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the plugin."""
    group = parser.getgroup(ADVICE, "gradients checked by handgrad")
    group.addoption(
        "--handgrad-strict",
        action="store_true",
        help="a check that cannot tell whether a gradient is right fails",
    )
    group.addoption(
        "--handgrad-explore",
        nargs="?",
        const=EXPLORES,
        metavar="N",
        help="draw new seeds instead of those of the tests' ids; N, as printed, repeats a run",
    )
    parser.addini(
        "handgrad_strict", "as --handgrad-strict, for every run", type="bool", default=False
    )


def pytest_configure(config: pytest.Config) -> None:
    """An exploration is drawn once, so that the workers of pytest-xdist share it."""
    if config.option.handgrad_explore == EXPLORES:
        config.option.handgrad_explore = str(drawn_seed())


def pytest_report_header(config: pytest.Config) -> str | None:
    """How to repeat an exploration."""
    drawn = config.option.handgrad_explore
    return (
        f"handgrad: explores new seeds; --handgrad-explore={drawn} repeats them" if drawn else None
    )


def seed_for(item: pytest.Item) -> int:
    """The seed of a test: of its id, and of the exploration if there is one.

    The id begins at pytest's root folder, so another machine has the same.
    """
    drawn = item.config.option.handgrad_explore
    return seed_of(item.nodeid, *([drawn] if drawn else []))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Checks in a test, its fixtures included, take their seeds from the test."""
    strict = item.config.option.handgrad_strict or item.config.getini("handgrad_strict")
    item.stash[_place] = Surroundings(seed_for(item), is_strict=bool(strict))
    with surrounded_by(item.stash[_place]):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A failed test says how to repeat its checks; doubt goes into the report."""
    place = item.stash.get(_place, None)
    if place is None or call.when != "call" or not place.heard:
        return (yield)
    for words in dict.fromkeys(h.words for h in place.heard if h.verdict == "cannot-tell"):
        item.user_properties.append((ADVICE, words))
    report: Any = yield
    if report.failed:
        report.sections.append((ADVICE, _how_to_repeat(item, place)))
    return report


def _how_to_repeat(item: pytest.Item, place: Surroundings) -> str:
    drawn = item.config.option.handgrad_explore
    option = f" --handgrad-explore={drawn}" if drawn else ""
    last = place.heard[-1]
    return (
        f"check {len(place.heard)} of this test: {last.name}, {last.verdict}, seed={last.seed}\n"
        f'repeat: pytest "{item.nodeid}"{option}'
    )


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The checks that could not tell, whether they failed or not."""
    doubts = [
        (report.nodeid, words)
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        for name, words in getattr(report, "user_properties", [])
        if name == ADVICE and getattr(report, "when", "") == "call"
    ]
    if not doubts:
        return
    terminalreporter.section("handgrad: cannot tell", sep="-", yellow=True)
    for nodeid, words in doubts:
        terminalreporter.line(f"{nodeid}\n    {words}")
    terminalreporter.line("These fail under --handgrad-strict.")


@pytest.fixture
def handgrad_seed(request: pytest.FixtureRequest) -> int:
    """The seed of this test: the same in every run, new under --handgrad-explore."""
    return seed_for(request.node)


@pytest.fixture
def handgrad_rng(handgrad_seed: int) -> np.random.Generator:
    """A NumPy generator of this test's own, for the inputs of a check."""
    from handgrad.arrays import seeded  # noqa: PLC0415 -- NumPy is loaded by the tests that use it

    return seeded(handgrad_seed)
